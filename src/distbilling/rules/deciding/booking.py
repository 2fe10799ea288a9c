"""The booking of an amount: split over its chain, posted, and compared with every limit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Final

import attrs
from pendulum import DateTime

from distbilling.money import Money
from distbilling.periods import whole_months
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import NO_CIRCUMSTANCES, Circumstances
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Subject,
)
from distbilling.rules.chain.calculations import Calculations, Commissions
from distbilling.rules.chain.split import Level, Split, split_of
from distbilling.rules.credit.credit_watch import CreditFacts, evaluate
from distbilling.rules.credit.limits import Limit
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Accepted, OverLimit
from distbilling.rules.deciding.facts import DistributorFacts, Record
from distbilling.rules.deciding.reasons import TaxMissing
from distbilling.rules.deciding.volumes import volume_so_far
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CommissionExpense,
    DistributorLedger,
    LedgerAccount,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import Entry, Posting

__all__ = ["Trade", "accept_entry", "accept_review", "over_limit", "postings_of", "split_over"]


_EXPENSE: Final = CommissionExpense()

# Every payment makes some of these, from values that were checked.
_circumstances: Final = fields.unchecked(Circumstances)
_level: Final = fields.unchecked(Level)
_distributor_ledger: Final = fields.unchecked(DistributorLedger)
_posting: Final = fields.unchecked(Posting)
_credit_facts: Final = fields.unchecked(CreditFacts)


@attrs.frozen
class Trade:
    """What was paid or sold, as far as commission depends on it.

    ``since`` is the instant from which the customer belongs to its distributor; ``tax`` is
    contained in the amount, None where nobody gave it; ``discount`` was taken off the price before.

    Source: rulebook R11, R13, R14, R18.
    """

    kind: CommissionKind
    amount: Money
    at: DateTime
    since: DateTime
    subject: Subject = attrs.field(factory=Subject)
    items: int = 1
    tax: Money | None = None
    discount: Money | None = None


def split_over(chain: Sequence[DistributorFacts], trade: Trade) -> Split[Commissions] | TaxMissing:
    """Split the amount over the chain, each level at its own terms and on its own volume so far.

    Source: rulebook R11, R12, R13, R16, R18.
    """
    plain, discount = True, trade.discount
    for member in chain:
        terms = member.distributor.terms
        if trade.tax is None and terms.basis.asks_tax:
            return TaxMissing(member.distributor.id)
        if discount is None and terms.basis.asks_discount:
            discount = Money.zero(trade.amount.currency)  # a discount that nobody gave is none
        plain = plain and terms.is_plain(trade.kind)

    # Most terms are one percentage, which depends on no age and no volume.
    months = None if plain else whole_months(chain[0].distributor.cycle.zone, trade.since, trade.at)
    circumstances = NO_CIRCUMSTANCES
    if trade.items > 1 or months is not None or trade.tax is not None or discount is not None:
        circumstances = _circumstances(
            items=trade.items, months=months, tax=trade.tax, discount=discount
        )
    levels = [
        _level(
            member.distributor.id,
            member.distributor.terms,
            None if plain else volume_so_far(member, trade.kind, trade.at),
        )
        for member in chain
    ]

    return split_of(
        trade.kind,
        trade.amount,
        levels,
        at=trade.at,
        subject=trade.subject,
        circumstances=circumstances,
    )


def postings_of(split: Split[Calculations], credited: LedgerAccount) -> tuple[Posting, ...]:
    """Return the postings of a split: credited to a customer, and owed up the chain.

    At collection each level owes its parent the amount less the commission of its own and of those
    below it. At settlement it owes the whole amount, and the commission waits on its account of
    accrued commission. What a level is owed by the one below it is posted beside, so that the entry
    sums to zero.

    Source: rulebook R2, R16, R17.
    """
    calculations = split.calculations
    amount = owed = calculations.amount
    postings = [_posting(credited, -amount)]

    for party, earned in zip(split.parties, calculations.kept, strict=True):
        if party is not split.parties[0]:  # somebody below owes it the rest
            postings.append(_posting(SubdistributorDebts(party.distributor), -owed))
        owed -= earned

        if party.netting.at_once:
            postings.append(_posting(_distributor_ledger(party.distributor), owed))
        else:
            postings.append(_posting(_distributor_ledger(party.distributor), amount))
            postings.append(_posting(AccruedCommission(party.distributor), owed - amount))

    postings.append(_posting(_EXPENSE, reduce(add, calculations.kept)))
    return tuple(postings)


def accept_entry(
    entry: Entry,
    chain: Sequence[DistributorFacts],
    *,
    records: tuple[Record, ...] = (),
    flagged: bool = False,
) -> Accepted:
    """Accept an entry, and compare what each distributor then owes with its limit and thresholds.

    Args:
        entry: What is booked.
        chain: The distributors that it changes the debt of, seller first.
        records: What is stored with it.
        flagged: Whether to say which distributor it takes above its limit; of several, the one
            nearest to the customer.

    Source: rulebook R16, R22, R23, R24.
    """
    stored = list(records)
    notices: list[Notice] = []
    excess: OverLimit | None = None

    for member in chain:
        distributor, owed = member.distributor, _owed_after(entry, member)
        limit = distributor.limit_at(entry.at)
        facts = _credit_facts(owed, entry.at, limit)
        standing, warnings = evaluate(distributor.credit, member.standing, facts)
        if standing is not member.standing:
            stored.append(standing)
        notices += warnings
        if flagged and excess is None and isinstance(limit, Limit) and limit.is_exceeded_by(owed):
            excess = OverLimit(distributor.id, limit.amount, owed)

    return Accepted(
        entry.key, entry=entry, records=tuple(stored), notices=tuple(notices), over_limit=excess
    )


def accept_review(key: str, member: DistributorFacts, at: DateTime, *records: Record) -> Accepted:
    """Accept what moves no money, and compare what is owed with the limit and thresholds.

    Source: rulebook R21, R22, R23, R24.
    """
    distributor = member.distributor
    facts = CreditFacts(member.owed, at, distributor.limit_at(at))
    standing, notices = evaluate(distributor.credit, member.standing, facts)
    changed: tuple[Record, ...] = () if standing is member.standing else (standing,)
    return Accepted(key, records=(*records, *changed), notices=notices)


def over_limit(entry: Entry, chain: Sequence[DistributorFacts]) -> OverLimit | None:
    """Return whom of the chain an entry would take above its limit: the nearest to the customer.

    Source: rulebook R16, R24.
    """
    for member in chain:
        limit, owed = member.distributor.limit_at(entry.at), _owed_after(entry, member)
        if isinstance(limit, Limit) and limit.is_exceeded_by(owed):
            return OverLimit(member.distributor.id, limit.amount, owed)
    return None


def _owed_after(entry: Entry, member: DistributorFacts) -> Money:
    name, owed = member.distributor.id, member.owed
    for posting in entry.postings:
        if isinstance(posting.ledger, DistributorLedger) and posting.ledger.distributor == name:
            owed += posting.adds
    return owed
