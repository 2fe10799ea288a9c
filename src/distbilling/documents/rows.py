"""The columns of a statement, and its rows: what each transaction says in each column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from distbilling.documents.columns import Column
from distbilling.documents.reader import Reader
from distbilling.language.catalogue import sentence
from distbilling.rules.ledger.journal import EntryKind
from distbilling.rules.ledger.statement import StatementLine

__all__ = ["COLUMNS", "KINDS", "StatementColumn", "StatementRow", "headings", "row_of"]

KINDS: Final[Mapping[EntryKind, str]] = {
    EntryKind.PAYMENT: "Payment",
    EntryKind.SALE: "Sale",
    EntryKind.REMITTANCE: "Remittance",
    EntryKind.OPENING_BALANCE: "Balance brought forward",
    EntryKind.REFUND: "Refund",
    EntryKind.VOID: "Void",
    EntryKind.CHARGEBACK: "Chargeback",
    EntryKind.CORRECTION: "Correction",
    EntryKind.COMMISSION: "Commission credited",
}
"""What each kind of entry is called on a statement, in English."""
_WITHOUT_TURNOVER: Final = frozenset({EntryKind.REMITTANCE, EntryKind.OPENING_BALANCE})


@attrs.frozen
class StatementRow:
    """One line of the statement: a cell for each of ``COLUMNS``, which may be empty.

    ``owed`` is what the line adds to what the distributor owes.

    >>> StatementRow("Mar 4, 2026, 9:15:00 AM", "Sale", "$10.00", "$1.50", "$8.50").cells[1:]
    ('Sale', '$10.00', '$1.50', '$8.50')
    """

    when: str = ""
    what: str = ""
    turnover: str = ""
    commission: str = ""
    owed: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row from left to right."""
        return attrs.astuple(self)


@attrs.frozen
class StatementColumn:
    """A column of a statement: its field of a row, its English heading, its cells and layout."""

    name: str
    heading: str
    cell: Callable[[StatementLine, Reader], str]
    layout: Column


def headings(locale: str) -> StatementRow:
    """Return the headings of the columns.

    >>> headings("en").cells
    ('Date and time', 'Transaction', 'Turnover', 'Commission', 'Owed')
    """
    return StatementRow(**{column.name: sentence(column.heading, locale) for column in COLUMNS})


def row_of(line: StatementLine, reader: Reader) -> StatementRow:
    """Return a transaction as its reader sees it."""
    return StatementRow(**{column.name: column.cell(line, reader) for column in COLUMNS})


def _description(line: StatementLine, reader: Reader) -> str:
    kind = sentence(KINDS[line.kind], reader.locale)
    return f"{kind}: {line.comment}" if line.comment else kind


def _turnover(line: StatementLine, reader: Reader) -> str:
    return "" if line.kind in _WITHOUT_TURNOVER else reader.figure(line.turnover)


def _commission(line: StatementLine, reader: Reader) -> str:
    return "" if line.kind in _WITHOUT_TURNOVER else reader.figure(line.earned)


_FIGURES: Final = Column(right=True)
COLUMNS: Final = (
    StatementColumn(
        "when", "Date and time", lambda line, reader: reader.instant(line.at), Column()
    ),
    StatementColumn("what", "Transaction", _description, Column(flexible=True)),
    StatementColumn("turnover", "Turnover", _turnover, _FIGURES),
    StatementColumn("commission", "Commission", _commission, _FIGURES),
    StatementColumn("owed", "Owed", lambda line, reader: reader.figure(line.adds), _FIGURES),
)
"""From left to right, as the fields of a row; text, HTML and terminal are laid out by them."""
