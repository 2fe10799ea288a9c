"""A notebook shows the figures of a value with their names, and nothing personal."""

from __future__ import annotations

import datetime as dt
import re

import attrs

from distbilling.money import Money, Percent, Rounding, RoundingMethod
from distbilling.rules.agreement.terms import CommissionKind, Margin, Netting, Terms
from distbilling.rules.chain.calculations import Clawbacks, Commissions
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.chain.split import Level, Split, split_of
from distbilling.rules.commission import commission_on
from distbilling.rules.credit import (
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Unlimited,
    WhenSuspended,
)
from distbilling.rules.credit.credit_watch import CreditFacts
from distbilling.rules.credit.forecast import Flow, forecast
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.ledger.statement import Extract, StatementLine, statement_of
from distbilling.rules.ledger.what_if import WhatIf, what_if
from distbilling.testing.rule_ledger import RuleLedger
from distbilling.testing.sample_data import MORNING, distributor, payment, usd

NOON = MORNING.add(hours=3)


def _rows(html: str) -> list[list[str]]:
    """Return the cells of a table, row by row."""
    (table,) = re.findall(r"^<table>(.*)</table>$", html)
    return [
        re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row)
        for row in re.findall(r"<tr>(.*?)</tr>", table)
    ]


def _chain() -> Split[Commissions]:
    levels = [
        Level(name, Terms(Percent(rate), Percent("10")))
        for name, rate in (("<soho>", "15"), ("hudson", "20"))
    ]
    return split_of(CommissionKind.SALE, usd("10.00"), levels, at=MORNING)


def test_a_percentage_is_set_right_in_figures_of_one_width():
    style = "text-align: right; font-variant-numeric: tabular-nums"
    assert Percent("12.5")._repr_html_() == f'<div style="{style}">12.5%</div>'


SOHO = "15% (default sales commission) of $10.00 is $1.50: earned $1.50, owed $8.50."
HUDSON = "20% (default sales commission) of $10.00 is $2.00: earned $2.00, owed $8.00."


def test_a_split_is_a_row_for_each_level_and_one_for_the_provider():
    assert _rows(_chain()._repr_html_()) == [
        ["", "keeps", "owes", "because"],
        ["&lt;soho&gt;", "$1.50", "$8.50", SOHO],
        ["hudson", "$0.50", "$8.00", HUDSON],
        ["provider", "$8.00", "", ""],
    ]


def test_a_share_is_its_figures_and_why_they_are_so():
    commission = commission_on(usd("10.00"), Percent("15"))
    share = attrs.evolve(_chain().shares[1], netting=Netting.AT_SETTLEMENT, calculation=commission)
    assert _rows(share._repr_html_()) == [
        ["distributor", "hudson"],
        ["keeps", "$0.50"],
        ["owes", "$8.00"],
        ["netting", "at settlement"],
        ["because", "15% of $10.00 is $1.50: earned $1.50, owed $8.50."],
    ]


def test_what_is_less_than_a_cent_is_shown_too():
    tenths = Money("0.125", "USD")
    commission = commission_on(usd("1.00"), Percent("15"))
    share = attrs.evolve(_chain().shares[0], earned=tenths, owed=tenths, calculation=commission)
    assert [row[1] for row in _rows(share._repr_html_())[1:3]] == ["$0.125", "$0.125"]


def test_a_clawback_is_its_steps_in_order():
    claw = Clawback(
        usd("1.50"), usd("10.00"), usd("3.33"), usd("3.33"), Rounding(RoundingMethod.DOWN)
    )
    assert _rows(claw._repr_html_()) == [
        ["earned", "$1.50"],
        ["amount", "$10.00"],
        ["reversed before", "$3.33"],
        ["reversed", "$3.33"],
        ["rounding", "towards zero"],
        ["taken so far", "$0.99"],
        ["taken before", "$0.49"],
        ["taken", "$0.50"],
    ]


def test_a_correction_is_what_was_recorded_and_the_steps_of_what_should_have_been():
    corrected = Correction(usd("1.00"), commission_on(usd("11.00"), Percent("10")))
    rows = _rows(corrected._repr_html_())
    assert rows[0] == ["before", "$1.00"]
    assert rows[1:] == _rows(corrected.after._repr_html_())
    assert ["earned", "$1.10"] in rows


def test_a_statement_is_its_sums_in_the_order_in_which_they_are_added():
    hudson = distributor("hudson")
    trial = RuleLedger()
    entries = [
        trial.accept(payment(key, amount)).entry for key, amount in (("a", "10.00"), ("b", "20.00"))
    ]
    march = hudson.period_at(MORNING)
    told = statement_of(
        hudson, march, Extract(usd("8.50"), tuple(entry for entry in entries if entry is not None))
    )
    assert _rows(told._repr_html_()) == [
        ["distributor", "hudson"],
        ["period", "2026-03-01/2026-03-31 America/New_York"],
        ["opening", "$8.50"],
        ["brought forward", "$0.00"],
        ["collected", "$30.00"],
        ["sales", "$0.00"],
        ["reversed", "$0.00"],
        ["adjusted", "$0.00"],
        ["commission", "$3.00"],
        ["remitted", "$0.00"],
        ["closing", "$35.50"],
        ["transactions", "2"],
    ]


def test_a_statement_shows_no_comment_and_counts_in_thousands():
    hudson = distributor("hudson")
    told = statement_of(hudson, hudson.period_at(MORNING), Extract(usd("0.125"), ()))
    line = StatementLine("k", EntryKind.PAYMENT, MORNING, usd("0"), usd("0"), usd("0"), "from Anna")
    shown = attrs.evolve(told, lines=(line,) * 1000)._repr_html_()
    assert "Anna" not in shown
    assert _rows(shown)[-1] == ["transactions", "1,000"]
    assert _rows(shown)[2] == ["opening", "$0.125"]


def test_credit_terms_are_the_limit_the_warnings_and_the_policies():
    rearm = Rearm(Percent("5"), dt.timedelta(hours=36), 3, tell_cleared=False)
    thresholds = (
        PercentOfLimit("90"),
        Money("500.005", "USD"),
        EveryFurther(Money("0.125", "USD")),
    )
    terms = CreditTerms(
        Limit(Money("1000.005", "USD")),
        thresholds,
        Crossing.REACHES,
        WhenSuspended.ALWAYS_ACCEPT,
        rearm,
    )
    assert _rows(terms._repr_html_()) == [
        ["limit", "$1,000.005"],
        ["warning", "90% of the limit"],
        ["warning", "$500.005"],
        ["warning", "every further $0.125"],
        ["compare", "reaches"],
        ["when suspended", "always accept"],
        ["band", "5%"],
        ["minimum interval", "1 day, 12:00:00"],
        ["most repeats", "3"],
        ["tell cleared", "no"],
    ]
    assert _rows(CreditTerms(Unlimited())._repr_html_()) == [
        ["limit", "unlimited"],
        ["compare", "exceeds"],
        ["when suspended", "refuse when suspended"],
        ["tell cleared", "yes"],
    ]


def test_once_only_is_a_number_of_repeats_like_any_other():
    assert ["most repeats", "0"] in _rows(
        CreditTerms(Unlimited(), rearm=Rearm(most_repeats=0))._repr_html_()
    )


def test_a_forecast_is_the_pace_and_what_it_leads_to():
    limit = Limit(usd("1000"))
    terms = CreditTerms(limit, (usd("800"), PercentOfLimit("90")), Crossing.REACHES)
    facts = CreditFacts(Money("850.005", "USD"), NOON, limit)
    shown = _rows(forecast(terms, facts, Flow(usd("70"), dt.timedelta(days=7)))._repr_html_())
    assert shown[:3] == [
        ["owed", "$850.005"],
        ["a day", "$10.00"],
        ["warning", "The warning threshold of $800.00 is crossed already."],
    ]
    assert [name for name, _ in shown[3:]] == ["warning", "limit"]
    assert shown[3][1].startswith("The warning threshold of $900.00 is crossed on Mar 6, 2026, ")
    assert shown[4][1].startswith("The credit limit of $1,000.00 is reached on Mar 16, 2026, ")


def test_what_if_is_a_row_for_each_distributor():
    entry = RuleLedger().accept(payment("p", "10.00")).entry
    assert entry is not None
    other = what_if([entry, entry], {"hudson": Terms(Percent("15"), Percent("7.5"))})
    assert _rows(other._repr_html_()) == [
        ["", "earned", "under the other terms", "difference"],
        ["hudson", "$2.00", "$1.50", "-$0.50"],
    ]
    assert _rows(WhatIf(())._repr_html_()) == [
        ["", "earned", "under the other terms", "difference"]
    ]
    assert (
        other.explain()
        == "hudson earned $2.00; under the other terms $1.50, a difference of -$0.50."
    )


def test_a_share_of_what_is_given_back_is_below_zero():
    earned = Commissions.of(
        [commission_on(usd("10.00"), Percent("15"))], Margin.DIFFERENCE_OF_RATES
    )
    reversed_whole = Clawbacks.of(earned, usd("0"), usd("10.00"))
    given_back = Split.between(_chain().parties[:1], reversed_whole)
    assert _rows(given_back._repr_html_())[1][:3] == ["&lt;soho&gt;", "-$1.50", "-$8.50"]
