"""An administrator transfers a customer to another distributor, or releases it to the provider."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import NotFound, RecordKind
from distbilling.rules.deciding.standing import currency_refusal, distributor_at
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["TransferCustomer", "decide_customer_transfer"]


@attrs.frozen
class TransferCustomer(CommandHead):
    """Put a customer into the hands of another ``distributor``, or of none.

    Without a distributor it is the provider's own.

    Source: rulebook R16, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> TransferCustomer(
    ...     key="tr-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     customer="brown", distributor="rival",
    ... ).reads.accounts_of
    ('brown',)
    """

    customer: str = attrs.field(validator=fields.identifier)
    distributor: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(
            distributors=names(self.distributor),
            customers=(self.customer,),
            accounts_of=(self.customer,),
        )

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.distributor is None:
            return sentence("release the customer {customer}", locale, customer=self.customer)
        return sentence(
            "transfer the customer {customer} to {distributor}",
            locale,
            customer=self.customer,
            distributor=self.distributor,
        )


def decide_customer_transfer(command: TransferCustomer, facts: Facts, policy: Policy) -> Decision:
    """Store the customer, and the accounts that its distributor had, under the other one.

    What was booked stays as it was booked. An account that was sold is not sold again; one that was
    not is sold by the other distributor, when it falls due. One that the transfer itself would sell
    stays where it is: to assign it is a command of its own.

    Refused in this order: permission; an unknown customer; an unknown distributor; a date before
    its creation; another currency.

    Source: rulebook R7, R16, R29.
    """
    if denied := policy.denial(command.by, Action.TRANSFER_CUSTOMER):
        return Refused(denied)

    customer_facts = facts.customer(command.customer)
    if customer_facts is None:
        return Refused(NotFound(RecordKind.CUSTOMER, command.customer))
    customer = customer_facts.customer
    if command.distributor is not None:
        member = distributor_at(facts, command.distributor, command.at)
        if not isinstance(member, DistributorFacts):
            return Refused(member)
        if foreign := currency_refusal(member.distributor, customer.currency):
            return Refused(foreign)
    if customer.distributor == command.distributor:
        return Accepted(command.key)

    moved = (
        attrs.evolve(account_facts.account, distributor=command.distributor)
        for account_facts in facts.accounts_of(customer.id)
        if account_facts.account.distributor == customer.distributor
    )
    stored = tuple(account for account in moved if not account.is_due_for_sale)
    transferred = attrs.evolve(customer, distributor=command.distributor, since=command.at)
    return Accepted(command.key, records=(transferred, *stored))
