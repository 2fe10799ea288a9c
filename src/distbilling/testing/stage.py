"""Who plays in the contract? A few parties, the commands they give, and ways to look at what a repository made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
import pendulum
from pendulum import DateTime

from distbilling.errors import HostError, PrecisionExceeded
from distbilling.money import Currency, Money, Percent
from distbilling.periods import Monthly
from distbilling.ports import Repository
from distbilling.rules import Command, decide
from distbilling.rules.commands.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.create_customer import CreateCustomer
from distbilling.rules.commands.create_distributor import CreateDistributor
from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.record_payment import RecordPayment
from distbilling.rules.commands.remit import Remit
from distbilling.rules.credit import CreditTerms, Limit, PercentOfLimit, Unlimited
from distbilling.rules.decision import Accepted, Decision
from distbilling.rules.facts import Facts
from distbilling.rules.journal import DistributorLedger, Entry
from distbilling.rules.notices import CreditThresholdCrossed, DistributorResumed, DistributorSuspended, Notice
from distbilling.rules.parties import (
    AccountKind,
    Administrator,
    CustomerCaps,
    CustomerClass,
    Distributor,
    DistributorStaff,
    Preferences,
)
from distbilling.rules.quick_form import Asked, Field, Fixed, QuickForm
from distbilling.rules.terms import Terms
from distbilling.testing.fakes import Onlooker

__all__ = [
    "FURNITURE",
    "MARIA",
    "MORNING",
    "NOTICES",
    "NUMBER",
    "SIP",
    "USD",
    "accept",
    "by_quick_form",
    "distributor",
    "failing_at",
    "owed_by_hudson",
    "payment",
    "remittance",
    "sale",
    "shown",
    "usd",
    "written",
]

USD: Final = Currency("USD")
MARIA: Final = Administrator("maria")
MORNING: Final = pendulum.datetime(2026, 3, 1, 9)
NUMBER: Final = "12125550100"
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
    """Return a distributor that uses every field: limit 1000.00, warned at 500.00 and 90 %, on 15 % and 10 %.

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


def payment(key: str, amount: str = "10.00", at: DateTime = MORNING, by: str = "hudson") -> RecordPayment:
    """Return a payment by the one customer of a distributor.

    >>> payment("k").customer
    'customer of hudson'
    """
    return RecordPayment(key, DistributorStaff(by), at, f"customer of {by}", usd(amount))


def remittance(key: str, amount: str) -> Remit:
    """Return a remittance by the distributor hudson.

    >>> remittance("k", "9.00").amount
    Money('9.00', 'USD')
    """
    return Remit(key, MARIA, MORNING, "hudson", usd(amount))


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


def _settling(name: str) -> tuple[Command, ...]:
    customer = f"customer of {name}"
    return (
        CreateDistributor(name, MARIA, distributor(name)),
        CreateCustomer(customer, MARIA, MORNING, customer, "Brown Bakery", Unlimited(), usd("0.00"), name),
    )


FURNITURE: Final[tuple[Command, ...]] = (
    *_settling("hudson"),
    *_settling("jersey"),
    PrepareQuickForm("form", MARIA, MORNING, SIP),
)
NOTICES: Final[tuple[Notice, ...]] = (
    CreditThresholdCrossed("hudson/threshold/k", "hudson", MORNING, usd("900.00"), usd("1000.00")),
    DistributorSuspended("hudson/suspended/k", "hudson", MORNING, usd("1000.00"), usd("1000.00")),
    DistributorResumed("hudson/resumed/l", "hudson", MORNING, usd("1000.00"), usd("0.00")),
)


def accept(repository: Repository, *commands: Command) -> Accepted:
    """Have the commands decided by the rules, and return the last answer.

    Raises:
        HostError: one was refused.
    """
    answer: Decision | None = None
    for command in commands:
        answer = repository.transact(command, decide)
        if not isinstance(answer, Accepted):
            raise HostError("Repository.transact", f"{command} was refused: {answer.reason}")
    if not isinstance(answer, Accepted):
        raise HostError("accept", "no command")
    return answer


def shown(repository: Repository, command: Command) -> Facts:
    """Return the facts that a repository shows to whoever decides a command, which then fails.

    Raises:
        HostError: nobody was asked to decide.
    """
    onlooker = Onlooker(failing_at(command.key))
    try:
        repository.transact(command, onlooker)
    except PrecisionExceeded:
        return onlooker.shown[-1]
    raise HostError("Repository.transact", "answered without a decision")


def failing_at(*keys: str) -> Callable[[Command, Facts], Decision]:
    """Return a rule that fails on the commands of these keys, as rules do on a sum that has too many digits."""

    def fail_or_decide(command: Command, facts: Facts) -> Decision:
        if command.key in keys:
            raise PrecisionExceeded("sum", 38)
        return decide(command, facts)

    return fail_or_decide


@attrs.frozen
class Written:
    """All that can be seen of what a repository has written about hudson."""

    entries: tuple[Entry, ...]
    pending: tuple[Notice, ...]
    facts: Facts


def written(repository: Repository) -> Written:
    """Return all that can be seen of what a repository has written about hudson."""
    facts = shown(repository, by_quick_form(NUMBER))
    return Written(tuple(repository.journal()), tuple(repository.pending_notices()), facts)


def owed_by_hudson(repository: Repository) -> Money:
    """Return what hudson owes, as the next command sees it.

    Raises:
        HostError: the journal has it otherwise.
    """
    (known,) = shown(repository, payment("look")).distributors
    booked = Money.sum((entry.added_to(DistributorLedger("hudson")) for entry in repository.journal()), USD)
    if booked != known.owed:
        raise HostError("Repository.journal", f"holds {booked!r}; the facts say {known.owed!r}")
    return known.owed
