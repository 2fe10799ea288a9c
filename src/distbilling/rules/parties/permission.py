"""Permissions: a table of role and action, which hosts can read, print and extend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple, Self, assert_never

import attrs

from distbilling.choices import Choice
from distbilling.language.catalogue import Term, sentence
from distbilling.rules import fields
from distbilling.rules.parties.actors import Actor, Administrator, DistributorStaff

__all__ = [
    "HANDBOOK_POLICY",
    "Action",
    "Allowed",
    "Denied",
    "Permission",
    "Policy",
    "Role",
    "role_of",
]


class Role(Choice):
    """In which role somebody acts.

    >>> role_of(DistributorStaff("hudson"))
    Role.DISTRIBUTOR
    """

    ADMINISTRATOR = "administrator"
    DISTRIBUTOR = "distributor"


class _Ruling(NamedTuple):
    """What the handbook says about a role and an action, and the rule that says so."""

    allowed: bool
    rule: str


def _may(rule: str) -> _Ruling:
    return _Ruling(allowed=True, rule=rule)


def _may_not(rule: str) -> _Ruling:
    return _Ruling(allowed=False, rule=rule)


class Action(Term):
    """What somebody may want to do; the value is the phrase that a reader sees.

    Beside it stands what the handbook says: whether a distributor may, whether an administrator
    may, and by which rule. What it does not say (None) is denied.

    Source: rulebook R27, R28, R29.

    >>> Action.RECORD_PAYMENT.value
    'record collected payments'
    """

    rulings: Mapping[Role, _Ruling | None]

    CREATE_DISTRIBUTOR = "create distributors", None, _may("R29")
    CREATE_SUBDISTRIBUTOR = "create subdistributors", _may("R27"), _may("R29")
    CREATE_CUSTOMER = "create customers", _may("R27"), _may("R29")
    PREPARE_QUICK_FORM = "prepare quick forms", None, _may("R29")
    ADD_ACCOUNT_BY_QUICK_FORM = "create accounts through a quick form", _may("R27"), _may("R29")
    ADD_ACCOUNT_BY_FULL_FORM = (
        "create accounts with the administrator's form",
        _may_not("R28"),
        _may("R29"),
    )
    ACTIVATE_PREPAID_ACCOUNT = "activate prepaid accounts", _may("R27"), _may("R29")
    ACTIVATE_POSTPAID_ACCOUNT = "activate postpaid accounts", None, _may("R29")
    ASSIGN_DISTRIBUTOR = "assign distributors to accounts", None, _may("R29")
    RECORD_PAYMENT = "record collected payments", _may("R27"), None
    RECORD_REMITTANCE = "record remittances", None, _may("R29")
    RECORD_SUBDISTRIBUTOR_REMITTANCE = (
        "record remittances of own subdistributors",
        _may("R16"),
        _may("R29"),
    )
    REVERSE_ENTRY = "reverse payments and sales", _may_not("R28"), _may("R29")
    CORRECT_ENTRY = "correct payments and sales", _may_not("R28"), _may("R29")
    CREDIT_COMMISSION = "credit accrued commission", None, _may("R29")
    MANAGE_DID_NUMBERS = "manage DID numbers", _may_not("R28"), _may("R29")
    TAKE_NUMBER_FROM_DID_INVENTORY = (
        "take account numbers from the DID inventory",
        _may_not("R28"),
        _may("R29"),
    )
    CHANGE_CREDIT_LIMIT = "change credit limits", _may_not("R28"), _may("R29")
    RAISE_CREDIT_LIMIT = "raise credit limits for a time", None, _may("R29")
    REVIEW_CREDIT = "review credit", None, _may("R29")
    CHANGE_COMMISSION = "change commissions", _may_not("R28"), _may("R29")
    CHANGE_CUSTOMER_CLASS = "change customer classes", _may_not("R28"), _may("R29")
    CHANGE_BILLING_PERIOD = "change billing periods", _may_not("R28"), _may("R29")
    TRANSFER_CUSTOMER = "transfer customers", None, _may("R29")
    TRANSFER_DISTRIBUTOR = "transfer subdistributors", None, _may("R29")
    ADJUST_BALANCE = "adjust balances", _may_not("R28"), _may("R29")
    SEE_OWN_RECORDS = "see their own transactions, statements and customers", _may("R27"), None
    SEE_ALL_RECORDS = "see the records of all parties", None, _may("R29")

    def __new__(
        cls, phrase: str, distributor: _Ruling | None, administrator: _Ruling | None
    ) -> Self:
        """Keep the phrase as the value, and what the handbook says about each role beside it."""
        action = object.__new__(cls)
        action._value_ = phrase
        action.rulings = {Role.DISTRIBUTOR: distributor, Role.ADMINISTRATOR: administrator}
        return action


@attrs.frozen
class Allowed(fields.Checked):
    """Yes, and the rule that says so.

    Source: rulebook R26.

    >>> HANDBOOK_POLICY.permission(Role.DISTRIBUTOR, Action.RECORD_PAYMENT).rule
    'R27'
    """

    role: Role = attrs.field(validator=fields.one_of(Role))
    action: Action = attrs.field(validator=fields.one_of(Action))
    rule: str = attrs.field(validator=fields.name)


@attrs.frozen
class Denied(fields.Checked):
    """No, and the rule that says so.

    Source: rulebook R26, R28.

    >>> print(HANDBOOK_POLICY.permission(Role.DISTRIBUTOR, Action.MANAGE_DID_NUMBERS).explain())
    A distributor may not manage DID numbers (R28).
    """

    role: Role = attrs.field(validator=fields.one_of(Role))
    action: Action = attrs.field(validator=fields.one_of(Action))
    rule: str = attrs.field(validator=fields.name)

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        action = self.action

        match self.role:
            case Role.ADMINISTRATOR:
                return sentence(
                    "An administrator may not {action} ({rule}).",
                    locale,
                    action=action,
                    rule=self.rule,
                )
            case Role.DISTRIBUTOR:
                return sentence(
                    "A distributor may not {action} ({rule}).",
                    locale,
                    action=action,
                    rule=self.rule,
                )
            case _:
                assert_never(self.role)


Permission = Allowed | Denied


def _indexed(policy: Policy) -> dict[tuple[Role, Action], Permission]:
    fields.tuple_of(Allowed, Denied)(policy, attrs.fields(Policy).table, policy.table)
    return {(permission.role, permission.action): permission for permission in policy.table}


@attrs.frozen
class Policy(fields.Checked):
    """A permission table: one decision for each role and action.

    What the table does not name is denied.

    Source: rulebook R26, R27, R28, R29.

    >>> HANDBOOK_POLICY.permission(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE).rule
    'R29'
    >>> Policy().permission(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE).rule
    'not granted'
    """

    table: tuple[Permission, ...] = attrs.field(
        default=(), validator=fields.tuple_of(Allowed, Denied)
    )
    _by_role_and_action: dict[tuple[Role, Action], Permission] = attrs.field(
        default=attrs.Factory(_indexed, takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def permission(self, role: Role, action: Action) -> Permission:
        """Return whether the role may do it, and the rule that says so."""
        return self._by_role_and_action.get((role, action)) or Denied(role, action, "not granted")

    def denial(self, actor: Actor, action: Action) -> Denied | None:
        """Return why the actor may not do it; None where the actor may."""
        permission = self.permission(role_of(actor), action)
        return permission if isinstance(permission, Denied) else None

    def extended(self, *permissions: Permission) -> Policy:
        """Return the policy with these decisions in the place of those of their role and action.

        >>> own_rule = Allowed(Role.DISTRIBUTOR, Action.MANAGE_DID_NUMBERS, "our contract, 4.2")
        >>> HANDBOOK_POLICY.extended(own_rule).permission(Role.DISTRIBUTOR,
        ...     Action.MANAGE_DID_NUMBERS).rule
        'our contract, 4.2'
        """
        replaced = {
            (permission.role, permission.action) for permission in Policy(permissions).table
        }
        kept = (
            permission
            for permission in self.table
            if (permission.role, permission.action) not in replaced
        )
        return Policy((*kept, *permissions))

    def __str__(self) -> str:
        return "\n".join(
            " ".join((f"{role:<14}", f"{answer:<4}", f"{phrase} ({rule})"))
            for role, answer, phrase, rule in self._rows()
        )

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{role}</td><td>{answer}</td>"
            f"<td>{escape(phrase)}</td><td>{escape(rule)}</td></tr>"
            for role, answer, phrase, rule in self._rows()
        )
        return (
            f"<table><tr><th>role</th><th>may</th><th>action</th><th>rule</th></tr>{cells}</table>"
        )

    def _rows(self) -> Iterable[tuple[str, str, str, str]]:
        for permission in self.table:
            answer = "yes" if isinstance(permission, Allowed) else "no"
            yield permission.role.value, answer, permission.action.value, permission.rule


def role_of(actor: Actor) -> Role:
    """Return the role in which somebody acts.

    Source: rulebook R27, R29.
    """
    match actor:
        case Administrator():
            return Role.ADMINISTRATOR
        case DistributorStaff():
            return Role.DISTRIBUTOR
        case _:
            assert_never(actor)


def _handbook() -> Iterator[Permission]:
    for role in (Role.DISTRIBUTOR, Role.ADMINISTRATOR):
        for action in Action:
            ruling = action.rulings[role]
            if ruling is not None:
                yield (Allowed if ruling.allowed else Denied)(role, action, ruling.rule)


HANDBOOK_POLICY = Policy(tuple(_handbook()))
"""What the handbook lets administrators and distributors do.

Source: rulebook R27, R28, R29.
"""
