"""The watch over what a distributor owes: warnings and their ends, suspension and resumption.

**How it works.** :func:`evaluate` is a step of a state machine. It takes the terms, the standing
that the last step returned, and the facts of now; it returns the next standing and the notices to
send. The host stores the standing with the decision, so that two payments at the same time cannot
both warn. The step looks at where the balance stands, not at the way it took there: a standing that
was never evaluated needs no special case, a step left out loses no warning, and the same step twice
sends nothing twice.

Warnings follow :mod:`distbilling.rules.credit.warning_levels`, from the permanent limit.
Suspension follows the limit in force, which may be raised for a time: whoever owes it or more is
suspended.

The numbers in the keys count warnings and suspensions of one party together, and none is given
twice. What ends has the number of what began, so that a receiver can match them.

**By hand.** A limit of 1000.00, a warning at 90 % of it, ``EXCEEDS``:

========  ===========  =====================================================
owed      900.00       notices of hudson
========  ===========  =====================================================
 900.00   armed        none: landing on the threshold does not cross it
1000.00   crossed 1    hudson/threshold-900/1, then hudson/suspended/2
 999.99   crossed 1    hudson/resumed/2
 900.00   armed        hudson/cleared-900/1
 900.01   crossed 3    hudson/threshold-900/3
========  ===========  =====================================================
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from pendulum import DateTime

from distbilling.errors import CurrencyMismatch
from distbilling.money import Money
from distbilling.money.exact import plain
from distbilling.rules import fields
from distbilling.rules.credit.limits import (
    CreditLimit,
    CreditTerms,
    Limit,
    Unlimited,
)
from distbilling.rules.credit.notices import (
    CreditThresholdCleared,
    CreditThresholdCrossed,
    DistributorResumed,
    DistributorSuspended,
    Notice,
    key_part,
)
from distbilling.rules.credit.thresholds import Crossing
from distbilling.rules.credit.warning_levels import Advance, LevelState, advance

__all__ = ["CreditFacts", "CreditStanding", "evaluate"]


@attrs.frozen
class CreditFacts(fields.Checked):
    """What a distributor owes at an instant, and the limit in force then.

    Raises:
        CurrencyMismatch: balance and limit are in different currencies.

    Source: rulebook R21, R22, R24.

    >>> import pendulum
    >>> CreditFacts(Money("900.01", "USD"), pendulum.datetime(2026, 3, 9), Unlimited()).owed
    Money('900.01', 'USD')
    """

    owed: Money = attrs.field(validator=fields.one_of(Money))
    """The balance; above zero is debt."""

    at: DateTime = attrs.field(converter=fields.at)
    """The instant, kept in UTC."""

    limit: CreditLimit = attrs.field(validator=fields.one_of(Limit, Unlimited))
    """The limit in force: the permanent one, or one raised for a time."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if isinstance(self.limit, Limit) and self.limit.amount.currency is not self.owed.currency:
            raise CurrencyMismatch(self.owed.currency.code, self.limit.amount.currency.code)


@attrs.frozen
class CreditStanding(fields.Checked):
    """Which warnings and which suspension of a distributor last: what evaluations hand on.

    Source: rulebook R23, R24.

    >>> CreditStanding.new("hudson").suspended
    False
    """

    party: str = attrs.field(validator=fields.identifier)

    last_warning_number: int = attrs.field(default=0, validator=fields.one_of(int))
    """The last number given to a warning or a suspension of this party."""

    suspension: int | None = attrs.field(default=None, validator=fields.one_of(int, type(None)))
    """The number of the suspension that lasts."""

    limit: CreditLimit | None = attrs.field(
        default=None, validator=fields.one_of(Limit, Unlimited, type(None))
    )
    """The permanent limit at the last evaluation; where it differs now, every level is armed."""

    compare: Crossing | None = attrs.field(
        default=None, validator=fields.one_of(Crossing, type(None))
    )
    """The comparison at the last evaluation; where it differs now, every level is armed."""

    levels: tuple[LevelState, ...] = attrs.field(default=(), validator=fields.tuple_of(LevelState))
    """The states of the warning levels, lowest first."""

    @classmethod
    def new(cls, party: str) -> CreditStanding:
        """Return the standing of a party that was never evaluated: not warned, not suspended."""
        return cls(party)

    @property
    def suspended(self) -> bool:
        """Whether the notices so far say that the party is suspended."""
        return self.suspension is not None


def evaluate(
    terms: CreditTerms, standing: CreditStanding, facts: CreditFacts
) -> tuple[CreditStanding, tuple[Notice, ...]]:
    """Return the next standing of a distributor, and the notices to send now.

    The order: warnings that are over, highest first; new warnings, lowest first; suspension or
    resumption. On the same facts again there is no notice, and the same standing is returned.

    Facts may be dated before those of an earlier evaluation: they are taken in the order in which
    they come, and the date counts for the minimum interval alone.

    Raises:
        InvalidType: the terms, the standing or the facts are none.
        CurrencyMismatch: the balance is in another currency than the permanent limit or the
            thresholds.

    Source: rulebook R22, R23, R24; handbook, "Credit limit".

    >>> import pendulum
    >>> from distbilling.rules.credit import PercentOfLimit
    >>> limit = Limit(Money("1000.00", "USD"))
    >>> terms, noon = CreditTerms(limit, (PercentOfLimit("90"),)), pendulum.datetime(2026, 3, 9, 12)
    >>> facts = CreditFacts(Money("950", "USD"), noon, limit)
    >>> standing, notices = evaluate(terms, CreditStanding.new("hudson"), facts)
    >>> [notice.key for notice in notices]
    ['hudson/threshold-900/1']
    """
    # Every payment comes here for each level of its chain: the quick look first.
    if not (type(terms) is CreditTerms and type(standing) is CreditStanding):
        fields.check_type("terms", terms, CreditTerms)
        fields.check_type("standing", standing, CreditStanding)
    if type(facts) is not CreditFacts:
        fields.check_type("facts", facts, CreditFacts)

    party, at, owed, limit = standing.party, facts.at, facts.owed, facts.limit
    if isinstance(terms.limit, Limit) and terms.limit.amount.currency is not owed.currency:
        raise CurrencyMismatch(terms.limit.amount.currency.code, owed.currency.code)

    same_limit = terms.limit is standing.limit or terms.limit == standing.limit
    step = advance(
        terms.levels,
        standing.levels,
        owed,
        at,
        last_warning_number=standing.last_warning_number,
        changed=not same_limit or terms.compare is not standing.compare,
    )
    suspended = isinstance(limit, Limit) and owed >= limit.amount
    if step is None and suspended is standing.suspended:
        return standing, ()

    step = step or Advance(standing.levels, (), ())
    notices = list(_notices_of_levels(party, facts, step))
    last_warning_number = standing.last_warning_number + len(step.crossed)

    suspension = standing.suspension
    if isinstance(limit, Limit) and suspended and suspension is None:
        suspension = last_warning_number = last_warning_number + 1
        key = f"{key_part(party)}/suspended/{suspension}"
        notices.append(DistributorSuspended(key, party, at, limit.amount, owed))
    elif suspension is not None and not suspended:
        key = f"{key_part(party)}/resumed/{suspension}"
        in_force = limit.amount if isinstance(limit, Limit) else limit
        notices.append(DistributorResumed(key, party, at, in_force, owed))
        suspension = None

    return CreditStanding(
        party=party,
        last_warning_number=last_warning_number,
        suspension=suspension,
        limit=terms.limit,
        compare=terms.compare,
        levels=step.states,
    ), tuple(notices)


def _notices_of_levels(party: str, facts: CreditFacts, step: Advance) -> Iterator[Notice]:
    for kind, word, levels in (
        (CreditThresholdCleared, "cleared", step.cleared),
        (CreditThresholdCrossed, "threshold", step.crossed),
    ):
        for level in levels:
            key = f"{word}-{plain(level.threshold.amount)}/{level.warning_number}"
            yield kind(f"{key_part(party)}/{key}", party, facts.at, level.threshold, facts.owed)
