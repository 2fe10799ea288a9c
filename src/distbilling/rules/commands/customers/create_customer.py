"""A distributor, or an administrator, creates a customer."""

from __future__ import annotations

import attrs

from distbilling.errors import CurrencyMismatch
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.credit.limits import CreditLimit, Limit, Unlimited
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import (
    AlreadyExists,
    CreditAboveCap,
    NotFound,
    RecordKind,
)
from distbilling.rules.deciding.standing import (
    attributed_distributor,
    currency_refusal,
    own_distributor,
    staff_suspension,
)
from distbilling.rules.ledger.accounts import CustomerLedger, OpeningBalances
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.parties import Customer, CustomerCaps
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["CreateCustomer", "decide_new_customer"]


@attrs.frozen
class CreateCustomer(CommandHead):
    """Create a customer.

    ``opening_balance`` is what it owes from the start, below zero for a credit. A distributor's
    customers are its own; an administrator may name the distributor, or none for the provider's
    own.

    Raises:
        CurrencyMismatch: credit limit and opening balance are in different currencies.

    Source: rulebook R27; handbook, "Create customers".

    >>> import pendulum
    >>> from distbilling.rules.parties import DistributorStaff
    >>> zero = Money("0.00", "USD")
    >>> CreateCustomer(
    ...     key="c-1", by=DistributorStaff("hudson"), at=pendulum.datetime(2026, 3, 2),
    ...     customer="brown",
    ...     name="Brown Bakery", credit_limit=Limit(zero), opening_balance=zero,
    ... ).reads.distributors
    ('hudson',)
    """

    customer: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.person, repr=False)
    credit_limit: CreditLimit = attrs.field(validator=fields.one_of(Limit, Unlimited))
    opening_balance: Money = attrs.field(validator=[fields.one_of(Money), fields.cash])
    distributor: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.identifier)
    )

    _WORDS = "create the customer {customer}"

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if (
            isinstance(self.credit_limit, Limit)
            and self.credit_limit.amount.currency != self.opening_balance.currency
        ):
            raise CurrencyMismatch(
                self.opening_balance.currency.code, self.credit_limit.amount.currency.code
            )

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(
            distributors=names(own_distributor(self.by), self.distributor),
            customers=(self.customer,),
        )


def decide_new_customer(command: CreateCustomer, facts: Facts, policy: Policy) -> Decision:
    """Store the customer, and book what it owes from the start, if anything.

    Refused in this order: permission; a distributor that is not there; a suspended one; a name that
    is taken; another currency than the distributor's; more credit than the distributor may give.

    Source: rulebook R9, R24, R27.
    """
    if denied := policy.denial(command.by, Action.CREATE_CUSTOMER):
        return Refused(denied)

    member = attributed_distributor(facts, command.by, command.distributor)
    if isinstance(member, NotFound):
        return Refused(member)
    if suspended := staff_suspension(facts, command.by, command.at):
        return Refused(suspended)
    if facts.customer(command.customer) is not None:
        return Refused(AlreadyExists(RecordKind.CUSTOMER, command.customer))

    opening = command.opening_balance
    distributor = None if member is None else member.distributor
    if distributor is not None:
        if foreign := currency_refusal(distributor, opening.currency):
            return Refused(foreign)
        if own_distributor(command.by) and (refusal := _cap_refusal(command, distributor.caps)):
            return Refused(refusal)

    customer = Customer(
        id=command.customer,
        name=command.name,
        currency=opening.currency,
        distributor=None if distributor is None else distributor.id,
        credit_limit=command.credit_limit,
        since=command.at,
    )
    if opening.is_zero:
        return Accepted(command.key, records=(customer,))

    entry = Entry(
        key=command.key,
        kind=EntryKind.OPENING_BALANCE,
        at=command.at,
        by=command.by,
        postings=(
            Posting(CustomerLedger(customer.id), opening),
            Posting(OpeningBalances(), -opening),
        ),
    )
    return Accepted(command.key, entry=entry, records=(customer,))


def _cap_refusal(command: CreateCustomer, caps: CustomerCaps) -> CreditAboveCap | None:
    """Return what staff wanted to give that is more than it may; None where it may give it."""
    if isinstance(command.credit_limit, Unlimited):
        return CreditAboveCap("credit_limit", caps.credit_limit, None)
    if command.credit_limit.amount > caps.credit_limit:
        return CreditAboveCap("credit_limit", caps.credit_limit, command.credit_limit.amount)
    if abs(command.opening_balance) > caps.opening_balance:
        return CreditAboveCap("opening_balance", caps.opening_balance, command.opening_balance)
    return None
