"""The statement of a billing period, in the reader's language, formats and time zone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import attrs

from distbilling.documents.amounts import AMOUNTS
from distbilling.documents.columns import Column, cells_of, set_in_columns, wrapped
from distbilling.documents.html import element, table
from distbilling.documents.reader import Reader
from distbilling.documents.rows import COLUMNS, StatementRow, headings, row_of
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text, locale_named
from distbilling.money import Money
from distbilling.periods import BillingPeriod
from distbilling.rules.ledger.statement import Statement

__all__ = ["StatementDocument", "StatementTotal", "statement_document"]

TOTALS: Final = (Column(flexible=True), Column(right=True))
"""How the labels and the amounts of the summary are set."""


@attrs.frozen
class StatementTotal:
    """One line of the summary, with its sign: from the first on, they add up to the last.

    >>> StatementTotal("Commission", "-$2.50").amount
    '-$2.50'
    """

    label: str
    amount: str


@attrs.frozen
class StatementDocument:
    """A statement ready to be read: all words, dates and figures are text for its reader.

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
        """Return the statement as lines of plain text in columns, with a newline at each end.

        With a ``width`` long descriptions are wrapped, so that no line takes more cells of a
        terminal; as far as the dates and figures, which are never broken, leave room.
        """
        opening = (self.title, self.distributor, self.period)
        head = [line for part in opening for line in wrapped(part, width)]
        headings, *rows = set_in_columns(
            [self.headings.cells, *(row.cells for row in self.rows)],
            [column.layout for column in COLUMNS],
            width,
        )
        *sums, result = set_in_columns(
            [(total.label, total.amount) for total in self.totals], TOTALS, width
        )

        moved, summed = list(chain.from_iterable(rows)), list(chain.from_iterable(sums))
        parts = (
            head,
            [*headings, _rule(headings + moved), *moved],
            [*summed, _rule(summed + result), *result],
        )
        return "\n".join("".join(f"{line}\n" for line in part) for part in parts)

    def html(self) -> str:
        """Return the statement as a piece of HTML, everything escaped, for a notebook or a mail."""
        moved = table(
            head=[self.headings.cells],
            body=[row.cells for row in self.rows[:-1]],
            foot=[self.closing.cells],
            figures=[place for place, column in enumerate(COLUMNS) if column.layout.right],
        )
        *sums, result = ((total.label, total.amount) for total in self.totals)
        summary = table(head=[], body=sums, foot=[result], figures=(1,))

        paragraphs = element("p", self.distributor) + element("p", self.period)
        head = element("h3", self.title) + paragraphs
        return f'<section lang="{self.language}">{head}{moved}{summary}</section>'

    def _repr_html_(self) -> str:
        return self.html()

    def __str__(self) -> str:
        return self.text()


def statement_document(
    statement: Statement, *, locale: str | None = None, zone: str | None = None
) -> StatementDocument:
    """Put a statement into the words, formats and time zone of its reader.

    The reader is its distributor, unless another locale or zone is given. Instants are shown on the
    clocks of the reading zone; the period's days are those of the billing zone, which bound it.

    Raises:
        InvalidType: the locale or the zone is not text.
        InvalidValue: the locale or the zone is unknown.

    Source: rulebook R39, R43.

    >>> from distbilling import CreditTerms, Currency, Distributor, Percent
    >>> from distbilling import Preferences, Terms, Unlimited
    >>> from distbilling.periods import Monthly
    >>> from distbilling.rules.ledger.statement import Extract, statement_of
    >>> import pendulum
    >>> march = Monthly("Europe/Zurich").period_at(pendulum.datetime(2026, 3, 15))
    >>> alpen = Distributor(
    ...     "alpen", "Alpenfunk", Currency("CHF"), Terms(Percent("15"), Percent("10")),
    ...     CreditTerms(Unlimited()), Monthly("Europe/Zurich"), march.start,
    ...     preferences=Preferences("de_CH"),
    ... )
    >>> document = statement_document(statement_of(alpen, march, Extract(Money("8.50", "CHF"), ())))
    >>> document.title, document.period
    ('Abrechnung', '01.03.2026 – 31.03.2026 (Zeitzone Europe/Zurich)')
    """
    distributor = statement.distributor
    reader = Reader.of(distributor, locale, zone)
    totals = tuple(_totals(statement, reader))

    return StatementDocument(
        language=str(locale_named(reader.locale)).replace("_", "-"),
        title=sentence("Statement", reader.locale),
        distributor=f"{distributor.name} ({distributor.id})",
        period=_days(statement.period, reader),
        headings=headings(reader.locale),
        opening=StatementRow(what=totals[0].label, owed=totals[0].amount),
        transactions=tuple(row_of(line, reader) for line in statement.lines),
        closing=StatementRow(what=totals[-1].label, owed=totals[-1].amount),
        totals=totals,
    )


def _totals(statement: Statement, reader: Reader) -> Iterator[StatementTotal]:
    for amount in AMOUNTS:
        money: Money = getattr(statement, amount.name)
        if amount.shown_if_zero or not money.is_zero:
            figure = reader.figure(-money if amount.sign < 0 else money)
            yield StatementTotal(amount.label(reader.locale), figure)


def _days(period: BillingPeriod, reader: Reader) -> str:
    """Return the first and the last day of a period, in its billing zone, and which zones count."""
    days = {
        "first": date_text(period.first_day, reader.locale),
        "last": date_text(period.last_day, reader.locale),
        "zone": period.zone,
    }
    if reader.zone == period.zone:
        return sentence("{first} – {last} (time zone {zone})", reader.locale, **days)
    return sentence(
        "{first} – {last} (time zone {zone}; times as in {reading_zone})",
        reader.locale,
        reading_zone=reader.zone,
        **days,
    )


def _rule(lines: list[str]) -> str:
    return "-" * max(map(cells_of, lines))
