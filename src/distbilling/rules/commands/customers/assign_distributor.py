"""An administrator assigns an account to a distributor; an active account is sold by that."""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.deciding.reasons import AlreadyAssigned, NotFound, RecordKind
from distbilling.rules.deciding.sale import store_and_sell
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["AssignDistributor", "decide_assignment"]


@attrs.frozen
class AssignDistributor(CommandHead):
    """Assign an account that has no distributor to one.

    Source: rulebook R7, R29; handbook, "Default sales commission".

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> AssignDistributor(
    ...     key="as-1", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 2),
    ...     account="12125550100", distributor="hudson",
    ... ).reads.distributors
    ('hudson',)
    """

    account: str = attrs.field(validator=fields.identifier)
    distributor: str = attrs.field(validator=fields.identifier)

    _WORDS = "assign the account {account} to {distributor}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=(self.distributor,), accounts=(self.account,))


def decide_assignment(command: AssignDistributor, facts: Facts, policy: Policy) -> Decision:
    """Attribute the account to the distributor; an active account is sold by that, once.

    Refused in this order: permission; an account or distributor that is not there; an account that
    has a distributor; another currency; a sale before the distributor's creation or beyond its
    limit.

    Source: rulebook R7, R9, R24, R29.
    """
    if denied := policy.denial(command.by, Action.ASSIGN_DISTRIBUTOR):
        return Refused(denied)

    account_facts = facts.account(command.account)
    if account_facts is None:
        return Refused(NotFound(RecordKind.ACCOUNT, command.account))
    if facts.distributor(command.distributor) is None:
        return Refused(NotFound(RecordKind.DISTRIBUTOR, command.distributor))
    if account_facts.account.distributor is not None:
        return Refused(AlreadyAssigned(command.account))

    assigned = attrs.evolve(account_facts.account, distributor=command.distributor)
    return store_and_sell(assigned, facts, command)
