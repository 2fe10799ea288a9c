"""A distributor records money it has collected from an end user."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.commission import RateOrigin, commission_on
from distbilling.rules.credit import Limit, WhenSuspended, is_over_limit
from distbilling.rules.decision import Accepted, Decision, OverLimit, Refused
from distbilling.rules.facts import DistributorFacts, Facts, Reads
from distbilling.rules.journal import (
    CommissionExpense,
    CustomerLedger,
    DistributorLedger,
    Entry,
    EntryKind,
    LedgerAccount,
    Posting,
    PrepaidFunds,
)
from distbilling.rules.notices import credit_notices
from distbilling.rules.parties import AccountKind, Actor, Administrator, DistributorStaff
from distbilling.rules.permission import Action, Policy
from distbilling.rules.reasons import NoDistributor, NotFound, RecordKind, WrongCurrency
from distbilling.rules.standing import own_distributor, sees_account, sees_customer, suspension, too_early

__all__ = ["RecordPayment", "decide_payment"]


@attrs.frozen
class RecordPayment(fields.Checked):
    """Record cash collected from a customer, for its balance or for the funds of one of its prepaid accounts (``account``).

    ``amount`` is what the customer paid: above zero, in whole minor units of the customer's currency.

    Source: rulebook R8; handbook, "Record a payment from the end user".

    >>> import pendulum
    >>> RecordPayment(
    ...     key="till-7/0042", by=DistributorStaff("hudson"), at=pendulum.datetime(2026, 3, 1, 9),
    ...     customer="brown", amount=Money("10.00", "USD"),
    ... ).reads
    Reads(distributors=('hudson',), customers=('brown',), accounts=(), forms=(), numbers=())
    """

    key: str = attrs.field(validator=fields.key)
    by: Actor = attrs.field(validator=fields.one_of(Administrator, DistributorStaff))
    at: DateTime = attrs.field(converter=fields.at)
    customer: str = attrs.field(validator=fields.identifier)
    amount: Money = attrs.field(validator=[fields.one_of(Money), fields.positive, fields.cash])
    account: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.identifier))
    comment: str = attrs.field(default="", validator=fields.comment, repr=False)

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        own = own_distributor(self.by)
        return Reads(
            distributors=() if own is None else (own,),
            customers=(self.customer,),
            accounts=() if self.account is None else (self.account,),
        )

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        if self.account is None:
            return sentence(
                "record a payment of {amount} from {customer}", locale, amount=self.amount, customer=self.customer
            )
        return sentence(
            "record a payment of {amount} from {customer} for the account {account}",
            locale,
            amount=self.amount,
            customer=self.customer,
            account=self.account,
        )


def decide_payment(command: RecordPayment, facts: Facts, policy: Policy) -> Decision:
    """Credit the end user with the whole amount; the distributor owes the amount less its payment commission.

    Refused in this order: permission; a customer or account that is not there or not the distributor's; a customer of the
    provider's own, which no distributor collects from; a date before the distributor's creation; a suspended distributor
    (unless its terms always accept); another currency. Cash already collected is accepted even where it takes the
    distributor above its limit, and flagged ``over_limit``; the figure compared is the net balance.

    Source: rulebook R2, R8, R9, R22, R24; handbook, "Default payment commission".
    """
    if denied := policy.denial(command.by, Action.RECORD_PAYMENT):
        return Refused(denied)
    credited = _credited(command, facts)
    if isinstance(credited, (NotFound, NoDistributor)):
        return Refused(credited)
    known, ledger = credited
    distributor, credit = known.distributor, known.distributor.credit
    if early := too_early(known, command.at):
        return Refused(early)
    if credit.when_suspended is WhenSuspended.REFUSE_WHEN_SUSPENDED and (suspended := suspension(known)):
        return Refused(suspended)
    if command.amount.currency != distributor.currency:
        return Refused(WrongCurrency(distributor.id, distributor.currency, command.amount.currency))
    commission = commission_on(
        command.amount,
        distributor.terms.payment_commission,
        distributor.terms.rounding,
        RateOrigin.DEFAULT_PAYMENT_COMMISSION,
    )
    owed = known.owed + commission.owed
    postings = (
        Posting(ledger, -command.amount),
        Posting(DistributorLedger(distributor.id), commission.owed),
        Posting(CommissionExpense(), commission.earned),
    )
    over_limit = None
    if isinstance(credit.limit, Limit) and is_over_limit(credit.limit, owed):
        over_limit = OverLimit(distributor.id, credit.limit.amount, owed)
    return Accepted(
        command.key,
        entry=Entry(command.key, EntryKind.PAYMENT, command.at, postings, commission, command.comment),
        notices=credit_notices(distributor, known.owed, owed, at=command.at, cause=command.key),
        over_limit=over_limit,
    )


def _credited(
    command: RecordPayment, facts: Facts
) -> tuple[DistributorFacts, LedgerAccount] | NotFound | NoDistributor:
    """Return the distributor that collected the money, and the ledger account that the payment credits.

    A distributor sees its own customers, and accounts of its own even where the customer is not.
    """
    own = own_distributor(command.by)
    customer = facts.customer(command.customer)
    account = None if command.account is None else facts.account(command.account)
    if account is not None and account.account.customer != command.customer:
        account = None
    if customer is None or not (sees_customer(command.by, customer) or (account and sees_account(command.by, account))):
        return NotFound(RecordKind.CUSTOMER, command.customer)
    if command.account is not None and (account is None or account.account.kind is not AccountKind.PREPAID):
        return NotFound(RecordKind.ACCOUNT, command.account)
    collector = customer.customer.distributor if own is None else own
    if collector is None:
        return NoDistributor(command.customer)
    known = facts.distributor(collector)
    if known is None:
        return NotFound(RecordKind.DISTRIBUTOR, collector)
    return known, CustomerLedger(command.customer) if command.account is None else PrepaidFunds(command.account)
