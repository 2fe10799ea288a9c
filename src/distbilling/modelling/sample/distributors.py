"""Sample books: distributors of many places, currencies, cycles, limits and agreements."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs
from pendulum import DateTime

from distbilling.modelling.arithmetic.dice import Dice, check_seed
from distbilling.modelling.book.book import Book
from distbilling.modelling.sample.agreements import (
    plain_terms,
    rates_exceeding,
    terms_alone,
    terms_below,
)
from distbilling.modelling.sample.credit import credit_of, increases_of, plain_credit, size_of
from distbilling.modelling.sample.places import HOME, PLACES, TRADES, Place
from distbilling.money import Currency
from distbilling.periods import (
    CYCLE_KINDS,
    Cycle,
    EveryDays,
    MonthEnd,
    Monthly,
    Weekday,
    first_instant,
)
from distbilling.periods.instant import local_day
from distbilling.rules import fields
from distbilling.rules.agreement.terms import Terms
from distbilling.rules.parties import Distributor

__all__ = ["sample_book"]

_MOST: Final = 100_000
_DAYS_BEFORE: Final = 730
_ANCHOR: Final = dt.timedelta(days=400)
_FAMILY: Final = 10
"""Of so many distributors, one has others below it."""
_BELOW: Final = {3: 0, 5: 0, 8: 3}
"""Who stands below whom in a family: two below the first, and one below the first of these."""


@attrs.frozen
class _Seat:
    """A distributor to be made: its place and name, and the numbers of those above it.

    The nearest is first.
    ``turn`` counts those that stand below nobody; who is below another has that one's.
    """

    number: int
    turn: int
    dice: Dice
    place: Place
    name: str
    ancestors: tuple[int, ...]

    @property
    def id(self) -> str:
        """The name as an identifier: plain letters, digits and hyphens."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return plain.lower().replace(" ", "-").replace("'", "")

    @property
    def currency(self) -> Currency:
        """The currency of the place."""
        return Currency(self.place.currency)


def sample_book(distributors: int = 20, *, seed: int, since: dt.date, plain: bool = False) -> Book:
    """Return a book of so many distributors, the same for the same seed on every machine.

    Most were created in the two years before ``since``, one in five in the four months after it.
    Every kind of cycle, schedule, threshold and rounding comes up in turn; some stand below others,
    up to three levels. ``plain`` leaves one place and currency, months, percentages, and no one
    below another.

    Raises:
        InvalidType: the number or the seed is no whole number, or ``since`` no date.
        InvalidValue: the number is outside 1 to 100,000.

    >>> book = sample_book(3, seed=1, since=dt.date(2025, 1, 1), plain=True)
    >>> {distributor.currency.code for distributor in book.distributors}
    {'USD'}
    """
    fields.check_whole("distributors", distributors, 1, _MOST)
    check_seed(seed)
    first = local_day(since, "since")
    seats = list(_seats(distributors, seed, plain=plain))
    sizes = Counter[int]()
    for seat in seats:
        sizes.update(dict.fromkeys((seat.number, *seat.ancestors), size_of(seat.id)))
    made: list[Distributor] = []
    for seat in seats:
        parent = made[seat.ancestors[0]] if seat.ancestors else None
        size = sizes[seat.number]
        made.append(_plain(seat, first, size) if plain else _taken(seat, first, size, parent))
    return Book(tuple(made))


def _seats(distributors: int, seed: int, *, plain: bool) -> Iterator[_Seat]:
    names: Counter[str] = Counter()
    turns = [number for number in range(distributors) if plain or not _ancestors(number)]
    turn_of = {number: turn for turn, number in enumerate(turns)}

    for number in range(distributors):
        dice = Dice(seed, f"distributor {number}")
        ancestors = () if plain else _ancestors(number)
        turn = turn_of[(ancestors or (number,))[-1]]
        place = HOME if plain else PLACES[turn % len(PLACES)]
        name = f"{dice.pick('first name', place.names)} {dice.pick('trade', TRADES)}"
        names[name] += 1
        yield _Seat(
            number,
            turn,
            dice,
            place,
            name if names[name] == 1 else f"{name} {names[name]}",
            ancestors,
        )


def _ancestors(number: int) -> tuple[int, ...]:
    """Return the numbers of those above a number, nearest first."""
    first, place = number - number % _FAMILY, number % _FAMILY
    ancestors: list[int] = []
    while place in _BELOW:
        place = _BELOW[place]
        ancestors.append(first + place)
    return tuple(ancestors)


def _plain(seat: _Seat, since: dt.date, size: int) -> Distributor:
    created = first_instant(
        seat.place.zone, since - dt.timedelta(days=1 + seat.dice.below("days before", _DAYS_BEFORE))
    )
    credit = plain_credit(seat.dice, size, seat.currency)
    cycle = Monthly(seat.place.zone)
    return Distributor(
        seat.id, seat.name, seat.currency, plain_terms(seat.dice), credit, cycle, created
    )


def _taken(seat: _Seat, since: dt.date, size: int, parent: Distributor | None) -> Distributor:
    created = _created(seat, since)
    if parent is not None:
        created = max(created, parent.created)
    credit = credit_of(seat.number, seat.dice, size, seat.currency)

    return Distributor(
        seat.id,
        seat.name,
        seat.currency,
        _terms(seat, since),
        credit,
        _cycle(seat, since),
        created,
        parent=None if parent is None else parent.id,
        increases=increases_of(seat.dice, credit, created),
    )


def _terms(seat: _Seat, since: dt.date) -> Terms:
    if seat.ancestors:
        return terms_below(len(seat.ancestors), seat.dice)
    if seat.number % _FAMILY in _BELOW.values():
        return rates_exceeding(seat.turn, seat.dice, seat.currency)
    return terms_alone(seat.turn, seat.dice, seat.currency, seat.place.zone, since)


def _cycle(seat: _Seat, since: dt.date) -> Cycle:
    """Return a cycle: of every other distributor by months, of the rest each kind in turn."""
    zone, dice = seat.place.zone, seat.dice
    half, odd = divmod(seat.number, 2)
    if not odd:
        return Monthly(zone)
    kinds = [kind for kind in CYCLE_KINDS if kind is not Monthly]
    kind = kinds[half % len(kinds)]

    return kind.from_fields(
        zone,
        n=30 if kind is EveryDays else 2,
        first=since - _ANCHOR,
        first_day=dice.pick("weekday", tuple(Weekday)),
        first_month=1 + dice.below("month", 12),
        day=28 + dice.below("day", 4),
        month_end=dice.pick("month end", tuple(MonthEnd)),
    )


def _created(seat: _Seat, since: dt.date) -> DateTime:
    """Return when it was created: one in five in the months after ``since``, the others before."""
    if seat.dice.chance("later", 20):
        return first_instant(
            seat.place.zone, since + dt.timedelta(days=seat.dice.below("days after", 120))
        ).add(hours=9)
    day = since - dt.timedelta(days=1 + seat.dice.below("days before", _DAYS_BEFORE))
    return first_instant(seat.place.zone, day).add(hours=seat.dice.pick("hour", (0, 0, 9, 14)))
