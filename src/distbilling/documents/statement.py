"""What does a distributor read at the end of a billing period? Its statement, in its language, formats and time zone."""

from __future__ import annotations

from itertools import chain
from typing import assert_never

import attrs

from distbilling.documents.columns import Column, cells_of, set_in_columns, wrapped
from distbilling.documents.html import element, table
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text, instant_text, locale_named
from distbilling.money import Money
from distbilling.periods import BillingPeriod, iana_zone
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.ledger.statement import Statement, StatementLine

__all__ = ["StatementDocument", "StatementRow", "StatementTotal", "statement_document"]

_COLUMNS = (
    Column(),
    Column(flexible=True),
    Column(right=True),
    Column(right=True),
    Column(right=True),
)
_TOTALS = (Column(flexible=True), Column(right=True))


@attrs.frozen
class StatementRow:
    """One line of the statement; ``owed`` is what it adds to what the distributor owes, the other cells may be empty.

    >>> StatementRow("Mar 4, 2026, 9:15:00 AM", "Sale", "$10.00", "$1.50", "$8.50").cells[1:]
    ('Sale', '$10.00', '$1.50', '$8.50')
    """

    when: str
    what: str
    turnover: str
    commission: str
    owed: str

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The row from left to right."""
        return (self.when, self.what, self.turnover, self.commission, self.owed)


@attrs.frozen
class StatementTotal:
    """One line of the summary: with its sign, so that the lines from the first on add up to the last.

    >>> StatementTotal("Commission", "-$2.50").amount
    '-$2.50'
    """

    label: str
    amount: str


@attrs.frozen
class StatementDocument:
    """A statement ready to be read: every word, date and figure is text in the reader's language and formats.

    The ``owed`` of ``opening`` and of the ``transactions`` add up to that of ``closing``; so do the
    ``totals``, from the first to the one before the last, to the last. Figures are shown with all
    their decimals, so that readers can add up. ``language`` is the tag of the language for HTML and
    mail.

    Source: rulebook R39, R43.
    """

    language: str
    title: str
    distributor: str
    period: str
    headings: StatementRow
    opening: StatementRow
    transactions: tuple[StatementRow, ...]
    closing: StatementRow
    totals: tuple[StatementTotal, ...]

    @property
    def rows(self) -> tuple[StatementRow, ...]:
        """Opening balance, transactions and closing balance, from top to bottom."""
        return (self.opening, *self.transactions, self.closing)

    def text(self, width: int | None = None) -> str:
        """Return the statement as lines of plain text in columns, figures set right, with a newline at the end of each.

        With a ``width`` long descriptions are wrapped, so that no line takes more columns of a
        terminal; as far as the dates and figures, which are never broken, leave room.
        """
        head = [
            line
            for part in (self.title, self.distributor, self.period)
            for line in wrapped(part, width)
        ]
        headings, *rows = set_in_columns(
            [self.headings.cells, *(row.cells for row in self.rows)], _COLUMNS, width
        )
        *sums, result = set_in_columns(
            [(total.label, total.amount) for total in self.totals], _TOTALS, width
        )
        moved, summed = list(chain.from_iterable(rows)), list(chain.from_iterable(sums))
        parts = (
            head,
            [*headings, _rule(headings + moved), *moved],
            [*summed, _rule(summed + result), *result],
        )
        return "\n".join("".join(f"{line}\n" for line in part) for part in parts)

    def html(self) -> str:
        """Return the statement as a small piece of HTML, everything escaped, for a notebook or a mail."""
        moved = table(
            head=[self.headings.cells],
            body=[row.cells for row in self.rows[:-1]],
            foot=[self.closing.cells],
            figures=(2, 3, 4),
        )
        *sums, last = ((total.label, total.amount) for total in self.totals)
        summary = table(head=[], body=sums, foot=[last], figures=(1,))
        opening = (
            element("h3", self.title) + element("p", self.distributor) + element("p", self.period)
        )
        return f'<section lang="{self.language}">{opening}{moved}{summary}</section>'

    def _repr_html_(self) -> str:
        return self.html()

    def __str__(self) -> str:
        return self.text()


def statement_document(
    statement: Statement, *, locale: str | None = None, zone: str | None = None
) -> StatementDocument:
    """Put a statement into the words, formats and time zone of its distributor, or of another reader where they are given.

    Instants are shown on the clocks of the reading zone; the period's days are those of the billing
    zone, that bound it.

    Raises:
        InvalidType: the locale or the zone is not text.
        InvalidValue: the locale or the zone is unknown.

    Source: rulebook R39, R43.

    >>> from distbilling import CreditTerms, Currency, Distributor, Percent, Preferences, Terms, Unlimited
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.ledger.statement import Extract, statement_of
    >>> import pendulum
    >>> march = Monthly("Europe/Zurich").period_at(pendulum.datetime(2026, 3, 15))
    >>> alpen = Distributor(
    ...     "alpen", "Alpenfunk", Currency("CHF"), Terms(Percent("15"), Percent("10")), CreditTerms(Unlimited()),
    ...     Monthly("Europe/Zurich"), march.start, preferences=Preferences("de_CH"),
    ... )
    >>> document = statement_document(statement_of(alpen, march, Extract(Money("8.50", "CHF"), ())))
    >>> document.title, document.period
    ('Abrechnung', '01.03.2026 – 31.03.2026 (Zeitzone Europe/Zurich)')
    """
    distributor = statement.distributor
    locale = distributor.preferences.locale if locale is None else locale
    zone = distributor.reading_zone() if zone is None else iana_zone(zone)

    def label(what: str, owed: Money) -> StatementRow:
        return StatementRow("", what, "", "", _figure(owed, locale))

    opening, closing = sentence("Opening balance", locale), sentence("Closing balance", locale)
    return StatementDocument(
        language=str(locale_named(locale)).replace("_", "-"),
        title=sentence("Statement", locale),
        distributor=f"{distributor.name} ({distributor.id})",
        period=_period(statement.period, locale, zone),
        headings=StatementRow(
            sentence("Date and time", locale),
            sentence("Transaction", locale),
            sentence("Turnover", locale),
            sentence("Commission", locale),
            sentence("Owed", locale),
        ),
        opening=label(opening, statement.opening),
        transactions=tuple(_row(line, locale, zone) for line in statement.lines),
        closing=label(closing, statement.closing),
        totals=tuple(
            StatementTotal(name, _figure(amount, locale))
            for name, amount in (
                (opening, statement.opening),
                (sentence("Brought forward", locale), statement.brought_forward),
                (sentence("Collected", locale), statement.collected),
                (sentence("Sales", locale), statement.sales),
                *_unless_zero(sentence("Reversed", locale), -statement.reversed),
                *_unless_zero(sentence("Corrected", locale), statement.adjusted),
                (sentence("Commission", locale), -statement.commission),
                (sentence("Remitted", locale), -statement.remitted),
                (closing, statement.closing),
            )
        ),
    )


def _unless_zero(name: str, amount: Money) -> tuple[tuple[str, Money], ...]:
    return () if amount.is_zero else ((name, amount),)


def _row(line: StatementLine, locale: str, zone: str) -> StatementRow:
    match line.kind:
        case EntryKind.PAYMENT:
            what, earns = sentence("Payment", locale), True
        case EntryKind.SALE:
            what, earns = sentence("Sale", locale), True
        case EntryKind.REMITTANCE:
            what, earns = sentence("Remittance", locale), False
        case EntryKind.OPENING_BALANCE:
            what, earns = sentence("Balance brought forward", locale), False
        case EntryKind.REFUND:
            what, earns = sentence("Refund", locale), True
        case EntryKind.VOID:
            what, earns = sentence("Void", locale), True
        case EntryKind.CHARGEBACK:
            what, earns = sentence("Chargeback", locale), True
        case EntryKind.CORRECTION:
            what, earns = sentence("Correction", locale), True
        case EntryKind.COMMISSION:
            what, earns = sentence("Commission credited", locale), True
        case _:
            assert_never(line.kind)
    return StatementRow(
        when=instant_text(line.at.in_timezone(zone), locale),
        what=f"{what}: {line.comment}" if line.comment else what,
        turnover=_figure(line.turnover, locale) if earns else "",
        commission=_figure(line.earned, locale) if earns else "",
        owed=_figure(line.adds, locale),
    )


def _period(period: BillingPeriod, locale: str, zone: str) -> str:
    first, last = date_text(period.first_day, locale), date_text(period.last_day, locale)
    if zone == period.zone:
        return sentence(
            "{first} – {last} (time zone {zone})", locale, first=first, last=last, zone=zone
        )
    return sentence(
        "{first} – {last} (time zone {zone}; times as in {reading_zone})",
        locale,
        first=first,
        last=last,
        zone=period.zone,
        reading_zone=zone,
    )


def _rule(lines: list[str]) -> str:
    return "-" * max(map(cells_of, lines))


def _figure(amount: Money, locale: str) -> str:
    return amount.format(locale, exact=True)
