"""Which formula counts for which distributor, subject and time? The terms of a book as small tables of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, product
from typing import Any, Final

import attrs

from distbilling.errors import InvalidValue
from distbilling.modelling.arithmetic.arithmetic import (
    MOST_NARROW,
    MOST_WIDE,
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


@attrs.frozen
class Reach:
    """How large the figures of some transactions can get: a base and a volume in minor units, and a number of items.

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
    """Where the slots of an agreement begin, and how many there are for a kind and for a product."""

    first: int
    of_kind: int
    of_product: int


@attrs.frozen
class RateTables:
    """The terms of a book as tables, each looked up by one whole number.

    The slots of an agreement, from the first of its ``routes`` on, are its two kinds, in each its
    products, in each its batches, what is not named first. ``slots`` has the instants (microseconds
    since 1970 UTC) from which on each next rate of a slot counts (``turn_0`` …) and the first of
    its rates; ``rates`` the bounds of the cells of each (``base_0`` …), how many there are along
    every axis, and its first leaf; ``leaves`` the shape and the numbers of a formula (``number_0``
    …). Where every slot has one rate, or every rate one leaf, the tables are one.
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
    >>> tables = rate_tables([Agreement(Terms(Percent("15"), Percent("10")), 2)], Reach(10_000, 10_000))
    >>> tables.slots.columns
    {'slot': [0, 1], 'rate': [0, 1], 'shape': [0, 0], 'number_0': [150000, 100000]}
    """
    found = _Found()
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
            slots.append(found.slot(agreement, kind, Subject(name, batch)))
    return RateTables(
        routes=tuple(routes),
        products=Table.of_rows(("agreement", "product", "product_place"), products, "product"),
        batches=Table.of_rows(("agreement", "batch", "batch_place"), batches, "batch"),
        in_force=tuple(rate for rate, _ in found.rates),
        **_laid_out(slots, found, reach),
    )


@attrs.frozen
class _Slot:
    """The rates of one subject of an agreement, and the instants from which on each next one counts."""

    turns: tuple[int, ...]
    rates: tuple[int, ...]


@attrs.define
class _Found:
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
    """Return the instants at which a rate of the terms starts or ends, in microseconds since 1970 UTC, in order."""
    days = {day for rate in terms.rates for day in (rate.since, rate.until) if day is not None}
    return sorted({microseconds_of(first_instant(str(terms.zone), day), "since") for day in days})


def _laid_out(slots: Sequence[_Slot], found: _Found, reach: Reach) -> dict[str, Any]:
    """Return the tables of slots, rates and leaves, and what is to be known of them."""
    cells = found.cells
    leaves = [leaf for each in cells for leaf in each.leaves]
    arithmetic = _arithmetic(found, reach)
    shapes = shapes_of(leaves)
    different = tuple(dict.fromkeys(shapes))
    numbers = [
        numbers_of(leaf, shape, arithmetic) for leaf, shape in zip(leaves, shapes, strict=True)
    ]
    width = max(map(len, numbers))
    leaf_names = ("shape", *(f"number_{place}" for place in range(width)))
    leaf_rows = [
        (different.index(shape), *found, *(0,) * (width - len(found)))
        for shape, found in zip(shapes, numbers, strict=True)
    ]
    cuts = {axis: max(len(getattr(each, axis)) for each in cells) for axis in AXES}
    rate_names, rate_rows = (
        ("rate", *leaf_names),
        [(number, *row) for number, row in enumerate(leaf_rows)],
    )
    leaf_table = None
    if any(cuts.values()):
        leaf_table = Table.of_rows(
            ("leaf", *leaf_names), [(number, *row) for number, row in enumerate(leaf_rows)]
        )
        rate_names, rate_rows = _of_cells(cells, cuts)
    turns = max(len(slot.turns) for slot in slots)
    rate_table = None
    if turns:
        every = [rate for slot in slots for rate in slot.rates]
        firsts = accumulate((len(slot.rates) for slot in slots), initial=0)
        rate_table = Table.of_rows(
            ("row", *rate_names), [(row, *rate_rows[rate]) for row, rate in enumerate(every)]
        )
        slot_names = ("slot", *(f"turn_{place}" for place in range(turns)), "first_row")
        slot_rows = [
            (number, *padded(slot.turns, turns), first)
            for number, (slot, first) in enumerate(zip(slots, firsts, strict=False))
        ]
    else:
        slot_names = ("slot", *rate_names)
        slot_rows = [(number, *rate_rows[slot.rates[0]]) for number, slot in enumerate(slots)]
    return {
        "arithmetic": arithmetic,
        "slots": Table.of_rows(slot_names, slot_rows),
        "rates": rate_table,
        "leaves": leaf_table,
        "shapes": different,
        "turns": turns,
        "cuts": cuts,
        "asks_volume": any(each.asks_volume for each in cells),
        "asks_months": any(each.months for each in cells),
    }


def _of_cells(
    cells: Sequence[Cells], cuts: dict[str, int]
) -> tuple[tuple[str, ...], list[tuple[int, ...]]]:
    """Return the bounds of the cells of each rate, how many cells follow each other along every axis, and the first leaf."""
    names = ["rate"]
    for axis, width in cuts.items():
        names += [
            *(f"{axis}_{place}" for place in range(width)),
            *([f"{axis}_cells"] if width else []),
        ]
    rows: list[tuple[int, ...]] = []
    first = 0
    for number, each in enumerate(cells):
        row = [number]
        for axis, width in cuts.items():
            bounds = getattr(each, axis)
            row += [*padded(bounds, width), *([len(bounds) + 1] if width else [])]
        rows.append((*row, first))
        first += len(each.leaves)
    return (*names, "first_leaf"), rows


def _arithmetic(found: _Found, reach: Reach) -> Arithmetic:
    leaves = [leaf for each in found.cells for leaf in each.leaves]
    parts = parts_needed(leaves)
    if parts is None:
        rate = next(
            rate
            for (rate, _), cells in zip(found.rates, found.cells, strict=True)
            if not parts_needed(cells.leaves)
        )
        accepted = "rates of at most 7 decimals, and amounts that with them give at most 9 decimals of a minor unit"
        raise InvalidValue("terms", rate.format(), accepted)
    most = max(largest(leaf, reach.base, reach.volume, reach.items) for leaf in leaves)
    if (most + 1) * parts < MOST_NARROW:
        return OneColumnArithmetic(parts)
    if most > MOST_WIDE + 1:
        raise InvalidValue(
            "transactions", most, f"amounts whose commission stays within {MOST_WIDE} minor units"
        )
    return TwoColumnArithmetic(parts)
