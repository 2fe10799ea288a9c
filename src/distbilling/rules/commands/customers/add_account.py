"""An account is created: through a quick form, or with the administrator's full form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import assert_never

import attrs

from distbilling.errors import InvalidType, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Currency, Money
from distbilling.rules import fields
from distbilling.rules.credit.limits import Limit
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts, Record
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import (
    AlreadyExists,
    FormNotAccepted,
    NotFound,
    NumberInInventory,
    Reason,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.deciding.sale import store_and_sell
from distbilling.rules.deciding.standing import (
    attributed_distributor,
    own_distributor,
    sees_customer,
    staff_suspension,
)
from distbilling.rules.parties import (
    Account,
    AccountKind,
    Customer,
    check_funds,
    check_tax,
)
from distbilling.rules.parties.permission import Action, Policy
from distbilling.rules.parties.quick_form import (
    IS_MISSING,
    Field,
    FieldProblem,
    FilledForm,
    fill,
    normalised_number,
)

__all__ = ["AddAccount", "ByFullForm", "ByQuickForm", "decide_new_account"]


def answers(value: Mapping[str, str] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Keep what was typed into a form, in the order of the field names; each name once."""
    pairs = tuple(value.items()) if isinstance(value, Mapping) else value
    fields.check_type("answers", pairs, tuple)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == len(("name", "text"))):
            raise InvalidType("answers", type(pair), "what was typed, text by field name")
        fields.check_text("answers", pair[0], fields.IDENTIFIER_CHARACTERS)
        if pair[1] != "":
            fields.check_text("answers", pair[1], fields.NAME_CHARACTERS, personal=True)
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise InvalidValue("answers", sorted(names), "each field once")
    return tuple(sorted(pairs))


def number(value: str) -> str:
    """Keep a telephone number as its E.164 digits; what is none stays as it is."""
    fields.check_text("number", value, fields.IDENTIFIER_CHARACTERS)
    return normalised_number(value) or value


@attrs.frozen
class ByQuickForm(fields.Checked):
    """Create the account through a quick form, with what was typed into it.

    Source: rulebook R30.

    >>> ByQuickForm("sip", {"number": "+1 212 555 0100"}).number
    '12125550100'
    """

    form: str = attrs.field(validator=fields.identifier)
    answers: tuple[tuple[str, str], ...] = attrs.field(converter=answers, repr=False)

    @property
    def number(self) -> str | None:
        """The account's number as E.164 digits; None where none was typed."""
        return normalised_number(dict(self.answers).get(Field.NUMBER.value, ""))


@attrs.frozen
class ByFullForm(fields.Checked):
    """Create the account with the administrator's form, which leaves every field open.

    A telephone number is kept as its E.164 digits, so that one line is one account, however it was
    typed. ``batch`` is the lot that the account comes from, ``tax`` what its opening balance
    contains.

    Source: rulebook R11, R18, R28, R29.

    >>> ByFullForm("12125550100", "SIP line", AccountKind.PREPAID, Money("10.00", "USD"),
    ...     active=True).number
    '12125550100'
    """

    number: str = attrs.field(converter=number)
    product: str = attrs.field(validator=fields.name)
    kind: AccountKind = attrs.field(validator=fields.one_of(AccountKind))
    opening_balance: Money = attrs.field(
        validator=[fields.one_of(Money), fields.not_negative, fields.cash]
    )
    active: bool = attrs.field(default=False, validator=fields.one_of(bool))
    batch: str | None = attrs.field(default=None, validator=attrs.validators.optional(fields.name))
    tax: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_funds(self.kind, self.opening_balance)
        check_tax(self.tax, self.opening_balance)

    def filled(self, _currency: Currency) -> FilledForm:
        """Return what the account is to be: all of it was stated."""
        return FilledForm(
            self.number,
            None,
            self.product,
            self.kind,
            self.opening_balance,
            self.active,
            self.batch,
            self.tax,
        )


@attrs.frozen
class AddAccount(CommandHead):
    """Create an account of a customer; created active, it is sold at once.

    A distributor's accounts are its own; an administrator may name the distributor, or none.

    Source: rulebook R7, R27, R28, R30; handbook, "Add accounts to an existing customer".

    >>> import pendulum
    >>> from distbilling.rules.parties import DistributorStaff
    >>> AddAccount(
    ...     key="a-1", by=DistributorStaff("hudson"), at=pendulum.datetime(2026, 3, 2),
    ...     customer="brown",
    ...     through=ByQuickForm("sip", {"number": "+1 212 555 0100"}),
    ... ).reads.numbers
    ('12125550100',)
    """

    customer: str = attrs.field(validator=fields.identifier)
    through: ByQuickForm | ByFullForm = attrs.field(
        validator=fields.one_of(ByQuickForm, ByFullForm)
    )
    distributor: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(fields.identifier)
    )

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        numbers = names(self.through.number)
        return Reads(
            distributors=names(own_distributor(self.by), self.distributor),
            customers=(self.customer,),
            accounts=numbers,
            forms=(self.through.form,) if isinstance(self.through, ByQuickForm) else (),
            numbers=numbers,
        )

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        match self.through:
            case ByFullForm(number=number):
                return sentence(
                    "create the account {number} for {customer} with the administrator's form",
                    locale,
                    number=number,
                    customer=self.customer,
                )
            case ByQuickForm(form=form, number=number):
                if number is None:
                    return sentence(
                        "create an account for {customer} through the quick form {form}",
                        locale,
                        customer=self.customer,
                        form=form,
                    )
                return sentence(
                    "create the account {number} for {customer} through the quick form {form}",
                    locale,
                    number=number,
                    customer=self.customer,
                    form=form,
                )
            case _:
                assert_never(self.through)


def decide_new_account(command: AddAccount, facts: Facts, policy: Policy) -> Decision:
    """Store the account, and sell it where it is created active.

    Where the form creates the customer, that is stored too.

    Refused in this order: permission; a form or distributor that is not there; a suspended
    distributor; a customer that is not there, another's, or (where the form creates it) there
    already; a form not filled in properly; a number in the DID inventory; a number that is taken;
    another currency; a sale before the distributor's creation or beyond its limit.

    Source: rulebook R7, R9, R24, R27, R28, R30.
    """
    match command.through:
        case ByQuickForm() as quick:
            if denied := policy.denial(command.by, Action.ADD_ACCOUNT_BY_QUICK_FORM):
                return Refused(denied)
            form = facts.form(quick.form)
            if form is None:
                return Refused(NotFound(RecordKind.QUICK_FORM, quick.form))
            fill_in = partial(fill, form, dict(quick.answers))
            return _decide_filled_in(
                command, facts, policy, fill_in, creates_customer=form.creates_customer
            )
        case ByFullForm() as full:
            if denied := policy.denial(command.by, Action.ADD_ACCOUNT_BY_FULL_FORM):
                return Refused(denied)
            return _decide_filled_in(command, facts, policy, full.filled, creates_customer=False)
        case _:
            assert_never(command.through)


def _decide_filled_in(
    command: AddAccount,
    facts: Facts,
    policy: Policy,
    fill_in: Callable[[Currency], FilledForm | tuple[FieldProblem, ...]],
    *,
    creates_customer: bool,
) -> Decision:
    member = attributed_distributor(facts, command.by, command.distributor)
    if isinstance(member, NotFound):
        return Refused(member)
    if suspended := staff_suspension(facts, command.by, command.at):
        return Refused(suspended)

    currency = _customer_currency(command, facts, member, creates_customer=creates_customer)
    if not isinstance(currency, Currency):
        return Refused(currency)
    filled = fill_in(currency)
    if not isinstance(filled, FilledForm):
        return Refused(FormNotAccepted(filled))

    if filled.number in facts.inventory and policy.denial(
        command.by, Action.TAKE_NUMBER_FROM_DID_INVENTORY
    ):
        return Refused(NumberInInventory(filled.number))
    if facts.account(filled.number) is not None:
        return Refused(AlreadyExists(RecordKind.ACCOUNT, filled.number))
    if filled.opening_balance.currency != currency:
        return Refused(WrongCurrency(command.customer, currency, filled.opening_balance.currency))

    owner = None if member is None else member.distributor.id
    account = Account(
        id=filled.number,
        customer=command.customer,
        distributor=owner,
        product=filled.product,
        kind=filled.kind,
        opening_balance=filled.opening_balance,
        active=filled.active,
        batch=filled.batch,
        tax=filled.tax,
    )
    created: tuple[Record, ...] = ()
    if filled.customer_name is not None:
        customer = Customer(
            id=command.customer,
            name=filled.customer_name,
            currency=currency,
            distributor=owner,
            credit_limit=Limit(Money.zero(currency)),
            since=command.at,
        )
        created = (customer,)
    return store_and_sell(account, facts, command, records=created)


def _customer_currency(
    command: AddAccount, facts: Facts, member: DistributorFacts | None, *, creates_customer: bool
) -> Currency | Reason:
    """Return the currency of the customer that is there, or that the form is about to create."""
    customer_facts = facts.customer(command.customer)
    if not creates_customer:
        if customer_facts is None or not sees_customer(command.by, customer_facts):
            return NotFound(RecordKind.CUSTOMER, command.customer)
        return customer_facts.customer.currency
    if customer_facts is not None:
        return AlreadyExists(RecordKind.CUSTOMER, command.customer)
    if member is None:
        return FormNotAccepted((FieldProblem("distributor", IS_MISSING),))
    return member.distributor.currency
