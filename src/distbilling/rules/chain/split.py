"""The split of one amount between a chain of distributors and the provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar, cast

import attrs

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.circumstances import NO_CIRCUMSTANCES, Circumstances
from distbilling.rules.agreement.rates import ANYTHING
from distbilling.rules.agreement.terms import (
    CommissionKind,
    Margin,
    Remainder,
    Subject,
    Terms,
)
from distbilling.rules.chain.calculations import Calculations, Clawbacks, Commissions, Corrections
from distbilling.rules.chain.margins import commissions_of
from distbilling.rules.chain.shares import Calculation, Party, Share
from distbilling.rules.chain.words import keeping_in_words, provider_in_words, settled_in_words
from distbilling.rules.commission.commission import Commission, commission_under
from distbilling.rules.notebook import html_table

__all__ = ["Level", "Party", "Share", "Split", "split_of"]

_Kind_co = TypeVar("_Kind_co", bound=Calculations, covariant=True)
_Wanted = TypeVar("_Wanted", bound=Calculations)


@attrs.frozen(repr=False)
class Split(fields.Checked, Generic[_Kind_co]):
    """An amount shared between a chain of distributors, seller first, and the provider.

    Nothing is lost, nothing added. The calculations are of one kind: ``Split[Commissions]`` is of
    a payment or sale, ``Split[Clawbacks]`` of its reversal, ``Split[Corrections]`` of a correction.

    Raises:
        InvalidValue: there is no party, one is in the chain twice, or there are calculations for
            more or fewer levels.

    Source: rulebook R15, R16, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> commission = commission_on(Money("10.00", "USD"), Percent("15"))
    >>> split = Split((Party("hudson"),), Commissions((commission,), (commission.earned,)))
    >>> split.earned_by("hudson"), split.provider
    (Money('1.50', 'USD'), Money('8.50', 'USD'))
    """

    parties: tuple[Party, ...] = attrs.field(validator=fields.tuple_of(Party))
    calculations: _Kind_co = attrs.field(
        validator=fields.one_of(Commissions, Clawbacks, Corrections)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        _check_chain("parties", self.parties)
        levels = len(self.calculations.kept)
        if len(self.parties) != levels:
            raise InvalidValue("parties", self.parties, f"one for each of the {levels} levels")

    @property
    def amount(self) -> Money:
        """What is shared; below zero where it is given back."""
        return self.calculations.amount

    @property
    def margin(self) -> Margin:
        """What a margin is, by the terms of the top level."""
        return self.calculations.margin

    @property
    def remainder(self) -> Remainder:
        """Who gets the odd unit, by the terms of the top level."""
        return self.calculations.remainder

    @property
    def distributors(self) -> tuple[str, ...]:
        """The ids of the distributors in the chain, seller first."""
        return tuple(party.distributor for party in self.parties)

    @property
    def seller(self) -> str:
        """The id of the distributor that sold or collected: the first of the chain."""
        return self.parties[0].distributor

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each level keeps and owes, seller first."""
        levels: Sequence[Calculation] = self.calculations.levels
        owed = self.amount
        shares: list[Share] = []
        for party, earned, calculation in zip(
            self.parties, self.calculations.kept, levels, strict=True
        ):
            owed -= earned
            shares.append(_share(party.distributor, earned, owed, calculation, party.netting))
        return tuple(shares)

    @property
    def provider(self) -> Money:
        """What is left for the provider: the amount less what all levels earn."""
        return self.amount - Money.sum(self.calculations.kept)

    @staticmethod
    def between(parties: tuple[Party, ...], calculations: _Wanted) -> Split[_Wanted]:
        """Return the split between these parties by calculations that need no check again."""
        return _split(parties, calculations)

    def of_kind(self, kind: type[_Wanted]) -> Split[_Wanted] | None:
        """Return the split where its calculations are of a kind; else None."""
        return cast("Split[_Wanted]", self) if isinstance(self.calculations, kind) else None

    def earned_by(self, distributor: str) -> Money:
        """Return what a distributor of the chain keeps for itself.

        Raises:
            InvalidValue: it is not in the chain.
        """
        return self.calculations.kept[self._place_of(distributor)]

    def explain(self, locale: str = "en") -> str:
        """Say who keeps what and who owes whom, one line each, in the formats of the locale.

        Raises:
            InvalidValue: the locale is unknown.
        """
        parents = [*self.distributors[1:], sentence("the provider", locale)]
        more = isinstance(self.calculations, Corrections)
        lines: list[str] = []
        for share, parent in zip(self.shares, parents, strict=True):
            lines.append(keeping_in_words(share, parent, locale, more=more))
            lines += self._settlement_in_words(share, locale)
        lines.append(provider_in_words(self.provider, locale, more=more))
        return "\n".join(lines)

    def explain_share(self, distributor: str, locale: str = "en") -> str:
        """Say how the share of a distributor came about, in the words and formats of the locale.

        Raises:
            InvalidValue: it is not in the chain, or the locale is unknown.
        """
        place = self._place_of(distributor)
        sentences = self.calculations.explain(place, distributor, locale)
        return " ".join((*sentences, *self._settlement_in_words(self.parties[place], locale)))

    def _settlement_in_words(self, party: Party | Share, locale: str) -> list[str]:
        """Say that a commission is credited later; nothing of what is given back or corrected."""
        is_new = isinstance(self.calculations, Commissions)
        if party.netting.at_once or not is_new:
            return []
        return [settled_in_words(party.distributor, self.amount, locale)]

    def _place_of(self, distributor: str) -> int:
        distributors = self.distributors
        if distributor not in distributors:
            accepted = f"one of the chain: {', '.join(distributors)}"
            raise InvalidValue("distributor", distributor, accepted)
        return distributors.index(distributor)

    def __repr__(self) -> str:
        return (
            f"Split(amount={self.amount!r}, shares={self.shares!r}, "
            f"margin={self.margin!r}, remainder={self.remainder!r})"
        )

    def _repr_html_(self) -> str:
        levels = (
            (
                share.distributor,
                share.earned.format(exact=True),
                share.owed.format(exact=True),
                share.calculation.explain(),
            )
            for share in self.shares
        )
        provider = ("provider", self.provider.format(exact=True), "", "")
        return html_table((("", "keeps", "owes", "because"), *levels, provider))


@attrs.frozen
class Level(fields.Checked):
    """One level of a chain: a distributor, its terms with the level above it, and its volume.

    ``so_far`` is its own volume of the period before this amount; where it is None, that of the
    circumstances counts.

    Raises:
        InvalidValue: the volume is below zero.

    Source: rulebook R13, R16.

    >>> from distbilling.money import Percent
    >>> Level("hudson", Terms(Percent("15"), Percent("10"))).so_far is None
    True
    """

    distributor: str = attrs.field(validator=fields.identifier)
    terms: Terms = attrs.field(validator=fields.one_of(Terms))
    so_far: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.so_far is not None and self.so_far.is_negative:
            raise InvalidValue("so_far", self.so_far, "an amount of zero or more")

    def circumstances(self, operation: Circumstances) -> Circumstances:
        """Return the circumstances of an operation as they are for this level: with its volume."""
        if self.so_far is None:
            return operation
        return _circumstances(
            operation.items, self.so_far, operation.months, operation.tax, operation.discount
        )


# These are made anew with every payment, from values that were checked.
_split = fields.unchecked(Split)
_share = fields.unchecked(Share)
_party = fields.unchecked(Party)
_circumstances = fields.unchecked(Circumstances)


def split_of(  # noqa: PLR0913 - each is a fact of its own
    kind: CommissionKind,
    amount: Money,
    levels: Sequence[Level],
    *,
    at: datetime,
    subject: Subject = ANYTHING,
    circumstances: Circumstances = NO_CIRCUMSTANCES,
) -> Split[Commissions]:
    """Share an amount between a chain of distributors and the provider.

    Each level is paid by the rate that its own terms have in force; the terms of the top level
    decide what a margin is and who gets the odd unit. However deep the chain and whatever the
    rounding, what all levels earn and the provider's share sum to the amount. A level whose terms
    give it more than those of the level above it gets what that one gets.

    Args:
        kind: A payment or a sale.
        amount: What was paid or sold; a negative amount mirrors the positive one.
        levels: The chain, seller first and top last.
        at: The instant of the payment or sale.
        subject: The product and batch it was for.
        circumstances: What else the rates depend on, for the whole amount.

    Raises:
        InvalidType, InvalidValue, CurrencyMismatch, PrecisionExceeded: as :func:`commission_under`,
            for any level.
        InvalidValue: there is no level, or a distributor is in the chain twice.

    Source: rulebook R16; handbook, "Default sales commission", "Default payment commission".

    >>> import pendulum
    >>> from distbilling.money import Percent
    >>> chain = [
    ...     Level(name, Terms(Percent(rate), Percent("10")))
    ...     for name, rate in (("soho", "15"), ("hudson", "20"))
    ... ]
    >>> noon = pendulum.datetime(2026, 3, 1, 12)
    >>> split = split_of(CommissionKind.SALE, Money("10.00", "USD"), chain, at=noon)
    >>> print(split.explain())
    soho keeps $1.50 and owes hudson $8.50.
    hudson keeps $0.50 and owes the provider $8.00.
    The provider keeps $8.00.
    """
    fields.check_type("levels", levels, list, tuple)
    for level in levels:
        if type(level) is not Level:
            fields.check_type("levels", level, Level)
    fields.check_type("circumstances", circumstances, Circumstances)
    _check_chain("levels", levels)

    def earning(level: Level, on: Money, at_most: Money | None) -> Commission:
        own = level.circumstances(circumstances)
        return commission_under(
            level.terms,
            kind,
            on,
            at=at,
            subject=subject,
            circumstances=own if on is amount else own.limited_to(on),
            at_most=at_most,
        )

    top = levels[-1].terms
    commissions = commissions_of(amount, levels, top.margin, earning)
    return _split(
        tuple([_party(level.distributor, level.terms.netting) for level in levels]),
        Commissions.of(commissions, top.margin, top.remainder),
    )


def _check_chain(field: str, parties: Sequence[Party | Level]) -> None:
    """Refuse a chain without distributors, or with one that is in it twice."""
    if not parties:
        raise InvalidValue(field, parties, "at least one distributor")
    if len(parties) == 1:
        return
    seen: set[str] = set()
    for party in parties:
        if party.distributor in seen:
            raise InvalidValue(field, party.distributor, "each distributor once")
        seen.add(party.distributor)
