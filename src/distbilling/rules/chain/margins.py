"""What each level of a chain earns on one amount, and what it keeps of that: its margin.

A chain is a row of distributors, the seller first and the top level last. The top level's terms
choose two policies.

*What a margin is.* By ``DIFFERENCE_OF_RATES`` every level earns its rate on the whole amount, for
itself and for all below it, and passes on what those below it earn. By ``OWN_RATE_ON_THE_REST``
every level earns its rate on what those below it left, and keeps all of that. Take $1000.00, and
levels at 10 %, 20 % and 15 %::

    DIFFERENCE_OF_RATES                       OWN_RATE_ON_THE_REST
    earn  100.00  150.00  150.00              earn  100.00  180.00  108.00
    keep  100.00   50.00    0.00              keep  100.00  180.00  108.00

The second level would earn $200.00, but a level never earns more than the one above it: that is
found from the top down, and what is left of the amount from the seller up.

*Who gets the odd unit.* By ``EACH_LEVEL_ROUNDED`` each commission is rounded by the terms of its
own level, and a margin is the difference of two rounded figures. By the other two, what all levels
earn together is rounded once, by the terms of the top level, and allocated over the exact margins.
Take $0.50, and levels at 1 %, 2 % and 3 %, which earn exactly 0.005, 0.010 and 0.015::

    EACH_LEVEL_ROUNDED     0.01 0.01 0.02 earned, so 0.01 0.00 0.01 are kept
    LARGEST_REMAINDER      0.02 in all over 0.005 : 0.005 : 0.005, so 0.01 0.01 0.00 are kept

Whatever is kept, the provider gets the rest: nothing is lost. A negative amount mirrors the
positive one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import sub
from typing import TypeVar, assert_never

from distbilling.money import Money
from distbilling.rules.agreement.terms import Margin, Remainder
from distbilling.rules.commission.commission import Commission

__all__ = ["Earning", "commissions_of", "exact_margins", "margins_of", "total_of"]

_Party = TypeVar("_Party")
Earning = Callable[[_Party, Money, Money | None], Commission]
"""What a party earns on an amount by its own terms; never more than the last amount, if any."""


def commissions_of(
    amount: Money, parties: Sequence[_Party], margin: Margin, earning: Earning[_Party]
) -> tuple[Commission, ...]:
    """Return what each party of a chain earns by its own terms, seller first.

    Args:
        amount: What is shared; below zero, all mirrors what is above.
        parties: The levels of the chain, seller first, as ``earning`` knows them.
        margin: What a level earns on: the whole amount, or what those below it left.
        earning: What one party earns on an amount.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> def earning(rate, amount, at_most):
    ...     return commission_on(amount, Percent(rate), at_most=at_most)
    >>> thousand = Money("1000.00", "USD")
    >>> for margin in Margin:
    ...     levels = commissions_of(thousand, (10, 20, 15), margin, earning)
    ...     print(*(level.earned for level in levels))
    $100.00 $150.00 $150.00
    $100.00 $180.00 $108.00
    """
    if len(parties) == 1:  # as most chains are
        return (earning(parties[0], amount, None),)
    commissions: list[Commission] = []

    if margin is Margin.DIFFERENCE_OF_RATES:
        at_most = None
        for party in reversed(parties):
            commission = earning(party, amount, at_most)
            at_most = commission.earned
            commissions.append(commission)
        commissions.reverse()

    elif margin is Margin.OWN_RATE_ON_THE_REST:
        left = amount
        for party in parties:
            commission = earning(party, left, None)
            left = commission.owed
            commissions.append(commission)

    else:
        assert_never(margin)
    return tuple(commissions)


def margins_of(
    commissions: Sequence[Commission], margin: Margin, remainder: Remainder
) -> tuple[Money, ...]:
    """Return what each level keeps, seller first; none is of another sign than the amount.

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
    if len(commissions) == 1:
        return (commissions[0].earned,)

    earned = tuple(commission.earned for commission in commissions)
    if remainder.allocation is None:
        return earned if margin.on_remaining_amount else _differences(earned)

    total = total_of(commissions, margin)
    if total.is_zero:
        return (total,) * len(commissions)
    weights = [abs(exact).amount for exact in exact_margins(commissions, margin)]
    return tuple(total.allocate(weights, remainder.allocation))


def exact_margins(commissions: Sequence[Commission], margin: Margin) -> tuple[Money, ...]:
    """Return what each level would keep if nothing were rounded, seller first.

    It is never more than there is, nor than the level above earns.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 2, 5)]
    >>> [exact.format(exact=True) for exact in exact_margins(levels, Margin.DIFFERENCE_OF_RATES)]
    ['$0.005', '$0.005', '$0.015']
    """
    exact = [_nearer_to_zero(commission.exact, commission.amount) for commission in commissions]
    if margin is Margin.OWN_RATE_ON_THE_REST:
        return tuple(exact)

    # From the top down: what a level may earn depends on the level above it.
    for place in range(len(exact) - 2, -1, -1):
        exact[place] = _nearer_to_zero(exact[place], exact[place + 1])
    return _differences(exact)


def total_of(commissions: Sequence[Commission], margin: Margin) -> Money:
    """Return what all levels earn together, rounded once, by the terms of the top level.

    Source: rulebook R16.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> levels = [commission_on(Money("0.50", "USD"), Percent(rate)) for rate in (1, 2, 5)]
    >>> [total_of(levels, margin) for margin in Margin]
    [Money('0.03', 'USD'), Money('0.04', 'USD')]
    """
    top = commissions[-1]
    if margin is Margin.DIFFERENCE_OF_RATES:
        return top.earned
    rounded = top.rounding.apply(Money.sum(exact_margins(commissions, margin)))
    return _nearer_to_zero(rounded, commissions[0].amount)


def _differences(totals: Sequence[Money]) -> tuple[Money, ...]:
    """Return the first of some totals, and how much each of the others is above the one before."""
    return (totals[0], *map(sub, totals[1:], totals))


def _nearer_to_zero(amount: Money, bound: Money) -> Money:
    """Return one of two amounts of the same sign."""
    return bound if abs(bound) < abs(amount) else amount
