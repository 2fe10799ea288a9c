"""What does each level of a chain keep? Commissions on one amount, and the margins between them, by the policy of the top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import sub
from typing import Final, TypeVar, assert_never

from distbilling.money import Allocation, Money
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.terms import Margin, Remainder
from distbilling.rules.commission.commission import Commission

__all__ = ["Earning", "commissions_of", "exact_margins", "margins_of", "on_the_rest", "total_of"]

_Party = TypeVar("_Party")
Earning = Callable[[_Party, Money, Money | None], Commission]
"""What a party earns on an amount by its own terms: at most so much, where that is told."""

_ALLOCATIONS: Final = {
    Remainder.LARGEST_REMAINDER: Allocation.LARGEST_REMAINDER,
    Remainder.FIRST_IN_ORDER: Allocation.FIRST_IN_ORDER,
}


def commissions_of(
    amount: Money, parties: Sequence[_Party], margin: Margin, earning: Earning[_Party]
) -> list[Commission]:
    """Return what each party of a chain earns by its own terms, seller first.

    By ``DIFFERENCE_OF_RATES``, each earns on the whole amount, for itself and all levels below it,
    and never more than the level above it. By ``OWN_RATE_ON_THE_REST``, each earns on what the
    levels below it left.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> def earning(rate, amount, at_most):
    ...     return commission_on(amount, Percent(rate), at_most=at_most)
    >>> thousand = Money("1000.00", "USD")
    >>> for margin in Margin:
    ...     print(*(level.earned for level in commissions_of(thousand, (10, 20, 15), margin, earning)))
    $100.00 $150.00 $150.00
    $100.00 $180.00 $108.00
    """
    found: list[Commission] = []
    if margin is Margin.DIFFERENCE_OF_RATES:
        at_most = None
        for party in reversed(parties):
            commission = earning(party, amount, at_most)
            at_most = commission.earned
            found.append(commission)
        found.reverse()
    elif margin is Margin.OWN_RATE_ON_THE_REST:
        rest = amount
        for party in parties:
            commission = earning(party, rest, None)
            rest = commission.owed
            found.append(commission)
    else:
        assert_never(margin)
    return found


def margins_of(
    commissions: Sequence[Commission], margin: Margin, remainder: Remainder
) -> list[Money]:
    """Return what each level keeps for itself, seller first; none is of another sign than the amount.

    By ``EACH_LEVEL_ROUNDED``, the seller keeps what its own terms say to the last unit, and each
    level above it the difference between two rounded commissions. By the others, what all levels
    earn together is rounded once, by the terms of the top level, and given out in minor units over
    the exact margins.

    Source: rulebook R6, R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 2, 3)]
    >>> for remainder in Remainder:
    ...     print(*margins_of(levels, Margin.DIFFERENCE_OF_RATES, remainder))
    $0.01 $0.00 $0.01
    $0.01 $0.01 $0.00
    $0.01 $0.01 $0.00
    """
    earned = [commission.earned for commission in commissions]
    if len(earned) == 1:
        return earned
    if remainder is Remainder.EACH_LEVEL_ROUNDED:
        return earned if margin is Margin.OWN_RATE_ON_THE_REST else _differences(earned)
    total = total_of(commissions, margin)
    if total.is_zero:
        return [total] * len(commissions)
    weights = [abs(exact).amount for exact in exact_margins(commissions, margin)]
    return list(total.allocate(weights, _ALLOCATIONS[remainder]))


def exact_margins(commissions: Sequence[Commission], margin: Margin) -> list[Money]:
    """Return what each level would keep if nothing were rounded; never more than there is, or than the level above earns.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 2, 5)]
    >>> exact_margins(levels, Margin.DIFFERENCE_OF_RATES)
    [Money('0.005', 'USD'), Money('0.005', 'USD'), Money('0.015', 'USD')]
    """
    exact = [_nearer(commission.exact, commission.amount) for commission in commissions]
    if margin is Margin.OWN_RATE_ON_THE_REST:
        return exact
    for place in range(len(exact) - 2, -1, -1):
        exact[place] = _nearer(exact[place], exact[place + 1])
    return _differences(exact)


def total_of(commissions: Sequence[Commission], margin: Margin) -> Money:
    """Return what all levels earn together, rounded once, by the terms of the top level.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 2, 5)]
    >>> total_of(levels, Margin.DIFFERENCE_OF_RATES), total_of(levels, Margin.OWN_RATE_ON_THE_REST)
    (Money('0.03', 'USD'), Money('0.04', 'USD'))
    """
    top = commissions[-1]
    if margin is Margin.DIFFERENCE_OF_RATES:
        return top.earned
    rounded = top.rounding.apply(Money.sum(exact_margins(commissions, margin)))
    return _nearer(rounded, commissions[0].amount)


def on_the_rest(told: Circumstances, rest: Money) -> Circumstances:
    """Return circumstances whose tax is not above what the levels below left of the amount that contains it.

    Source: rulebook R16, R18.

    >>> on_the_rest(Circumstances(tax=Money("2.00", "USD")), Money("1.50", "USD")).tax
    Money('1.50', 'USD')
    """
    if told.tax is None or told.tax <= abs(rest):
        return told
    return Circumstances(told.items, told.so_far, told.months, abs(rest), told.discount)


def _differences(totals: list[Money]) -> list[Money]:
    return [totals[0], *map(sub, totals[1:], totals)]


def _nearer(amount: Money, bound: Money) -> Money:
    """Return whichever of two amounts of one sign is nearer to zero."""
    return bound if abs(bound) < abs(amount) else amount
