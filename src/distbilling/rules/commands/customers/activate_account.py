"""An account is activated, which sells it: by its distributor, or by an administrator."""

from __future__ import annotations

import attrs

from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reads import Reads, names
from distbilling.rules.deciding.reasons import AlreadyActive, NotFound, RecordKind
from distbilling.rules.deciding.sale import store_and_sell
from distbilling.rules.deciding.standing import own_distributor, sees_account, staff_suspension
from distbilling.rules.parties import AccountKind
from distbilling.rules.parties.permission import Action, Policy

__all__ = ["ActivateAccount", "decide_activation"]


@attrs.frozen
class ActivateAccount(CommandHead):
    """Activate an account.

    Source: rulebook R7, R27.

    >>> import pendulum
    >>> from distbilling.rules.parties import DistributorStaff
    >>> ActivateAccount(
    ...     key="act-1", by=DistributorStaff("hudson"), at=pendulum.datetime(2026, 3, 2),
    ...     account="12125550100"
    ... ).reads.accounts
    ('12125550100',)
    """

    account: str = attrs.field(validator=fields.identifier)

    _WORDS = "activate the account {account}"

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(distributors=names(own_distributor(self.by)), accounts=(self.account,))


def decide_activation(command: ActivateAccount, facts: Facts, policy: Policy) -> Decision:
    """Make the account active; attributed to a distributor, it is sold by that, once.

    Refused in this order: permission to activate any account; an account that is not there or
    another's; permission for its kind; an active account; a suspended distributor; a sale before
    the distributor's creation or beyond its limit.

    Source: rulebook R7, R9, R24, R27, R28.
    """
    prepaid_denied = policy.denial(command.by, Action.ACTIVATE_PREPAID_ACCOUNT)
    postpaid_denied = policy.denial(command.by, Action.ACTIVATE_POSTPAID_ACCOUNT)
    if prepaid_denied and postpaid_denied:
        return Refused(prepaid_denied)

    account_facts = facts.account(command.account)
    if account_facts is None or not sees_account(command.by, account_facts):
        return Refused(NotFound(RecordKind.ACCOUNT, command.account))
    account = account_facts.account
    if denied := prepaid_denied if account.kind is AccountKind.PREPAID else postpaid_denied:
        return Refused(denied)
    if account.active:
        return Refused(AlreadyActive(command.account))
    if suspended := staff_suspension(facts, command.by, command.at):
        return Refused(suspended)

    activated = attrs.evolve(account, active=True)
    return store_and_sell(activated, facts, command)
