"""Who may do what, and why? A table of role and action that hosts can read, print and extend; what it omits is denied."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import assert_never

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


class Action(Term):
    """What somebody may want to do; the value is the phrase that a reader sees.

    Source: rulebook R27, R28, R29.

    >>> Action.RECORD_PAYMENT.value
    'record collected payments'
    """

    CREATE_DISTRIBUTOR = "create distributors"
    CREATE_SUBDISTRIBUTOR = "create subdistributors"
    CREATE_CUSTOMER = "create customers"
    PREPARE_QUICK_FORM = "prepare quick forms"
    ADD_ACCOUNT_BY_QUICK_FORM = "create accounts through a quick form"
    ADD_ACCOUNT_BY_FULL_FORM = "create accounts with the administrator's form"
    ACTIVATE_PREPAID_ACCOUNT = "activate prepaid accounts"
    ACTIVATE_POSTPAID_ACCOUNT = "activate postpaid accounts"
    ASSIGN_DISTRIBUTOR = "assign distributors to accounts"
    RECORD_PAYMENT = "record collected payments"
    RECORD_REMITTANCE = "record remittances"
    RECORD_SUBDISTRIBUTOR_REMITTANCE = "record remittances of own subdistributors"
    REVERSE_ENTRY = "reverse payments and sales"
    CORRECT_ENTRY = "correct payments and sales"
    CREDIT_COMMISSION = "credit accrued commission"
    MANAGE_DID_NUMBERS = "manage DID numbers"
    TAKE_NUMBER_FROM_DID_INVENTORY = "take account numbers from the DID inventory"
    CHANGE_CREDIT_LIMIT = "change credit limits"
    RAISE_CREDIT_LIMIT = "raise credit limits for a time"
    REVIEW_CREDIT = "review credit"
    CHANGE_COMMISSION = "change commissions"
    CHANGE_CUSTOMER_CLASS = "change customer classes"
    CHANGE_BILLING_PERIOD = "change billing periods"
    TRANSFER_CUSTOMER = "transfer customers"
    TRANSFER_DISTRIBUTOR = "transfer subdistributors"
    ADJUST_BALANCE = "adjust balances"
    SEE_OWN_RECORDS = "see their own transactions, statements and customers"
    SEE_ALL_RECORDS = "see the records of all parties"


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


def _by_role_and_action(policy: Policy) -> dict[tuple[Role, Action], Permission]:
    fields.tuple_of(Allowed, Denied)(policy, attrs.fields(Policy).table, policy.table)
    return {(permission.role, permission.action): permission for permission in policy.table}


@attrs.frozen
class Policy(fields.Checked):
    """A permission table: one decision for each role and action it names; what it does not name is denied.

    Source: rulebook R26, R27, R28, R29.

    >>> HANDBOOK_POLICY.permission(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE).rule
    'R29'
    >>> Policy().permission(Role.ADMINISTRATOR, Action.RECORD_REMITTANCE).rule
    'not granted'
    """

    table: tuple[Permission, ...] = attrs.field(
        default=(), validator=fields.tuple_of(Allowed, Denied)
    )
    _found: dict[tuple[Role, Action], Permission] = attrs.field(
        default=attrs.Factory(_by_role_and_action, takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def permission(self, role: Role, action: Action) -> Permission:
        """Return whether the role may do it, and the rule that says so."""
        return self._found.get((role, action)) or Denied(role, action, "not granted")

    def denial(self, actor: Actor, action: Action) -> Denied | None:
        """Return why the actor may not do it; None where the actor may."""
        permission = self.permission(role_of(actor), action)
        return permission if isinstance(permission, Denied) else None

    def extended(self, *permissions: Permission) -> Policy:
        """Return the policy with these decisions added; they replace those of the same role and action.

        >>> own_rule = Allowed(Role.DISTRIBUTOR, Action.MANAGE_DID_NUMBERS, "our contract, 4.2")
        >>> HANDBOOK_POLICY.extended(own_rule).permission(Role.DISTRIBUTOR, Action.MANAGE_DID_NUMBERS).rule
        'our contract, 4.2'
        """
        replaced = {
            (permission.role, permission.action) for permission in Policy(permissions).table
        }
        kept = (known for known in self.table if (known.role, known.action) not in replaced)
        return Policy((*kept, *permissions))

    def __str__(self) -> str:
        return "\n".join(
            " ".join((f"{role:<14}", f"{answer:<4}", f"{phrase} ({rule})"))
            for role, answer, phrase, rule in self._rows()
        )

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{role}</td><td>{answer}</td><td>{escape(phrase)}</td><td>{escape(rule)}</td></tr>"
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


HANDBOOK_POLICY = Policy(
    (
        *(
            Allowed(Role.DISTRIBUTOR, action, "R27")
            for action in (
                Action.CREATE_CUSTOMER,
                Action.ADD_ACCOUNT_BY_QUICK_FORM,
                Action.RECORD_PAYMENT,
                Action.ACTIVATE_PREPAID_ACCOUNT,
                Action.CREATE_SUBDISTRIBUTOR,
                Action.SEE_OWN_RECORDS,
            )
        ),
        Allowed(Role.DISTRIBUTOR, Action.RECORD_SUBDISTRIBUTOR_REMITTANCE, "R16"),
        *(
            Denied(Role.DISTRIBUTOR, action, "R28")
            for action in (
                Action.ADD_ACCOUNT_BY_FULL_FORM,
                Action.MANAGE_DID_NUMBERS,
                Action.TAKE_NUMBER_FROM_DID_INVENTORY,
                Action.CHANGE_CREDIT_LIMIT,
                Action.CHANGE_COMMISSION,
                Action.CHANGE_CUSTOMER_CLASS,
                Action.CHANGE_BILLING_PERIOD,
                Action.REVERSE_ENTRY,
                Action.CORRECT_ENTRY,
                Action.ADJUST_BALANCE,
            )
        ),
        *(
            Allowed(Role.ADMINISTRATOR, action, "R29")
            for action in (
                Action.CREATE_DISTRIBUTOR,
                Action.CREATE_SUBDISTRIBUTOR,
                Action.CREATE_CUSTOMER,
                Action.PREPARE_QUICK_FORM,
                Action.ADD_ACCOUNT_BY_QUICK_FORM,
                Action.ADD_ACCOUNT_BY_FULL_FORM,
                Action.ACTIVATE_PREPAID_ACCOUNT,
                Action.ACTIVATE_POSTPAID_ACCOUNT,
                Action.ASSIGN_DISTRIBUTOR,
                Action.RECORD_REMITTANCE,
                Action.RECORD_SUBDISTRIBUTOR_REMITTANCE,
                Action.REVERSE_ENTRY,
                Action.CORRECT_ENTRY,
                Action.CREDIT_COMMISSION,
                Action.MANAGE_DID_NUMBERS,
                Action.TAKE_NUMBER_FROM_DID_INVENTORY,
                Action.CHANGE_CREDIT_LIMIT,
                Action.RAISE_CREDIT_LIMIT,
                Action.REVIEW_CREDIT,
                Action.CHANGE_COMMISSION,
                Action.CHANGE_CUSTOMER_CLASS,
                Action.CHANGE_BILLING_PERIOD,
                Action.TRANSFER_CUSTOMER,
                Action.TRANSFER_DISTRIBUTOR,
                Action.ADJUST_BALANCE,
                Action.SEE_ALL_RECORDS,
            )
        ),
    )
)
"""What the handbook lets administrators and distributors do.

Source: rulebook R27, R28, R29.
"""
