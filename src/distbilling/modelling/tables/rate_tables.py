"""Rates in tables: which formula counts for which distributor, subject and time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, product
from typing import Final

import attrs

from distbilling.errors import InvalidValue
from distbilling.modelling.arithmetic.arithmetic import (
    MOST_IN_ONE_COLUMN,
    MOST_IN_TWO_COLUMNS,
    Arithmetic,
    OneColumnArithmetic,
    TwoColumnArithmetic,
)
from distbilling.modelling.tables.cells import Cells, cells_of
from distbilling.modelling.tables.formulas import (
    Shape,
    largest,
    numbers_of,
    parts_needed,
    shapes_of,
)
from distbilling.modelling.tables.tables import Cell, Table, padded
from distbilling.periods import first_instant
from distbilling.periods.instant import instant_at, microseconds_of
from distbilling.rules.agreement.rates import CommissionKind, RateInForce, Subject
from distbilling.rules.agreement.terms import Terms

__all__ = ["AXES", "KINDS", "Agreement", "RateTables", "Reach", "rate_tables"]

KINDS: Final = (CommissionKind.SALE, CommissionKind.PAYMENT)
AXES: Final = ("months", "before", "after", "base")
"""What cells are cut by, in the order in which their leaves are numbered."""

_NamedRows = tuple[tuple[str, ...], list[tuple[int, ...]]]


@attrs.frozen
class Reach:
    """How large the figures of some transactions get.

    Base and volume are in minor units; ``items`` is a number.

    >>> Reach(base=100, volume=1000).items
    1
    """

    base: int
    volume: int
    items: int = 1


@attrs.frozen
class Agreement:
    """The terms of some distributors, in a currency of so many digits."""

    terms: Terms
    digits: int


@attrs.frozen
class Route:
    """Where the slots of an agreement begin, and how many a kind and a product have."""

    first: int
    of_kind: int
    of_product: int


@attrs.frozen
class RateTables:
    """The terms of a book as tables, each looked up by one whole number.

    A row finds its formula in three steps: from its slot to a rate, from the rate to a leaf, from
    the leaf to numbers. The slots of an agreement, from the first of its ``routes`` on, are its two
    kinds, in each its products, in each its batches; what is not named comes first. ``slots`` has
    the instants (microseconds since 1970 UTC) from which on each next rate of a slot counts
    (``turn_0``, ``turn_1``) and the first of its rates; ``rates`` the cuts between the cells of
    each (``base_0``, ``base_1``), how many cells there are along every axis, and its first leaf;
    ``leaves`` the shape and the numbers of a formula (``number_0``, ``number_1``). Where every slot
    has one rate, or every rate one leaf, two of the tables are one.
    """

    arithmetic: Arithmetic
    routes: tuple[Route, ...]
    products: Table
    batches: Table
    slots: Table
    rates: Table | None
    leaves: Table | None
    shapes: tuple[Shape, ...]
    in_force: tuple[RateInForce, ...]
    turns: int
    cuts: dict[str, int]
    asks_volume: bool
    asks_months: bool


def rate_tables(agreements: Sequence[Agreement], reach: Reach) -> RateTables:
    """Return the tables of some agreements, for transactions that reach so far.

    Raises:
        InvalidValue: a rate is finer than columns can hold, or a figure can get larger.

    Source: rulebook R11, R12, R13, R14.

    >>> from distbilling.money import Percent
    >>> terms = Terms(Percent("15"), Percent("10"))
    >>> rate_tables([Agreement(terms, 2)], Reach(10_000, 10_000)).slots.columns
    {'slot': [0, 1], 'rate': [0, 1], 'shape': [0, 0], 'number_0': [150000, 100000]}
    """
    numbered = _NumberedRates()
    products: list[tuple[Cell, ...]] = []
    batches: list[tuple[Cell, ...]] = []
    routes: list[Route] = []
    slots: list[_Slot] = []
    for number, agreement in enumerate(agreements):
        rates = agreement.terms.rates
        of_products = sorted({rate.product for rate in rates if rate.product is not None})
        of_batches = sorted({rate.batch for rate in rates if rate.batch is not None})
        products += ((number, name, place) for place, name in enumerate(of_products, 1))
        batches += ((number, name, place) for place, name in enumerate(of_batches, 1))
        per_product = len(of_batches) + 1
        routes.append(Route(len(slots), (len(of_products) + 1) * per_product, per_product))
        for kind, name, batch in product(KINDS, (None, *of_products), (None, *of_batches)):
            slots.append(numbered.slot(agreement, kind, Subject(name, batch)))

    arithmetic = _arithmetic(numbered, reach)
    shapes, leaf_rows = _leaf_rows(numbered.cells, arithmetic)
    slot_table, rate_table, leaf_table = _tables(slots, numbered.cells, leaf_rows)
    return RateTables(
        arithmetic=arithmetic,
        routes=tuple(routes),
        products=Table.of_rows(("agreement", "product", "product_place"), products, "product"),
        batches=Table.of_rows(("agreement", "batch", "batch_place"), batches, "batch"),
        slots=slot_table,
        rates=rate_table,
        leaves=leaf_table,
        shapes=shapes,
        in_force=tuple(rate for rate, _ in numbered.rates),
        turns=max(len(slot.turns) for slot in slots),
        cuts=_cuts(numbered.cells),
        asks_volume=any(cells.asks_volume for cells in numbered.cells),
        asks_months=any(cells.months for cells in numbered.cells),
    )


@attrs.frozen
class _Slot:
    """The rates of one subject of an agreement, and when each next one begins to count."""

    turns: tuple[int, ...]
    rates: tuple[int, ...]


@attrs.define
class _NumberedRates:
    """Numbers each different rate as it is met."""

    rates: dict[tuple[RateInForce, int], int] = attrs.field(
        factory=dict[tuple[RateInForce, int], int]
    )
    cells: list[Cells] = attrs.field(factory=list[Cells])

    def slot(self, agreement: Agreement, kind: CommissionKind, subject: Subject) -> _Slot:
        instants = _instants(agreement.terms)
        turns: list[int] = []
        rates: list[int] = []
        for instant in (min(instants, default=0) - 1, *instants):
            in_force = agreement.terms.rate_for(kind, subject, instant_at(instant, "Etc/UTC"))
            number = self._number(in_force, agreement.digits)
            if rates and number != rates[-1]:
                turns.append(instant)
            if not rates or number != rates[-1]:
                rates.append(number)
        return _Slot(tuple(turns), tuple(rates))

    def _number(self, rate: RateInForce, digits: int) -> int:
        key = (rate, digits)
        if key not in self.rates:
            self.rates[key] = len(self.rates)
            self.cells.append(cells_of(rate.schedule, digits))
        return self.rates[key]


def _instants(terms: Terms) -> list[int]:
    """Return when a rate of the terms starts or ends, in microseconds since 1970 UTC, in order."""
    days = {day for rate in terms.rates for day in (rate.since, rate.until) if day is not None}
    return sorted({microseconds_of(first_instant(str(terms.zone), day), "since") for day in days})


def _arithmetic(numbered: _NumberedRates, reach: Reach) -> Arithmetic:
    """Return the quickest arithmetic that holds all figures."""
    leaves = [leaf for cells in numbered.cells for leaf in cells.leaves]
    parts = parts_needed(leaves)
    if parts is None:
        rates = zip(numbered.rates, numbered.cells, strict=True)
        finest = next(rate for (rate, _), cells in rates if not parts_needed(cells.leaves))
        accepted = (
            "rates of at most 7 decimals, and amounts that with them give at most 9 decimals of a "
            "minor unit"
        )
        raise InvalidValue("terms", finest.format(), accepted)

    most = max(largest(leaf, reach.base, reach.volume, reach.items) for leaf in leaves)
    if (most + 1) * parts < MOST_IN_ONE_COLUMN:
        return OneColumnArithmetic(parts)
    if most > MOST_IN_TWO_COLUMNS + 1:
        accepted = f"amounts whose commission stays within {MOST_IN_TWO_COLUMNS} minor units"
        raise InvalidValue("transactions", most, accepted)
    return TwoColumnArithmetic(parts)


def _leaf_rows(
    cells: Sequence[Cells], arithmetic: Arithmetic
) -> tuple[tuple[Shape, ...], _NamedRows]:
    """Return the different shapes, and rows of the shape and the numbers of each leaf."""
    leaves = [leaf for each in cells for leaf in each.leaves]
    shapes = shapes_of(leaves)
    different = tuple(dict.fromkeys(shapes))
    numbers = [
        numbers_of(leaf, shape, arithmetic) for leaf, shape in zip(leaves, shapes, strict=True)
    ]
    width = max(map(len, numbers))
    names = ("shape", *(f"number_{place}" for place in range(width)))
    rows = [
        (different.index(shape), *own, *(0,) * (width - len(own)))
        for shape, own in zip(shapes, numbers, strict=True)
    ]
    return different, (names, rows)


def _tables(
    slots: Sequence[_Slot], cells: Sequence[Cells], leaf_rows: _NamedRows
) -> tuple[Table, Table | None, Table | None]:
    """Return the tables of slots, rates and leaves: as few as lead from each slot to its leaf."""
    names, rows = leaf_rows
    leaf_table = None
    if any(_cuts(cells).values()):
        leaf_table = _numbered("leaf", names, rows)
        names, rows = _cell_rows(cells)
    rate_rows = [(number, *row) for number, row in enumerate(rows)]

    turns = max(len(slot.turns) for slot in slots)
    if not turns:
        return (
            _numbered("slot", ("rate", *names), [rate_rows[slot.rates[0]] for slot in slots]),
            None,
            leaf_table,
        )
    firsts = accumulate((len(slot.rates) for slot in slots), initial=0)
    slot_rows = [
        (*padded(slot.turns, turns), first) for slot, first in zip(slots, firsts, strict=False)
    ]
    turn_names = [f"turn_{place}" for place in range(turns)]
    of_slots = [rate_rows[rate] for slot in slots for rate in slot.rates]
    return (
        _numbered("slot", (*turn_names, "first_row"), slot_rows),
        _numbered("row", ("rate", *names), of_slots),
        leaf_table,
    )


def _cell_rows(cells: Sequence[Cells]) -> _NamedRows:
    """Return rows of the cuts of each rate, its cells along every axis, and its first leaf."""
    cuts = {axis: width for axis, width in _cuts(cells).items() if width}
    names: list[str] = []
    for axis, width in cuts.items():
        names += [*(f"{axis}_{place}" for place in range(width)), f"{axis}_cells"]

    rows: list[tuple[int, ...]] = []
    first = 0
    for each in cells:
        row: list[int] = []
        for axis, width in cuts.items():
            own = getattr(each, axis)
            row += [*padded(own, width), len(own) + 1]
        rows.append((*row, first))
        first += len(each.leaves)
    return (*names, "first_leaf"), rows


def _cuts(cells: Sequence[Cells]) -> dict[str, int]:
    """Return how many cuts along each axis there are at most."""
    return {axis: max(len(getattr(each, axis)) for each in cells) for axis in AXES}


def _numbered(key: str, names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> Table:
    """Return a table of rows by their numbers."""
    return Table.of_rows((key, *names), [(number, *row) for number, row in enumerate(rows)])
