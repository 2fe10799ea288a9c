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
    """Refuse a commission bounded by nothing, by negative amounts, by parts of a minor unit, or by a cap below its minimum.

    Source: rulebook R14.

    >>> check_bounds(minimum=Money("5.00", "USD"), cap=Money("2.00", "USD"))
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: cap: Money('2.00', 'USD') is not accepted; give at least the minimum, 5.00 USD
    """
    bounds = {
        name: bound for name, bound in (("minimum", minimum), ("cap", cap)) if bound is not None
    }
    if not bounds:
        raise InvalidValue("cap", None, "a minimum, a cap, or both")
    for name, bound in bounds.items():
        if bound.is_negative:
            raise InvalidValue(name, bound, "an amount of zero or more")
        if bound.currency.digits is None or not fields.is_cash(bound):
            raise InvalidValue(name, bound, f"whole minor units of {bound.currency}")
    if minimum is not None and cap is not None and cap < minimum:
        raise InvalidValue("cap", cap, f"at least the minimum, {amount_text(minimum)}")


def bracket_problems(bounds: Sequence[tuple[Money, Money | None]]) -> Iterator[InvalidValue]:
    """Yield what is wrong with brackets, each from its lower bound to its upper one: None is open.

    Source: rulebook R13.

    >>> [str(problem) for problem in bracket_problems([(Money("5", "USD"), None)])]
    ["brackets[0].lower: Money('5.00', 'USD') is not accepted; give zero: the first bracket starts there"]
    """
    (first, _), (_, last) = bounds[0], bounds[-1]
    if not first.is_zero:
        yield InvalidValue("brackets[0].lower", first, "zero: the first bracket starts there")
    for place, ((_, end), (start, _)) in enumerate(pairwise(bounds), 1):
        field = f"brackets[{place}].lower"
        if end is None:
            yield InvalidValue(
                f"brackets[{place - 1}].upper",
                None,
                f"{amount_text(start)}, where the next bracket starts",
            )
        elif end < start:
            yield InvalidValue(
                field,
                start,
                f"{amount_text(end)}, where the bracket before it ends: no rate is given between",
            )
        elif end > start:
            yield InvalidValue(
                field,
                start,
                f"{amount_text(end)}, where the bracket before it ends: two rates are given between",
            )
    if last is not None:
        yield InvalidValue(
            f"brackets[{len(bounds) - 1}].upper", last, "None: the last bracket has no end"
        )


def stage_problems(months: Sequence[int | None]) -> Iterator[InvalidValue]:
    """Yield what is wrong with stages that last so many months each: the last one, and only that, has no end.

    Source: rulebook R13.

    >>> [str(problem) for problem in stage_problems([3, 3])]
    ['stages[1].months: 3 is not accepted; give None: the last stage has no end']
    """
    *ending, last = months
    for place, length in enumerate(ending):
        if length is None:
            yield InvalidValue(
                f"stages[{place}].months", None, "a number of months: another stage follows"
            )
    if last is not None:
        yield InvalidValue(f"stages[{len(ending)}].months", last, "None: the last stage has no end")


def amount_text(amount: Money) -> str:
    """Return an amount as an error tells it.

    >>> amount_text(Money("5", "USD"))
    '5.00 USD'
    """
    return f"{plain(amount.amount, amount.currency.digits or 0)} {amount.currency}"
