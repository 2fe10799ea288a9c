"""Which kinds of frames are there, and what do the rules need of each that narwhals does not give?"""

from distbilling.modelling.engines.engine import Engine, Frame
from distbilling.modelling.engines.kinds import engine_of

__all__ = ["Engine", "Frame", "engine_of"]
