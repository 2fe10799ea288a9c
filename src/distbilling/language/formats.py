"""Amounts, percentages, days and times as people of a locale write them, by Babel's patterns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from distbilling.errors import InvalidType, InvalidValue

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

__all__ = [
    "currency_formatter",
    "date_text",
    "instant_text",
    "locale_named",
    "percent_text",
    "plain",
]

_KEPT: Final = 1024
_ACCEPTED: Final = "a locale that Babel knows, like 'en', 'de_DE' or 'de-DE'"
_IDENTIFIER: Final = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_quantized: Final = Context(
    prec=100, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999, traps=[]
).quantize


def plain(number: Decimal, least: int = 0, spec: str = "f") -> str:
    """Return a number written out, without the zeros that end its decimals.

    ``least`` is how many decimals there are at least. ``spec`` is Python's own: ``f``, or ``,f``
    for commas between thousands. No locale plays a part.

    Source: rulebook R3.

    >>> plain(Decimal("12.500")), plain(Decimal("12.500"), least=2)
    ('12.5', '12.50')
    """
    whole, _, decimals = format(number, spec).partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def locale_named(name: str) -> Locale:
    """Return Babel's locale of that name, as ``de_DE`` or ``de-DE``; the environment plays no part.

    Source: rulebook R43, R49.

    Raises:
        InvalidType: if ``name`` is not text.
        InvalidValue: if Babel has no such locale.

    >>> locale_named("pt-BR").get_display_name("en")
    'Portuguese (Brazil)'
    """
    if type(name) is not str:
        raise InvalidType("locale", name, _ACCEPTED)
    return _locale(name)


def currency_formatter(
    locale: str, code: str, digits: int | None, *, exact: bool = False
) -> Callable[[Decimal], str]:
    """Return what writes amounts of a currency as people of the locale do; it is made once.

    Args:
        locale: a name that Babel has, like ``de_DE``.
        code: the currency.
        digits: how many are shown after the point, rounded for display alone, halves to the even
            digit; None shows all that an amount has.
        exact: show all the digits that an amount has, and at least ``digits``.

    Source: rulebook R3, R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> currency_formatter("en_IN", "INR", 2)(Decimal("-1234567.885"))
    '-₹12,34,567.88'
    """
    if type(locale) is not str:
        raise InvalidType("locale", locale, _ACCEPTED)
    return _currency_formatter(locale, code, digits, exact)


def percent_text(value: Decimal, locale: str) -> str:
    """Return a percentage as people of the locale write it, with all its digits.

    Source: rulebook R10, R43.

    Raises:
        InvalidType, InvalidValue: as :func:`locale_named`.

    >>> percent_text(Decimal("12.50"), "en")
    '12.5%'
    """
    if type(locale) is not str:
        raise InvalidType("locale", locale, _ACCEPTED)
    return _percent_formatter(locale)(value)


def date_text(date: datetime.date, locale: str) -> str:
    """Return a calendar day as people of the locale write it, in medium length.

    Source: rulebook R43.

    Raises:
        InvalidType: if ``date`` is not a date (an instant is none: its day depends on the zone) or
            ``locale`` is not text.
        InvalidValue: if Babel has no such locale.

    >>> date_text(datetime.date(2026, 3, 31), "de")
    '31.03.2026'
    """
    from babel.dates import format_date

    if not isinstance(date, datetime.date) or isinstance(date, datetime.datetime):
        raise InvalidType("date", date, "a date without a time")
    return format_date(date, format="medium", locale=locale_named(locale))


def instant_text(instant: datetime.datetime, locale: str) -> str:
    """Return day and time as people of the locale write them, on the clock of the instant's zone.

    Source: rulebook R43, R49.

    Raises:
        InvalidType: if ``instant`` is not a datetime or ``locale`` is not text.
        InvalidValue: if ``instant`` has no zone, or Babel has no such locale.

    >>> instant_text(datetime.datetime(2026, 3, 31, 9, 30, tzinfo=datetime.timezone.utc), "de")
    '31.03.2026, 09:30:00'
    """
    from babel.dates import format_datetime

    if not isinstance(instant, datetime.datetime):
        raise InvalidType("instant", instant, "a datetime in its zone")
    if instant.utcoffset() is None:
        raise InvalidValue("instant", instant, "a datetime in its zone, not a naive one")
    return format_datetime(instant, format="medium", locale=locale_named(locale))


@lru_cache(maxsize=_KEPT)
def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    if not _IDENTIFIER.fullmatch(name):
        raise InvalidValue("locale", name, _ACCEPTED)
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise InvalidValue("locale", name, _ACCEPTED) from None


@lru_cache(maxsize=_KEPT)
def _currency_formatter(
    locale: str,
    code: str,
    digits: int | None,
    exact: bool,  # noqa: FBT001
) -> Callable[[Decimal], str]:
    from babel.numbers import get_currency_symbol

    named = _locale(locale)
    pattern = named.currency_formats["standard"]
    spec = _spec(pattern)
    written = (
        partial(plain, least=digits or 0, spec=spec)
        if exact or digits is None
        else _to_digits(digits, spec)
    )
    return _formatter(written, pattern, named, get_currency_symbol(code, named))


@lru_cache(maxsize=_KEPT)
def _percent_formatter(locale: str) -> Callable[[Decimal], str]:
    named = _locale(locale)
    pattern = named.percent_formats[None]
    return _formatter(partial(plain, spec=_spec(pattern)), pattern, named, "")


def _spec(pattern: NumberPattern) -> str:
    """Return how Python writes the number: it groups in threes, other groups are made here."""
    return ",f" if pattern.grouping == (3, 3) else "f"


def _to_digits(digits: int, spec: str) -> Callable[[Decimal], str]:
    quantum = Decimal((0, (1,), -digits))

    def written(amount: Decimal) -> str:
        return format(_quantized(amount, quantum), spec)

    return written


def _formatter(
    written: Callable[[Decimal], str], pattern: NumberPattern, locale: Locale, symbol: str
) -> Callable[[Decimal], str]:
    """Return what puts a number, as ``written`` by Python, into the pattern, in Latin digits."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    (prefix, minus_prefix), (suffix, minus_suffix) = (
        tuple(affix.replace("¤", symbol) for affix in affixes)
        for affixes in (pattern.prefix, pattern.suffix)
    )
    point, group = get_decimal_symbol(locale), get_group_symbol(locale)
    first, others = pattern.grouping
    in_threes = "," in _spec(pattern)

    def text(amount: Decimal) -> str:
        whole, dot, decimals = written(amount).partition(".")
        before, after = prefix, suffix
        if whole[0] == "-":
            whole = whole[1:]
            before, after = minus_prefix, minus_suffix
        whole = whole.replace(",", group) if in_threes else _grouped(whole, first, others, group)
        return f"{before}{whole}{point}{decimals}{after}" if dot else f"{before}{whole}{after}"

    return text


def _grouped(whole: str, first: int, others: int, symbol: str) -> str:
    head, tail = whole[:-first], whole[-first:]
    while head:
        tail = f"{head[-others:]}{symbol}{tail}"
        head = head[:-others]
    return tail
