"""Every refusal of money names the field, the value and what is accepted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.money import (
    Allocation,
    Currency,
    Money,
    Percent,
    Rounding,
    RoundingMethod,
    exact,
    from_units,
    given_back,
    part_of,
    slices_of,
    units_of,
)

ONE, EURO, GOLD, ZERO = (
    Money("1.00", "USD"),
    Money("1.00", "EUR"),
    Money("1.00", "XAU"),
    Money.zero("USD"),
)
NINES, FINEST = Money("9" * 38, "USD"), Money("0." + "0" * 36 + "1", "USD")
DOWN = RoundingMethod.DOWN
FIRST = Allocation.FIRST_IN_ORDER
FIVE: Any = 5
FLOAT: Any = 1.5
WORD: Any = "DOWN"

RATIOS = (
    "ratios that are not negative, not all zero, at least one: 3, Decimal('87.5'), '87.5', '1/3' "
    "or Fraction(1, 3)"
)
METHOD = "a RoundingMethod, like RoundingMethod.HALF_AWAY_FROM_ZERO"
PLACES = "a whole number from 0 to 12, or None for the currency's own"
UNIT_PLACES = "a whole number from 0 to 37"
MONEY = "Money, like Money('10.00', 'USD')"
NO_MINOR_UNIT = "a number of decimals: XAU has no minor unit"
A_ROUNDING = "a Rounding, like Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)"
NUMBER = "a finite number of at most 38 digits, written out"
TEXT = "at most 38 digits with an optional minus in front and an optional point inside, like -12.50"
TYPES = "a Decimal, an int or text such as '12.50' (a float is never exact)"
CODE = "a code of ISO 4217 in capitals, like 'USD'"
PERCENTAGE = "a percentage from 0 to 100 with at most 12 decimals"

REFUSED: dict[str, tuple[Callable[[], object], Exception]] = {
    "an amount of another type": (lambda: Money(FLOAT, "USD"), InvalidType("amount", FLOAT, TYPES)),
    "an amount that is no number": (
        lambda: Money("1e3", "USD"),
        InvalidValue("amount", "1e3", TEXT),
    ),
    "an infinite amount": (
        lambda: Money(Decimal("Infinity"), "USD"),
        InvalidValue("amount", Decimal("Infinity"), NUMBER),
    ),
    "an amount of too many digits": (
        lambda: exact(10**38, "price"),
        InvalidValue("price", 10**38, NUMBER),
    ),
    "a currency of another type": (lambda: Money(1, FIVE), InvalidType("currency", FIVE, CODE)),
    "an unknown currency": (lambda: Money(1, "ABC"), InvalidValue("currency", "ABC", CODE)),
    "a sum of no series": (
        lambda: Money.sum(FIVE),
        InvalidType("items", FIVE, "a list, or another series, of Money"),
    ),
    "a sum of other things": (
        lambda: Money.sum([ONE, FIVE]),
        InvalidType("items", FIVE, "only Money"),
    ),
    "a sum of nothing": (
        lambda: Money.sum([]),
        InvalidValue("currency", None, "the currency of a sum that may have no items"),
    ),
    "a sum of two currencies": (lambda: Money.sum([ONE, EURO]), CurrencyMismatch("USD", "EUR")),
    "a sum in another currency": (lambda: Money.sum([ONE], "EUR"), CurrencyMismatch("EUR", "USD")),
    "a sum of too many digits": (lambda: Money.sum([NINES, ONE]), PrecisionExceeded("sum", 38)),
    "an addition of too many digits": (lambda: NINES + ONE, PrecisionExceeded("sum", 38)),
    "an addition of two currencies": (lambda: ONE + EURO, CurrencyMismatch("USD", "EUR")),
    "a subtraction of too many digits": (
        lambda: NINES - FINEST,
        PrecisionExceeded("difference", 38),
    ),
    "a subtraction of two currencies": (lambda: EURO - ONE, CurrencyMismatch("EUR", "USD")),
    "a comparison of two currencies": (lambda: EURO < ONE, CurrencyMismatch("EUR", "USD")),
    "a multiplication by no number": (
        lambda: ONE * Decimal("Infinity"),
        InvalidValue("factor", Decimal("Infinity"), "a finite number"),
    ),
    "a product of too many digits": (lambda: NINES * 2, PrecisionExceeded("product", 38)),
    "a rounding by no method": (lambda: ONE.rounded(WORD), InvalidType("method", WORD, METHOD)),
    "a rounding to no number of places": (
        lambda: ONE.rounded(DOWN, WORD),
        InvalidType("places", WORD, PLACES),
    ),
    "a rounding to too many places": (
        lambda: ONE.rounded(DOWN, 13),
        InvalidValue("places", 13, PLACES),
    ),
    "a rounding to unknown places": (
        lambda: GOLD.rounded(DOWN),
        InvalidValue("places", None, NO_MINOR_UNIT),
    ),
    "a rounding of too many digits": (
        lambda: NINES.rounded(RoundingMethod.MALAYSIAN, 0),
        PrecisionExceeded("rounding", 38),
    ),
    "a kept rounding by no method": (lambda: Rounding(WORD), InvalidType("method", WORD, METHOD)),
    "a kept rounding to no number of places": (
        lambda: Rounding(DOWN, WORD),
        InvalidType("places", WORD, PLACES),
    ),
    "a kept rounding to too few places": (
        lambda: Rounding(DOWN, -1),
        InvalidValue("places", -1, PLACES),
    ),
    "a percentage of another type": (lambda: Percent(FLOAT), InvalidType("percent", FLOAT, TYPES)),
    "a percentage that is none": (
        lambda: Percent("101"),
        InvalidValue("percent", "101", PERCENTAGE),
    ),
    "a share of no money": (lambda: Percent("1").of(FIVE), InvalidType("amount", FIVE, MONEY)),
    "a share of too many digits": (
        lambda: Percent("12.5").of(FINEST),
        PrecisionExceeded("product", 38),
    ),
    "a split over one text": (
        lambda: ONE.allocate("12", FIRST),
        InvalidType("ratios", "12", RATIOS),
    ),
    "a split over no series": (
        lambda: ONE.allocate(FIVE, FIRST),
        InvalidType("ratios", FIVE, RATIOS),
    ),
    "a split over zeros": (
        lambda: ONE.allocate((0, "0"), FIRST),
        InvalidValue("ratios", (Fraction(0), Fraction(0)), RATIOS),
    ),
    "a split over less than zero": (
        lambda: ONE.allocate((1, -1), FIRST),
        InvalidValue("ratios", -1, RATIOS),
    ),
    "a split over a division by zero": (
        lambda: ONE.allocate(("1/0",), FIRST),
        InvalidValue("ratios", "1/0", RATIOS),
    ),
    "a split over half a fraction": (
        lambda: ONE.allocate(("1/x",), FIRST),
        InvalidValue("ratios", "x", TEXT),
    ),
    "a split over a float": (
        lambda: ONE.allocate((FLOAT,), FIRST),
        InvalidType("ratios", FLOAT, TYPES),
    ),
    "a split by no strategy": (
        lambda: ONE.allocate((1,), WORD),
        InvalidType("strategy", WORD, "an Allocation, like Allocation.LARGEST_REMAINDER"),
    ),
    "a split in no units": (
        lambda: ONE.allocate((1,), FIRST, FLOAT),
        InvalidType("unit", FLOAT, TYPES),
    ),
    "a split in units of nothing": (
        lambda: ONE.allocate((1,), FIRST, ZERO),
        InvalidValue("unit", ZERO, "a unit above zero"),
    ),
    "a split in units that do not fit": (
        lambda: ONE.allocate((1,), FIRST, "0.03"),
        InvalidValue("unit", "0.03", "a unit that Money('1.00', 'USD') is a whole number of"),
    ),
    "a split in unknown units": (
        lambda: GOLD.allocate((1,), FIRST),
        InvalidValue("unit", None, "a unit to split by: the currency has no minor unit"),
    ),
    "a split in units of another currency": (
        lambda: ONE.allocate((1,), FIRST, EURO),
        CurrencyMismatch("USD", "EUR"),
    ),
    "a split of too many digits": (
        lambda: NINES.allocate((1, 2, 4), FIRST),
        PrecisionExceeded("allocation", 38),
    ),
    "a locale that nobody knows": (
        lambda: format(ONE, "xx"),
        InvalidValue(
            "format spec", "xx", "a locale that Babel knows, like 'de_DE', or none for English"
        ),
    ),
    "units of no money": (lambda: units_of(FIVE, 2), InvalidType("amount", FIVE, MONEY)),
    "units of no number of places": (
        lambda: units_of(ONE, WORD),
        InvalidType("places", WORD, UNIT_PLACES),
    ),
    "units of too many places": (
        lambda: units_of(ONE, 38),
        InvalidValue("places", 38, UNIT_PLACES),
    ),
    "units too coarse": (
        lambda: units_of(FINEST, 2),
        InvalidValue("amount", FINEST, "an amount of at most 2 decimals"),
    ),
    "no units": (lambda: from_units(WORD, 2, "USD"), InvalidType("units", WORD, "a whole number")),
    "units of too many digits": (
        lambda: from_units(10**38, 0, "USD"),
        PrecisionExceeded("amount", 38),
    ),
    "a part of no money": (
        lambda: part_of(ONE, FIVE, ONE, Rounding(DOWN)),
        InvalidType("numerator", FIVE, MONEY),
    ),
    "a part over nothing": (
        lambda: part_of(ONE, ONE, ZERO, Rounding(DOWN)),
        InvalidValue("denominator", ZERO, "an amount that is not zero"),
    ),
    "a part by a method alone": (
        lambda: part_of(ONE, ONE, ONE, WORD),
        InvalidType("rounding", WORD, A_ROUNDING),
    ),
    "a part to unknown places": (
        lambda: part_of(GOLD, GOLD, GOLD, Rounding(DOWN)),
        InvalidValue("places", None, NO_MINOR_UNIT),
    ),
    "slices between no bounds": (
        lambda: slices_of(ONE, [], ZERO),
        InvalidValue("bounds", (), "at least one bound, each above the one before"),
    ),
    "slices of what is below": (
        lambda: slices_of(ONE, [ONE], ZERO),
        InvalidValue("so_far", ZERO, f"a volume that is at least {ONE!r}, also with {ONE!r} added"),
    ),
    "a reversal of nothing": (
        lambda: given_back(ONE, ZERO, ZERO, ZERO, Rounding(DOWN)),
        InvalidValue("amount", ZERO, "an amount that is not zero"),
    ),
    "a reversal of more than there was": (
        lambda: given_back(ONE, ONE, ONE + ONE, ZERO, Rounding(DOWN)),
        InvalidValue("already", ONE + ONE, f"a part of {ONE!r}"),
    ),
    "a reversal of more than is left": (
        lambda: given_back(ONE, ONE, ONE, FINEST, Rounding(DOWN)),
        InvalidValue("back", FINEST, f"a part of what is left of it: {ZERO!r}"),
    ),
}
UNCHANGING = {
    "Money": (lambda: type("Cash", (Money,), {}), TypeError("Money cannot be subclassed")),
    "Currency": (
        lambda: type("Points", (Currency,), {}),
        TypeError("a Currency is one of ISO 4217; it cannot be subclassed"),
    ),
    "the code of a currency": (
        lambda: setattr(Currency("USD"), "code", "EUR"),
        AttributeError("a Currency never changes: 'code' can be neither set nor deleted"),
    ),
    "the unit of a currency": (
        lambda: delattr(Currency("USD"), "unit"),
        AttributeError("a Currency never changes: 'unit' can be neither set nor deleted"),
    ),
}


@pytest.mark.parametrize(("attempt", "error"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_told_with_its_field_its_value_and_what_is_accepted(attempt, error):
    with pytest.raises(type(error)) as caught:
        attempt()
    assert caught.type is type(error)
    assert caught.value.args == error.args
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(("attempt", "error"), UNCHANGING.values(), ids=UNCHANGING)
def test_what_never_changes_says_so(attempt, error):
    with pytest.raises(type(error)) as caught:
        attempt()
    assert caught.value.args == error.args
