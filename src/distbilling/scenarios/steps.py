"""The steps of a scenario: a command, its key, and what is expected of it."""

from __future__ import annotations

from typing import Any

import attrs
from cattrs import Converter

from distbilling.errors import CallerError
from distbilling.money import Currency
from distbilling.periods import iana_zone
from distbilling.rules import Command, fields
from distbilling.scenarios.currencies import NAMING, STAND_IN, Currencies, spendable
from distbilling.scenarios.expectations import Expectation
from distbilling.scenarios.files import Table, is_table
from distbilling.scenarios.problems import Report
from distbilling.scenarios.table_reader import dotted, reader_of
from distbilling.scenarios.values.converter import converter_in
from distbilling.scenarios.values.error_text import shown, words_of
from distbilling.scenarios.values.spelling import nearest
from distbilling.scenarios.verbs import BESIDE, VERBS

__all__ = ["Step"]

EXPECTATION = reader_of(Expectation)
_STAND_IN_ZONE = "Etc/UTC"
_KNOWN = BESIDE | {"currency", "it", "expect"} | VERBS.keys()


@attrs.frozen
class Step:
    """One step of a scenario; ``it`` is its sentence in the file, or empty.

    ``place`` is where in the file it stands, such as ``command 3``; empty for a step that is from
    no file.

    >>> import pendulum
    >>> from distbilling import Administrator, Money, Remit
    >>> nine = Money("9.00", "USD")
    >>> maria, march = Administrator("maria"), pendulum.datetime(2026, 3, 31)
    >>> Step("", Remit("r-1", maria, march, "hudson", nine)).command.amount
    Money('9.00', 'USD')
    """

    it: str
    command: Command
    expectation: Expectation | None = None
    place: str = ""


@attrs.frozen
class StepReader:
    """Reads the steps of a file in order, and keeps the currencies and zones of its parties.

    >>> nine = {"distributor": "hudson", "amount": "9.00"}
    >>> remit = {"remit": nine, "currency": "USD", "key": "bank/881"}
    >>> table = remit | {"at": "2026-03-31T12:00:00-04:00", "by": {"administrator": "maria"}}
    >>> StepReader(Report("march.toml")).step("command 1", table).command.amount
    Money('9.00', 'USD')
    """

    report: Report
    currencies: Currencies = attrs.field(factory=Currencies)
    zones: dict[str, str] = attrs.field(factory=dict[str, str])

    def party(self, verb: str, place: str, table: object, around: Table) -> Step | None:
        """Return the step that sets a party up; its instant is the party's own ``created``."""
        how = VERBS[verb]
        inner = table
        currency: Currency | None = None
        if is_table(table):
            inner = self._completed(verb, table, table.get("created"))
            currency = self._currency(verb, place, table, inner, around)
            if not how.names_currency:
                inner.pop("currency", None)
        command = how.created().read(
            inner, converter_in(currency), place, self.report, around=around
        )
        self._note_gap(verb, command)
        return None if command is None else Step("", command, place=place)

    def step(self, place: str, table: object) -> Step | None:
        """Return the step of a ``[[command]]`` table; None if something is wrong and reported."""
        if not is_table(table):
            self.report.add(place, "", "is not a table; write [[command]] above its keys")
            return None
        for key in sorted(table.keys() - _KNOWN):
            self.report.add(place, dotted(key), f"is not known here{nearest(key, _KNOWN)}")
        given = [key for key in table if key in VERBS]
        if len(given) != 1:
            named = ", ".join(given) or "none"
            self.report.add(
                place, "", f"gives {named}; give exactly one command of {', '.join(VERBS)}"
            )
            self.currencies.has_gaps = True
            return None
        return self._step(place, table, given[0])

    def _step(self, place: str, table: Table, verb: str) -> Step | None:
        how = VERBS[verb]
        around = {key: table[key] for key in BESIDE & table.keys()}
        inner = table[verb]
        currency: Currency | None = None
        if is_table(inner):
            inner = self._completed(verb, inner, table.get("at"))
            currency = self._currency(verb, place, table, inner, around)
        converter = converter_in(currency)
        command = how.reader.read(inner, converter, place, self.report, within=verb, around=around)
        self._note_gap(verb, command)
        expectation = self._expectation(place, table, converter)
        it = self._sentence(place, table)
        return None if command is None else Step(it, command, expectation, place)

    def _completed(self, verb: str, table: Table, at: object) -> Table:
        """Return the table with what it may leave out; rates are dated in the billing zone."""
        how = VERBS[verb]
        name = table.get("id" if how.names_currency else "distributor")
        if how.names_currency:
            zone: str | None = _zone(table.get("zone"))
            self.zones[_text(name)] = _zone(table.get("zone"))
        else:
            zone = self.zones.get(_text(name), _STAND_IN_ZONE if self.currencies.has_gaps else None)
        return how.completed(how.defaults | table, at, zone)

    def _currency(
        self, verb: str, place: str, beside: Table, table: Table, around: Table
    ) -> Currency | None:
        """Return the currency of a command's amounts: its own, or else that of its parties."""
        inside = VERBS[verb].names_currency
        source = table if inside else beside
        currency: Currency | None = STAND_IN
        if "currency" in source:
            currency = self._own_currency(place, source["currency"], report=not inside)
        elif not inside:
            currency = self._implied_currency(verb, place, table, around.get("by"))
        self.currencies.entries[_text(around.get("key"))] = currency
        if currency is not None:
            self.currencies.learn(verb, table, currency)
        return currency

    def _own_currency(self, place: str, code: Any, *, report: bool) -> Currency:  # noqa: ANN401
        try:
            return spendable(code)
        except CallerError as failure:
            if report:
                self.report.add(place, "currency", words_of(failure))
            return STAND_IN

    def _implied_currency(self, verb: str, place: str, table: Table, by: object) -> Currency | None:
        currency = self.currencies.of(table, by)
        if currency is not None:
            return currency
        entry, entries = table.get("entry"), self.currencies.entries

        if type(entry) is str and entry not in entries and not self.currencies.has_gaps:
            problem = (
                f"{shown(entry)} is the key of no command that comes before"
                f"{nearest(entry, entries)}"
            )
            self.report.add(
                place, dotted(verb, "entry"), f"{problem}; if it is meant, tell the currency"
            )
            return STAND_IN
        if (
            self.currencies.has_gaps
            or not is_table(by)
            or not by.keys() & {"administrator", "distributor"}
        ):
            return STAND_IN
        if verb == "create_customer":
            self.report.add(
                place, "currency", "is missing, and no distributor that comes before tells it"
            )
            return STAND_IN

        return None

    def _note_gap(self, verb: str, command: Command | None) -> None:
        if command is None and verb in NAMING:
            self.currencies.has_gaps = True

    def _expectation(self, place: str, table: Table, converter: Converter) -> Expectation | None:
        if "expect" not in table:
            return None
        if table["expect"] == {}:
            self.report.add(
                place, "expect", "checks nothing; name what is expected, or leave it out"
            )
        return EXPECTATION.read(table["expect"], converter, place, self.report, within="expect")

    def _sentence(self, place: str, table: Table) -> str:
        it = table.get("it", "")
        try:
            if it != "":
                fields.check_text("it", it, fields.COMMENT_CHARACTERS)
        except CallerError as failure:
            self.report.add(place, "it", words_of(failure))
        return str(it) if type(it) is str else ""


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _zone(written: Any) -> str:  # noqa: ANN401 - what stands in a file may be anything
    """Return a billing zone; UTC in place of a wrong one, which is reported where it is read."""
    try:
        return iana_zone(written)
    except CallerError:
        return _STAND_IN_ZONE
