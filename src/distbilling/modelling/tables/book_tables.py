"""A book by numbers: one row of whole numbers for each of its distributors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs

from distbilling.modelling.book.book import Book
from distbilling.modelling.tables.calendars import PROFILE, Calendar, calendar_of
from distbilling.modelling.tables.rate_tables import (
    KINDS,
    Agreement,
    RateTables,
    Reach,
    rate_tables,
)
from distbilling.modelling.tables.tables import Cell, Table
from distbilling.money import RoundingMethod
from distbilling.periods import Cycle, Daily
from distbilling.periods.instant import microseconds_of
from distbilling.rules.agreement.rates import CommissionKind
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.schedule_parts import asked_by
from distbilling.rules.agreement.terms import (
    Remainder,
    Terms,
)
from distbilling.rules.parties import Distributor

__all__ = ["REMAINDERS", "BookTables"]

REMAINDERS: Final = tuple(Remainder)
"""The policies of the odd cent; the place of one is its number."""


@attrs.frozen(slots=False)
class BookTables:
    """The distributors of a book by number, and columns of their terms and of those above them.

    >>> from distbilling.testing.sample_data import distributor
    >>> BookTables(Book.of(distributor("hudson"))).parties("digits").columns
    {'distributor': ['hudson'], 'digits': [2]}
    """

    book: Book
    tried: tuple[Schedule, ...] = ()
    """Schedules that are tried beside the terms of the book."""

    @property
    def distributors(self) -> tuple[Distributor, ...]:
        """The distributors in the order of the book; the place of one is its number."""
        return self.book.distributors

    @cached_property
    def agreements(self) -> tuple[Agreement, ...]:
        """The different terms, each in the digits of a currency."""
        return tuple(dict.fromkeys(map(_agreement, self.distributors)))

    @cached_property
    def methods(self) -> tuple[RoundingMethod, ...]:
        """The rounding methods that are used."""
        return tuple(dict.fromkeys(distributor.terms.rounding for distributor in self.distributors))

    @cached_property
    def digits(self) -> frozenset[int]:
        """How many digits the currencies have."""
        return frozenset(map(_digits, self.distributors))

    @property
    def asks_tax(self) -> bool:
        """Whether some commission is earned on amounts without their tax."""
        return any(map(_net_of_tax, self.distributors))

    @property
    def asks_discount(self) -> bool:
        """Whether some commission is earned on prices before their discount."""
        return any(map(_before_discount, self.distributors))

    @property
    def shares_out(self) -> bool:
        """Whether the odd cent of some chain is shared out by a policy of its own."""
        return any(
            distributor.parent is not None
            and self._top(distributor).terms.remainder.allocation is not None
            for distributor in self.distributors
        )

    @cached_property
    def asks_months(self) -> bool:
        """Whether some rate depends on the age of a relation."""
        return self._tries_ages or any(
            _by_age(agreement.terms, kind) for agreement in self.agreements for kind in KINDS
        )

    @property
    def _tries_ages(self) -> bool:
        return any("months" in asked_by(schedule) for schedule in self.tried)

    def has_own_rates(self, distributor: str) -> bool:
        """Tell whether each level of a chain earns its own rate on what those below it leave."""
        return self._top(self.book[distributor]).terms.margin.on_remaining_amount

    def rates(self, reach: Reach) -> RateTables:
        """Return the tables of the terms, for transactions that reach so far."""
        return rate_tables(self.agreements, reach)

    def parties(self, *columns: str, key: str = "distributor") -> Table:
        """Return a table of the distributors by id, with some columns.

        ``party`` is the number of a distributor, ``created_us`` the instant from which on all of
        its chain was there; ``asks_tax``, ``sale_by_age`` and ``payment_by_age`` are 1 where the
        terms of somebody in its chain ask for that; ``at_settlement``, ``net_of_tax``,
        ``before_discount`` and ``own_rates`` are 1 where its terms say so.
        """
        chosen = {key: self._columns["distributor"]}
        chosen |= {column: self._columns[column] for column in columns}
        return Table(chosen, frozenset({key, "currency"} & chosen.keys()))

    def numbered(self, rates: RateTables, *columns: str) -> Table:
        """Return a table of the distributors by number, with columns and the way to their rates.

        ``route`` is the first slot of a distributor, ``of_kind`` and ``of_product`` how many slots
        a kind and a product have.
        """
        routes = [rates.routes[int(number)] for number in self._columns["agreement"]]
        by_name = {
            **self._columns,
            "route": [route.first for route in routes],
            "of_kind": [route.of_kind for route in routes],
            "of_product": [route.of_product for route in routes],
        }
        return Table({name: by_name[name] for name in ("party", *columns)})

    @cached_property
    def names(self) -> Table:
        """A table of the distributors by number: their ids, and their currencies."""
        rows = [
            (number, each.id, each.currency.code) for number, each in enumerate(self.distributors)
        ]
        return Table.of_rows(("party", "distributor", "currency"), rows, "distributor", "currency")

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """The billing zones."""
        return tuple(dict.fromkeys(each.cycle.zone for each in self.distributors))

    def calendar(self, first: int, last: int) -> tuple[Calendar, Table]:
        """Return the billing periods around two instants, and the table that leads to them.

        Instants are microseconds since 1970 UTC. The table has the distributors by number, with the
        way to their stretches of the calendar; ``place`` is the place of a distributor's cycle in
        it, ``opened_us`` when the distributor was created.
        """
        return self._calendar([each.cycle for each in self.distributors], first, last)

    def days(self, first: int, last: int) -> tuple[Calendar, Table]:
        """Return the local days around two instants, and the table that leads to them.

        They are as :meth:`calendar` returns billing periods; ``place`` is that of the zone.
        """
        daily = {zone: Daily(zone) for zone in self.zones}
        return self._calendar([daily[each.cycle.zone] for each in self.distributors], first, last)

    def _calendar(self, cycles: Sequence[Cycle], first: int, last: int) -> tuple[Calendar, Table]:
        places = {cycle: place for place, cycle in enumerate(dict.fromkeys(cycles))}
        calendar = calendar_of(tuple(places), first, last)
        rows: list[tuple[int, ...]] = []
        for number, (distributor, cycle) in enumerate(zip(self.distributors, cycles, strict=True)):
            opened = microseconds_of(distributor.created, "created")
            rows.append((number, places[cycle], opened, *calendar.profiles[places[cycle]]))
        return calendar, Table.of_rows(("party", "place", "opened_us", *PROFILE), rows)

    def _top(self, distributor: Distributor) -> Distributor:
        return self.book.chain(distributor.id)[-1]

    @cached_property
    def _columns(self) -> Mapping[str, Sequence[Cell]]:
        distributors, terms = self.distributors, [each.terms for each in self.distributors]
        chains = [self.book.chain(distributor.id) for distributor in distributors]
        tops = [chain[-1].terms for chain in chains]
        agreements = {agreement: number for number, agreement in enumerate(self.agreements)}
        by_age = {
            f"{kind.value}_by_age": [
                int(self._tries_ages or any(_by_age(member.terms, kind) for member in chain))
                for chain in chains
            ]
            for kind in KINDS
        }

        return {
            "distributor": [distributor.id for distributor in distributors],
            "party": list(range(len(distributors))),
            "currency": [distributor.currency.code for distributor in distributors],
            "digits": list(map(_digits, distributors)),
            "created_us": [
                max(microseconds_of(member.created, "created") for member in chain)
                for chain in chains
            ],
            "agreement": [agreements[_agreement(distributor)] for distributor in distributors],
            "method": [self.methods.index(each.rounding) for each in terms],
            "at_settlement": [int(not each.netting.at_once) for each in terms],
            "net_of_tax": list(map(int, map(_net_of_tax, distributors))),
            "before_discount": list(map(int, map(_before_discount, distributors))),
            "asks_tax": [int(any(map(_net_of_tax, chain))) for chain in chains],
            **by_age,
            "own_rates": [int(self.has_own_rates(each.id)) for each in distributors],
            "remainder": [REMAINDERS.index(each.remainder) for each in tops],
            "top_method": [self.methods.index(each.rounding) for each in tops],
        }


def _agreement(distributor: Distributor) -> Agreement:
    return Agreement(distributor.terms, _digits(distributor))


def _digits(distributor: Distributor) -> int:
    return distributor.currency.digits or 0


def _net_of_tax(distributor: Distributor) -> bool:
    return distributor.terms.basis.asks_tax


def _before_discount(distributor: Distributor) -> bool:
    return distributor.terms.basis.asks_discount


def _by_age(terms: Terms, kind: CommissionKind) -> bool:
    schedules = (
        terms.default_commission(kind),
        *(rate.schedule for rate in terms.rates if rate.kind is kind),
    )
    return any("months" in asked_by(schedule) for schedule in schedules)
