"""The kinds of frames that are accepted, and what narwhals does not do for each of them."""

from distbilling.modelling.engines.engine import Engine, Frame
from distbilling.modelling.engines.kinds import engine_of

__all__ = ["Engine", "Frame", "engine_of"]
