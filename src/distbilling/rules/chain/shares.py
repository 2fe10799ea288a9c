"""Who keeps what of one amount, and who owes whom? Shares of a chain of distributors and of the provider; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import sub
from typing import Final, Protocol

import attrs

from distbilling.errors import CurrencyMismatch, InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.schedule_checks import amount_text
from distbilling.rules.agreement.terms import Margin, Netting, Remainder
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.chain.margins import margins_of
from distbilling.rules.chain.words import (
    difference_in_words,
    keeping_in_words,
    margin_in_words,
    provider_in_words,
    settled_in_words,
)
from distbilling.rules.commission.commission import Commission
from distbilling.rules.notebook import html_table

__all__ = ["Share", "Split"]

Because = Commission | Clawback | Correction
"""Why a level keeps what it keeps."""


class Party(Protocol):
    """A distributor in a chain, and when its commission is taken off what it owes."""

    @property
    def distributor(self) -> str:
        """The distributor's id."""
        ...

    @property
    def netting(self) -> Netting:
        """When its commission is taken off."""
        ...


_new: Final = object.__new__


def _named(because: Because) -> str:
    return f"{type(because).__name__}(…)"


@attrs.frozen
class Share(fields.Checked):
    """What one level of a chain keeps of an amount, what it owes the level above it, and how that came about.

    ``earned`` is its own, without what the levels below it earn; ``owed`` is the amount less what
    it and the levels below it earn. Of what is given back, both are below zero. ``netting`` says
    whether the commission is taken off at once, or credited when the period closes.

    Raises:
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R16, R17, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> commission = commission_on(Money("10.00", "USD"), Percent("15"))
    >>> Share("hudson", commission.earned, commission.owed, commission).netting
    Netting.AT_COLLECTION
    """

    distributor: str = attrs.field(validator=fields.identifier)
    earned: Money = attrs.field(validator=fields.one_of(Money))
    owed: Money = attrs.field(validator=fields.one_of(Money))
    because: Because = attrs.field(
        validator=fields.one_of(Commission, Clawback, Correction), repr=_named
    )
    netting: Netting = attrs.field(default=Netting.AT_COLLECTION, validator=fields.one_of(Netting))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.owed.currency is not self.earned.currency:
            raise CurrencyMismatch(self.earned.currency.code, self.owed.currency.code)

    def _repr_html_(self) -> str:
        return html_table(
            (
                ("distributor", self.distributor),
                ("keeps", self.earned.format(exact=True)),
                ("owes", self.owed.format(exact=True)),
                ("netting", self.netting.value.replace("_", " ")),
                ("because", self.because.explain()),
            )
        )


@attrs.frozen
class Split(fields.Checked):
    """An amount shared between a chain of distributors, seller first, and the provider: nothing lost, nothing added.

    What the shares say is computed again from their reasons and the two policies when a split is
    made.

    Raises:
        CurrencyMismatch: the amounts are in different currencies.
        InvalidValue: there is no share, a distributor has two, the shares are of different kinds,
            or a figure is not what its reason gives.

    Source: rulebook R15, R16, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> ten = Money("10.00", "USD")
    >>> share = Share("hudson", Money("1.50", "USD"), Money("8.50", "USD"), commission_on(ten, Percent("15")))
    >>> Split(ten, (share,)).provider
    Money('8.50', 'USD')
    >>> Split(ten, (attrs.evolve(share, earned=Money("1.60", "USD")),))
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: earned: Money('1.60', 'USD') is not accepted; give 1.50 USD, \
which is what 'hudson' keeps
    """

    amount: Money = attrs.field(validator=fields.one_of(Money))
    shares: tuple[Share, ...] = attrs.field(validator=fields.tuple_of(Share))
    margin: Margin = attrs.field(
        default=Margin.DIFFERENCE_OF_RATES, validator=fields.one_of(Margin)
    )
    remainder: Remainder = attrs.field(
        default=Remainder.EACH_LEVEL_ROUNDED, validator=fields.one_of(Remainder)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_chain("shares", self.shares)
        reasons = [share.because for share in self.shares]
        _check_reasons(self.amount, reasons, self.margin)
        rest = self.amount
        for share, kept in zip(
            self.shares, _kept(reasons, self.margin, self.remainder), strict=True
        ):
            if share.earned != kept:
                accepted = f"{amount_text(kept)}, which is what {share.distributor!r} keeps"
                raise InvalidValue("earned", share.earned, accepted)
            rest -= kept
            if share.owed != rest:
                accepted = f"{amount_text(rest)}, which is what {share.distributor!r} owes"
                raise InvalidValue("owed", share.owed, accepted)

    @property
    def provider(self) -> Money:
        """What is left for the provider: the amount less what all levels earn."""
        return self.shares[-1].owed

    def earned_by(self, distributor: str) -> Money:
        """Return what a distributor of the chain keeps for itself.

        Raises:
            InvalidValue: it is not in the chain.
        """
        return self._share_of(distributor).earned

    def explain(self, locale: str = "en") -> str:
        """Say who keeps what and who owes whom, one line each, in the words and formats of the locale.

        Raises:
            InvalidValue: the locale is unknown.
        """
        parents = [
            *(share.distributor for share in self.shares[1:]),
            sentence("the provider", locale),
        ]
        lines: list[str] = []
        for share, parent in zip(self.shares, parents, strict=True):
            lines.append(
                keeping_in_words(share, parent, locale, more=isinstance(share.because, Correction))
            )
            if share.netting is Netting.AT_SETTLEMENT and isinstance(share.because, Commission):
                lines.append(settled_in_words(share.distributor, self.amount, locale))
        lines.append(
            provider_in_words(
                self.provider, locale, more=isinstance(self.shares[-1].because, Correction)
            )
        )
        return "\n".join(lines)

    def explain_share(self, distributor: str, locale: str = "en") -> str:
        """Say how the share of a distributor came about, in the words and formats of the locale.

        Raises:
            InvalidValue: it is not in the chain, or the locale is unknown.
        """
        share = self._share_of(distributor)
        because = share.because
        told = [because.explain(locale)]
        if not isinstance(because, Clawback):
            commissions = _commissions([each.because for each in self.shares])
            place = self.shares.index(share)
            told += margin_in_words(
                commissions,
                place,
                distributor,
                margin=self.margin,
                remainder=self.remainder,
                locale=locale,
            )
        if isinstance(because, Correction):
            kept = because.before + share.earned
            told.append(difference_in_words(distributor, kept, because.before, locale))
        if isinstance(because, Commission) and share.netting is Netting.AT_SETTLEMENT:
            told.append(settled_in_words(distributor, self.amount, locale))
        return " ".join(told)

    def _repr_html_(self) -> str:
        levels = (
            (
                share.distributor,
                share.earned.format(exact=True),
                share.owed.format(exact=True),
                share.because.explain(),
            )
            for share in self.shares
        )
        rest = ("provider", self.provider.format(exact=True), "", "")
        return html_table((("", "keeps", "owes", "because"), *levels, rest))

    def _share_of(self, distributor: str) -> Share:
        for share in self.shares:
            if share.distributor == distributor:
                return share
        names = ", ".join(share.distributor for share in self.shares)
        raise InvalidValue("distributor", distributor, f"one of the chain: {names}")


def shared_out(  # noqa: PLR0913, PLR0917 - each is a part of the split
    amount: Money,
    parties: Sequence[Party],
    reasons: Sequence[Because],
    kept: Sequence[Money],
    margin: Margin,
    remainder: Remainder,
) -> Split:
    """Return the split in which each party keeps so much for its reason; what is kept was computed from the reasons.

    Source: rulebook R15, R16.
    """
    rest = amount
    shares: list[Share] = []
    for party, because, earned in zip(parties, reasons, kept, strict=True):
        rest -= earned
        shares.append(_share(party.distributor, earned, rest, because, party.netting))
    return _split(amount, tuple(shares), margin, remainder)


def kept_alone(
    distributor: str, commission: Commission, netting: Netting, margin: Margin, remainder: Remainder
) -> Split:
    """Return the split in which one distributor keeps its commission: between the commissions of one there are no margins.

    Source: rulebook R16.
    """
    amount, earned = commission.amount, commission.earned
    share = _share(distributor, earned, amount - earned, commission, netting)
    return _split(amount, (share,), margin, remainder)


def check_chain(field: str, parties: Sequence[Party]) -> None:
    """Refuse a chain without distributors, or with one that is in it twice.

    Source: rulebook R16.

    >>> check_chain("levels", ())
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: levels: () is not accepted; give at least one distributor
    """
    names: set[str] = set()
    for party in parties:
        if party.distributor in names:
            raise InvalidValue(field, party.distributor, "each distributor once")
        names.add(party.distributor)
    if not names:
        raise InvalidValue(field, parties, "at least one distributor")


_set_distributor, _set_earned, _set_owed, _set_because, _set_netting = fields.setters(Share)
_set_amount, _set_shares, _set_margin, _set_remainder = fields.setters(Split)


def _share(
    distributor: str, earned: Money, owed: Money, because: Because, netting: Netting
) -> Share:
    share = _new(Share)
    _set_distributor(share, distributor)
    _set_earned(share, earned)
    _set_owed(share, owed)
    _set_because(share, because)
    _set_netting(share, netting)
    return share


def _split(amount: Money, shares: tuple[Share, ...], margin: Margin, remainder: Remainder) -> Split:
    split = _new(Split)
    _set_amount(split, amount)
    _set_shares(split, shares)
    _set_margin(split, margin)
    _set_remainder(split, remainder)
    return split


def _kept(reasons: Sequence[Because], margin: Margin, remainder: Remainder) -> list[Money]:
    """Return what each level keeps, for reasons of one kind."""
    clawbacks = [because for because in reasons if isinstance(because, Clawback)]
    if clawbacks:
        return [-clawback.taken for clawback in clawbacks]
    kept = margins_of(_commissions(reasons), margin, remainder)
    befores = [because.before for because in reasons if isinstance(because, Correction)]
    return list(map(sub, kept, befores)) if befores else kept


def _commissions(reasons: Iterable[Because]) -> list[Commission]:
    """Return the commissions among the reasons, and those that should have been."""
    return [
        because.after if isinstance(because, Correction) else because
        for because in reasons
        if not isinstance(because, Clawback)
    ]


def _check_reasons(amount: Money, reasons: Sequence[Because], margin: Margin) -> None:
    """Refuse reasons that are about another amount, or about several things."""
    if len({type(because) for because in reasons}) > 1:
        accepted = "shares of one kind: all commissions, all clawbacks or all corrections"
        raise InvalidValue("shares", tuple(map(_named, reasons)), accepted)
    for because in reasons:
        about = because.after.amount if isinstance(because, Correction) else because.amount
        if about.currency is not amount.currency:
            raise CurrencyMismatch(amount.currency.code, about.currency.code)
    clawbacks = [because for because in reasons if isinstance(because, Clawback)]
    for clawback in clawbacks:
        first = (clawbacks[0].amount, clawbacks[0].before, -amount)
        if (clawback.amount, clawback.before, clawback.reversed) != first:
            raise InvalidValue(
                "because",
                clawback,
                "the same reversal for every share, and the amount of the split",
            )
    commissions = _commissions(reasons)
    rest = commissions[0].amount if isinstance(reasons[0], Correction) else amount
    for place, commission in enumerate(commissions):
        if commission.amount != rest:
            raise InvalidValue(
                "amount",
                commission.amount,
                f"{amount_text(rest)}, which the level at {place} earns on",
            )
        if margin is Margin.OWN_RATE_ON_THE_REST:
            rest = commission.owed
        elif place and abs(commissions[place - 1].earned) > abs(commission.earned):
            accepted = f"at most {amount_text(commission.earned)}, which the level above earns"
            raise InvalidValue("earned", commissions[place - 1].earned, accepted)
