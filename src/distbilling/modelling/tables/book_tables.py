"""What must be known of each distributor of a book to work on its transactions? One row of whole numbers for each."""

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
from distbilling.periods import Cycle
from distbilling.periods.instant import microseconds_of
from distbilling.rules.agreement.rates import CommissionKind
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.agreement.schedule_parts import asked_by
from distbilling.rules.agreement.terms import (
    DiscountBasis,
    Margin,
    Netting,
    Remainder,
    TaxBasis,
    Terms,
)
from distbilling.rules.parties import Distributor

__all__ = ["REMAINDERS", "BookTables"]

REMAINDERS: Final = tuple(Remainder)
"""The policies of the odd cent; the place of one is its number."""


@attrs.frozen(slots=False)
class BookTables:
    """The distributors of a book by number, with columns of what is known of them, and the chains above them.

    >>> from distbilling.testing.stage import distributor
    >>> BookTables(Book.of(distributor("hudson"))).parties("digits").columns
    {'distributor': ['hudson'], 'digits': [2]}
    """

    book: Book
    also: tuple[Schedule, ...] = ()
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
        return any(
            each.terms.basis.discount is DiscountBasis.BEFORE_DISCOUNT for each in self.distributors
        )

    @property
    def shares_out(self) -> bool:
        """Whether the odd cent of some chain goes by a policy of its own: one rounded total is shared out."""
        return not self.book.is_flat and any(
            each.parent is not None
            and self.book.chain(each.id)[-1].terms.remainder is not Remainder.EACH_LEVEL_ROUNDED
            for each in self.distributors
        )

    @cached_property
    def asks_months(self) -> bool:
        """Whether some rate depends on the age of a relation."""
        return self._tries_ages or any(
            _by_age(each.terms, kind) for each in self.agreements for kind in KINDS
        )

    @property
    def _tries_ages(self) -> bool:
        return any("months" in asked_by(schedule) for schedule in self.also)

    def has_own_rates(self, distributor: str) -> bool:
        """Tell whether each level of a distributor's chain earns its own rate on what those below it leave."""
        return self.book.chain(distributor)[-1].terms.margin is Margin.OWN_RATE_ON_THE_REST

    def rates(self, reach: Reach) -> RateTables:
        """Return the tables of the terms, for transactions that reach so far."""
        return rate_tables(self.agreements, reach)

    def parties(self, *columns: str, key: str = "distributor") -> Table:
        """Return a table of the distributors with some of what is known of them.

        ``party`` is the number of a distributor, ``created_us`` the instant from which on all of
        its chain was there; ``asks_tax``, ``sale_by_age`` and ``payment_by_age`` are 1 where the
        terms of somebody in its chain ask for that; ``at_settlement``, ``net_of_tax``,
        ``before_discount`` and ``own_rates`` are 1 where its terms say so.
        """
        known = self._known
        return Table(
            {key: known["distributor"], **{column: known[column] for column in columns}},
            frozenset({key, *(column for column in columns if column == "currency")}),
        )

    def numbered(self, rates: RateTables, *columns: str) -> Table:
        """Return a table of the distributors by number with some of what is known of them, and with the way to their rates.

        ``route`` is the first slot of a distributor, ``of_kind`` and ``of_product`` how many slots
        a kind and a product have.
        """
        routes = [rates.routes[int(number)] for number in self._known["agreement"]]
        known = {
            **self._known,
            "route": [route.first for route in routes],
            "of_kind": [route.of_kind for route in routes],
            "of_product": [route.of_product for route in routes],
        }
        return Table({name: known[name] for name in ("party", *columns)})

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

    @cached_property
    def cycles(self) -> tuple[Cycle, ...]:
        """The different billing cycles."""
        return tuple(dict.fromkeys(each.cycle for each in self.distributors))

    def calendar(self, first: int, last: int) -> tuple[Calendar, Table]:
        """Return the billing periods around two instants (microseconds since 1970 UTC), and which are each distributor's."""
        calendar = calendar_of(self.cycles, first, last)
        places = {cycle: place for place, cycle in enumerate(self.cycles)}
        return calendar, self.profiles([places[each.cycle] for each in self.distributors], calendar)

    def profiles(self, places: Sequence[int], calendar: Calendar) -> Table:
        """Return a table of the distributors by number with the way to their stretches of a calendar.

        ``places`` has the place of each distributor's cycle in the calendar, which is told as
        ``place``; ``opened_us`` is when the distributor was created.
        """
        opened = [microseconds_of(each.created, "created") for each in self.distributors]
        rows = [
            (number, place, opened[number], *calendar.profiles[place])
            for number, place in enumerate(places)
        ]
        return Table.of_rows(("party", "place", "opened_us", *PROFILE), rows)

    @cached_property
    def _known(self) -> Mapping[str, Sequence[Cell]]:
        distributors, terms = self.distributors, [each.terms for each in self.distributors]
        chains = [self.book.chain(each.id) for each in distributors]
        tops = [chain[-1].terms for chain in chains]
        numbered = {agreement: number for number, agreement in enumerate(self.agreements)}
        return {
            "distributor": [each.id for each in distributors],
            "party": list(range(len(distributors))),
            "currency": [each.currency.code for each in distributors],
            "digits": list(map(_digits, distributors)),
            "created_us": [
                max(
                    microseconds_of(member.created, "created")
                    for member in self.book.chain(each.id)
                )
                for each in distributors
            ],
            "agreement": [numbered[_agreement(each)] for each in distributors],
            "method": [self.methods.index(each.rounding) for each in terms],
            "at_settlement": [int(each.netting is Netting.AT_SETTLEMENT) for each in terms],
            "net_of_tax": list(map(int, map(_net_of_tax, distributors))),
            "before_discount": [
                int(each.basis.discount is DiscountBasis.BEFORE_DISCOUNT) for each in terms
            ],
            "asks_tax": [int(any(map(_net_of_tax, chain))) for chain in chains],
            **{
                f"{kind.value}_by_age": [
                    int(self._tries_ages or any(_by_age(member.terms, kind) for member in chain))
                    for chain in chains
                ]
                for kind in KINDS
            },
            "own_rates": [int(self.has_own_rates(each.id)) for each in distributors],
            "remainder": [REMAINDERS.index(each.remainder) for each in tops],
            "top_method": [self.methods.index(each.rounding) for each in tops],
        }


def _agreement(distributor: Distributor) -> Agreement:
    return Agreement(distributor.terms, _digits(distributor))


def _digits(distributor: Distributor) -> int:
    return distributor.currency.digits or 0


def _net_of_tax(distributor: Distributor) -> bool:
    return distributor.terms.basis.tax is TaxBasis.NET_OF_TAX


def _by_age(terms: Terms, kind: CommissionKind) -> bool:
    default = terms.sales_commission if kind is CommissionKind.SALE else terms.payment_commission
    schedules = (default, *(rate.schedule for rate in terms.rates if rate.kind is kind))
    return any("months" in asked_by(schedule) for schedule in schedules)
