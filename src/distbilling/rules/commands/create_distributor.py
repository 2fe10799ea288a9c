"""An administrator sets a distributor up."""

from __future__ import annotations

from typing import assert_never

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.credit import Limit, Unlimited
from distbilling.rules.decision import Accepted, Decision, Refused
from distbilling.rules.facts import Facts, Reads
from distbilling.rules.journal import DistributorLedger, Entry, EntryKind, OpeningBalances, Posting
from distbilling.rules.notices import credit_notices
from distbilling.rules.parties import Actor, Administrator, Distributor, DistributorStaff
from distbilling.rules.permission import Action, Policy
from distbilling.rules.reasons import AlreadyExists, RecordKind

__all__ = ["CreateDistributor", "decide_new_distributor"]


def _nothing_owed(command: CreateDistributor) -> Money:
    fields.check_type("distributor", command.distributor, Distributor)
    return Money.zero(command.distributor.currency)


@attrs.frozen
class CreateDistributor(fields.Checked):
    """Set a distributor up; ``opening_balance`` is what it owes from an earlier system, below zero for a credit.

    Raises:
        CurrencyMismatch: the opening balance is in another currency than the distributor's.

    Source: rulebook R29; handbook, "Create a distributor".

    >>> import pendulum
    >>> from distbilling import Administrator, CreditTerms, Currency, Percent, Terms, Unlimited
    >>> from distbilling.periods import Monthly
    >>> CreateDistributor("d-1", Administrator("maria"), Distributor(
    ...     id="hudson", name="Hudson Phones", currency=Currency("USD"), terms=Terms(Percent("15"), Percent("10")),
    ...     credit=CreditTerms(Unlimited()), cycle=Monthly("America/New_York"), created=pendulum.datetime(2026, 3, 1),
    ... )).opening_balance
    Money('0.00', 'USD')
    """

    key: str = attrs.field(validator=fields.key)
    by: Actor = attrs.field(validator=fields.one_of(Administrator, DistributorStaff))
    distributor: Distributor = attrs.field(validator=fields.one_of(Distributor))
    opening_balance: Money = attrs.field(
        default=attrs.Factory(_nothing_owed, takes_self=True), validator=[fields.one_of(Money), fields.cash]
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.opening_balance.currency != self.distributor.currency:
            raise CurrencyMismatch(self.distributor.currency.code, self.opening_balance.currency.code)

    @property
    def at(self) -> DateTime:
        """The instant at which the distributor is created."""
        return self.distributor.created

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor.id,))

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
        return sentence(
            "create the distributor {distributor}: {sales} on sales, {payment} on payments, {limit}",
            locale,
            distributor=distributor.id,
            sales=distributor.terms.sales_commission,
            payment=distributor.terms.payment_commission,
            limit=limit,
        )


def decide_new_distributor(command: CreateDistributor, facts: Facts, policy: Policy) -> Decision:
    """Store the distributor, and book what it owes from before, if anything.

    One that may owe nothing, or owes its limit from before, is suspended from the start, and told so.

    Refused in this order: permission; a name that is taken.

    Source: rulebook R9, R20, R24, R29.
    """
    if denied := policy.denial(command.by, Action.CREATE_DISTRIBUTOR):
        return Refused(denied)
    distributor, opening = command.distributor, command.opening_balance
    if facts.distributor(distributor.id) is not None:
        return Refused(AlreadyExists(RecordKind.DISTRIBUTOR, distributor.id))
    notices = credit_notices(distributor, None, opening, at=command.at, cause=command.key)
    if opening.is_zero:
        return Accepted(command.key, records=(distributor,), notices=notices)
    postings = (Posting(DistributorLedger(distributor.id), opening), Posting(OpeningBalances(), -opening))
    return Accepted(
        command.key,
        entry=Entry(command.key, EntryKind.OPENING_BALANCE, command.at, postings),
        records=(distributor,),
        notices=notices,
    )
