"""Days, months, years and times where there is little room, by Babel's patterns."""

from __future__ import annotations

import datetime as dt

from distbilling.language.formats import locale_named

__all__ = ["clock_text", "day_text", "month_name", "year_text"]


def day_text(date: dt.date, locale: str) -> str:
    """Return day and month, without the year.

    Source: rulebook R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> day_text(dt.date(2026, 3, 31), "en"), day_text(dt.date(2026, 3, 31), "en_GB")
    ('Mar 31', '31 Mar')
    """
    return _written("MMMd", date, locale)


def month_name(date: dt.date, locale: str) -> str:
    """Return the short name of the month alone.

    Source: rulebook R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> month_name(dt.date(2026, 3, 31), "en")
    'Mar'
    """
    return _written("MMM", date, locale)


def year_text(date: dt.date, locale: str) -> str:
    """Return the year alone.

    Source: rulebook R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> year_text(dt.date(2026, 3, 31), "en")
    '2026'
    """
    return _written("y", date, locale)


def clock_text(instant: dt.datetime, locale: str) -> str:
    r"""Return hours and minutes, on the clock of the zone that the instant is given in.

    Source: rulebook R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> clock_text(dt.datetime(2026, 3, 31, 18, tzinfo=dt.UTC), "de")
    '18:00'
    """
    from babel.dates import format_time

    return format_time(instant, format="short", locale=locale_named(locale))


def _written(skeleton: str, date: dt.date, locale: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, date, fuzzy=True, locale=locale_named(locale))
