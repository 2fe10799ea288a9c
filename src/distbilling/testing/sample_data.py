"""The parties and commands that the contract and many tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import attrs
import pendulum
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.money import Currency, Money, Percent
from distbilling.periods import Monthly
from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.agreement.measure import Measure, Tiering
from distbilling.rules.agreement.schedule import Bracket, Brackets
from distbilling.rules.agreement.terms import Netting, Terms
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.record_payment import RecordPayment
from distbilling.rules.commands.movements.remit import Remit
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.credit.limits import CreditTerms, Limit, PercentOfLimit, Unlimited
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
)
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.parties import (
    AccountKind,
    Administrator,
    CustomerCaps,
    CustomerClass,
    Distributor,
    DistributorStaff,
    Preferences,
)
from distbilling.rules.parties.quick_form import Asked, Field, Fixed, QuickForm

__all__ = [
    "BASE_COMMANDS",
    "BELOW_HUDSON",
    "BY_VOLUME",
    "MARIA",
    "MORNING",
    "NOTICES",
    "NUMBER",
    "SIP",
    "USD",
    "accept",
    "accepted",
    "by_quick_form",
    "commands_for",
    "correction",
    "distributor",
    "payment",
    "remittance",
    "reversal",
    "sale",
    "transfer",
    "transfer_of_customer",
    "usd",
]

USD: Final = Currency("USD")
MARIA: Final = Administrator("maria")
MORNING: Final = pendulum.datetime(2026, 3, 1, 9)
"""When most examples happen: 1 March 2026, 9:00 UTC."""
NUMBER: Final = "12125550100"
"""The telephone number of an account."""
SIP: Final = QuickForm(
    "sip",
    "SIP phone",
    "SIP line",
    AccountKind.PREPAID,
    (Asked(Field.NUMBER), Asked(Field.OPENING_BALANCE, "0"), Fixed(Field.ACTIVE, "yes")),
)


def usd(amount: str) -> Money:
    """Return an amount in US dollars.

    >>> usd("9.00")
    Money('9.00', 'USD')
    """
    return Money(amount, USD)


def distributor(name: str) -> Distributor:
    """Return a distributor: limit 1000.00, warned at 500.00 and 90 %, on 15 % and 10 %.

    >>> distributor("hudson").credit.limit
    Limit(Money('1000.00', 'USD'))
    """
    return Distributor(
        id=name,
        name="Hudson Phones, Zürich – ハドソン",
        currency=USD,
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(Limit(usd("1000.00")), (PercentOfLimit("90"), usd("500.00"))),
        cycle=Monthly("America/New_York"),
        created=pendulum.datetime(2026, 1, 1, 5),
        customer_class=CustomerClass("Resellers", USD),
        preferences=Preferences("de_CH", "Europe/Zurich"),
        caps=CustomerCaps(usd("0.00"), usd("25.00")),
    )


def payment(
    key: str, amount: str = "10.00", at: DateTime = MORNING, by: str = "hudson"
) -> RecordPayment:
    """Return a payment by the one customer of a distributor.

    >>> payment("k").customer
    'customer of hudson'
    """
    return RecordPayment(key, DistributorStaff(by), at, f"customer of {by}", usd(amount))


def remittance(key: str, amount: str, by: str = "hudson") -> Remit:
    """Return a remittance by a distributor.

    >>> remittance("k", "9.00").distributor
    'hudson'
    """
    return Remit(key, MARIA, MORNING, by, usd(amount))


def reversal(key: str, entry: str, amount: str | None = None, at: DateTime = MORNING) -> Reverse:
    """Return the refund of a payment or sale, of all that remains unless an amount is given.

    >>> reversal("r", "k").reads.entries
    ('k',)
    """
    return Reverse(key, MARIA, at, entry, Reversal.REFUND, None if amount is None else usd(amount))


def correction(key: str, entry: str, amount: str) -> Correct:
    """Return the correction of a payment or sale to what it should have been.

    >>> correction("c", "k", "9.00").reads.entries
    ('k',)
    """
    return Correct(key, MARIA, MORNING, entry, usd(amount))


def transfer(key: str, name: str, parent: str | None) -> TransferDistributor:
    """Return the transfer of a distributor to another parent, or to none.

    >>> transfer("t", "kiosk", "jersey").parent
    'jersey'
    """
    return TransferDistributor(key, MARIA, MORNING, name, parent)


def transfer_of_customer(key: str, owner: str | None) -> TransferCustomer:
    """Return the transfer of hudson's customer to another distributor, or to the provider.

    >>> transfer_of_customer("t", "jersey").customer
    'customer of hudson'
    """
    return TransferCustomer(key, MARIA, MORNING, "customer of hudson", owner)


def sale(key: str, amount: str, number: str = NUMBER) -> AddAccount:
    """Return the sale, by hudson, of an account that is created active with an opening balance.

    >>> sale("k", "10.00").through.opening_balance
    Money('10.00', 'USD')
    """
    full = ByFullForm(number, "SIP line", AccountKind.PREPAID, usd(amount), active=True)
    return AddAccount(key, MARIA, MORNING, "customer of hudson", full, "hudson")


def by_quick_form(number: str) -> AddAccount:
    """Return an account of hudson through its quick form.

    >>> by_quick_form("+1 212 555 0100").reads.numbers
    ('12125550100',)
    """
    form = ByQuickForm(SIP.id, {"number": number})
    return AddAccount("quick", DistributorStaff("hudson"), MORNING, "customer of hudson", form)


def commands_for(new: Distributor) -> tuple[Command, ...]:
    """Return the commands by which an administrator sets a distributor up, with one customer.

    >>> [command.key for command in commands_for(distributor("hudson"))]
    ['hudson', 'customer of hudson']
    """
    name, customer = new.id, f"customer of {new.id}"
    client = CreateCustomer(
        customer,
        MARIA,
        MORNING,
        customer=customer,
        name="Brown Bakery",
        credit_limit=Unlimited(),
        opening_balance=usd("0.00"),
        distributor=name,
    )
    return CreateDistributor(name, MARIA, new), client


BY_VOLUME: Final = Brackets(
    (Bracket(usd("0"), usd("100"), Percent("8")), Bracket(usd("100"), None, Percent("6"))),
    Tiering.MARGINAL,
    Measure.PERIOD_VOLUME,
)
_SOHO: Final = attrs.evolve(
    distributor("soho"),
    parent="hudson",
    terms=Terms(Percent("12"), BY_VOLUME, netting=Netting.AT_SETTLEMENT),
)
_KIOSK: Final = attrs.evolve(
    distributor("kiosk"), parent="soho", terms=Terms(Percent("10"), Percent("5"))
)

BASE_COMMANDS: Final[tuple[Command, ...]] = (
    *commands_for(distributor("hudson")),
    *commands_for(distributor("jersey")),
    PrepareQuickForm("form", MARIA, MORNING, SIP),
)
"""Two distributors, a customer of each, and a quick form."""
BELOW_HUDSON: Final[tuple[Command, ...]] = (*commands_for(_SOHO), *commands_for(_KIOSK))
"""Below hudson soho, and below soho kiosk on 5 %.

Soho has 8 % of the first 100.00 of a period and 6 % of the rest, credited at settlement.
"""
NOTICES: Final[tuple[Notice, ...]] = (
    CreditThresholdCrossed(
        "hudson/threshold-900/1", "hudson", MORNING, usd("900.00"), usd("1000.00")
    ),
    DistributorSuspended("hudson/suspended/2", "hudson", MORNING, usd("1000.00"), usd("1000.00")),
    CreditThresholdCleared("hudson/cleared-900/1", "hudson", MORNING, usd("900.00"), usd("0.00")),
    DistributorResumed("hudson/resumed/2", "hudson", MORNING, usd("1000.00"), usd("0.00")),
)
"""A notice of each kind, all to hudson."""


def accept(repository: Repository, *commands: Command) -> Accepted:
    """Have the commands decided by the rules, and return the last answer.

    Raises:
        HostError: one was refused, or there was none.
    """
    return accepted(lambda command: repository.transact(command, decide), commands)


def accepted(give: Callable[[Command], Decision], commands: Iterable[Command]) -> Accepted:
    """Give commands that are to be accepted, and return the last answer.

    Raises:
        HostError: one was refused, or there was none.
    """
    answer: Decision | None = None
    for command in commands:
        answer = give(command)
        if not isinstance(answer, Accepted):
            raise HostError("accept", f"{command} was refused: {answer.reason}")
    if not isinstance(answer, Accepted):
        raise HostError("accept", "no command")
    return answer
