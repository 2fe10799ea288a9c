"""Checks of the parts of a schedule: its bounds, its brackets and its stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules import fields

__all__ = ["bracket_problems", "check_bounds", "stage_problems"]


def check_bounds(minimum: Money | None, cap: Money | None) -> None:
    """Refuse bounds of a commission that cannot be kept.

    Raises:
        InvalidValue: there is neither bound; one is below zero or no whole number of minor units;
            the cap is below the minimum.

    Source: rulebook R14.

    >>> check_bounds(minimum=Money("5.00", "USD"), cap=Money("2.00", "USD"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: cap: ... is not accepted; give at least the minimum, 5.00 USD
    """
    if minimum is None and cap is None:
        raise InvalidValue("cap", None, "a minimum, a cap, or both")

    for name, bound in (("minimum", minimum), ("cap", cap)):
        if bound is not None and bound.is_negative:
            raise InvalidValue(name, bound, "an amount of zero or more")
        if bound is not None and (bound.currency.digits is None or not fields.is_cash(bound)):
            raise InvalidValue(name, bound, f"whole minor units of {bound.currency}")

    if minimum is not None and cap is not None and cap < minimum:
        raise InvalidValue("cap", cap, f"at least the minimum, {amount_text(minimum)}")


def bracket_problems(bounds: Sequence[tuple[Money, Money | None]]) -> Iterator[InvalidValue]:
    """Yield what is wrong with brackets, each a lower bound and an upper one; None is open.

    Source: rulebook R13.

    >>> [problem.field for problem in bracket_problems([(Money("5", "USD"), None)])]
    ['brackets[0].lower']
    """
    (first, _), (_, last) = bounds[0], bounds[-1]
    if not first.is_zero:
        yield InvalidValue("brackets[0].lower", first, "zero: the first bracket starts there")

    for place, ((_, end), (start, _)) in enumerate(pairwise(bounds), 1):
        if end is None:
            accepted = f"{amount_text(start)}, where the next bracket starts"
            yield InvalidValue(f"brackets[{place - 1}].upper", None, accepted)
        elif end != start:
            rates = "no rate is" if end < start else "two rates are"
            accepted = (
                f"{amount_text(end)}, where the bracket before it ends: {rates} given between"
            )
            yield InvalidValue(f"brackets[{place}].lower", start, accepted)

    if last is not None:
        field = f"brackets[{len(bounds) - 1}].upper"
        yield InvalidValue(field, last, "None: the last bracket has no end")


def stage_problems(months: Sequence[int | None]) -> Iterator[InvalidValue]:
    """Yield what is wrong with stages of so many months each: the last, and only that, has no end.

    Source: rulebook R13.

    >>> [str(problem) for problem in stage_problems([3, 3])]
    ['stages[1].months: 3 is not accepted; give None: the last stage has no end']
    """
    *ending, last = months
    for place, length in enumerate(ending):
        if length is None:
            accepted = "a number of months: another stage follows"
            yield InvalidValue(f"stages[{place}].months", None, accepted)

    if last is not None:
        yield InvalidValue(f"stages[{len(ending)}].months", last, "None: the last stage has no end")


def amount_text(amount: Money) -> str:
    """Return an amount as an error writes it.

    >>> amount_text(Money("5", "USD"))
    '5.00 USD'
    """
    return f"{plain(amount.amount, amount.currency.digits or 0)} {amount.currency}"
