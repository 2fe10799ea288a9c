"""Statements in the reader's language, formats and zone, whose figures add up."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from html.parser import HTMLParser

import attrs
import pendulum
import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from distbilling import (
    Accepted,
    Account,
    AccountKind,
    CreditTerms,
    Currency,
    Customer,
    Distributor,
    DistributorStaff,
    Limit,
    Money,
    Percent,
    Preferences,
    Terms,
    Unlimited,
)
from distbilling.documents import statement_document
from distbilling.documents.amounts import AMOUNTS
from distbilling.documents.columns import cells_of
from distbilling.documents.rows import KINDS
from distbilling.errors import InvalidValue
from distbilling.periods import Monthly
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.facts import CustomerFacts, DistributorFacts, Facts
from distbilling.rules.deciding.sale import store_and_sell
from distbilling.rules.ledger.accounts import (
    DistributorLedger,
    LedgerAccount,
    OpeningBalances,
    ProviderCash,
)
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.ledger.statement import Extract, Statement, statement_of

SALE_AT = pendulum.datetime(2026, 3, 4, 14, 15)


def _distributor(
    locale: str = "en", zone: str | None = None, name: str = "Hudson Phones"
) -> Distributor:
    return Distributor(
        id="hudson",
        name=name,
        currency=Currency("USD"),
        terms=Terms(Percent("15"), Percent("10")),
        credit=CreditTerms(Unlimited()),
        cycle=Monthly("America/New_York"),
        created=pendulum.datetime(2026, 1, 1, 5),
        preferences=Preferences(locale, zone),
    )


def _sale(distributor: Distributor, amount: Money) -> Entry:
    account = Account(
        "12125550100", "brown", "hudson", "Line", AccountKind.PREPAID, amount, active=True
    )
    nothing = Money.zero(distributor.currency)
    brown = Customer(
        "brown", "Brown Bakery", distributor.currency, "hudson", Limit(nothing), SALE_AT
    )
    facts = Facts.of(DistributorFacts(distributor, nothing), CustomerFacts(brown, nothing))
    sold = store_and_sell(account, facts, CommandHead("s-1", HUDSON, SALE_AT))
    assert isinstance(sold, Accepted)
    assert sold.entry is not None
    return sold.entry


HUDSON = DistributorStaff("hudson")


def _moved(amount: Money, kind: EntryKind, at: DateTime, comment: str = "") -> Entry:
    other: LedgerAccount = ProviderCash() if kind is EntryKind.REMITTANCE else OpeningBalances()
    postings = (Posting(DistributorLedger("hudson"), amount), Posting(other, -amount))
    return Entry(f"k-{kind.value}-{at}", kind, at, HUDSON, postings, comment=comment)


def _statement(
    distributor: Distributor | None = None, opening: str = "100.00", comment: str = "by wire"
) -> Statement:
    distributor = distributor or _distributor()
    code = distributor.currency.code
    entries = (
        _moved(Money("5.00", code), EntryKind.OPENING_BALANCE, pendulum.datetime(2026, 3, 2, 12)),
        _sale(distributor, Money("10.00", code)),
        _moved(
            Money("-60.00", code),
            EntryKind.REMITTANCE,
            pendulum.datetime(2026, 3, 31, 23, 30),
            comment,
        ),
    )
    period = distributor.period_at(SALE_AT)
    return statement_of(distributor, period, Extract(Money(opening, code), entries))


def _figure(text: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.-]", "", text))


def test_the_statement_says_whose_it_is_and_for_which_days():
    document = statement_document(_statement())
    assert document.title == "Statement"
    assert document.distributor == "Hudson Phones (hudson)"
    assert document.period == "Mar 1, 2026 – Mar 31, 2026 (time zone America/New_York)"


def test_each_transaction_is_told_with_its_local_time_turnover_commission_and_what_is_owed():
    rows = statement_document(_statement()).transactions
    assert [row.cells for row in rows] == [
        ("Mar 2, 2026, 7:00:00\u202fAM", "Balance brought forward", "", "", "$5.00"),
        ("Mar 4, 2026, 9:15:00\u202fAM", "Sale", "$10.00", "$1.50", "$8.50"),
        ("Mar 31, 2026, 7:30:00\u202fPM", "Remittance: by wire", "", "", "-$60.00"),
    ]


def test_the_summary_leads_from_opening_to_closing():
    totals = {total.label: total.amount for total in statement_document(_statement()).totals}
    assert totals == {
        "Opening balance": "$100.00",
        "Brought forward": "$5.00",
        "Collected": "$0.00",
        "Sales": "$10.00",
        "Commission": "-$1.50",
        "Remitted": "-$60.00",
        "Closing balance": "$53.50",
    }


def test_every_kind_of_entry_has_words():
    assert KINDS.keys() == set(EntryKind)


def test_the_amounts_of_a_statement_are_all_shown_in_its_order():
    values = attrs.asdict(_statement(), recurse=False)
    amounts = [name for name, value in values.items() if isinstance(value, Money)]
    assert [amount.name for amount in AMOUNTS] == amounts


@given(
    opening=st.integers(-(10**9), 10**9),
    moves=st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=6),
    scale=st.integers(0, 5),
)
def test_readers_who_add_up_what_is_shown_get_the_closing_balance(opening, moves, scale):
    distributor = _distributor()
    unit = Decimal(1).scaleb(-scale)
    at = pendulum.datetime(2026, 3, 9)
    entries = tuple(
        _moved(
            Money(unit, "USD") * move,
            EntryKind.REMITTANCE if move < 0 else EntryKind.OPENING_BALANCE,
            at.add(days=day),
        )
        for day, move in enumerate(moves)
    )
    extract = Extract(Money(unit, "USD") * opening, entries)
    document = statement_document(statement_of(distributor, distributor.period_at(at), extract))
    shown = [Money(_figure(row.owed), "USD") for row in document.rows]
    assert Money.sum(shown[:-1]) == shown[-1]
    totals = [Money(_figure(total.amount), "USD") for total in document.totals]
    assert Money.sum(totals[:-1]) == totals[-1] == shown[-1]


@pytest.mark.parametrize(
    ("locale", "zone", "title", "hour"),
    [
        ("de_CH", None, "Abrechnung", 9),
        ("de", "Europe/Berlin", "Abrechnung", 15),
        ("ja", "Asia/Tokyo", "Statement", 23),
    ],
)
def test_words_figures_and_clocks_are_the_readers(locale, zone, title, hour):
    document = statement_document(_statement(_distributor(locale, zone)))
    sale = document.transactions[1]
    local = dt.datetime(2026, 3, 4, hour, 15)  # noqa: DTZ001 - Babel writes the clock of the reader
    assert (document.title, sale.when) == (title, format_datetime(local, "medium", locale=locale))
    assert sale.owed == Money("8.50", "USD").format(locale)
    assert document.language == locale.replace("_", "-")


def test_a_reading_zone_that_is_not_the_billing_zone_is_named():
    document = statement_document(_statement(_distributor(zone="Asia/Tokyo")))
    assert document.period.endswith("(time zone America/New_York; times as in Asia/Tokyo)")


def test_another_reader_reads_in_another_language_and_zone():
    document = statement_document(_statement(), locale="de", zone="Europe/Zurich")
    assert (document.title, document.transactions[1].when) == ("Abrechnung", "04.03.2026, 15:15:00")


def test_an_unknown_zone_of_a_reader_is_refused():
    with pytest.raises(InvalidValue, match="localtime"):
        statement_document(_statement(), zone="localtime")


def test_as_text_it_stands_in_columns_with_figures_to_the_right():
    lines = str(statement_document(_statement())).replace("\u202f", " ").splitlines()
    assert lines == [
        "Statement",
        "Hudson Phones (hudson)",
        "Mar 1, 2026 – Mar 31, 2026 (time zone America/New_York)",
        "",
        "Date and time             Transaction              Turnover  Commission     Owed",
        "--------------------------------------------------------------------------------",
        "                          Opening balance                                $100.00",
        "Mar 2, 2026, 7:00:00 AM   Balance brought forward                          $5.00",
        "Mar 4, 2026, 9:15:00 AM   Sale                       $10.00       $1.50    $8.50",
        "Mar 31, 2026, 7:30:00 PM  Remittance: by wire                            -$60.00",
        "                          Closing balance                                 $53.50",
        "",
        "Opening balance  $100.00",
        "Brought forward    $5.00",
        "Collected          $0.00",
        "Sales             $10.00",
        "Commission        -$1.50",
        "Remitted         -$60.00",
        "------------------------",
        "Closing balance   $53.50",
    ]


@pytest.mark.parametrize("locale", ["en", "de_CH", "ja", "pl"])
@pytest.mark.parametrize(
    "comment",
    [
        "am Schalter in Zürich bar übergeben, Beleg 4711",
        "現金で支払い済み・領収書番号四七一一・東京都港区",
    ],
)
def test_within_a_width_no_line_is_longer_and_nothing_is_lost(locale, comment):
    document = statement_document(_statement(_distributor(locale), comment=comment))
    text = document.text(width=80)
    assert max(map(cells_of, text.splitlines())) <= 80
    assert Counter(re.findall(r"[^\s-]", text)) == Counter(re.findall(r"[^\s-]", document.text()))


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_as_html_it_says_the_same_in_the_language_it_names():
    document = statement_document(_statement(_distributor("de_CH")))
    page = _Cells()
    page.feed(document._repr_html_())
    cells = [cell for row in document.rows for cell in row.cells if cell]
    totals = [text for total in document.totals for text in (total.label, total.amount)]
    head = [document.title, document.distributor, document.period]
    headings = list(document.headings.cells)
    assert page.said == [*head, *headings, *cells, *totals]
    assert document.html().startswith('<section lang="de-CH">')


def test_html_that_somebody_typed_is_shown_and_not_obeyed():
    statement = _statement(
        _distributor(name="<b>Hudson</b> & Sons"), comment='<script>alert("x")</script>'
    )
    html = statement_document(statement).html()
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;b&gt;Hudson&lt;/b&gt; &amp; Sons" in html


def test_a_document_never_changes():
    document = statement_document(_statement())
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        document.title = "Invoice"  # type: ignore[misc]
