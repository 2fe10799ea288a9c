"""When are prepaid funds running low? The machine of credit warnings with its sign turned: they come on the way down."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.errors import InvalidValue
from distbilling.language.catalogue import sentence
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules import fields
from distbilling.rules.credit.notices import key_part
from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm
from distbilling.rules.credit.warning_levels import (
    Direction,
    LevelState,
    WarningLevels,
    advance,
    check_thresholds,
    warning_levels,
)

__all__ = [
    "FundsFacts",
    "FundsLow",
    "FundsNotice",
    "FundsRestored",
    "FundsStanding",
    "FundsTerms",
    "evaluate_funds",
]


@attrs.frozen
class FundsTerms(fields.Checked):
    """At which funds the user of a prepaid account is warned, and when it is warned again.

    Under ``EXCEEDS`` a warning comes once the funds are below a threshold, under ``REACHES`` once
    they are at it. One that recurs comes at every further step below the lowest. With ``enough`` in
    the account or more, repeats are counted anew; without it, when a threshold changes.

    Raises:
        CurrencyMismatch: the amounts are not all in one currency.
        InvalidValue: a threshold is below zero, more than one recurs, or ``enough`` is not above
            every threshold.

    Source: rulebook R22, R23.

    >>> FundsTerms((Money("5", "USD"), Money("20", "USD"))).rungs
    (Money('20.00', 'USD'), Money('5.00', 'USD'))
    """

    thresholds: tuple[Money | EveryFurther, ...] = attrs.field(
        validator=fields.tuple_of(Money, EveryFurther)
    )
    compare: Crossing = attrs.field(default=Crossing.EXCEEDS, validator=fields.one_of(Crossing))
    rearm: Rearm = attrs.field(factory=Rearm, validator=fields.one_of(Rearm))
    enough: Money | None = attrs.field(default=None, validator=fields.one_of(Money, type(None)))
    ladder: WarningLevels = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        check_thresholds(self.thresholds, self.amounts)
        settled = None if self.enough is None else self.enough.amount.copy_negate()
        ladder = warning_levels(self.thresholds, self.compare, self.rearm, Direction.DOWN, settled)
        if self.enough is not None and ladder.thresholds and self.enough <= ladder.thresholds[0]:
            accepted = f"an amount above every threshold; the highest is {ladder.thresholds[0]!r}"
            raise InvalidValue("enough", self.enough, accepted)
        object.__setattr__(self, "ladder", ladder)

    @property
    def rungs(self) -> tuple[Money, ...]:
        """The thresholds as amounts, highest first, each once."""
        return self.ladder.thresholds

    @property
    def amounts(self) -> tuple[Money, ...]:
        """All amounts of these terms as they were written, so that their currency can be checked."""
        steps = (each.step if isinstance(each, EveryFurther) else each for each in self.thresholds)
        return tuple(
            amount for amount in (*steps, self.rearm.band, self.enough) if isinstance(amount, Money)
        )


@attrs.frozen
class FundsFacts(fields.Checked):
    """The prepaid funds that an account has at an instant; positive is available to its user. The instant is kept in UTC.

    Source: rulebook R1, R23.

    >>> import pendulum
    >>> FundsFacts(Money("4.99", "USD"), pendulum.datetime(2026, 3, 9)).funds
    Money('4.99', 'USD')
    """

    funds: Money = attrs.field(validator=fields.one_of(Money))
    at: DateTime = attrs.field(converter=fields.at)


@attrs.frozen
class FundsStanding:
    """What the user of an account has been told so far; the fields are those of a credit standing.

    Source: rulebook R23.

    >>> FundsStanding.new("12125550100").last_warning_number
    0
    """

    account: str
    last_warning_number: int = 0
    compare: Crossing | None = None
    rungs: tuple[LevelState, ...] = ()

    def __attrs_post_init__(self) -> None:
        fields.check_text("account", self.account, fields.IDENTIFIER_CHARACTERS)
        fields.check_type("last_warning_number", self.last_warning_number, int)
        fields.check_type("compare", self.compare, Crossing, type(None))
        fields.check_type("rungs", self.rungs, tuple)
        for rung in self.rungs:
            fields.check_type("rungs", rung, LevelState)

    @classmethod
    def new(cls, account: str) -> FundsStanding:
        """Return the standing of an account that was never evaluated: nothing told."""
        return cls(account)


@attrs.frozen
class FundsLow:
    """The prepaid funds of an account fell across a threshold.

    Source: rulebook R23.
    """

    key: str
    account: str
    at: DateTime
    threshold: Money
    funds: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{account} has {funds} left and has crossed the warning threshold of {threshold}.",
            locale,
            account=self.account,
            funds=self.funds,
            threshold=self.threshold,
        )


@attrs.frozen
class FundsRestored:
    """A warning of low funds is over: they recovered, or the thresholds changed and they are not across this one any more.

    Source: rulebook R23.
    """

    key: str
    account: str
    at: DateTime
    threshold: Money
    funds: Money

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words and formats of the locale."""
        return sentence(
            "{account} has {funds} left: the warning at {threshold} is over.",
            locale,
            account=self.account,
            funds=self.funds,
            threshold=self.threshold,
        )


FundsNotice = FundsLow | FundsRestored


def evaluate_funds(
    terms: FundsTerms, standing: FundsStanding, facts: FundsFacts
) -> tuple[FundsStanding, tuple[FundsNotice, ...]]:
    """Return what the user of a prepaid account must be told now, and what is to be remembered of it.

    All is as for a distributor's credit (:func:`distbilling.rules.credit.credit_watch.evaluate`),
    mirrored: a threshold is crossed below it (``EXCEEDS``) or at it (``REACHES``), and recovers
    once the funds are above it by the band. Warnings that are over come first, lowest threshold
    first; then new warnings, highest threshold first. There is no suspension.

    Raises:
        InvalidType: the terms, the standing or the facts are none.
        CurrencyMismatch: the funds are in another currency than the thresholds.

    Source: rulebook R22, R23.

    >>> import pendulum
    >>> terms, noon = FundsTerms((Money("5", "USD"),)), pendulum.datetime(2026, 3, 9, 12)
    >>> standing, told = evaluate_funds(terms, FundsStanding.new("12125550100"), FundsFacts(Money("4.99", "USD"), noon))
    >>> [notice.key for notice in told]
    ['12125550100/funds-5/1']
    """
    fields.check_type("terms", terms, FundsTerms)
    fields.check_type("standing", standing, FundsStanding)
    fields.check_type("facts", facts, FundsFacts)
    funds, at, account = facts.funds, facts.at, standing.account
    afresh = terms.compare is not standing.compare
    climbed = advance(
        terms.ladder, standing.rungs, funds, at, standing.last_warning_number, afresh=afresh
    )
    if climbed is None:
        return standing, ()
    rungs, cleared, raised = climbed
    prefix = key_part(account)
    restored = [
        FundsRestored(
            f"{prefix}/restored-{plain(rung.threshold.amount)}/{rung.warning_number}",
            account,
            at,
            rung.threshold,
            funds,
        )
        for rung in cleared
    ]
    low = [
        FundsLow(
            f"{prefix}/funds-{plain(rung.threshold.amount)}/{rung.warning_number}",
            account,
            at,
            rung.threshold,
            funds,
        )
        for rung in raised
    ]
    return FundsStanding(
        account, standing.last_warning_number + len(raised), terms.compare, rungs
    ), (
        *restored,
        *low,
    )
