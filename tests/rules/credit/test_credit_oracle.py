"""Notices on any way that a balance may take, compared with a second, naive reading of the rules.

The oracle shares nothing with the machine: it goes by whole histories in hundredths of a cent, one
threshold at a time, and looks up when each was crossed and when it had recovered; the machine goes
by steps, and remembers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from random import Random
from typing import Any, NamedTuple

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling.money import Money, Percent
from distbilling.rules.credit import (
    CreditLimit,
    CreditTerms,
    Crossing,
    EveryFurther,
    Limit,
    PercentOfLimit,
    Rearm,
    Threshold,
    Unlimited,
)
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate

FIRST = pendulum.datetime(2026, 1, 1)
HOURS = [FIRST.add(hours=number) for number in range(4000)]
CENT = 100


class Agreed(NamedTuple):
    """Terms as an accountant would note them: in hundredths of a cent, and hours; None is none."""

    limit: int | None
    levels: tuple[int, ...]
    exceeds: bool
    band: int | None
    band_percent: int | None
    interval: int | None
    repeats: int | None
    tells_cleared: bool

    def is_crossed(self, level: int, owed: int) -> bool:
        return owed > level if self.exceeds else owed >= level

    def is_recovered(self, level: int, owed: int) -> bool:
        back = (self.band or 0) if self.band_percent is None else level * self.band_percent // 100
        return owed <= level - back if self.exceeds else owed < level - back


class Step(NamedTuple):
    """One evaluation: under which terms, what is owed, the limit in force, and when."""

    terms: int
    owed: int
    limit: int | None
    hour: int


class Told(NamedTuple):
    """A notice at one step; ``begin`` is the step at which its warning or suspension began."""

    step: int
    group: int
    threshold: int
    begin: int


CLEARED, WARNED, STOPPED = range(3)


def told_by_the_book(agreed: Sequence[Agreed], steps: Sequence[Step]) -> list[list[str]]:
    """Return the keys of what is to be told at each step."""
    found = list(_stops(steps))
    settled = list(_last_settled(steps))
    eras = [
        list(era)
        for _, era in groupby(range(len(steps)), lambda step: _basis(agreed[steps[step].terms]))
    ]
    for era, following in zip(eras, [*eras[1:], []], strict=True):
        for level in sorted(set(agreed[steps[era[0]].terms].levels)):
            found += _warnings(level, era, following, agreed, steps, settled)
    numbers = count(1)
    numbers_given: dict[tuple[int, int], int] = {}
    keys: list[list[str]] = [[] for _ in steps]
    for told in sorted(
        found,
        key=lambda each: (
            each.step,
            each.group,
            -each.threshold if each.group == CLEARED else each.threshold,
        ),
    ):
        threshold = 0 if told.group == STOPPED else told.threshold
        mark = (told.begin, threshold if told.group != STOPPED else -1)
        begins = told.begin == told.step
        if begins:
            numbers_given[mark] = next(numbers)
        keys[told.step].append(
            f"{_word(told.group, begins=begins)}{_plain(told)}/{numbers_given[mark]}"
        )
    return keys


def _basis(terms: Agreed) -> tuple[object, ...]:
    return terms.limit, tuple(sorted(set(terms.levels))), terms.exceeds


def _word(group: int, *, begins: bool) -> str:
    if group == STOPPED:
        return "suspended" if begins else "resumed"
    return "threshold-" if begins else "cleared-"


def _plain(told: Told) -> str:
    if told.group == STOPPED:
        return ""
    whole, part = divmod(abs(told.threshold), 100 * CENT)
    decimals = f".{part:04}".rstrip("0").rstrip(".")
    return f"{'-' if told.threshold < 0 else ''}{whole}{decimals}"


def _stops(steps: Sequence[Step]) -> Iterator[Told]:
    """Yield suspensions and resumptions: the ends of each stretch at the limit or above it."""
    at_limit = [step.limit is not None and step.owed >= step.limit for step in steps]
    begin = None
    for stopped, stretch in groupby(range(len(steps)), lambda step: at_limit[step]):
        first = next(stretch)
        if stopped:
            begin = first
            yield Told(first, STOPPED, 0, first)
        elif begin is not None:
            yield Told(first, STOPPED, 0, begin)


def _last_settled(steps: Sequence[Step]) -> Iterator[int]:
    """Yield for each step the last one, up to it, at which nothing was owed; -1 for none."""
    last = -1
    for number, step in enumerate(steps):
        if step.owed <= 0:
            last = number
        yield last


def _warnings(  # noqa: PLR0913, PLR0917 - one threshold, and the whole history
    level: int,
    era: list[int],
    following: list[int],
    agreed: Sequence[Agreed],
    steps: Sequence[Step],
    settled: list[int],
) -> Iterator[Told]:
    crossed = [
        step for step in era if agreed[steps[step].terms].is_crossed(level, steps[step].owed)
    ]
    recovered = [
        step for step in era if agreed[steps[step].terms].is_recovered(level, steps[step].owed)
    ]
    warned: list[int] = []
    place = back = 0
    while place < len(crossed):
        step = crossed[place]
        place += 1
        if not _is_due(step, warned, agreed[steps[step].terms], steps, settled):
            continue
        warned.append(step)
        yield Told(step, WARNED, level, step)
        while back < len(recovered) and recovered[back] < step:
            back += 1
        if back == len(recovered):
            yield from _ended_by_new_terms(level, step, following, agreed, steps)
            return
        if agreed[steps[recovered[back]].terms].tells_cleared:
            yield Told(recovered[back], CLEARED, level, step)
        while place < len(crossed) and crossed[place] < recovered[back]:
            place += 1


def _is_due(
    step: int, warned: list[int], terms: Agreed, steps: Sequence[Step], settled: list[int]
) -> bool:
    if (
        terms.interval is not None
        and warned
        and steps[step].hour - steps[warned[-1]].hour < terms.interval
    ):
        return False
    return (
        terms.repeats is None or sum(before > settled[step] for before in warned) <= terms.repeats
    )


def _ended_by_new_terms(
    level: int, begin: int, following: list[int], agreed: Sequence[Agreed], steps: Sequence[Step]
) -> Iterator[Told]:
    if following:
        step = steps[following[0]]
        terms = agreed[step.terms]
        stays = level in terms.levels and terms.is_crossed(level, step.owed)
        if not stays and terms.tells_cleared:
            yield Told(following[0], CLEARED, level, begin)


def _money(hundredths: int) -> Money:
    sign, (whole, part) = "-" if hundredths < 0 else "", divmod(abs(hundredths), 100 * CENT)
    return Money(f"{sign}{whole}.{part:04}", "USD")


AMOUNTS: dict[int, Money] = {}


def money(hundredths: int) -> Money:
    """Return an amount, made once."""
    return AMOUNTS.get(hundredths) or AMOUNTS.setdefault(hundredths, _money(hundredths))


def _drawn_rearm(random: Random) -> tuple[Rearm, dict[str, Any]]:
    band = random.choice((None, 0, 1, 500, 20_000)) if random.random() < 0.7 else None
    percent = random.choice((0, 1, 10, 50, 100)) if band is None and random.random() < 0.7 else None
    interval = random.choice((None, None, 1, 5, 40))
    repeats = random.choice((None, None, 0, 1, 3))
    tells = random.random() < 0.8
    agreed = {
        "band": None if band is None else band * CENT,
        "band_percent": percent,
        "interval": interval,
        "repeats": repeats,
        "tells_cleared": tells,
    }
    rearm = Rearm(
        Percent(percent) if percent is not None else None if band is None else money(band * CENT),
        None if interval is None else dt.timedelta(hours=interval),
        repeats,
        tells,
    )
    return rearm, agreed


def drawn_terms(random: Random) -> tuple[CreditTerms, Agreed]:
    """Return credit terms as ours and as an accountant's."""
    dollars = random.choice((None, 0, 10, 100, 1000, 1001))
    limit: CreditLimit = Unlimited() if dollars is None else Limit(Money(dollars, "USD"))
    thresholds: list[Threshold] = []
    levels: set[int] = set()
    for _ in range(random.randrange(6)):
        if random.random() < 0.5:
            percent = random.randrange(101)
            thresholds.append(PercentOfLimit(percent))
            levels |= {dollars * percent * CENT} if dollars else set()
        else:
            cents = random.choice((0, 1, 500, 1000, 50_000, random.randrange(120_000)))
            thresholds.append(money(cents * CENT))
            levels.add(cents * CENT)
    if random.random() < 0.3:
        step, most = random.choice((1, 1000, 10_000)), random.randrange(1, 5)
        thresholds.insert(
            random.randrange(len(thresholds) + 1), EveryFurther(money(step * CENT), most)
        )
        highest = max(levels, default=0)
        levels |= {highest + step * CENT * number for number in range(1, most + 1)}
    compare = random.choice(tuple(Crossing))
    rearm, agreed = _drawn_rearm(random)
    told = Agreed(
        None if dollars is None else dollars * 100 * CENT,
        tuple(levels),
        compare is Crossing.EXCEEDS,
        **agreed,
    )
    return CreditTerms(limit, tuple(thresholds), compare, rearm=rearm), told


def _with_another_limit(terms: CreditTerms, told: Agreed) -> tuple[CreditTerms, Agreed]:
    """Return the same thresholds, as amounts, under another limit."""
    limit = (told.limit or 0) + 7_00 * CENT
    amounts: tuple[Threshold, ...] = terms.levels.thresholds
    return attrs.evolve(terms, limit=Limit(money(limit)), thresholds=amounts), told._replace(
        limit=limit
    )


def drawn_steps(random: Random, agreed: Sequence[Agreed], length: int) -> list[Step]:
    """Return a way of a balance that often lands on a threshold, and has old dates at times."""
    terms, owed, hour, raised = 0, 0, 10, 0
    steps: list[Step] = []
    for _ in range(length):
        if random.random() < 0.03:
            terms = random.randrange(len(agreed))
        now = agreed[terms]
        way = random.random()
        if way < 0.6:
            line = random.choice((*now.levels, 0, now.limit or 0))
            if random.random() < 0.4:
                line -= (
                    (now.band or 0)
                    if now.band_percent is None
                    else abs(line) * now.band_percent // 100 // CENT * CENT
                )
            owed = line + random.choice((-1, 0, 0, 1)) * CENT
        elif way < 0.8:
            owed += random.randrange(-3000, 3001) * CENT
        elif way < 0.95:
            owed = random.randrange(-2000, 130_000) * CENT
        hour = max(0, hour + random.choice((0, 1, 1, 2, 5, -3)))
        if random.random() < 0.05:
            raised = random.choice((0, 0, 1000 * CENT, 100_000 * CENT))
        steps.append(Step(terms, owed, None if now.limit is None else now.limit + raised, hour))
    return steps


PARTY = "hudson/2"


def follow(random: Random, length: int) -> int:
    """Evaluate one way step by step, compare its notices with the book, and count them."""
    drawn = [drawn_terms(random) for _ in range(random.randrange(1, 4))]
    drawn += [_with_another_limit(*drawn[0])]
    agreed = [told for _, told in drawn]
    steps = drawn_steps(random, agreed, length)
    expected = told_by_the_book(agreed, steps)
    standing = CreditStanding.new(PARTY)
    seen: set[str] = set()
    for step, keys in zip(steps, expected, strict=True):
        limit: CreditLimit = Unlimited() if step.limit is None else Limit(money(step.limit))
        facts = CreditFacts(money(step.owed), HOURS[step.hour], limit)
        standing, told = evaluate(drawn[step.terms][0], standing, facts)
        assert [notice.key for notice in told] == [f"hudson%2F2/{key}" for key in keys]
        for notice in told:
            assert (notice.distributor, notice.at, notice.owed) == (PARTY, facts.at, facts.owed)
        _check_keys(seen, [notice.key for notice in told])
        again, nothing = evaluate(drawn[step.terms][0], standing, facts)
        assert again is standing
        assert nothing == ()
    return len(seen)


BEGINNINGS = {"cleared": "threshold", "resumed": "suspended"}


def _check_keys(seen: set[str], keys: list[str]) -> None:
    """Check that no key comes twice, and that what ends has begun."""
    for key in keys:
        assert key not in seen
        party, what, warning_number = key.split("/")
        kind, dash, threshold = what.partition("-")
        if kind in BEGINNINGS:
            assert f"{party}/{BEGINNINGS[kind]}{dash}{threshold}/{warning_number}" in seen
        seen.add(key)


@given(random=st.randoms(use_true_random=False))
def test_on_any_short_way_all_is_told_as_the_book_says(random):
    follow(random, 12)


def test_on_long_ways_all_is_told_as_the_book_says_and_nothing_twice():
    told = sum(follow(Random(seed), 250) for seed in range(40))  # noqa: S311 - drawn alike
    assert told > 2000


@pytest.mark.exhaustive
@pytest.mark.parametrize("block", range(20))
def test_on_ten_thousand_ways_of_a_thousand_steps_all_is_told_as_the_book_says(block):
    for seed in range(block * 500, block * 500 + 500):
        follow(Random(seed), 1000)  # noqa: S311 - drawn alike every time
