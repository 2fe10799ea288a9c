"""Commission is earned with or without tax, before or after a discount."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Accepted, AccountKind, Money, Percent, RecordPayment, Terms
from distbilling.errors import CurrencyMismatch, InvalidType, InvalidValue
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.schedule import Bracket, Brackets
from distbilling.rules.agreement.terms import CommissionKind, Margin
from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.customers.assign_distributor import AssignDistributor
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.rules.commands.movements.correct import Correct
from distbilling.rules.commands.movements.reverse import Reversal, Reverse
from distbilling.rules.deciding.reasons import (
    OverCreditLimit,
    TaxMissing,
    WiderBasis,
    WrongCurrency,
)
from distbilling.rules.parties import Account
from distbilling.testing.rule_ledger import CHAIN, RuleLedger, subdistributor
from distbilling.testing.sample_data import MARIA, MORNING, NUMBER, by_quick_form, payment, usd
from distbilling.testing.strategies.values import money

TEN_PER_CENT, TWELVE_PER_CENT, FIFTEEN_PER_CENT = (Percent(rate) for rate in (10, 12, 15))
NET, BEFORE = Basis(TaxBasis.NET_OF_TAX), Basis(discount=DiscountBasis.BEFORE_DISCOUNT)
BOTH = Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT)
SCHEDULE = Brackets(
    (Bracket(usd("0"), usd("100"), Percent("10")), Bracket(usd("100"), None, Percent("20")))
)


def on(basis: Basis, name="hudson", payments: Any = TEN_PER_CENT, **changes: Any) -> ChangeTerms:
    terms = Terms(
        TWELVE_PER_CENT if name == "soho" else FIFTEEN_PER_CENT, payments, basis=basis, **changes
    )
    return ChangeTerms(f"terms of {name}", MARIA, MORNING, name, terms)


def paid(key="p", amount="120.00", by="hudson", **told: str) -> RecordPayment:
    contained: dict[str, Any] = {name: usd(part) for name, part in told.items()}
    return attrs.evolve(payment(key, amount, by=by), **contained)


def account(
    tax: str | None, *, active=True, owner: str | None = "hudson", opening="120.00"
) -> AddAccount:
    contained = None if tax is None else usd(tax)
    full = ByFullForm(NUMBER, "SIP line", AccountKind.PREPAID, usd(opening), active, tax=contained)
    return AddAccount("a", MARIA, MORNING, "customer of hudson", full, owner)


@pytest.mark.parametrize(
    ("basis", "told", "owed"),
    [
        (Basis(), {}, "108.00"),
        (Basis(), {"tax": "20.00", "discount": "30.00"}, "108.00"),
        (NET, {"tax": "20.00"}, "110.00"),
        (NET, {"tax": "0.00"}, "108.00"),
        (NET, {"tax": "120.00"}, "120.00"),
        (BEFORE, {"discount": "30.00"}, "105.00"),
        (BEFORE, {}, "108.00"),
        (BOTH, {"tax": "20.00", "discount": "30.00"}, "107.00"),
        (BOTH, {"tax": "20.00"}, "110.00"),
    ],
)
def test_the_commission_is_earned_on_what_the_terms_say_and_the_customer_is_credited_with_all(
    basis, told, owed
):
    ledger = RuleLedger(on(basis), paid(**told))
    assert ledger.owed("hudson") == usd(owed)
    assert ledger.books()["customer:customer of hudson"] == usd("-120.00")


def test_the_explanation_keeps_the_basis_and_the_tax():
    accepted: Any = RuleLedger(on(NET)).accept(paid(tax="20.00"))
    assert "$120.00 less $20.00 of tax, that is $100.00" in accepted.explain()
    assert accepted.entry.commission.basis == NET


def test_a_payment_without_a_word_on_its_tax_is_refused_where_commission_is_net_of_it():
    ledger = RuleLedger(on(NET))
    assert ledger.reason(paid()) == TaxMissing("hudson")
    assert ledger.reason(attrs.evolve(paid(), amount=Money("1", "EUR"))) == WrongCurrency(
        "hudson", usd("0").currency, Money("1", "EUR").currency
    )
    assert isinstance(ledger.give(paid(tax="0.00")), Accepted)


def test_any_level_of_the_chain_may_want_the_tax_and_the_lowest_that_does_is_named():
    ledger = RuleLedger(
        *CHAIN,
        attrs.evolve(
            on(NET, "kiosk", Percent("5")), terms=Terms(Percent("10"), Percent("5"), basis=NET)
        ),
    )
    assert ledger.reason(paid(by="kiosk")) == TaxMissing("kiosk")
    assert isinstance(ledger.give(paid(by="soho")), Accepted)
    ledger.accept(on(NET, "soho", Percent("8")))
    assert ledger.reason(paid(by="soho", key="q")) == TaxMissing("soho")
    entry: Any = ledger.accept(paid(by="kiosk", key="r", tax="20.00")).entry
    assert [share.earned for share in entry.split.shares] == [usd("5.00"), usd("3.00"), usd("4.00")]


@pytest.mark.parametrize(
    ("own", "parents", "is_wider"),
    [
        (Basis(), NET, True),
        (BOTH, NET, True),
        (BEFORE, Basis(), True),
        (NET, Basis(), False),
        (BEFORE, BOTH, True),
        (NET, BOTH, False),
        (Basis(), BEFORE, False),
        (BOTH, BOTH, False),
    ],
)
def test_nobody_earns_on_more_of_an_amount_than_the_one_above_it(own, parents, is_wider):
    ledger = RuleLedger(on(parents))
    below = subdistributor("tribeca", "hudson", "1", "1", "500.00")
    create = CreateDistributor(
        "d", MARIA, attrs.evolve(below, terms=Terms(Percent("1"), Percent("1"), basis=own))
    )
    if not is_wider:
        assert isinstance(ledger.give(create), Accepted)
        return
    assert ledger.reason(create) == WiderBasis("tribeca", "hudson")
    parallel = RuleLedger(
        CreateDistributor("e", MARIA, attrs.evolve(create.distributor, parent=None)), on(parents)
    )
    moved = TransferDistributor("t", MARIA, MORNING, "tribeca", "hudson")
    assert parallel.reason(moved) == WiderBasis("tribeca", "hudson")
    narrow = ChangeTerms(
        "n", MARIA, MORNING, "tribeca", Terms(Percent("1"), Percent("1"), basis=parents)
    )
    parallel.accept(narrow, moved)
    assert parallel.reason(
        attrs.evolve(narrow, key="w", terms=create.distributor.terms)
    ) == WiderBasis("tribeca", "hudson")
    free = RuleLedger(on(own), CreateDistributor("e", MARIA, create.distributor))
    assert free.reason(attrs.evolve(on(parents), key="wider")) == WiderBasis("tribeca", "hudson")


@pytest.mark.parametrize("way", ["created", "assigned"])
def test_a_sale_goes_by_the_tax_that_the_opening_balance_contains(way):
    ledger = RuleLedger(on(NET))
    if way == "created":
        ledger.accept(account("20.00"))
    else:
        ledger.accept(
            account("20.00", owner=None), AssignDistributor("b", MARIA, MORNING, NUMBER, "hudson")
        )
    assert ledger.owed("hudson") == usd("105.00")
    kept: Any = ledger.facts.account(NUMBER)
    assert (kept.account.tax, kept.funds) == (usd("20.00"), usd("120.00"))


def test_a_sale_without_a_word_on_its_tax_is_refused_before_its_limit_is_looked_at():
    ledger = RuleLedger(on(NET))
    assert ledger.reason(account(None)) == TaxMissing("hudson")
    assert ledger.reason(account(None, opening="5000.00")) == TaxMissing("hudson")
    assert ledger.reason(account("0.00", opening="5000.00")) == OverCreditLimit(
        "hudson", usd("1000"), usd("4250")
    )
    assert isinstance(ledger.give(account(None, active=False)), Accepted)


def test_what_is_free_needs_no_word_on_tax():
    ledger = RuleLedger(on(NET), account(None, opening="0.00"))
    assert ledger.journal == []


def test_a_quick_form_asks_for_no_tax_so_it_sells_nothing_where_commission_is_net_of_it():
    ledger = RuleLedger(on(NET))
    through = ByQuickForm("sip", {"number": NUMBER, "opening_balance": "10.00"})
    assert ledger.reason(attrs.evolve(by_quick_form(NUMBER), through=through)) == TaxMissing(
        "hudson"
    )
    assert isinstance(ledger.give(by_quick_form(NUMBER)), Accepted)


def test_a_sale_has_no_discount():
    ledger = RuleLedger(on(BEFORE), account(None))
    assert ledger.owed("hudson") == usd("102.00")


@pytest.mark.parametrize("part", ["p", "s"])
def test_what_is_given_back_closes_to_zero_on_every_basis(part):
    ledger = RuleLedger(
        on(BOTH), paid(tax="20.00", discount="30.00"), attrs.evolve(account("20.00"), key="s")
    )
    before = ledger.owed("hudson")
    owed = {"p": usd("107.00"), "s": usd("105.00")}[part]
    for key, amount in (("r1", usd("33.33")), ("r2", usd("66.66")), ("r3", None)):
        ledger.accept(Reverse(key, MARIA, MORNING, part, Reversal.REFUND, amount))
    assert ledger.owed("hudson") == before - owed
    kind = CommissionKind.PAYMENT if part == "p" else CommissionKind.SALE
    march = ledger.member("hudson").distributor.period_at(MORNING).start
    assert ledger.member("hudson").volume(kind, march) == usd("0.00")


def test_volume_in_the_brackets_is_what_commission_is_earned_on():
    ledger = RuleLedger(on(BOTH, payments=SCHEDULE))
    ledger.accept(paid(tax="20.00", discount="10.00"))
    march = ledger.member("hudson").distributor.period_at(MORNING).start
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, march) == usd("110.00")
    assert ledger.owed("hudson") == usd("120.00") - usd("12.00")
    ledger.accept(Correct("c", MARIA, MORNING, "p", usd("60.00")))
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, march) == usd("55.00")
    ledger.accept(Reverse("r", MARIA, MORNING, "p", Reversal.REFUND, usd("30.00")))
    assert ledger.member("hudson").volume(CommissionKind.PAYMENT, march) == usd("27.50")


def test_the_volume_of_a_level_that_earns_on_the_rest_is_that_rest():
    ledger = RuleLedger(
        *CHAIN, on(Basis(), margin=Margin.OWN_RATE_ON_THE_REST), paid(amount="100.00", by="kiosk")
    )
    march = ledger.member("hudson").distributor.period_at(MORNING).start
    assert [
        ledger.member(name).volume(CommissionKind.PAYMENT, march)
        for name in ("kiosk", "soho", "hudson")
    ] == [
        usd("100.00"),
        usd("95.00"),
        usd("87.40"),
    ]


@given(
    amount=money("USD", min_value="0.02", max_value="300"),
    cut=st.integers(1, 99),
    tax=st.integers(0, 20),
    discount=st.integers(0, 20),
    basis=st.sampled_from((Basis(), NET, BEFORE, BOTH)),
)
def test_a_payment_split_in_two_with_its_tax_and_discount_earns_the_same_in_all(
    amount, cut, tax, discount, basis
):
    cents = int(amount.amount * 100)
    first = max(1, cents * cut // 100)
    contained, off = cents * tax // 100, cents * discount // 100
    parts = [first, cents - first]
    taxes, offs = ([of * first // cents, of - of * first // cents] for of in (contained, off))

    def cash(units: int) -> Money:
        return Money(f"{units // 100}.{units % 100:02}", "USD")

    def ledger(*pieces: tuple[int, int, int]) -> Money:
        trial = RuleLedger(on(basis, payments=SCHEDULE), paid("before", "90.00", tax="0.00"))
        for number, (piece, contains, reduced) in enumerate(pieces):
            collected = payment(f"p-{number}", f"{cash(piece).amount:f}")
            trial.accept(attrs.evolve(collected, tax=cash(contains), discount=cash(reduced)))
        return trial.owed("hudson")

    assert ledger(*zip(parts, taxes, offs, strict=True)) == ledger((cents, contained, off))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"tax": usd("120.01")}, "tax"),
        ({"tax": usd("-0.01")}, "tax"),
        ({"discount": usd("-0.01")}, "discount"),
        ({"items": 0}, "items"),
        ({"items": -1}, "items"),
        ({"items": 1.0}, "items"),
        ({"items": True}, "items"),
        ({"tax": "1.00"}, "tax"),
        ({"discount": "1.00"}, "discount"),
    ],
    ids=str,
)
def test_what_a_payment_cannot_contain_is_refused_when_it_is_made(told, field):
    with pytest.raises((InvalidValue, InvalidType)) as refused:
        attrs.evolve(paid(), **told)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "told", [{"tax": Money("1", "EUR")}, {"discount": Money("1", "EUR")}], ids=str
)
def test_tax_and_discount_are_in_the_currency_of_the_payment(told):
    with pytest.raises(CurrencyMismatch):
        attrs.evolve(paid(), **told)


@pytest.mark.parametrize("tax", [usd("10.01"), usd("-0.01"), "1.00"], ids=str)
def test_an_account_contains_no_more_tax_than_its_opening_balance(tax):
    line = Account("1", "c", None, "SIP", AccountKind.PREPAID, usd("10.00"), tax=usd("10.00"))
    with pytest.raises((InvalidValue, InvalidType)) as refused:
        attrs.evolve(line, tax=tax)
    assert refused.value.field == "tax"
    full = ByFullForm("1", "SIP", AccountKind.PREPAID, usd("10.00"), tax=usd("0.00"))
    with pytest.raises((InvalidValue, InvalidType)):
        attrs.evolve(full, tax=tax)
