"""The report of a model: key figures, what was earned and owed, limits and events."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from distbilling.documents.amounts import AMOUNTS
from distbilling.documents.html import table
from distbilling.errors import InvalidType
from distbilling.language.catalogue import sentence
from distbilling.language.formats import date_text, instant_text
from distbilling.modelling.book.book import Book
from distbilling.modelling.plots.drawing.rows import (
    Row,
    figure_text,
    member,
    period_days,
    rows_of,
)
from distbilling.modelling.plots.earnings import earned_and_owed
from distbilling.modelling.plots.exposures import Exposed, event_name, exposure_over_time
from distbilling.modelling.report.page import figure, page, section
from distbilling.modelling.report.sums import Sums, owed_most, sums_of, together, tops_of
from distbilling.modelling.report.watched import events_of, watched
from distbilling.money import Currency, Money
from distbilling.periods import iana_version, utc_instant
from distbilling.periods.instant import instant_at
from distbilling.rules.parties import Distributor

__all__ = ["report_of", "write_report"]

_COLUMNS: Final = (
    "distributor",
    "currency",
    "period_start",
    "period_end",
    *(amount.name for amount in AMOUNTS),
)
_SHOWN: Final = 20
_EVENTS: Final = 60
_CHARTS: Final = 6
_FIGURES: Final = ("opening", "turnover", "commission", "remitted", "closing")


def write_report(  # noqa: PLR0913 - what it is about, and for whom
    path: Path | str,
    book: Book,
    statements: object,
    exposure: Exposed,
    *,
    source: str,
    at: dt.datetime,
    locale: str = "en",
    shown: int = _SHOWN,
) -> Path:
    """Write the report of a model to a file of HTML, and return its path.

    All but the path is as in :func:`report_of`.

    Raises:
        InvalidType, InvalidValue: as :func:`report_of`.
        OSError: the file cannot be written.
    """
    report = report_of(book, statements, exposure, source=source, at=at, locale=locale, shown=shown)
    file = Path(path)
    file.write_text(report, encoding="utf-8")
    return file


def report_of(  # noqa: PLR0913 - what it is about, and for whom
    book: Book,
    statements: object,
    exposure: Exposed,
    *,
    source: str,
    at: dt.datetime,
    locale: str = "en",
    shown: int = _SHOWN,
) -> str:
    """Return one page of HTML on a model: it needs no network, and prints on A4.

    Sums are exact, and every text is escaped.

    Args:
        book: the distributors.
        statements: the frame of statements.
        exposure: the frames of balances and of events.
        source: the name of what the transactions were read from.
        at: when the report is made, in any zone.
        locale: the words and formats to write in.
        shown: how many distributors in a currency are listed, those who owe most; the others are
            added up.

    Raises:
        InvalidType: a frame or the book is none, an amount is a float, or ``at`` is no datetime.
        InvalidValue: a distributor is not in the book, there are no statements, ``at`` is naive, or
            Babel has no such locale.

    Source: rulebook R20, R22, R24, R39, R43.
    """
    if type(book) is not Book:
        raise InvalidType("book", book, "a Book")
    rows = rows_of(statements, "statements", _COLUMNS)
    days = [day for row in rows for day in period_days(row, book)]
    events = events_of(exposure)
    all_sums = sums_of(rows)
    by_currency = {
        code: [sums for sums in all_sums if sums.currency.code == code]
        for code in sorted({sums.currency.code for sums in all_sums})
    }

    head = [
        sentence("Transactions: {source}", locale, source=source),
        sentence(
            "Billing periods from {first} to {last}; {count} distributors",
            locale,
            first=date_text(min(days), locale),
            last=date_text(max(days), locale),
            count=len({row["distributor"] for row in rows}),
        ),
        sentence("Written on {at} UTC", locale, at=instant_text(utc_instant(at, "at"), locale)),
    ]
    sections = [
        section(sentence("Key figures", locale), _key_figures(by_currency, book, events, locale)),
        section(
            sentence("Earned and owed", locale),
            *(
                figure(earned_and_owed(statements, book, currency=code, locale=locale))
                for code in by_currency
            ),
        ),
        section(
            sentence("Distributors", locale),
            *(_distributors(sums, book, shown, locale) for sums in by_currency.values()),
            notes=_notes_on_levels(book, locale),
        ),
        _exposure(exposure, book, events, locale),
        _events(events, book, locale),
    ]
    title = sentence("What distributors earn and owe", locale)
    return page(title, head, sections, _notes(locale), locale=locale)


def _key_figures(
    by_currency: Mapping[str, Sequence[Sums]], book: Book, events: Sequence[Row], locale: str
) -> str:
    head = (
        sentence("Currency", locale),
        sentence("Distributors", locale),
        sentence("Turnover", locale),
        sentence("Earned", locale),
        sentence("Remitted", locale),
        sentence("Owed to the provider", locale),
        sentence("Warnings", locale),
        sentence("Suspensions", locale),
    )
    count = Counter((book[event["distributor"]].currency.code, event["event"]) for event in events)
    body: list[tuple[str, ...]] = []

    for code, sums in by_currency.items():
        currency = Currency(code)
        tops = together(tops_of(sums, book), currency)
        earned = sum(each.commission for each in sums)
        # What those at the top earned is in their turnover; what those below earned comes on top.
        turnover = tops.turnover - tops.commission + earned
        amounts = (turnover, earned, tops.remitted, tops.closing)
        figures = (figure_text(amount, currency, locale) for amount in amounts)
        warnings, suspensions = str(count[code, "warning"]), str(count[code, "suspended"])
        body.append((code, str(len(sums)), *figures, warnings, suspensions))

    return table(head=[head], body=body, foot=[], figures=range(1, len(head)))


def _distributors(sums: Sequence[Sums], book: Book, shown: int, locale: str) -> str:
    currency = sums[0].currency
    most, others = owed_most(sums, shown)
    head = (
        sentence("Distributor", locale),
        sentence("Opening balance", locale),
        sentence("Turnover", locale),
        sentence("Commission", locale),
        sentence("Remitted", locale),
        sentence("Closing balance", locale),
    )
    body = [
        _line(f"{book[each.distributor].name} ({each.distributor})", each, locale) for each in most
    ]
    if others:
        name = sentence("{count} others (they are in the files)", locale, count=len(others))
        body.append(_line(name, together(others, currency), locale))
    name = sentence("Together in {currency}", locale, currency=currency.code)
    foot = [_line(name, together(sums, currency), locale)]
    return table(head=[head], body=body, foot=foot, figures=range(1, len(head)))


def _line(name: str, sums: Sums, locale: str) -> tuple[str, ...]:
    return (name, *(sums.money(field).format(locale, exact=True) for field in _FIGURES))


def _exposure(exposure: Exposed, book: Book, events: Sequence[Row], locale: str) -> str:
    charts = (
        figure(exposure_over_time(exposure, book, distributor, locale=locale))
        for distributor in watched(exposure, events, _CHARTS)
    )
    note = sentence(
        "Those suspended or warned most often, then those nearest to their limit.", locale
    )
    return section(sentence("Exposure", locale), *charts, notes=[note])


def _events(events: Sequence[Row], book: Book, locale: str) -> str:
    title = sentence("Events", locale)
    if not events:
        return section(title, notes=[sentence("Nobody was warned or suspended.", locale)])

    head = (
        sentence("Date and time", locale),
        sentence("Distributor", locale),
        sentence("Event", locale),
        sentence("Owed", locale),
        sentence("Threshold or limit", locale),
    )
    body = [
        _event(event, member(book, event["distributor"]), locale) for event in events[-_EVENTS:]
    ]
    notes = [sentence("Times are those of each distributor's billing zone.", locale)]
    earlier = len(events) - _EVENTS
    if earlier > 0:
        notes.append(sentence("The {count} earlier ones are in the files.", locale, count=earlier))
    return section(title, table(head=[head], body=body, foot=[], figures=(3, 4)), notes=notes)


def _event(event: Row, party: Distributor, locale: str) -> tuple[str, ...]:
    bound = event["limit"] if event["threshold"] is None else event["threshold"]
    return (
        instant_text(instant_at(event["at"], party.cycle.zone), locale),
        f"{party.name} ({party.id})",
        event_name(event["event"], locale),
        figure_text(event["owed"], party.currency, locale),
        "" if bound is None else Money(bound, party.currency).format(locale, exact=True),
    )


def _notes_on_levels(book: Book, locale: str) -> list[str]:
    if book.is_flat:
        return []
    return [
        sentence(
            "Who stands below another owes that one, so the amounts of several levels overlap.",
            locale,
        )
    ]


def _notes(locale: str) -> list[str]:
    return [
        sentence(
            "All sums are exact, in whole minor units of each currency; "
            "charts alone are drawn to scale.",
            locale,
        ),
        sentence(
            "Computed by {release}, with the time zone data {zones}.",
            locale,
            release=_release(),
            zones=str(iana_version()),
        ),
    ]


def _release() -> str:
    try:
        return f"distbilling {version('distbilling')}"
    except PackageNotFoundError:
        return "distbilling"
