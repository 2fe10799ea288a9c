"""What does a decision cost, from the host's values to everything that is to be written, alone and through the shell?"""

from __future__ import annotations

from functools import partial
from itertools import count

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
    Terms,
)
from distbilling.adapters.memory import MemoryRepository
from distbilling.adapters.notifiers import RecordingNotifier
from distbilling.periods import Monthly
from distbilling.rules import decide
from distbilling.rules.facts import Facts

DECISIONS_A_SECOND = 30_000
COMMANDS_A_SECOND = 15_000


def rows() -> list[Row]:
    """Measure a payment that counts: a limit, a warning threshold, a commission to round."""
    maria, start = Administrator("maria"), pendulum.datetime(2026, 3, 1)
    zero = Money.zero("USD")
    hudson = Distributor(
        id="hudson",
        name="Hudson Phones",
        currency=Currency("USD"),
        terms=Terms(Percent("15"), Percent("7.25")),
        credit=CreditTerms(Limit(Money("1000000000.00", "USD")), (PercentOfLimit("90"),)),
        cycle=Monthly("America/New_York"),
        created=start,
    )
    setting_up = (
        CreateDistributor("d", maria, hudson),
        CreateCustomer("c", maria, start, "brown", "Brown Bakery", Limit(zero), zero, "hudson"),
    )
    billing = Billing(MemoryRepository(), RecordingNotifier())
    facts = Facts()
    for command in setting_up:
        accepted = billing.execute(command)
        facts = facts.after(getattr(accepted, "records", ()), None)
    made = partial(_payment, start)
    payment = made("k")
    names: dict[str, object] = {
        "decide": decide,
        "facts": facts,
        "payment": payment,
        "made": made,
        "execute": billing.execute,
        "numbers": map(str, count()),
        "repeated": payment,
        "next": next,
    }
    decided = _a_second(DECISIONS_A_SECOND)
    return [
        measured("construct RecordPayment", "made('k')", {}, names, ""),
        measured("decide RecordPayment", "decide(payment, facts)", {}, names, decided),
        measured("construct and decide", "decide(made('k'), facts)", {}, names, decided),
        measured(
            "construct and execute, in memory", "execute(made(next(numbers)))", {}, names, _a_second(COMMANDS_A_SECOND)
        ),
        measured("execute again (first answer)", "execute(repeated)", {}, names, ""),
    ]


def _payment(at: pendulum.DateTime, key: str) -> RecordPayment:
    return RecordPayment(key, DistributorStaff("hudson"), at, "brown", Money("12.34", "USD"))


def _a_second(number: int) -> str:
    return f"{number:,} a second"
