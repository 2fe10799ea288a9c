"""A distributor records money it has collected from an end user."""

from __future__ import annotations

import attrs

from distbilling.errors import CurrencyMismatch
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.rates import ANYTHING
from distbilling.rules.agreement.terms import CommissionKind, Subject
from distbilling.rules.credit.limits import WhenSuspended
from distbilling.rules.deciding.booking import Trade, accept_entry, postings_of, split_over
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import CustomerFacts, Facts
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import (
    NoDistributor,
    NotFound,
    RecordKind,
    TaxMissing,
)
from distbilling.rules.deciding.standing import (
    creation_refusal,
    currency_refusal,
    own_distributor,
    sees_account,
    sees_customer,
    suspension,
)
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.rules.ledger.accounts import CustomerLedger, LedgerAccount, PrepaidFunds
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.parties import AccountKind, check_tax
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["RecordPayment", "decide_payment"]


@attrs.frozen
class RecordPayment(CommandHead):
    """Record cash collected from a customer.

    It is for the customer's balance, or for the funds of one of its prepaid accounts (``account``).

    ``amount`` is what the customer paid: above zero, in whole minor units of the customer's
    currency. ``items`` counts the vouchers or the like that it was for; ``tax`` is contained in the
    amount, ``discount`` was taken off the price before: a commission may depend on them.

    Raises:
        InvalidValue: the amount, the tax, the discount or the items are out of range.
        CurrencyMismatch: the tax or the discount is in another currency than the amount.

    Source: rulebook R8, R14, R18; handbook, "Record a payment from the end user".

    >>> import pendulum
    >>> from distbilling.rules.parties import DistributorStaff
    >>> RecordPayment(
    ...     key="till-7/0042", by=DistributorStaff("hudson"), at=pendulum.datetime(2026, 3, 1, 9),
    ...     customer="brown", amount=Money("10.00", "USD"),
    ... ).reads.customers
    ('brown',)
    """

    customer: str = attrs.field(validator=fields.identifier)
    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.positive, fields.cash])
    account: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.identifier)
    )
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)
    items: int = attrs.field(default=1, validator=fields.counted)
    tax: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))
    discount: Money | None = attrs.field(default=None, validator=fields.optional_not_negative)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_tax(self.tax, self.amount)
        if self.discount is not None and self.discount.currency != self.amount.currency:
            raise CurrencyMismatch(self.amount.currency.code, self.discount.currency.code)

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(
            distributors=names(own_distributor(self.by)),
            customers=(self.customer,),
            accounts=names(self.account),
        )

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.account is None:
            return sentence(
                "record a payment of {amount} from {customer}",
                locale,
                amount=self.amount,
                customer=self.customer,
            )
        return sentence(
            "record a payment of {amount} from {customer} for the account {account}",
            locale,
            amount=self.amount,
            customer=self.customer,
            account=self.account,
        )


def decide_payment(command: RecordPayment, facts: Facts, policy: Policy) -> Decision:
    """Credit the customer with the whole amount, and book what it leaves each distributor owing.

    The distributor, and each one above it, owes the amount less its commission.

    Refused in this order: permission; a customer or account that is not there or not the
    distributor's; a customer of the provider's own, which no distributor collects from; a date
    before the creation of a distributor of the chain; a suspended one (unless its own terms always
    accept); another currency; a missing tax, where commission is on the amount without it.
    Cash already collected is accepted even where it takes a distributor above its limit, and
    flagged ``over_limit``; the figure compared is the net balance.

    Source: rulebook R2, R8, R9, R16, R18, R22, R24; handbook, "Default payment commission".
    """
    if denied := policy.denial(command.by, Action.RECORD_PAYMENT):
        return Refused(denied)

    credited = _credited(command, facts)
    if isinstance(credited, (NotFound, NoDistributor)):
        return Refused(credited)
    chain = facts.chain(credited.collector)
    if early := creation_refusal(chain, command.at):
        return Refused(early)

    # The cash is in somebody's hands already: only terms that insist refuse it.
    insisting = [
        member
        for member in chain
        if member.distributor.credit.when_suspended is WhenSuspended.REFUSE_WHEN_SUSPENDED
    ]
    if suspended := suspension(insisting, command.at):
        return Refused(suspended)
    if foreign := currency_refusal(chain[0].distributor, command.amount.currency):
        return Refused(foreign)

    trade = Trade(
        kind=CommissionKind.PAYMENT,
        amount=command.amount,
        at=command.at,
        since=credited.customer.customer.since,
        subject=credited.subject,
        items=command.items,
        tax=command.tax,
        discount=command.discount,
    )
    split = split_over(chain, trade)
    if isinstance(split, TaxMissing):
        return Refused(split)

    entry = Entry(
        key=command.key,
        kind=EntryKind.PAYMENT,
        at=command.at,
        by=command.by,
        postings=postings_of(split, credited.ledger),
        split=split,
        comment=command.comment,
        subject=credited.subject,
    )
    volumes = volumes_after(chain, CommissionKind.PAYMENT, command.at, split)
    return accept_entry(entry, chain, records=volumes, flagged=True)


@attrs.frozen
class _Credited:
    """Who collected, from whom, what the payment credits, and what its commission is for."""

    collector: str
    customer: CustomerFacts
    ledger: LedgerAccount
    subject: Subject


def _credited(command: RecordPayment, facts: Facts) -> _Credited | NotFound | NoDistributor:
    """Return what the payment credits, or why it credits nothing.

    A distributor sees its own customers, and accounts of its own that other customers have.
    """
    customer = facts.customer(command.customer)
    account = None if command.account is None else facts.account(command.account)
    if account is not None and account.account.customer != command.customer:
        account = None

    if customer is None or not (
        sees_customer(command.by, customer) or (account and sees_account(command.by, account))
    ):
        return NotFound(RecordKind.CUSTOMER, command.customer)
    if command.account is not None and (
        account is None or account.account.kind is not AccountKind.PREPAID
    ):
        return NotFound(RecordKind.ACCOUNT, command.account)

    collector = own_distributor(command.by) or customer.customer.distributor
    if collector is None:
        return NoDistributor(command.customer)
    if facts.distributor(collector) is None:
        return NotFound(RecordKind.DISTRIBUTOR, collector)

    if account is None:
        return _Credited(collector, customer, CustomerLedger(command.customer), ANYTHING)
    return _Credited(collector, customer, PrepaidFunds(account.account.id), account.account.subject)
