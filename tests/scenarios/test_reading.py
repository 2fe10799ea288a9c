"""A scenario file says what its author meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pendulum
import pytest

from distbilling import (
    AccountKind,
    Administrator,
    Asked,
    ByFullForm,
    ByQuickForm,
    CreateDistributor,
    CreditTerms,
    Crossing,
    Currency,
    CustomerClass,
    Distributor,
    DistributorStaff,
    Field,
    Fixed,
    Limit,
    Money,
    Percent,
    PercentOfLimit,
    RoundingMethod,
    Unlimited,
    WhenSuspended,
)
from distbilling.periods import (
    Daily,
    EveryDays,
    EveryMonths,
    EveryWeeks,
    MonthEnd,
    Monthly,
    MonthlyAnniversary,
    Quarterly,
    Semimonthly,
    Weekday,
    Weekly,
    Yearly,
)
from distbilling.rules.agreement.terms import (
    Basis,
    CommissionKind,
    DiscountBasis,
    Margin,
    Netting,
    Rate,
    Remainder,
    TaxBasis,
)
from distbilling.rules.commands.movements.reverse import Reversal
from distbilling.rules.credit import EveryFurther, Rearm
from distbilling.rules.credit.increase import IncreaseCaps
from distbilling.scenarios import Expectation, read_scenario
from distbilling.scenarios.problems import Report
from distbilling.scenarios.reading import scenario_in

EXAMPLES = Path(__file__).parents[2] / "examples"
HUDSON = {
    "id": "hudson",
    "name": "Hudson Phones",
    "currency": "USD",
    "zone": "America/New_York",
    "billing_period": "monthly",
    "sales_commission": "15",
    "payment_commission": "10",
    "credit_limit": "1000.00",
    "created": "2026-03-01T02:00:00Z",
}
STAFF = {"distributor": "hudson"}
MARIA = {"administrator": "maria"}
NOON = "2026-03-02T12:00:00-05:00"


def steps(*commands: object, distributors: Sequence[object] = (HUDSON,), **tables: object) -> Any:
    document = {
        "title": "a month",
        "distributor": list(distributors),
        "command": list(commands),
        **tables,
    }
    return scenario_in(document, Report("march.toml")).steps


def distributor(**told: object) -> Distributor:
    command = steps(distributors=[{**HUDSON, **told}])[0].command
    assert isinstance(command, CreateDistributor)
    return command.distributor


def given(**told: object) -> Any:
    return steps({"at": NOON, "by": STAFF} | told)[-1].command


def test_the_handbook_is_read_with_its_parties_before_its_commands():
    scenario = read_scenario(EXAMPLES / "handbook.toml")
    assert scenario.inventory == ("12125550199",)
    assert [step.command.key for step in scenario.steps[:3]] == [
        "distributor-1",
        "quick_form-1",
        "quick_form-2",
    ]
    assert scenario.steps[3].command.key == "command-1"


def test_a_distributor_has_what_its_table_says():
    read = distributor(
        rounding="half_even",
        warn_at=["90%", "500.00"],
        compare="reaches",
        when_suspended="always_accept",
        customer_class="Resellers",
        language="de_CH",
        self_care_zone="Europe/Zurich",
        customer_credit_limit="50.00",
        customer_opening_balance="5.00",
    )
    assert read.currency == Currency("USD")
    assert read.terms.sales_commission == Percent("15")
    assert read.terms.rounding is RoundingMethod.HALF_EVEN
    assert read.credit.limit == Limit(Money("1000.00", "USD"))
    assert read.credit.thresholds == (PercentOfLimit("90"), Money("500.00", "USD"))
    assert (read.credit.compare, read.credit.when_suspended) == (
        Crossing.REACHES,
        WhenSuspended.ALWAYS_ACCEPT,
    )
    assert read.customer_class == CustomerClass("Resellers")
    assert (read.preferences.locale, read.preferences.zone) == ("de_CH", "Europe/Zurich")
    assert (read.caps.credit_limit, read.caps.opening_balance) == (
        Money("50", "USD"),
        Money("5", "USD"),
    )
    assert read.created == pendulum.datetime(2026, 3, 1, 2)


def test_what_a_distributors_table_leaves_out_is_as_in_the_handbook():
    read = distributor()
    assert read.terms.rounding is RoundingMethod.HALF_AWAY_FROM_ZERO
    assert read.credit.thresholds == ()
    assert read.caps.credit_limit == Money("0", "USD")
    assert distributor(credit_limit="unlimited").credit.limit == Unlimited()
    assert steps()[0].command.opening_balance == Money("0", "USD")
    assert steps(distributors=[HUDSON | {"owes": "12.50"}])[0].command.opening_balance == Money(
        "12.50", "USD"
    )


def test_a_subdistributor_names_its_parent():
    soho = {**HUDSON, "id": "soho", "parent": "hudson"}
    assert [step.command.distributor.parent for step in steps(distributors=[HUDSON, soho])] == [
        None,
        "hudson",
    ]


def test_what_a_distributor_earns_may_depend_on_more_than_a_percentage():
    read = distributor(
        netting="at_settlement",
        tax_basis="net_of_tax",
        discount_basis="before_discount",
        margin="own_rate_on_the_rest",
        remainder="largest_remainder",
        payment_commission={"percent": "5", "plus": "2.00", "cap": "50.00"},
    ).terms
    assert read.netting is Netting.AT_SETTLEMENT
    assert read.basis == Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
    assert (read.margin, read.remainder) == (
        Margin.OWN_RATE_ON_THE_REST,
        Remainder.LARGEST_REMAINDER,
    )
    assert str(read.payment_commission.format()) == "(5% plus $2.00), at most $50.00"


def test_rates_are_dated_on_the_calendar_of_the_billing_zone_unless_told():
    rates = [{"kind": "sale", "product": "Gold", "rate": "20", "since": dt.date(2026, 3, 16)}]
    gold = Rate(CommissionKind.SALE, Percent("20"), product="Gold", since=dt.date(2026, 3, 16))
    assert (distributor(rates=rates).terms.rates, distributor(rates=rates).terms.zone) == (
        (gold,),
        "America/New_York",
    )
    assert distributor(rates=rates, rates_zone="Asia/Tokyo").terms.zone == "Asia/Tokyo"
    assert distributor().terms.zone is None


def test_when_a_warning_may_come_again_is_agreed_with_it():
    read = distributor(
        warn_at=["500.00", "every 100.00"],
        warn_band="5%",
        warn_interval="36 hours",
        warn_repeats=3,
        tell_cleared=False,
    ).credit
    assert read.thresholds == (Money("500", "USD"), EveryFurther(Money("100", "USD")))
    assert read.rearm == Rearm(Percent("5"), dt.timedelta(hours=36), 3, tell_cleared=False)
    assert distributor(warn_band="20.00").credit.rearm == Rearm(Money("20", "USD"))


def test_terms_are_changed_with_the_keys_with_which_they_were_agreed():
    changed = given(
        by=MARIA,
        change_terms={
            "distributor": "hudson",
            "sales_commission": "12",
            "payment_commission": "8",
            "rounding": "down",
            "rates": [{"kind": "payment", "rate": "9", "until": dt.date(2026, 4, 1)}],
        },
    )
    assert (changed.distributor, changed.terms.sales_commission) == ("hudson", Percent("12"))
    assert (changed.terms.zone, changed.terms.rounding) == ("America/New_York", RoundingMethod.DOWN)


def test_so_is_credit():
    changed = given(
        by=MARIA,
        change_credit={
            "distributor": "hudson",
            "credit_limit": "50.00",
            "warn_at": ["80%"],
            "compare": "reaches",
        },
    )
    assert changed.credit == CreditTerms(
        Limit(Money("50", "USD")), (PercentOfLimit("80"),), Crossing.REACHES
    )


def test_a_quick_form_may_be_for_a_batch():
    form = {
        "id": "card",
        "name": "Card",
        "product": "Card",
        "batch": "w-26",
        "kind": "prepaid",
        "asks": ["number"],
    }
    assert steps(quick_form=[form])[1].command.form.batch == "w-26"


def test_a_customer_class_may_force_a_currency():
    read = distributor(customer_class={"name": "Resellers", "currency": "USD"})
    assert read.customer_class == CustomerClass("Resellers", Currency("USD"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("daily", Daily("America/New_York")),
        ("weekly", Weekly("America/New_York")),
        ("semimonthly", Semimonthly("America/New_York")),
        ("monthly", Monthly("America/New_York")),
        ("quarterly", Quarterly("America/New_York")),
        ("yearly", Yearly("America/New_York")),
        ({"kind": "weekly", "first_day": "sunday"}, Weekly("America/New_York", Weekday.SUNDAY)),
        ({"kind": "yearly", "first_month": 4}, Yearly("America/New_York", first_month=4)),
        ({"kind": "monthly_anniversary", "day": 3}, MonthlyAnniversary("America/New_York", 3)),
        (
            {"kind": "every_months", "n": 3, "first": dt.date(2026, 1, 31), "month_end": "clamp"},
            EveryMonths("America/New_York", 3, dt.date(2026, 1, 31), MonthEnd.CLAMP),
        ),
    ],
    ids=str,
)
def test_every_kind_of_billing_period_can_be_written(written, meant):
    assert distributor(billing_period=written).cycle == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("every 30 days", EveryDays("America/New_York", 30, dt.date(2026, 2, 28))),
        ("every 2 weeks", EveryWeeks("America/New_York", 2, dt.date(2026, 2, 28))),
        ("every 1 months", EveryMonths("America/New_York", 1, dt.date(2026, 2, 28))),
        ("monthly_anniversary", MonthlyAnniversary("America/New_York", 28)),
        ({"kind": "every_days", "n": 10}, EveryDays("America/New_York", 10, dt.date(2026, 2, 28))),
    ],
    ids=str,
)
def test_what_counts_from_a_day_counts_from_the_local_day_of_creation_unless_told(written, meant):
    """Two o'clock in Greenwich on 1 March is still 28 February in New York."""
    assert distributor(billing_period=written).cycle == meant


def test_a_quick_form_asks_defaults_and_fixes():
    form = {
        "id": "card",
        "name": "Card",
        "product": "Card",
        "kind": "prepaid",
        "asks": ["number", "opening_balance"],
    }
    prepared = steps(
        quick_form=[form | {"defaults": {"opening_balance": "10.00"}, "fixed": {"active": "yes"}}]
    )
    command = prepared[1].command
    assert command.form.kind is AccountKind.PREPAID
    assert command.form.form_fields == (
        Asked(Field.NUMBER),
        Asked(Field.OPENING_BALANCE, "10.00"),
        Fixed(Field.ACTIVE, "yes"),
    )
    assert command.at == pendulum.datetime(2026, 3, 1, 2)


def test_a_customer_is_as_old_as_the_first_distributor_unless_told():
    brown = {"id": "brown", "name": "Brown Bakery", "distributor": "hudson"}
    assert steps(customer=[brown])[1].command.at == pendulum.datetime(2026, 3, 1, 2)
    told = steps(customer=[brown | {"created": "2026-04-01T00:00:00Z"}])[1].command
    assert told.at == pendulum.datetime(2026, 4, 1)
    assert told.by == Administrator("administrator")


def test_a_file_names_the_administrator_who_sets_it_up():
    assert steps(administrator="maria")[0].command.by == Administrator("maria")


def test_an_amount_is_in_the_currency_of_the_customer_it_is_for():
    brown = {"id": "brown", "name": "Brown", "currency": "KWD"}
    payment = {"at": NOON, "by": MARIA, "record_payment": {"customer": "brown", "amount": "1.005"}}
    assert steps(payment, customer=[brown])[-1].command.amount == Money("1.005", "KWD")


def test_an_amount_is_in_the_currency_of_the_distributor_that_is_named():
    assert given(by=MARIA, remit={"distributor": "hudson", "amount": "9"}).amount == Money(
        "9", "USD"
    )


def test_an_amount_is_in_the_currency_of_the_acting_distributor_where_nobody_knows_the_customer():
    assert given(record_payment={"customer": "nobody", "amount": "9"}).amount == Money("9", "USD")


def test_a_customer_that_a_command_creates_has_a_currency_from_then_on():
    created = {"at": NOON, "by": STAFF, "create_customer": {"id": "brown", "name": "Brown"}}
    payment = {"at": NOON, "by": MARIA, "record_payment": {"customer": "brown", "amount": "9"}}
    assert steps(created, payment)[-1].command.amount == Money("9", "USD")


def test_so_has_a_customer_that_a_quick_form_creates():
    created = {
        "at": NOON,
        "by": STAFF,
        "add_account": {"customer": "brown", "form": "new", "fields": {"number": "112"}},
    }
    payment = {"at": NOON, "by": MARIA, "record_payment": {"customer": "brown", "amount": "9"}}
    assert steps(created, payment)[-1].command.amount == Money("9", "USD")


def test_a_currency_beside_the_command_goes_first():
    assert given(
        record_payment={"customer": "brown", "amount": "9"}, currency="EUR"
    ).amount == Money("9", "EUR")


def test_an_account_is_added_through_a_quick_form_or_the_full_form():
    quick = given(add_account={"customer": "brown", "form": "sip", "fields": {"number": "112"}})
    assert quick.through == ByQuickForm("sip", {"number": "112"})
    form = {
        "number": "112",
        "product": "SIP",
        "kind": "prepaid",
        "opening_balance": "10.00",
        "active": True,
    }
    full = given(
        by=MARIA, add_account={"customer": "brown", "distributor": "hudson", "full_form": form}
    )
    assert full.through == ByFullForm(
        "112", "SIP", AccountKind.PREPAID, Money("10", "USD"), active=True
    )


def test_the_full_form_tells_batch_and_tax():
    form = {
        "number": "112",
        "product": "SIP",
        "kind": "prepaid",
        "opening_balance": "12",
        "batch": "w",
        "tax": "2",
    }
    through = given(
        by=MARIA, add_account={"customer": "brown", "distributor": "hudson", "full_form": form}
    ).through
    assert (through.batch, through.tax) == ("w", Money("2", "USD"))


def test_a_payment_tells_its_items_tax_and_discount():
    paid = given(
        record_payment={"customer": "b", "amount": "12", "items": 3, "tax": "2", "discount": "1.50"}
    )
    assert (paid.items, paid.tax, paid.discount) == (3, Money("2", "USD"), Money("1.50", "USD"))


def test_commands_without_a_shape_of_their_own_are_written_as_their_fields_are_called():
    assert given(activate_account={"account": "112"}).account == "112"
    assert (
        given(by=MARIA, assign_distributor={"account": "112", "distributor": "hudson"}).distributor
        == "hudson"
    )


@pytest.mark.parametrize("command", ["reverse", "correct"])
def test_what_goes_back_names_the_key_of_a_command_before_and_is_in_the_currency_of_that(command):
    paid = {
        "at": NOON,
        "by": STAFF,
        "key": "till-1",
        "record_payment": {"customer": "brown", "amount": "9"},
    }
    table = {"entry": "till-1", "amount": "3.33"} | (
        {"why": "chargeback"} if command == "reverse" else {}
    )
    undone = steps(paid, {"at": NOON, "by": MARIA, command: table})[-1].command
    assert (undone.entry, undone.amount) == ("till-1", Money("3.33", "USD"))


def test_what_goes_back_may_name_a_command_by_its_place_in_the_file():
    sold = {
        "at": NOON,
        "by": STAFF,
        "add_account": {"customer": "b", "form": "f", "fields": {"number": "+1 12"}},
    }
    activated = {"at": NOON, "by": MARIA, "activate_account": {"account": "112"}}
    back = {
        "at": NOON,
        "by": MARIA,
        "reverse": {"entry": "command-2", "why": "void", "amount": "1"},
    }
    assert steps(sold, activated, back)[-1].command.amount == Money("1", "USD")


def test_what_goes_back_of_another_file_tells_its_currency():
    back = given(
        by=MARIA, reverse={"entry": "last-year", "why": "refund", "amount": "1.5"}, currency="KWD"
    )
    assert (back.why, back.amount) == (Reversal.REFUND, Money("1.5", "KWD"))


def test_commission_is_credited_whole_or_in_part():
    assert given(by=MARIA, credit_commission={"distributor": "hudson"}).amount is None
    part = given(by=MARIA, credit_commission={"distributor": "hudson", "amount": "3.05"})
    assert part.amount == Money("3.05", "USD")


def test_a_limit_is_raised_by_an_administrator_with_or_without_caps():
    raised = {"distributor": "hudson", "raises_by": "10%", "until": "2026-03-09T12:00:00Z"}
    assert given(by=MARIA, grant_limit_increase=raised).raises_by == Percent("10")
    nina = {"administrator": "nina", "increase_caps": {"most": "200.00", "days": 7}}
    granted = given(by=nina, grant_limit_increase=raised | {"raises_by": "150.00"})
    assert granted.raises_by == Money("150", "USD")
    assert granted.by == Administrator("nina", IncreaseCaps(Money("200", "USD"), days=7))
    assert given(by=MARIA, review_credit={"distributor": "hudson"}).distributor == "hudson"


def test_who_is_transferred_to_nobody_is_released():
    assert (
        given(by=MARIA, transfer_customer={"customer": "brown", "distributor": "soho"}).distributor
        == "soho"
    )
    assert given(by=MARIA, transfer_customer={"customer": "brown"}).distributor is None
    assert (
        given(by=MARIA, transfer_distributor={"distributor": "soho", "parent": "hudson"}).parent
        == "hudson"
    )
    assert given(by=MARIA, transfer_distributor={"distributor": "soho"}).parent is None


def test_parties_may_also_be_set_up_by_commands():
    told = {key: value for key, value in HUDSON.items() if key != "created"} | {"id": "rival"}
    command = given(by=MARIA, create_distributor=told | {"billing_period": "every 30 days"})
    assert command.distributor.created == pendulum.datetime(2026, 3, 2, 17)
    assert command.distributor.cycle == EveryDays("America/New_York", 30, dt.date(2026, 3, 2))
    form = {"id": "sip", "name": "SIP", "product": "SIP", "kind": "postpaid", "asks": ["number"]}
    assert given(by=MARIA, prepare_quick_form=form).form.id == "sip"


def test_a_command_has_its_own_key_sentence_and_expectation():
    (step,) = steps(
        {
            "it": "a payment",
            "at": dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC),
            "by": STAFF,
            "key": "till-7/0042",
            "record_payment": {"customer": "brown", "amount": 10},
            "expect": {
                "accepted": True,
                "owes": "9.00",
                "warnings": [],
                "balances": {"soho": "1"},
                "limit": "unlimited",
            },
        }
    )[1:]
    assert (step.it, step.command.key, step.place) == ("a payment", "till-7/0042", "command 1")
    assert step.command.by == DistributorStaff("hudson")
    assert step.command.at == pendulum.datetime(2026, 3, 2, 12)
    assert step.expectation == Expectation(
        accepted=True,
        owes=Money("9", "USD"),
        warnings=(),
        balances={"soho": Money("1", "USD")},
        limit=Unlimited(),
    )


def test_a_byte_order_mark_is_no_part_of_the_story(tmp_path):
    file = tmp_path / "marked.toml"
    file.write_bytes(b'\xef\xbb\xbftitle = "a month"\n')
    assert read_scenario(file).title == "a month"
