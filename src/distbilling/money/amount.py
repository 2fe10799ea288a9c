"""An exact amount of money in one currency."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, DecimalException
from html import escape
from typing import Any, Final, Never, TypeAlias, final

from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue, PrecisionExceeded
from distbilling.language.formats import currency_formatter
from distbilling.money import allocation
from distbilling.money.allocation import Allocation, Ratio
from distbilling.money.currency import Currency
from distbilling.money.exact import DIGITS, ZERO, arithmetic, exact, plain
from distbilling.money.rounding import RoundingMethod, quantum_of, rounded_with_care

__all__ = ["Money"]

# To read its own kind's and its currency's private names spares Money half of its time.
# ruff: noqa: SLF001
# pyright: reportPrivateUsage=false

_TO_BE_DONE_WITH_CARE: Final = (ArithmeticError, AttributeError, TypeError)
_new: Final = object.__new__
_context: Final = arithmetic()
_add: Final = _context.add
_subtract: Final = _context.subtract
_multiply: Final = _context.multiply
_multiply_add: Final = _context.fma


@final
class Money:
    """An exact amount in one currency; positive, zero or negative.

    Nothing is rounded unless :meth:`rounded` is called, two currencies never mix, and the host's
    decimal context plays no part. 1.0 and 1.00 are equal and have one hash. An amount has at most
    38 digits before and after the point together.

    Source: rulebook R1, R3, R49.

    Raises:
        InvalidType: if the amount is not a Decimal, an int or text (a float is never exact), or the
            currency is neither a Currency nor text.
        InvalidValue: if the amount is not a plain number of at most 38 digits, or the currency is
            not in ISO 4217.

    >>> Money("10.00", "USD") + Money("0.005", "USD")
    Money('10.005', 'USD')
    >>> Money("10.00", "USD") + Money("1.00", "EUR")
    Traceback (most recent call last):
    distbilling.errors.CurrencyMismatch: USD and EUR do not mix; convert one of them first
    """

    __slots__ = ("__amount", "__currency")

    __amount: Decimal
    __currency: Currency

    def __new__(cls, amount: Decimal | int | str, currency: Currency | str) -> Money:
        """Make an amount from a plain number and a currency or its code."""
        result = _new(Money)
        result.__amount = exact(amount, "amount")
        result.__currency = currency if type(currency) is Currency else Currency(currency)
        return result

    @classmethod
    def zero(cls, currency: Currency | str) -> Money:
        """Return no money at all, in the currency.

        >>> Money.zero("JPY")
        Money('0', 'JPY')
        """
        return Money.__made(ZERO, Currency(currency))

    @classmethod
    def sum(cls, items: Iterable[Money], currency: Currency | str | None = None) -> Money:
        """Return all the items together; name the currency where there may be none of them.

        Raises:
            CurrencyMismatch: if an item has another currency than the first, or than the one named.
            InvalidType: if an item is not Money, or ``items`` not a series of them.
            InvalidValue: if there are no items and no currency is named.
            PrecisionExceeded: if the exact sum needs more than 38 digits.

        >>> Money.sum([Money("1.10", "EUR"), Money("2.20", "EUR")])
        Money('3.30', 'EUR')
        >>> Money.sum([], "EUR")
        Money('0.00', 'EUR')
        """
        expected = None if currency is None else Currency(currency)
        total = ZERO
        try:
            series = iter(items)
        except TypeError:
            raise InvalidType("items", items, "a list, or another series, of Money") from None

        for item in series:
            if type(item) is not Money:
                raise InvalidType("items", item, "only Money")
            if expected is None:
                expected = item.__currency
            elif item.__currency is not expected:
                raise CurrencyMismatch(expected.code, item.__currency.code)
            try:
                total = _add(total, item.__amount)
            except DecimalException:
                raise PrecisionExceeded("sum", DIGITS) from None

        if expected is None:
            raise InvalidValue("currency", None, "the currency of a sum that may have no items")
        return Money.__made(total, expected)

    @property
    def amount(self) -> Decimal:
        """The number, in whole units of the currency (dollars, not cents), written plainly."""
        return self.__amount

    @property
    def currency(self) -> Currency:
        """The currency it is in."""
        return self.__currency

    @property
    def is_zero(self) -> bool:
        """Whether it is nothing."""
        return not self.__amount

    @property
    def is_positive(self) -> bool:
        """Whether it is more than nothing."""
        return self.__amount > ZERO

    @property
    def is_negative(self) -> bool:
        """Whether it is less than nothing."""
        return self.__amount < ZERO

    def rounded(self, method: RoundingMethod, places: int | None = None) -> Money:
        """Return the amount with so many decimals (0 to 12), or as many as its currency has.

        Source: rulebook R4.

        Raises:
            InvalidType: if ``method`` is not a RoundingMethod or ``places`` not an int.
            InvalidValue: if ``places`` is outside 0 to 12, or not given for a currency without a
                minor unit.
            PrecisionExceeded: if the rounded amount needs more than 38 digits.

        >>> from distbilling.money import RoundingMethod
        >>> Money("-1.215", "USD").rounded(RoundingMethod.HALF_AWAY_FROM_ZERO)
        Money('-1.22', 'USD')
        """
        currency, number = self.__currency, None
        try:
            unit: Any = currency._unit if places is None else quantum_of(places)
            number = method.to_quantum(self.__amount, unit)
        except _TO_BE_DONE_WITH_CARE:
            number = None
        if number is None:
            number = rounded_with_care(self.__amount, method, places, currency)
        result = _new(Money)
        result.__amount = number or number.copy_abs()
        result.__currency = currency
        return result

    def allocate(
        self, ratios: Iterable[Ratio], strategy: Allocation, unit: _Unit = None
    ) -> tuple[Money, ...]:
        """Return one share for each ratio; together the shares are exactly the amount.

        Ratios are int, Decimal, Fraction or text ('2', '87.5', '1/3'); one that is zero gets
        nothing. Each share is a whole number of units: ``unit`` (for cash in steps of 0.05), or
        else the currency's minor unit, or the amount's own last decimal where that is finer. Shares
        of a negative amount mirror those of the positive one.

        Source: rulebook R6.

        Raises:
            CurrencyMismatch: if ``unit`` is Money in another currency.
            InvalidType: for ratios, a strategy or a unit of another type.
            InvalidValue: for ratios that are negative, all zero or none; for a unit that is not
                positive or that the amount is not a whole number of; where the unit is not given
                for a currency without a minor unit.

        >>> Money("100.00", "USD").allocate(("1/3", "1/3", "1/3"), Allocation.FIRST_IN_ORDER)
        (Money('33.34', 'USD'), Money('33.33', 'USD'), Money('33.33', 'USD'))
        """
        proportions = allocation.weights(ratios)
        units, step = self.__in_steps(unit)
        return self.__of_steps(allocation.shares(units, proportions, strategy), step)

    def allocate_with_rest(
        self, ratios: Iterable[Ratio], unit: _Unit = None, *, in_blocks: bool = False
    ) -> tuple[tuple[Money, ...], Money]:
        """Return one share for each ratio, rounded down to whole units, and what is left over.

        Shares and rest sum to the amount exactly. In blocks, the shares are exactly in the
        proportions of the ratios, and what is less than the smallest such split is left over.
        Ratios, unit and what is refused are as for ``allocate``.

        Source: rulebook R6.

        >>> Money("1.00", "USD").allocate_with_rest((2, 3, 1))
        ((Money('0.33', 'USD'), Money('0.50', 'USD'), Money('0.16', 'USD')), Money('0.01', 'USD'))
        >>> Money("1.00", "USD").allocate_with_rest((2, 3, 1), in_blocks=True)
        ((Money('0.32', 'USD'), Money('0.48', 'USD'), Money('0.16', 'USD')), Money('0.04', 'USD'))
        """
        proportions = allocation.weights(ratios)
        units, step = self.__in_steps(unit)
        given, left_over = allocation.shares_with_rest(units, proportions, in_blocks=in_blocks)
        *parts, rest = self.__of_steps([*given, left_over], step)
        return tuple(parts), rest

    def format(self, locale: str = "en", *, exact: bool = False) -> str:
        r"""Return the amount as people of the locale write it, to the currency's digits.

        ``exact`` shows all the digits that it has, at least the currency's. Rounding here is for
        display alone; halves go to the even digit.

        Raises:
            InvalidValue: if Babel does not know the locale.

        >>> Money("1234.5", "EUR").format("de_DE")
        '1.234,50\xa0€'
        >>> Money("0.00025", "USD").format("en", exact=True)
        '$0.00025'
        """
        currency = self.__currency
        write = currency_formatter(locale, currency._code, currency._digits, exact=exact)
        return write(self.__amount)

    # Addition and subtraction, the most frequent of all, repeat each other: a call would slow both.
    def __add__(self, other: Money) -> Money:
        try:
            currency = self.__currency
            if currency is not other.__currency:
                raise CurrencyMismatch(currency.code, other.__currency.code)
            result = _new(Money)
            result.__amount = _add(self.__amount, other.__amount)
            result.__currency = currency
        except AttributeError:
            return NotImplemented
        except DecimalException:
            raise PrecisionExceeded("sum", DIGITS) from None
        return result

    def __sub__(self, other: Money) -> Money:
        try:
            currency = self.__currency
            if currency is not other.__currency:
                raise CurrencyMismatch(currency.code, other.__currency.code)
            result = _new(Money)
            result.__amount = _subtract(self.__amount, other.__amount)
            result.__currency = currency
        except AttributeError:
            return NotImplemented
        except DecimalException:
            raise PrecisionExceeded("difference", DIGITS) from None
        return result

    def __mul__(self, factor: Decimal | int) -> Money:
        if type(factor) is int:
            factor = Decimal(factor)
        elif type(factor) is not Decimal:
            return NotImplemented
        if not factor.is_finite():
            raise InvalidValue("factor", factor, "a finite number")
        try:
            product = _multiply_add(self.__amount, factor, ZERO)
        except DecimalException:
            raise PrecisionExceeded("product", DIGITS) from None
        return Money.__made(product, self.__currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money.__made(_context.minus(self.__amount), self.__currency)

    def __pos__(self) -> Money:
        return self

    def __abs__(self) -> Money:
        return Money.__made(self.__amount.copy_abs(), self.__currency)

    def __bool__(self) -> bool:
        return bool(self.__amount)

    def __eq__(self, other: object) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.__amount == other.__amount and self.__currency is other.__currency

    def __hash__(self) -> int:
        return hash((self.__amount, self.__currency))

    def __lt__(self, other: Money) -> bool:
        return self.__amount < other.__amount if self.__comparable(other) else NotImplemented

    def __le__(self, other: Money) -> bool:
        return self.__amount <= other.__amount if self.__comparable(other) else NotImplemented

    def __gt__(self, other: Money) -> bool:
        return self.__amount > other.__amount if self.__comparable(other) else NotImplemented

    def __ge__(self, other: Money) -> bool:
        return self.__amount >= other.__amount if self.__comparable(other) else NotImplemented

    def __repr__(self) -> str:
        number = plain(self.__amount, self.__currency.digits or 0)
        return f"Money({number!r}, {self.__currency.code!r})"

    def __str__(self) -> str:
        return self.format()

    def __format__(self, spec: str) -> str:
        try:
            return self.format(spec or "en")
        except InvalidValue:
            accepted = "a locale that Babel knows, like 'de_DE', or none for English"
            raise InvalidValue("format spec", spec, accepted) from None

    def _repr_html_(self) -> str:
        """Return the amount for a notebook: set right, in figures of one width."""
        style = "text-align: right; font-variant-numeric: tabular-nums"
        return f'<div style="{style}">{escape(self.format(exact=True))}</div>'

    def __reduce__(self) -> tuple[type[Money], tuple[Decimal, Currency]]:
        return Money, (self.__amount, self.__currency)

    def __init_subclass__(cls, **_: object) -> Never:
        message = "Money cannot be subclassed"
        raise TypeError(message)

    @staticmethod
    def __made(amount: Decimal, currency: Currency) -> Money:
        result = _new(Money)
        result.__amount = amount
        result.__currency = currency
        return result

    def _share(self, fraction: Decimal) -> Money:
        """Return the exact share of a Percent, whose fraction is plain and not negative."""
        try:
            number = _multiply(self.__amount, fraction)
        except DecimalException:
            raise PrecisionExceeded("product", DIGITS) from None
        return Money.__made(number or number.copy_abs(), self.__currency)

    def _rounded_share(self, fraction: Decimal, method: RoundingMethod) -> Money:
        """Return the share rounded to the currency's digits, without a Money in between."""
        currency = self.__currency
        unit: Any = currency._unit
        try:
            number = method.to_quantum(_multiply(self.__amount, fraction), unit)
        except _TO_BE_DONE_WITH_CARE:
            number = None
        if number is None:
            return self._share(fraction).rounded(method)
        result = _new(Money)
        result.__amount = number or number.copy_abs()
        result.__currency = currency
        return result

    def __comparable(self, other: Money) -> bool:
        if type(other) is not Money:
            return False
        if self.__currency is not other.__currency:
            raise CurrencyMismatch(self.__currency.code, other.__currency.code)
        return True

    def __in_steps(self, unit: _Unit) -> tuple[int, Decimal]:
        if unit is None:
            step = allocation.finest_step(self.__amount, self.__currency.digits)
        elif type(unit) is not Money:
            step = exact(unit, "unit")
        elif unit.__currency is self.__currency:
            step = unit.__amount
        else:
            raise CurrencyMismatch(self.__currency.code, unit.__currency.code)

        if step <= ZERO:
            raise InvalidValue("unit", unit, "a unit above zero")
        steps = allocation.steps_in(self.__amount, step)
        if steps is None:
            raise InvalidValue("unit", unit, f"a unit that {self!r} is a whole number of")
        return steps, step

    def __of_steps(self, counts: Iterable[int], step: Decimal) -> tuple[Money, ...]:
        try:
            numbers = [_multiply_add(Decimal(count), step, ZERO) for count in counts]
        except DecimalException:
            raise PrecisionExceeded("allocation", DIGITS) from None
        return tuple(Money.__made(number, self.__currency) for number in numbers)


_Unit: TypeAlias = Money | Decimal | int | str | None
