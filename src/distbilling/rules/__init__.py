"""The table of contents of the rules: each command, and the function that decides it."""

from __future__ import annotations

from typing import assert_never

from distbilling.rules.commands.customers.activate_account import ActivateAccount, decide_activation
from distbilling.rules.commands.customers.add_account import AddAccount, decide_new_account
from distbilling.rules.commands.customers.assign_distributor import (
    AssignDistributor,
    decide_assignment,
)
from distbilling.rules.commands.customers.create_customer import CreateCustomer, decide_new_customer
from distbilling.rules.commands.customers.prepare_quick_form import (
    PrepareQuickForm,
    decide_quick_form,
)
from distbilling.rules.commands.customers.transfer_customer import (
    TransferCustomer,
    decide_customer_transfer,
)
from distbilling.rules.commands.distributors.change_credit import ChangeCredit, decide_new_credit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms, decide_new_terms
from distbilling.rules.commands.distributors.create_distributor import (
    CreateDistributor,
    decide_new_distributor,
)
from distbilling.rules.commands.distributors.grant_limit_increase import (
    GrantLimitIncrease,
    decide_limit_increase,
)
from distbilling.rules.commands.distributors.review_credit import ReviewCredit, decide_review
from distbilling.rules.commands.distributors.transfer_distributor import (
    TransferDistributor,
    decide_distributor_transfer,
)
from distbilling.rules.commands.movements.correct import Correct, decide_correction
from distbilling.rules.commands.movements.credit_commission import (
    CreditCommission,
    decide_commission_credit,
)
from distbilling.rules.commands.movements.record_payment import RecordPayment, decide_payment
from distbilling.rules.commands.movements.remit import Remit, decide_remittance
from distbilling.rules.commands.movements.reverse import Reverse, decide_reversal
from distbilling.rules.deciding.decision import Accepted, Decision
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Policy

__all__ = ["Command", "decide", "evolve"]

Command = (
    RecordPayment
    | Remit
    | CreateCustomer
    | AddAccount
    | ActivateAccount
    | AssignDistributor
    | CreateDistributor
    | PrepareQuickForm
    | Reverse
    | Correct
    | CreditCommission
    | ChangeTerms
    | ChangeCredit
    | GrantLimitIncrease
    | ReviewCredit
    | TransferCustomer
    | TransferDistributor
)


def decide(  # noqa: C901, PLR0911, PLR0912 - there are as many cases as commands
    command: Command, facts: Facts, policy: Policy = HANDBOOK_POLICY
) -> Decision:
    """Decide a command: accepted, with everything to write, or refused, with one reason.

    Pure: the same command on the same facts is always decided the same way, and nothing is written.

    Source: rulebook R2, R26, R46.

    >>> import pendulum
    >>> from distbilling.money import Money
    >>> from distbilling.rules.parties import Administrator
    >>> remittance = Remit(
    ...     key="bank/881", by=Administrator("maria"), at=pendulum.datetime(2026, 3, 31),
    ...     distributor="hudson", amount=Money("9.00", "USD"),
    ... )
    >>> print(decide(remittance, Facts()).explain())
    There is no distributor 'hudson'.
    """
    match command:
        case RecordPayment():
            return decide_payment(command, facts, policy)
        case Remit():
            return decide_remittance(command, facts, policy)
        case CreateCustomer():
            return decide_new_customer(command, facts, policy)
        case AddAccount():
            return decide_new_account(command, facts, policy)
        case ActivateAccount():
            return decide_activation(command, facts, policy)
        case AssignDistributor():
            return decide_assignment(command, facts, policy)
        case CreateDistributor():
            return decide_new_distributor(command, facts, policy)
        case PrepareQuickForm():
            return decide_quick_form(command, facts, policy)
        case Reverse():
            return decide_reversal(command, facts, policy)
        case Correct():
            return decide_correction(command, facts, policy)
        case CreditCommission():
            return decide_commission_credit(command, facts, policy)
        case ChangeTerms():
            return decide_new_terms(command, facts, policy)
        case ChangeCredit():
            return decide_new_credit(command, facts, policy)
        case GrantLimitIncrease():
            return decide_limit_increase(command, facts, policy)
        case ReviewCredit():
            return decide_review(command, facts, policy)
        case TransferCustomer():
            return decide_customer_transfer(command, facts, policy)
        case TransferDistributor():
            return decide_distributor_transfer(command, facts, policy)
        case _:
            assert_never(command)


def evolve(facts: Facts, accepted: Accepted) -> Facts:
    """Return the facts after an accepted decision: its records stored, its postings added.

    Source: rulebook R2, R46.

    >>> evolve(Facts(), Accepted("k-1")) == Facts()
    True
    """
    return facts.after(accepted.records, accepted.entry)
