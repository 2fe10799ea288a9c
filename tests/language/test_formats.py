"""Amounts, percentages, days and times as Babel writes them, to the last digit."""

from __future__ import annotations

import copy
import datetime
import decimal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal

import pendulum
import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.localedata import locale_identifiers
from babel.numbers import format_percent
from hypothesis import given
from hypothesis import strategies as st

from distbilling.errors import InvalidType, InvalidValue
from distbilling.language.formats import (
    currency_formatter,
    date_text,
    instant_text,
    locale_named,
    percent_text,
)
from distbilling.money import Currency, Money
from distbilling.money.iso4217 import TABLE

LOCALES = sorted(locale_identifiers())
CURRENCIES = [
    *("USD", "EUR", "GBP", "JPY", "CHF", "KWD", "BHD", "INR", "CNY", "BRL"),
    *("ISK", "HUF", "TWD", "CLP", "TND", "KRW", "MXN", "PLN", "ZAR", "XAF"),
]
WITH_DIGITS = sorted(code for code, (_, digits, _) in TABLE.items() if digits is not None)
NUMBERS = [
    Decimal(n)
    for n in (
        "0",
        "-0.001",
        "0.5",
        "1.005",
        "-999.995",
        "1234.5",
        "-1234567.885",
        "99999999999999.9951",
    )
]
PERCENTAGES = [Decimal(n) for n in ("0", "12.5", "33.333333", "100", "1234.5")]
SPANS = st.sampled_from(LOCALES)
AMOUNTS = st.decimals(-(10**18), 10**18, places=6)
BABELS_OWN = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)


def babels_text(number: Decimal, code: str, locale: str, *, exact: bool = False) -> str:
    """Return an amount as Babel writes it, but to the digits that ISO 4217 gives its currency."""
    babels = Locale.parse(locale)
    pattern = copy.copy(babels.currency_formats["standard"])
    digits = Currency(code).digits or 0
    pattern.frac_prec = (digits, digits)
    text = pattern.apply(
        number, babels, currency=code, currency_digits=False, decimal_quantization=not exact
    )
    return str(text)


def comparable(text: str, locale: str) -> str:
    """Return a text without the signs between its groups, where they are apostrophes.

    Babel takes two apostrophes in a number for quotes, and leaves them out: 1'000'000 becomes
    1000000.
    """
    symbols = Locale.parse(locale).number_symbols["latn"]
    return text.replace("'", "") if symbols.get("group") == "'" else text


def texts(locale: str, numbers: list[Decimal]) -> Iterator[tuple[str, str]]:
    """Return ours beside Babel's, each amount once to its digits and once in full."""
    for code in CURRENCIES:
        for exact in (False, True):
            write = currency_formatter(locale, code, Currency(code).digits, exact=exact)
            for number in numbers:
                babels = babels_text(number, code, locale, exact=exact)
                yield comparable(write(number), locale), comparable(babels, locale)


def differing(locales: list[str], numbers: list[Decimal] = NUMBERS) -> list[tuple[str, str, str]]:
    with decimal.localcontext(BABELS_OWN):
        return [
            (locale, ours, babels)
            for locale in locales
            for ours, babels in texts(locale, numbers)
            if ours != babels
        ]


def test_amounts_read_as_babel_writes_them():
    odd = {
        "en_IN",
        "de_CH",
        "de_AT",
        "ar_EG",
        "fa_IR",
        "es_ES",
        "nl",
        "en_US_POSIX",
        "hy",
        "sw_KE",
        "zh_Hant_TW",
    }
    assert differing(sorted(odd.intersection(LOCALES).union(LOCALES[::15]))) == []


@pytest.mark.exhaustive
def test_amounts_read_as_babel_writes_them_in_every_locale():
    assert differing(LOCALES) == []


@given(SPANS, st.sampled_from(CURRENCIES), AMOUNTS)
def test_any_amount_reads_as_babel_writes_it(locale, code, number):
    with decimal.localcontext(BABELS_OWN):
        babels = babels_text(number, code, locale)
    ours = Money(number, code).format(locale)
    assert comparable(ours, locale) == comparable(babels, locale)


def test_groups_between_apostrophes_are_kept():
    separator = Locale.parse("gsw").number_symbols["latn"]["group"]
    shown = Money("1234567.89", "USD").format("gsw")
    assert shown.startswith(f"1{separator}234{separator}567")


def test_percentages_read_as_babel_writes_them_in_every_locale():
    with decimal.localcontext(BABELS_OWN):
        for locale in LOCALES:
            babels = [
                format_percent(value / 100, locale=locale, decimal_quantization=False)
                for value in PERCENTAGES
            ]
            assert [percent_text(value, locale) for value in PERCENTAGES] == babels


@pytest.mark.parametrize("code", WITH_DIGITS)
def test_a_currency_shows_the_digits_of_the_standard_whatever_babel_has(code):
    decimals = ".5".ljust(1 + digits, "0") if (digits := Currency(code).digits) else ""
    shown = Money("1234.5", code).format("en")
    assert shown.endswith(f"1,234{decimals}")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("1.005", "$1.00"),
        ("1.015", "$1.02"),
        ("-1.005", "-$1.00"),
        ("2.5", "$2.50"),
        ("-0.001", "-$0.00"),
        ("0.005", "$0.00"),
    ],
)
def test_halves_are_shown_at_the_even_digit(number, shown):
    assert Money(number, "USD").format("en") == shown


def test_as_many_digits_are_shown_as_an_amount_can_have():
    assert Money("9" * 38, "USD").format("en") == "$99," + ",".join(["999"] * 12) + ".00"
    assert Money("0." + "0" * 36 + "1", "USD").format("en", exact=True) == "$0." + "0" * 36 + "1"
    assert Money("-" + "9" * 38, "INR").format("hi_IN").startswith("-₹9,99,99,99,")


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en_US", "-$1,234,567.89"),
        ("de_DE", "-1.234.567,89\xa0$"),
        ("de_CH", "$-1’234’567.89"),
        ("hi_IN", "-$12,34,567.89"),
    ],
)
def test_signs_groups_and_points_are_those_of_the_locale(locale, shown):
    assert Money("-1234567.89", "USD").format(locale) == shown


@pytest.mark.parametrize("locale", ["nl", "fr", "en_US_POSIX", "ja", "es_ES", "ar_EG"])
def test_signs_groups_and_points_are_those_that_babel_has_today(locale):
    number = Decimal("-1234567.89")
    with decimal.localcontext(BABELS_OWN):
        babels = babels_text(number, "USD", locale)
    assert Money(number, "USD").format(locale) == babels


@pytest.mark.parametrize(
    "host",
    [decimal.Context(prec=2, rounding=decimal.ROUND_FLOOR, traps=list(decimal.Context().flags))],
)
def test_the_text_does_not_depend_on_the_host(host):
    with decimal.localcontext(host):
        assert Money("1234567.885", "USD").format("en") == "$1,234,567.88"
        assert percent_text(Decimal("12.34567"), "en") == "12.34567%"


def test_a_formatter_is_made_once():
    assert currency_formatter("en", "USD", 2) is currency_formatter("en", "USD", 2)
    assert currency_formatter("en", "USD", 2) is not currency_formatter("en", "USD", 2, exact=True)


@given(SPANS)
def test_a_locale_has_one_name_with_either_line(name):
    assert locale_named(name) == locale_named(name.replace("_", "-")) == Locale.parse(name)


def test_a_locale_may_be_written_short():
    assert str(locale_named("zh_TW")) == "zh_Hant_TW"
    assert str(locale_named("PT-br")) == "pt_BR"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "xx",
        "xx_YY",
        "english",
        "en_",
        "_US",
        "en US",
        "en_US.UTF-8",
        "de_AT@euro",
        "../en",
        "en\n",
        "en_US_x_y_z",
        "é",
        "en\x00",
        "C",
        "e" * 10**6,
    ],
    ids=lambda name: f"{ascii(name)[:14]} of {len(name)}",
)
def test_an_unknown_locale_is_refused(name):
    for use in (
        locale_named,
        Money("1.00", "USD").format,
        lambda name: percent_text(Decimal(1), name),
    ):
        with pytest.raises(InvalidValue) as caught:
            use(name)
        assert (caught.value.field, caught.value.value) == ("locale", name)


@pytest.mark.parametrize(
    "name", [None, 1, b"en", ["en"], Locale("en"), type("Name", (str,), {})("de")]
)
def test_a_locale_is_named_in_text(name):
    for use in (
        locale_named,
        Money("1.00", "USD").format,
        lambda name: percent_text(Decimal(1), name),
        lambda name: date_text(datetime.date(2026, 3, 31), name),
        lambda name: instant_text(pendulum.datetime(2026, 3, 31), name),
    ):
        with pytest.raises(InvalidType, match="locale"):
            use(name)


@given(st.text() | st.from_regex(r"[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{2,8}){0,4}", fullmatch=True))
def test_any_text_names_a_locale_or_is_refused(name):
    text = refused = None
    try:
        text = Money("1.00", "USD").format(name)
    except InvalidValue as refusal:
        refused = refusal.field
    assert refused == "locale" if text is None else "1" in text


def test_the_environment_does_not_choose_the_locale():
    script = (
        "from distbilling.money import Money; amount = Money('1234.5', 'EUR')\n"
        "print(str(amount) == amount.format('en') != amount.format('de'))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path), "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "True"


def test_babel_is_loaded_when_an_amount_is_first_written():
    script = (
        "import sys; from distbilling.money import Money; amount = repr(Money('1.00', 'USD'))\n"
        "before = 'babel' in sys.modules; str(Money('1.00', 'USD')); print(before, "
        "'babel' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == ["False", "True"]


@given(SPANS, st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1)))
def test_a_day_reads_as_babel_writes_it(locale, day):
    assert date_text(day, locale) == format_date(day, "medium", locale)
    assert date_text(pendulum.date(day.year, day.month, day.day), locale) == date_text(day, locale)


@given(SPANS, st.datetimes())
def test_an_instant_reads_as_babel_writes_it_in_the_zone_it_is_given_in(locale, local):
    instant = pendulum.instance(local, tz="America/New_York")
    assert instant_text(instant, locale) == format_datetime(
        instant.naive(), "medium", locale=locale
    )


def test_an_instant_reads_by_the_clock_of_its_zone():
    instant = pendulum.datetime(2026, 3, 1, 5, tz="UTC")
    assert instant_text(instant, "en") == "Mar 1, 2026, 5:00:00\u202fAM"
    assert (
        instant_text(instant.in_timezone("America/New_York"), "en")
        == "Mar 1, 2026, 12:00:00\u202fAM"
    )


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(InvalidValue, match="instant"):
        instant_text(datetime.datetime(2026, 3, 1, 9), "en")  # noqa: DTZ001 - which is refused


@pytest.mark.parametrize(
    "instant", [None, 0, "2026-03-01", datetime.date(2026, 3, 1), datetime.time(9)]
)
def test_an_instant_is_a_datetime(instant):
    with pytest.raises(InvalidType, match="instant"):
        instant_text(instant, "en")


@pytest.mark.parametrize(
    "day", [None, 0, "2026-03-01", pendulum.datetime(2026, 3, 1), datetime.time(9)]
)
def test_a_day_is_a_date_without_a_time(day):
    with pytest.raises(InvalidType, match="date"):
        date_text(day, "en")
