"""How is one amount shared between a chain of distributors and the provider, whatever their terms?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from distbilling.errors import InvalidValue
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import NO_CIRCUMSTANCES, Circumstances
from distbilling.rules.agreement.terms import CommissionKind, Netting, Subject, Terms
from distbilling.rules.chain.margins import commissions_of, margins_of, on_the_rest
from distbilling.rules.chain.shares import Share, Split, check_chain, kept_alone, shared_out
from distbilling.rules.commission.commission import Commission, commission_under

__all__ = ["Level", "Share", "Split", "split_of"]

_ANYTHING: Final = Subject()
_new: Final = object.__new__


@attrs.frozen
class Level(fields.Checked):
    """One level of a chain: a distributor, its terms with the level above it, and its own volume of the period so far.

    Where the volume is None, that of the circumstances counts.

    Raises:
        InvalidValue: the volume is below zero.

    Source: rulebook R13, R16.

    >>> from distbilling.money import Percent
    >>> Level("hudson", Terms(Percent("15"), Percent("10"))).so_far is None
    True
    """

    distributor: str = attrs.field(validator=fields.identifier)
    terms: Terms = attrs.field(validator=fields.one_of(Terms))
    so_far: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.so_far is not None and self.so_far.is_negative:
            raise InvalidValue("so_far", self.so_far, "an amount of zero or more")

    @property
    def netting(self) -> Netting:
        """When its commission is taken off what it owes."""
        return self.terms.netting


def split_of(  # noqa: PLR0913 - each is a fact of its own
    kind: CommissionKind,
    amount: Money,
    levels: Sequence[Level],
    *,
    at: datetime,
    subject: Subject = _ANYTHING,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
) -> Split:
    """Share an amount between a chain of distributors, seller first and top last, and the provider.

    Each level is paid by the rate that its own terms have in force at the instant; the terms of the
    top level decide what a margin is and who gets the odd unit. However deep the chain and whatever
    the rounding, the provider's share and all that is earned sum to the amount. A negative amount
    mirrors the positive one. A level whose terms give it more than those of the level above it gets
    what that one gets.

    Raises:
        InvalidType, InvalidValue, CurrencyMismatch, PrecisionExceeded: as :func:`commission_under`,
            for any level.
        InvalidValue: there is no level, or a distributor is in the chain twice.

    Source: rulebook R16; handbook, "Default sales commission", "Default payment commission".

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> chain = [Level(name, Terms(Percent(rate), Percent("10"))) for name, rate in (("soho", "15"), ("hudson", "20"))]
    >>> split = split_of(CommissionKind.SALE, Money("10.00", "USD"), chain, at=pendulum.datetime(2026, 3, 1))
    >>> print(split.explain())
    soho keeps $1.50 and owes hudson $8.50.
    hudson keeps $0.50 and owes the provider $8.00.
    The provider keeps $8.00.
    >>> print(split.explain_share("hudson"))
    20% (default sales commission) of $10.00 is $2.00: earned $2.00, owed $8.00. \
$1.50 of it goes to levels below: hudson keeps $0.50.
    """
    fields.check_type("levels", levels, list, tuple)
    for level in levels:
        if type(level) is not Level:
            fields.check_type("levels", level, Level)
    check_chain("levels", levels)
    top = levels[-1].terms
    if len(levels) == 1:  # as most are
        told = _as_told(levels[0], circumstances)
        alone = commission_under(top, kind, amount, at=at, subject=subject, circumstances=told)
        return kept_alone(levels[0].distributor, alone, top.netting, top.margin, top.remainder)

    def earning(level: Level, on: Money, at_most: Money | None) -> Commission:
        told = _as_told(level, circumstances)
        if on is not amount:
            told = on_the_rest(told, on)
        return commission_under(
            level.terms, kind, on, at=at, subject=subject, circumstances=told, at_most=at_most
        )

    commissions = commissions_of(amount, levels, top.margin, earning)
    kept = margins_of(commissions, top.margin, top.remainder)
    return shared_out(amount, levels, commissions, kept, top.margin, top.remainder)


_set_items, _set_so_far, _set_months, _set_tax, _set_discount = fields.setters(Circumstances)


def _as_told(level: Level, told: Circumstances) -> Circumstances:
    """Return the circumstances of an operation as they are for one level; its volume was checked with the level."""
    if level.so_far is None:
        return told
    own = _new(Circumstances)
    _set_items(own, told.items)
    _set_so_far(own, level.so_far)
    _set_months(own, told.months)
    _set_tax(own, told.tax)
    _set_discount(own, told.discount)
    return own
