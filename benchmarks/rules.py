"""The cost of a decision, from the host's values to all that is written, alone and executed."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import count
from timeit import Timer

import attrs
import pendulum

from benchmarks.harness import Row, measured
from distbilling import (
    Administrator,
    Billing,
    CreateCustomer,
    CreateDistributor,
    CreditTerms,
    Currency,
    Distributor,
    DistributorStaff,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    RecordPayment,
    Reversal,
    Reverse,
    Terms,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.periods import Monthly
from distbilling.rules import Command, decide, evolve
from distbilling.rules.agreement.schedule import Bounded, Bracket, Brackets
from distbilling.rules.agreement.terms import CommissionKind, Rate
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts

DECISIONS_A_SECOND = 30_000
COMMANDS_A_SECOND = 15_000
IMPORTED = 10_000
IMPORT_ROUNDS = 3
MARIA = Administrator("maria")
START = pendulum.datetime(2026, 1, 1)
NOON = pendulum.datetime(2026, 3, 10, 12)


def rows() -> list[Row]:
    """Measure a payment with limit, threshold and rounding; then richer ones, and many."""
    plain = Terms(Percent("15"), Percent("7.25"))
    hudson = Distributor(
        id="hudson",
        name="Hudson Phones",
        currency=Currency("USD"),
        terms=plain,
        credit=CreditTerms(Limit(_usd("1000000000.00")), (PercentOfLimit("90"),)),
        cycle=Monthly("America/New_York"),
        created=START,
    )
    below = [
        attrs.evolve(hudson, id=name, parent=parent, terms=Terms(Percent("10"), Percent(rate)))
        for name, parent, rate in (("soho", "hudson", "6"), ("kiosk", "soho", "5"))
    ]
    billing = Billing(MemoryRepository(), RecordingNotifier())
    billing.execute_many(_settling(hudson))
    facts = _after(Facts(), *_settling(hudson))
    payment = _payment("hudson", "k")
    deep = _after(facts, *(command for distributor in below for command in _settling(distributor)))
    names: dict[str, object] = {
        "decide": decide,
        "evolve": evolve,
        "facts": facts,
        "payment": payment,
        "accepted": decide(payment, facts),
        "made": partial(_payment, "hudson"),
        "execute": billing.execute,
        "numbers": map(str, count()),
        "dated": _after(Facts(), *_settling(attrs.evolve(hudson, terms=_dated()))),
        "deep": deep,
        "at_the_kiosk": _payment("kiosk", "k"),
        "booked": _after(facts, payment),
        "reversal": Reverse("r", MARIA, NOON, "k", Reversal.REFUND, _usd("3.33")),
        "next": next,
    }
    decided, executed = _a_second(DECISIONS_A_SECOND), _a_second(COMMANDS_A_SECOND)
    return [
        measured("construct RecordPayment", "made('k')", {}, names, ""),
        measured("decide RecordPayment", "decide(payment, facts)", {}, names, decided),
        measured("construct and decide", "decide(made('k'), facts)", {}, names, decided),
        measured("evolve", "evolve(facts, accepted)", {}, names, ""),
        measured(
            "construct and execute, in memory", "execute(made(next(numbers)))", {}, names, executed
        ),
        measured("execute again (first answer)", "execute(payment)", {}, names, ""),
        measured(
            "decide under dated, capped, three-bracket terms",
            "decide(payment, dated)",
            {},
            names,
            "",
        ),
        measured("decide through three levels", "decide(at_the_kiosk, deep)", {}, names, ""),
        measured("decide Reverse", "decide(reversal, booked)", {}, names, ""),
        _row_of_an_import(hudson, "one customer"),
        _row_of_an_import(hudson, "a customer each"),
    ]


def _row_of_an_import(hudson: Distributor, whose: str) -> Row:
    """Measure each of many payments given at once, beside each of a tenth as many."""
    few, many = (_import(hudson, size, whose) for size in (IMPORTED // 10, IMPORTED))
    return Row(
        f"each of {IMPORTED:,} at once, {whose}",
        many,
        {f"each of {IMPORTED // 10:,}": few},
        "no slower",
    )


def _import(hudson: Distributor, size: int, whose: str) -> float:
    customers = (
        ["brown"] * size
        if whose == "one customer"
        else [f"brown {number}" for number in range(size)]
    )
    payments = [
        _payment("hudson", f"payment {place}", customer) for place, customer in enumerate(customers)
    ]
    least = float("inf")
    for _ in range(IMPORT_ROUNDS):
        billing = Billing(MemoryRepository())
        billing.execute_many(_settling(hudson, *dict.fromkeys(customers)))
        least = min(least, Timer(partial(billing.execute_many, payments)).timeit(1))
    return least / size * 1e9


def _settling(distributor: Distributor, *customers: str) -> list[Command]:
    """Set a distributor up with its customers, or with one that is called as it is."""
    zero = Money.zero("USD")
    return [
        CreateDistributor(f"create {distributor.id}", MARIA, distributor),
        *(
            CreateCustomer(
                f"create {name}",
                MARIA,
                START,
                name,
                "Brown Bakery",
                Limit(zero),
                zero,
                distributor.id,
            )
            for name in customers or (f"customer of {distributor.id}",)
        ),
    ]


def _after(facts: Facts, *commands: Command) -> Facts:
    """Return the facts that accepted commands leave."""
    for command in commands:
        accepted = decide(command, facts)
        if isinstance(accepted, Accepted):
            facts = evolve(facts, accepted)
    return facts


def _payment(distributor: str, key: str, customer: str | None = None) -> RecordPayment:
    name = customer or f"customer of {distributor}"
    return RecordPayment(key, DistributorStaff(distributor), NOON, name, _usd("12.34"))


def _dated() -> Terms:
    bounds = (("0", "1000", "15"), ("1000", "5000", "12.5"), ("5000", None, "8.5"))
    brackets = tuple(
        Bracket(_usd(lower), None if upper is None else _usd(upper), Percent(rate))
        for lower, upper, rate in bounds
    )
    until = Rate(CommissionKind.PAYMENT, Percent("15"), until=dt.date(2026, 3, 1))
    capped = Bounded(Brackets(brackets), cap=_usd("500.00"))
    since = Rate(
        CommissionKind.PAYMENT, capped, since=dt.date(2026, 3, 1), until=dt.date(2027, 1, 1)
    )
    return Terms(Percent("15"), Percent("7.25"), rates=(until, since), zone="America/New_York")


def _usd(amount: str) -> Money:
    return Money(amount, "USD")


def _a_second(number: int) -> str:
    return f"{number:,} a second"
