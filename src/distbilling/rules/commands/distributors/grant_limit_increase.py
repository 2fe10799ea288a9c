"""An administrator raises a distributor's credit limit for a time."""

from __future__ import annotations

from typing import assert_never

import attrs
from pendulum import DateTime

from distbilling.money import Money, Percent
from distbilling.rules import fields
from distbilling.rules.credit.increase import LimitIncrease, exceeded_cap
from distbilling.rules.credit.limits import Limit
from distbilling.rules.deciding.booking import accept_review
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import DistributorFacts, Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import NoLimitToRaise
from distbilling.rules.deciding.standing import currency_refusal, distributor_at
from distbilling.rules.parties import Administrator, DistributorStaff
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["GrantLimitIncrease", "decide_limit_increase"]


@attrs.frozen
class GrantLimitIncrease(CommandHead):
    """Raise a distributor's credit limit for a time.

    It is raised by an amount, or by a share of the permanent limit, from now until an instant.
    ``until`` is exclusive: at that instant the permanent limit holds again, by itself. A later
    grant takes the place of an earlier one while it holds; they do not add up.

    Raises:
        InvalidValue: it would end in the past, or raises the limit by nothing.

    Source: rulebook R21, R29.

    >>> import pendulum
    >>> GrantLimitIncrease(
    ...     key="raise-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 9),
    ...     distributor="hudson",
    ...     raises_by=Percent("10"), until=pendulum.datetime(2026, 3, 16),
    ... ).increase.by
    'maria'
    """

    distributor: str = attrs.field(validator=fields.identifier)
    raises_by: Money | Percent = attrs.field(validator=fields.one_of(Money, Percent))
    until: DateTime = attrs.field(converter=fields.until)

    _WORDS = "raise the credit limit of {distributor} by {raises_by} until {until} UTC"

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        _ = self.increase

    @property
    def increase(self) -> LimitIncrease:
        """What is granted, by whom, from when until when."""
        match self.by:
            case Administrator():
                grantor = self.by.name
            case DistributorStaff():
                grantor = self.by.distributor
            case _:
                assert_never(self.by)
        return LimitIncrease(
            by=grantor, granted=self.at, until=self.until, raises_by=self.raises_by
        )

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,))


def decide_limit_increase(command: GrantLimitIncrease, facts: Facts, policy: Policy) -> Decision:
    """Keep the increase in the distributor's history.

    A distributor that was suspended may operate again at once, and gets a notice of it.

    Refused in this order: permission; an unknown distributor; a date before its creation; no limit
    to be raised; another currency; an increase above the grantor's own caps, which are inclusive.

    Source: rulebook R21, R24, R29, R31.
    """
    if denied := policy.denial(command.by, Action.RAISE_CREDIT_LIMIT):
        return Refused(denied)

    member = distributor_at(facts, command.distributor, command.at)
    if not isinstance(member, DistributorFacts):
        return Refused(member)

    distributor, increase = member.distributor, command.increase
    limit = distributor.credit.limit
    if not isinstance(limit, Limit):
        return Refused(NoLimitToRaise(distributor.id))
    if isinstance(command.raises_by, Money) and (
        foreign := currency_refusal(distributor, command.raises_by.currency)
    ):
        return Refused(foreign)

    caps = command.by.increase_caps if isinstance(command.by, Administrator) else None
    if caps is not None and (exceeded := exceeded_cap(limit, increase, caps)):
        return Refused(exceeded)

    raised = attrs.evolve(distributor, increases=(*distributor.increases, increase))
    member = attrs.evolve(member, distributor=raised)
    return accept_review(command.key, member, command.at, raised)
