"""Messages on a balance, in the words of the distributor."""

from __future__ import annotations

import attrs
import pendulum
import pytest

from distbilling import (
    CreditTerms,
    Currency,
    Distributor,
    Limit,
    Money,
    Percent,
    Preferences,
    Terms,
    Unlimited,
)
from distbilling.documents import message_of
from distbilling.periods import Monthly
from distbilling.rules.credit import CreditLimit
from distbilling.rules.credit.increase import LimitIncrease
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
)

AT = pendulum.datetime(2026, 3, 20, 14, 15)
LIMIT, OWED = Money("1000.00", "USD"), Money("900.01", "USD")
AT_A_THOUSAND = Limit(LIMIT)
CROSSED = CreditThresholdCrossed(
    "hudson/threshold/900/k", "hudson", AT, Money("900.00", "USD"), OWED
)
CLEARED = CreditThresholdCleared(
    "hudson/cleared-900/1", "hudson", AT, Money("900.00", "USD"), Money("899.99", "USD")
)
SUSPENDED = DistributorSuspended("hudson/suspended/k", "hudson", AT, LIMIT, Money("1000.00", "USD"))
RESUMED = DistributorResumed("hudson/resumed/k", "hudson", AT, LIMIT, OWED)
UNBOUND = DistributorResumed("hudson/resumed/2", "hudson", AT, Unlimited(), OWED)


def _distributor(
    locale: str = "en", limit: CreditLimit = AT_A_THOUSAND, zone: str | None = None
) -> Distributor:
    return Distributor(
        id="hudson",
        name="Hudson Phones",
        currency=Currency("USD"),
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(limit, (Money("900.00", "USD"),)),
        cycle=Monthly("America/New_York"),
        created=pendulum.datetime(2026, 1, 1, 5),
        preferences=Preferences(locale, zone),
    )


@pytest.mark.parametrize(
    ("notice", "subject", "text"),
    [
        (
            CROSSED,
            "Hudson Phones: your balance has passed $900.00",
            (
                "Since Mar 20, 2026, 10:15:00 AM you owe $900.01, which crosses the "
                "warning threshold of $900.00.\n\n"
                "At $1,000.00 your operations are suspended until you remit."
            ),
        ),
        (
            CLEARED,
            "Hudson Phones: the warning at $900.00 is over",
            (
                "On Mar 20, 2026, 10:15:00 AM you owe $899.99, and the warning at the "
                "threshold of $900.00 is over."
            ),
        ),
        (
            SUSPENDED,
            "Hudson Phones: suspended at the credit limit of $1,000.00",
            (
                "Since Mar 20, 2026, 10:15:00 AM you owe $1,000.00 and have reached your "
                "credit limit of $1,000.00.\n\n"
                "You can operate again as soon as you owe less than that; please remit."
            ),
        ),
        (
            RESUMED,
            "Hudson Phones: you can operate again",
            (
                "Since Mar 20, 2026, 10:15:00 AM you owe $900.01, less than your credit "
                "limit of $1,000.00."
            ),
        ),
        (
            UNBOUND,
            "Hudson Phones: you can operate again",
            "Since Mar 20, 2026, 10:15:00 AM you have no credit limit; you owe $900.01.",
        ),
    ],
    ids=["crossed", "cleared", "suspended", "resumed", "without a limit"],
)
def test_a_notice_becomes_a_message(notice, subject, text):
    message = message_of(notice, _distributor())
    assert (message.key, message.subject) == (notice.key, subject)
    assert message.text.replace("\u202f", " ") == text


def test_without_a_limit_nobody_is_threatened_with_suspension():
    message = message_of(CROSSED, _distributor(limit=Unlimited()))
    assert "suspended" not in message.text
    assert message.text.count("\n") == 0


def test_a_warning_names_the_limit_that_is_in_force_for_a_time():
    raised = LimitIncrease("maria", AT, AT.add(days=1), Percent("20"))
    distributor = attrs.evolve(_distributor(), increases=(raised,))
    assert "At $1,200.00 your operations are suspended" in message_of(CROSSED, distributor).text
    late = attrs.evolve(CROSSED, at=AT.add(days=1))
    assert "At $1,000.00 your operations are suspended" in message_of(late, distributor).text


def test_a_message_is_in_the_language_and_zone_of_its_distributor():
    message = message_of(SUSPENDED, _distributor("de_CH", zone="Europe/Zurich"))
    assert message.subject == "Hudson Phones: gesperrt beim Kreditlimit von $\xa01’000.00"
    assert message.text.startswith("Seit 20.03.2026, 15:15:00 schulden Sie $\xa01’000.00")


def test_another_reader_may_have_it_in_other_words():
    message = message_of(RESUMED, _distributor("de_CH"), locale="en_GB", zone="Etc/UTC")
    assert (
        message.text
        == "Since 20 Mar 2026, 14:15:00 you owe US$900.01, less than your credit limit of "
        "US$1,000.00."
    )
