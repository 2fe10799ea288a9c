"""An administrator transfers a customer to another distributor, or releases it to the provider."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts, Reads
from distbilling.rules.deciding.reasons import NotFound, RecordKind, WrongCurrency
from distbilling.rules.deciding.standing import creation_refusal
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["TransferCustomer", "decide_customer_transfer"]


@attrs.frozen
class TransferCustomer(CommandHead):
    """Put a customer into the hands of another ``distributor``, or of none: then it is the provider's own.

    Source: rulebook R16, R29.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> TransferCustomer(
    ...     key="tr-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9), customer="brown", distributor="rival",
    ... ).reads.accounts_of
    ('brown',)
    """

    customer: str = attrs.field(validator=fields.identifier)
    distributor: str | None = attrs.field(validator=attrs.validators.optional(fields.identifier))

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(
            distributors=() if self.distributor is None else (self.distributor,),
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
    """Store the customer, and the accounts that its distributor had, under the other one; the past stays as it was booked.

    Refused in this order: permission; an unknown customer; an unknown distributor; a date before
    its creation; another currency. An account that was sold is not sold again; one that was not is
    sold by the other distributor, when it falls due. One that the transfer itself would sell stays
    where it is: to assign it is a command of its own.

    Source: rulebook R7, R16, R29.
    """
    if denied := policy.denial(command.by, Action.TRANSFER_CUSTOMER):
        return Refused(denied)
    found = facts.customer(command.customer)
    if found is None:
        return Refused(NotFound(RecordKind.CUSTOMER, command.customer))
    customer = found.customer
    if command.distributor is not None:
        known = facts.distributor(command.distributor)
        if known is None:
            return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
        if early := creation_refusal((known,), command.at):
            return Refused(early)
        if known.distributor.currency != customer.currency:
            return Refused(
                WrongCurrency(known.distributor.id, known.distributor.currency, customer.currency)
            )
    if customer.distributor == command.distributor:
        return Accepted(command.key)
    moved = (
        attrs.evolve(known_account.account, distributor=command.distributor)
        for known_account in facts.accounts_of(customer.id)
        if known_account.account.distributor == customer.distributor
    )
    stored = tuple(account for account in moved if not account.is_due_for_sale)
    transferred = attrs.evolve(customer, distributor=command.distributor, since=command.at)
    return Accepted(command.key, records=(transferred, *stored))
