"""Revenue models: the same rules over columns, from a notebook to a cluster.

Amounts are whole minor units in 64 bits, instants are microseconds since 1970 UTC; no float and no
decimal is calculated with. The scalar rules stay the law: what is here is held equal to them, to
the last minor unit.
"""

try:
    import narwhals as narwhals
    import polars as polars
except ModuleNotFoundError as _missing:
    _needed = f'{_missing.name} is not installed; models need it: pip install "distbilling[frames]"'
    raise ModuleNotFoundError(_needed, name=_missing.name) from None

from distbilling.modelling.billing_periods import assign_periods
from distbilling.modelling.book.book import Book
from distbilling.modelling.book.rows import BookError
from distbilling.modelling.comparison import Comparison, Mover, what_if
from distbilling.modelling.exposure import Exposure, exposure
from distbilling.modelling.forecasting import forecast
from distbilling.modelling.settlement import settle
from distbilling.modelling.statements import statements
from distbilling.modelling.sweep import sweep

__all__ = [
    "Book",
    "BookError",
    "Comparison",
    "Exposure",
    "Mover",
    "assign_periods",
    "exposure",
    "forecast",
    "settle",
    "statements",
    "sweep",
    "what_if",
]
