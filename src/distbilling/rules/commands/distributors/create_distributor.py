"""An administrator sets a distributor up, or a distributor one below itself."""

from __future__ import annotations

from typing import assert_never, get_args

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.credit.limits import Limit, Unlimited
from distbilling.rules.deciding.booking import accept_entry, accept_review
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.hierarchy import placement_refusal
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import AlreadyExists, CreditAboveCap, NotFound, RecordKind
from distbilling.rules.deciding.standing import own_distributor, suspension
from distbilling.rules.ledger.accounts import (
    DistributorLedger,
    LedgerAccount,
    OpeningBalances,
    SubdistributorDebts,
)
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties import Actor, Distributor
from distbilling.rules.parties.permission import Action, Denied, Policy

__all__ = ["CreateDistributor", "decide_new_distributor"]


def _nothing_owed(command: CreateDistributor) -> Money:
    fields.check_type("distributor", command.distributor, Distributor)
    return Money.zero(command.distributor.currency)


@attrs.frozen
class CreateDistributor(fields.Checked):
    """Set a distributor up.

    ``opening_balance`` is what it owes from an earlier system, below zero for a credit. A
    distributor's staff sets up those directly below it, which name it as their ``parent``; an
    opening balance of theirs is an administrator's to give.

    Raises:
        CurrencyMismatch: the opening balance is in another currency than the distributor's.

    Source: rulebook R16, R27, R29; handbook, "Create a distributor".

    >>> import pendulum
    >>> from distbilling import Administrator, CreditTerms, Currency, Percent, Terms, Unlimited
    >>> from distbilling.periods import Monthly
    >>> CreateDistributor("d-1", Administrator("maria"), Distributor(
    ...     id="hudson", name="Hudson Phones", currency=Currency("USD"),
    ...     terms=Terms(Percent("15"), Percent("10")),
    ...     credit=CreditTerms(Unlimited()), cycle=Monthly("America/New_York"),
    ...     created=pendulum.datetime(2026, 3, 1),
    ... )).opening_balance
    Money('0.00', 'USD')
    """

    key: str = attrs.field(validator=fields.key)
    by: Actor = attrs.field(validator=fields.one_of(*get_args(Actor)))
    distributor: Distributor = attrs.field(validator=fields.one_of(Distributor))
    opening_balance: Money = attrs.field(
        default=attrs.Factory(_nothing_owed, takes_self=True),
        validator=[fields.one_of(Money), fields.cash],
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.opening_balance.currency != self.distributor.currency:
            raise CurrencyMismatch(
                self.distributor.currency.code, self.opening_balance.currency.code
            )

    @property
    def at(self) -> DateTime:
        """The instant at which the distributor is created."""
        return self.distributor.created

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        distributor = self.distributor
        return Reads(
            distributors=names(distributor.id, distributor.parent, own_distributor(self.by))
        )

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        distributor = self.distributor
        match distributor.credit.limit:
            case Limit(amount):
                limit = sentence("credit limit {amount}", locale, amount=amount)
            case Unlimited():
                limit = sentence("no credit limit", locale)
            case _:
                assert_never(distributor.credit.limit)

        if distributor.parent is not None:
            return sentence(
                "create the distributor {distributor} below {parent}: "
                "{sales} on sales, {payment} on payments, {limit}",
                locale,
                distributor=distributor.id,
                parent=distributor.parent,
                sales=distributor.terms.sales_commission,
                payment=distributor.terms.payment_commission,
                limit=limit,
            )
        return sentence(
            "create the distributor {distributor}: "
            "{sales} on sales, {payment} on payments, {limit}",
            locale,
            distributor=distributor.id,
            sales=distributor.terms.sales_commission,
            payment=distributor.terms.payment_commission,
            limit=limit,
        )


def decide_new_distributor(command: CreateDistributor, facts: Facts, policy: Policy) -> Decision:
    """Store the distributor, and book what it owes from before, if anything.

    One that may owe nothing, or owes its limit from before, is suspended from the start, and told
    so. What a subdistributor owes from before, it owes the distributor above it.

    Refused in this order: permission; a parent that is not there or, for staff, not their own; a
    suspended one; a name that is taken; a date before the parent's creation; another currency than
    the parent's; a rate above the parent's; caps that staff does not have itself.

    Source: rulebook R9, R16, R20, R24, R27, R29.
    """
    distributor, own = command.distributor, own_distributor(command.by)
    is_top = distributor.parent is None
    action = Action.CREATE_DISTRIBUTOR if is_top else Action.CREATE_SUBDISTRIBUTOR
    if denied := policy.denial(command.by, action) or _staff_denial(command, policy):
        return Refused(denied)

    parent = facts.distributor(distributor.parent)
    if distributor.parent is not None and (parent is None or own not in {None, distributor.parent}):
        return Refused(NotFound(RecordKind.DISTRIBUTOR, distributor.parent))
    parents = () if parent is None else facts.chain(parent.distributor.id)
    if own is not None and (suspended := suspension(parents, command.at)):
        return Refused(suspended)
    if facts.distributor(distributor.id) is not None:
        return Refused(AlreadyExists(RecordKind.DISTRIBUTOR, distributor.id))

    if unfit := placement_refusal(distributor, parents, command.at, by_staff=own is not None):
        return Refused(unfit)
    if too_high := _cap_refusal(command, parent):
        return Refused(too_high)

    member = DistributorFacts(distributor, Money.zero(distributor.currency))
    opening = command.opening_balance
    if opening.is_zero:
        return accept_review(command.key, member, command.at, distributor)

    creditor: LedgerAccount = OpeningBalances()
    if distributor.parent is not None:
        creditor = SubdistributorDebts(distributor.parent)
    entry = Entry(
        key=command.key,
        kind=EntryKind.OPENING_BALANCE,
        at=command.at,
        by=command.by,
        postings=(
            Posting(DistributorLedger(distributor.id), opening),
            Posting(creditor, -opening),
        ),
    )
    return accept_entry(entry, (member,), records=(distributor,))


def _staff_denial(command: CreateDistributor, policy: Policy) -> Denied | None:
    """Return why staff may not give a new distributor a balance or a raised limit."""
    if own_distributor(command.by) is None:
        return None
    if not command.opening_balance.is_zero and (
        denied := policy.denial(command.by, Action.ADJUST_BALANCE)
    ):
        return denied
    if command.distributor.increases:
        return policy.denial(command.by, Action.RAISE_CREDIT_LIMIT)
    return None


def _cap_refusal(
    command: CreateDistributor, parent: DistributorFacts | None
) -> CreditAboveCap | None:
    """Return which cap staff wanted to give that is above its own; administrators may give any."""
    if parent is None or own_distributor(command.by) is None:
        return None

    given, own = command.distributor.caps, parent.distributor.caps
    if given.credit_limit > own.credit_limit:
        return CreditAboveCap("credit_limit", own.credit_limit, given.credit_limit)
    if given.opening_balance > own.opening_balance:
        return CreditAboveCap("opening_balance", own.opening_balance, given.opening_balance)
    return None
