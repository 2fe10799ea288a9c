"""Charts of earnings, statements, exposure, schedules and forecasts (extra ``plots``).

Each takes frames of any kind and returns a chart of altair: interactive in a notebook, and ``png``,
``svg`` and ``save`` draw it without a browser.
"""

try:
    import altair as altair
    import vl_convert as vl_convert
except ModuleNotFoundError as _missing:
    _needed = f'{_missing.name} is not installed; charts need it: pip install "distbilling[plots]"'
    raise ModuleNotFoundError(_needed, name=_missing.name) from None

from distbilling.modelling.plots.comparison import schedule_comparison
from distbilling.modelling.plots.curves import schedule_curves
from distbilling.modelling.plots.earnings import earned_and_owed
from distbilling.modelling.plots.exposures import exposure_over_time
from distbilling.modelling.plots.forecasts import forecast_fan
from distbilling.modelling.plots.output import png, save, svg
from distbilling.modelling.plots.waterfall import statement_waterfall

__all__ = [
    "earned_and_owed",
    "exposure_over_time",
    "forecast_fan",
    "png",
    "save",
    "schedule_comparison",
    "schedule_curves",
    "statement_waterfall",
    "svg",
]
