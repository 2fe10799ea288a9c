"""What must a distributor be told now? Warnings, their ends, suspension and resumption, each once: a pure state machine."""

from __future__ import annotations

from typing import Final

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules import fields
from distbilling.rules.credit.limits import CreditLimit, CreditTerms, Limit, Unlimited
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
    key_part,
)
from distbilling.rules.credit.thresholds import Crossing
from distbilling.rules.credit.warning_levels import LevelState, advance

__all__ = ["CreditFacts", "CreditStanding", "evaluate"]

_NUMBERED: Final = (int, type(None))
_LIMITED: Final = (Limit, Unlimited, type(None))
_COMPARED: Final = (Crossing, type(None))


@attrs.frozen
class CreditFacts(fields.Checked):
    """What a distributor owes at an instant, and the limit in force then: the permanent one, or one raised for a time.

    Positive is debt; the instant is kept in UTC.

    Raises:
        CurrencyMismatch: balance and limit are in different currencies.

    Source: rulebook R21, R22, R24.

    >>> import pendulum
    >>> CreditFacts(Money("900.01", "USD"), pendulum.datetime(2026, 3, 9), Unlimited()).owed
    Money('900.01', 'USD')
    """

    owed: Money = attrs.field(validator=fields.one_of(Money))
    at: DateTime = attrs.field(converter=fields.at)
    limit: CreditLimit = attrs.field(validator=fields.one_of(Limit, Unlimited))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if isinstance(self.limit, Limit) and self.limit.amount.currency is not self.owed.currency:
            raise CurrencyMismatch(self.owed.currency.code, self.limit.amount.currency.code)


@attrs.frozen
class CreditStanding:
    """What a distributor has been told so far: all that is remembered from one evaluation to the next.

    ``last_warning_number`` is the last number given to an episode, a warning or a suspension, of this party;
    none is given twice. ``suspension`` is the number of the suspension that lasts. ``limit``,
    ``compare`` and the thresholds of ``rungs`` are those of the last evaluation: where the terms
    differ from them, all is armed afresh.

    Source: rulebook R23, R24.

    >>> CreditStanding.new("hudson").suspended
    False
    """

    party: str
    last_warning_number: int = 0
    suspension: int | None = None
    limit: CreditLimit | None = None
    compare: Crossing | None = None
    rungs: tuple[LevelState, ...] = ()

    def __attrs_post_init__(self) -> None:
        fields.check_text("party", self.party, fields.IDENTIFIER_CHARACTERS)
        if (
            type(self.last_warning_number) is not int
            or type(self.suspension) not in _NUMBERED
            or type(self.rungs) is not tuple
        ):
            fields.check_type("last_warning_number", self.last_warning_number, int)
            fields.check_type("suspension", self.suspension, int, type(None))
            fields.check_type("rungs", self.rungs, tuple)
        if type(self.limit) not in _LIMITED or type(self.compare) not in _COMPARED:
            fields.check_type("limit", self.limit, Limit, Unlimited, type(None))
            fields.check_type("compare", self.compare, Crossing, type(None))
        for rung in self.rungs:
            if not isinstance(rung, LevelState):
                fields.check_type("rungs", rung, LevelState)

    @classmethod
    def new(cls, party: str) -> CreditStanding:
        """Return the standing of a party that was never evaluated: nothing told, not suspended."""
        return cls(party)

    @property
    def suspended(self) -> bool:
        """Whether the party was told that it is suspended, and not yet that it may operate again."""
        return self.suspension is not None


def evaluate(
    terms: CreditTerms, standing: CreditStanding, facts: CreditFacts
) -> tuple[CreditStanding, tuple[Notice, ...]]:
    """Return what a distributor must be told now, and what is to be remembered of it.

    What is told depends on where the balance stands, not on the way there. A threshold that is
    crossed and armed is told of once, and raised; once the balance has recovered by the band, that
    is told, and it is armed again. Under ``EXCEEDS`` it is crossed above the threshold and recovers
    at it less the band, under ``REACHES`` at it and below it less the band. A repeat that is not
    due yet is told at the first evaluation that is dated late enough, if the threshold is crossed
    then.

    Where permanent limit, thresholds or comparison are not those of the last evaluation, every
    threshold is armed afresh: those crossed are told of, other warnings that stood are over. A
    limit raised for a time changes no threshold. A standing that was never evaluated has told
    nothing.

    Whoever owes the limit in force or more is suspended; below it, or without one, it may operate
    again.

    The order: warnings that are over, highest first; new warnings, lowest first; suspension or
    resumption. Keys are ``party/what/warning_number``: the end of a warning or of a suspension has the
    number that its beginning had.

    Evaluated again on the same facts, nothing is told and the same standing returned. Facts may be
    dated before those of an earlier evaluation: they are taken in the order in which they come, and
    their date counts for the minimum interval alone, so that before its end nothing is repeated.

    Raises:
        InvalidType: the terms, the standing or the facts are none.
        CurrencyMismatch: the balance is in another currency than the permanent limit or the
            thresholds.

    Source: rulebook R22, R23, R24; handbook, "Credit limit".

    >>> import pendulum
    >>> from distbilling.rules.credit import PercentOfLimit
    >>> limit = Limit(Money("1000.00", "USD"))
    >>> terms, noon = CreditTerms(limit, (PercentOfLimit("90"),)), pendulum.datetime(2026, 3, 9, 12)
    >>> standing, told = evaluate(terms, CreditStanding.new("hudson"), CreditFacts(Money("950", "USD"), noon, limit))
    >>> [notice.key for notice in told]
    ['hudson/threshold-900/1']
    >>> standing, told = evaluate(terms, standing, CreditFacts(Money("900", "USD"), noon, limit))
    >>> [notice.key for notice in told]
    ['hudson/cleared-900/1']
    """
    if (
        type(terms) is not CreditTerms
        or type(standing) is not CreditStanding
        or type(facts) is not CreditFacts
    ):
        fields.check_type("terms", terms, CreditTerms)
        fields.check_type("standing", standing, CreditStanding)
        fields.check_type("facts", facts, CreditFacts)
    owed, limit = facts.owed, facts.limit
    if isinstance(terms.limit, Limit) and terms.limit.amount.currency is not owed.currency:
        raise CurrencyMismatch(terms.limit.amount.currency.code, owed.currency.code)
    afresh = terms.compare is not standing.compare or (
        terms.limit is not standing.limit and terms.limit != standing.limit
    )
    climbed = advance(
        terms.ladder, standing.rungs, owed, facts.at, standing.last_warning_number, afresh=afresh
    )
    suspended = isinstance(limit, Limit) and owed >= limit.amount
    if climbed is None and suspended is standing.suspended:
        return standing, ()
    party, at, last_warning_number, suspension = (
        standing.party,
        facts.at,
        standing.last_warning_number,
        standing.suspension,
    )
    rungs, cleared, raised = climbed or (standing.rungs, [], [])
    prefix = key_part(party)
    told: list[Notice] = []
    for rung in cleared:
        key = f"{prefix}/cleared-{plain(rung.threshold.amount)}/{rung.warning_number}"
        told.append(CreditThresholdCleared(key, party, at, rung.threshold, owed))
    for rung in raised:
        key = f"{prefix}/threshold-{plain(rung.threshold.amount)}/{rung.warning_number}"
        told.append(CreditThresholdCrossed(key, party, at, rung.threshold, owed))
    last_warning_number += len(raised)
    if isinstance(limit, Limit) and suspended and suspension is None:
        suspension = last_warning_number = last_warning_number + 1
        told.append(
            DistributorSuspended(f"{prefix}/suspended/{suspension}", party, at, limit.amount, owed)
        )
    elif suspension is not None and not suspended:
        in_force = limit.amount if isinstance(limit, Limit) else limit
        told.append(DistributorResumed(f"{prefix}/resumed/{suspension}", party, at, in_force, owed))
        suspension = None
    return CreditStanding(
        party, last_warning_number, suspension, terms.limit, terms.compare, rungs
    ), tuple(told)
