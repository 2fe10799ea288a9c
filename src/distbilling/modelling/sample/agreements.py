"""The terms of a sample: commission of every kind of schedule, with dates and policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import attrs

from distbilling.modelling.arithmetic.dice import Dice
from distbilling.modelling.sample.places import BATCHES, PRODUCTS, unit_of
from distbilling.money import Currency, Money, Percent, RoundingMethod
from distbilling.money.units import from_units
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.measure import Measure, Per, Tiering
from distbilling.rules.agreement.rates import CommissionKind, Rate
from distbilling.rules.agreement.schedule import (
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    FlatFee,
    Schedule,
    Stage,
    Sum,
)
from distbilling.rules.agreement.terms import Margin, Remainder, Terms

__all__ = ["plain_terms", "rates_exceeding", "terms_alone", "terms_below"]

_POINTS_BELOW_PARENT: Final = Decimal(3)
_CAMPAIGN_DAYS: Final = (45, 135)


@attrs.frozen
class Agreement:
    """What a schedule of a sample is made of: chance, and the currency of its amounts."""

    dice: Dice
    currency: Currency

    def rate(self, name: str, least: int, most: int) -> Percent:
        """Return a rate between two percentages, in quarters of a percent."""
        return Percent(least + Decimal(self.dice.below(name, (most - least) * 4 + 1)) / 4)

    def money(self, hundredths: int) -> Money:
        """Return so many hundredths of what a dollar buys."""
        places = self.currency.digits or 0
        return from_units(max(hundredths * unit_of(self.currency) // 100, 1), places, self.currency)


def _percent(deal: Agreement) -> Schedule:
    return deal.rate("rate", 10, 18)


def _percent_and_fee(deal: Agreement) -> Schedule:
    return Sum((deal.rate("rate", 8, 14), FlatFee(deal.money(25 + deal.dice.below("fee", 75)))))


def _fee_for_each(deal: Agreement) -> Schedule:
    return Sum(
        (deal.rate("rate", 4, 8), FlatFee(deal.money(50 + deal.dice.below("fee", 50)), Per.ITEM))
    )


def _at_least(deal: Agreement) -> Schedule:
    return Bounded(deal.rate("rate", 8, 14), minimum=deal.money(100))


def _at_most(deal: Agreement) -> Schedule:
    return Bounded(deal.rate("rate", 12, 20), cap=deal.money(400 + 100 * deal.dice.below("cap", 5)))


def _bounded_sum(deal: Agreement) -> Schedule:
    return Bounded(_percent_and_fee(deal), minimum=deal.money(120), cap=deal.money(1_000))


def _by_volume(deal: Agreement, tiering: Tiering) -> Schedule:
    first, step = deal.rate("first", 10, 12), Decimal(deal.dice.below("step", 4) + 2) / 2
    bounds = [deal.money(hundredths) for hundredths in (0, 100_000, 300_000, 800_000)]
    bounds[0] = Money.zero(deal.currency)
    uppers = (*bounds[1:], None)
    rates = [Percent(first.value + place * step) for place in range(len(bounds))]
    return Brackets(tuple(map(Bracket, bounds, uppers, rates)), tiering)


def _slice_by_slice(deal: Agreement) -> Schedule:
    return _by_volume(deal, Tiering.MARGINAL)


def _as_a_whole(deal: Agreement) -> Schedule:
    return _by_volume(deal, Tiering.WHOLE)


def _slices_of_the_operation(deal: Agreement) -> Schedule:
    nothing, middle = Money.zero(deal.currency), deal.money(2_000)
    brackets = (
        Bracket(nothing, middle, deal.rate("low", 14, 18)),
        Bracket(middle, None, deal.rate("high", 6, 10)),
    )
    return Brackets(brackets, Tiering.MARGINAL, Measure.OPERATION)


def _fee_below_rate_above(deal: Agreement) -> Schedule:
    nothing, middle = Money.zero(deal.currency), deal.money(1_500)
    brackets = (
        Bracket(nothing, middle, FlatFee(deal.money(100))),
        Bracket(middle, None, deal.rate("rate", 8, 12)),
    )
    return Brackets(brackets, Tiering.WHOLE, Measure.OPERATION)


def _by_age(deal: Agreement) -> Schedule:
    first = deal.rate("first", 15, 20)
    return ByAge(
        (Stage(3, first), Stage(9, Percent(first.value - 3)), Stage(None, Percent(first.value - 5)))
    )


def _bounded_by_age(deal: Agreement) -> Schedule:
    return Bounded(_by_age(deal), minimum=deal.money(50), cap=deal.money(700))


def _bounded_brackets(deal: Agreement) -> Schedule:
    return Bounded(_slice_by_slice(deal), cap=deal.money(600))


_SHAPES: Final[tuple[Callable[[Agreement], Schedule], ...]] = (
    _percent, _percent_and_fee, _by_age, _slice_by_slice, _at_most, _fee_for_each, _as_a_whole,
    _at_least, _slices_of_the_operation, _bounded_sum, _fee_below_rate_above, _bounded_by_age,
    _bounded_brackets,
)  # fmt: skip
_SHAPES_ABOVE: Final = (_percent, _percent_and_fee, _slice_by_slice, _as_a_whole, _by_age)
"""Those that leave room below them on every amount."""
_LEAST_ABOVE: Final = Decimal(8)
"""None of those above gives less than this percentage."""
_ROUNDINGS: Final = tuple(RoundingMethod)
_REMAINDERS: Final = tuple(Remainder)
_BASES: Final = (
    Basis(), Basis(), Basis(TaxBasis.NET_OF_TAX), Basis(),
    Basis(discount=DiscountBasis.BEFORE_DISCOUNT),
    Basis(TaxBasis.NET_OF_TAX, DiscountBasis.BEFORE_DISCOUNT),
)  # fmt: skip


def plain_terms(dice: Dice) -> Terms:
    """Return a percentage of sales and one of payments."""
    return Terms(Percent(10 + dice.below("sales", 11)), Percent(5 + dice.below("payments", 8)))


def terms_alone(turn: int, dice: Dice, currency: Currency, zone: str, since: dt.date) -> Terms:
    """Return the terms of a distributor outside a chain: in turn, every kind that there is.

    Some have rates of their own for a product, a batch, or the time of a campaign.

    Args:
        turn: the number of the distributor among those outside a chain and at its top.
        dice: what is drawn from.
        currency: of the amounts.
        zone: in which rates are dated.
        since: the first day of trade.
    """
    sales, payments = _pair(_SHAPES, turn, dice, currency)
    rates = _own_rates(turn, Agreement(dice, currency), since)
    rounding, basis = _ROUNDINGS[turn % len(_ROUNDINGS)], _BASES[turn % len(_BASES)]
    return Terms(sales, payments, rounding, rates, zone, basis=basis)


def rates_exceeding(turn: int, dice: Dice, currency: Currency) -> Terms:
    """Return the terms of a distributor with others below it; margins and odd cents differ."""
    sales, payments = _pair(_SHAPES_ABOVE, turn, dice, currency)
    margin = (
        Margin.OWN_RATE_ON_THE_REST if dice.chance("margin", 25) else Margin.DIFFERENCE_OF_RATES
    )
    remainder = dice.pick("remainder", _REMAINDERS)
    return Terms(
        sales, payments, dice.pick("rounding", _ROUNDINGS), margin=margin, remainder=remainder
    )


def terms_below(levels: int, dice: Dice) -> Terms:
    """Return the terms of a distributor so many levels below the top: lower than its parent's."""
    most = _LEAST_ABOVE - (levels - 1) * _POINTS_BELOW_PARENT
    sales, payments = (
        Percent(most - Decimal(dice.below(name, 8)) / 4) for name in ("sales", "payments")
    )
    return Terms(sales, payments, dice.pick("rounding", _ROUNDINGS))


def _pair(
    shapes: tuple[Callable[[Agreement], Schedule], ...], turn: int, dice: Dice, currency: Currency
) -> tuple[Schedule, Schedule]:
    """Return a schedule for sales, and another for payments."""
    kinds = (
        attrs.evolve(dice, owner=f"{dice.owner} sales"),
        attrs.evolve(dice, owner=f"{dice.owner} payments"),
    )
    first, second = (Agreement(kind, currency) for kind in kinds)
    return shapes[turn % len(shapes)](first), shapes[(turn + len(shapes) // 2) % len(shapes)](
        second
    )


def _own_rates(turn: int, deal: Agreement, since: dt.date) -> tuple[Rate, ...]:
    first, last = (since + dt.timedelta(days=days) for days in _CAMPAIGN_DAYS)
    campaign = tuple(
        Rate(kind, deal.rate("campaign", 18, 22), since=first, until=last)
        for kind in CommissionKind
    )
    product = deal.dice.pick("product", PRODUCTS)
    on_product = Rate(CommissionKind.SALE, deal.rate("on product", 20, 25), product=product)
    raised = (
        Rate(CommissionKind.PAYMENT, deal.rate("at first", 5, 7), product=product, until=last),
        Rate(CommissionKind.PAYMENT, deal.rate("raised", 8, 10), product=product, since=last),
    )
    on_batch = Rate(
        CommissionKind.SALE, deal.rate("on batch", 25, 30), batch=deal.dice.pick("batch", BATCHES)
    )
    choices = (
        (),
        campaign,
        (on_product, *raised),
        (),
        (on_batch, *raised),
        (*campaign, on_product, on_batch),
    )
    return choices[(turn + turn // len(choices)) % len(choices)]
