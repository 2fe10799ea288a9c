"""A role may do what the handbook grants it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distbilling import Administrator, DistributorStaff
from distbilling.rules.parties.permission import (
    HANDBOOK_POLICY,
    Action,
    Allowed,
    Denied,
    Policy,
    Role,
)

GRANTED_TO_DISTRIBUTORS = {
    Action.CREATE_CUSTOMER,
    Action.ADD_ACCOUNT_BY_QUICK_FORM,
    Action.RECORD_PAYMENT,
    Action.ACTIVATE_PREPAID_ACCOUNT,
    Action.CREATE_SUBDISTRIBUTOR,
    Action.RECORD_SUBDISTRIBUTOR_REMITTANCE,
    Action.SEE_OWN_RECORDS,
}
FORBIDDEN_TO_DISTRIBUTORS = {
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
}
NOT_THE_ADMINISTRATORS = {Action.RECORD_PAYMENT, Action.SEE_OWN_RECORDS}
PERMISSIONS = st.builds(
    lambda kind, role, action: kind(role, action, "ours"),
    st.sampled_from((Allowed, Denied)),
    st.sampled_from(Role),
    st.sampled_from(Action),
)


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_a_distributor_may_do_what_the_handbook_grants_and_nothing_else(action):
    denied = HANDBOOK_POLICY.denial(DistributorStaff("hudson"), action)
    assert (denied is None) == (action in GRANTED_TO_DISTRIBUTORS)
    if denied is not None:
        assert denied.rule == ("R28" if action in FORBIDDEN_TO_DISTRIBUTORS else "not granted")


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_an_administrator_sets_up_and_does_not_collect(action):
    denied = HANDBOOK_POLICY.denial(Administrator("maria"), action)
    assert (denied is None) == (action not in NOT_THE_ADMINISTRATORS)


@given(st.sampled_from(Role), st.sampled_from(Action))
def test_what_a_policy_does_not_name_is_denied(role, action):
    assert Policy().permission(role, action) == Denied(role, action, "not granted")


@given(st.lists(PERMISSIONS, max_size=8))
def test_a_policy_is_extended_by_the_last_word_on_each_matter_and_otherwise_as_it_was(permissions):
    extended = HANDBOOK_POLICY.extended(*permissions)
    last = {(permission.role, permission.action): permission for permission in permissions}
    for role in Role:
        for action in Action:
            expected = last.get((role, action)) or HANDBOOK_POLICY.permission(role, action)
            assert extended.permission(role, action) == expected
    assert HANDBOOK_POLICY.extended() == HANDBOOK_POLICY


def test_the_table_can_be_read_and_printed():
    lines = str(HANDBOOK_POLICY).splitlines()
    assert len(lines) == len(HANDBOOK_POLICY.table)
    assert lines[0].split() == ["distributor", "yes", "create", "subdistributors", "(R27)"]
    assert "distributor    no   manage DID numbers (R28)" in lines
    html = Policy((Allowed(Role.DISTRIBUTOR, Action.ADJUST_BALANCE, "<ours>"),))._repr_html_()
    assert "<td>yes</td><td>adjust balances</td><td>&lt;ours&gt;</td>" in html
