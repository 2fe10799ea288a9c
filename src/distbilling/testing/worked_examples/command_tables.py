"""How cases about commands are written: what a case leaves out is filled in."""

from __future__ import annotations

from typing import Any

import attrs

from distbilling.money import Currency
from distbilling.scenarios.files import Table, arrays_of, is_table
from distbilling.scenarios.problems import Report
from distbilling.scenarios.reading import steps_in
from distbilling.scenarios.table_reader import reader_of
from distbilling.scenarios.values.converter import converter_in
from distbilling.scenarios.verbs import VERBS
from distbilling.testing.worked_examples.command_story import Play

AT = "2026-03-01T12:00:00Z"
"""When a command is given, unless the case says."""

_BEFORE = "2026-01-01T00:00:00Z"
_ADMINISTRATOR = {"administrator": "administrator"}

_DISTRIBUTOR: Table = {
    "name": "Distributor",
    "zone": "Etc/UTC",
    "billing_period": "monthly",
    "sales_commission": "0",
    "payment_commission": "0",
    "credit_limit": "unlimited",
}
_FILLED_IN: dict[str, Table] = {
    "distributor": {"id": "distributor", "created": _BEFORE, **_DISTRIBUTOR},
    "create_distributor": _DISTRIBUTOR,
    "customer": {"id": "customer", "name": "Customer", "created": _BEFORE},
    "quick_form": {
        "id": "form",
        "name": "Form",
        "product": "Line",
        "kind": "prepaid",
        "asks": ["number"],
        "created": _BEFORE,
    },
    "account": {
        "number": "12125550100",
        "product": "Line",
        "kind": "prepaid",
        "opening_balance": "0",
    },
    "create_customer": {"id": "customer", "name": "Customer"},
    "activate_account": {"account": "12125550100"},
    "assign_distributor": {"account": "12125550100"},
    "reverse": {"why": "refund"},
    "change_terms": {"sales_commission": "0", "payment_commission": "0"},
    "change_credit": {"credit_limit": "unlimited"},
}
_ABOUT: dict[str, str] = {
    name: next(party for party in ("customer", "distributor") if party in verb.reader.keys)
    for name, verb in VERBS.items()
    if "id" not in verb.reader.keys and {"customer", "distributor"} & verb.reader.keys.keys()
}
"""Commands about a party: the first one of the case unless another is named."""
_SHORT = {name for name in _ABOUT if "amount" in VERBS[name].reader.keys}
"""Commands about a party for which an amount alone is enough, as text."""

_BY_STAFF = {"record_payment", "create_customer", "add_account", "activate_account"}
"""Commands that the distributor of the first customer gives unless the case says who does.

All others are given by the administrator.
"""


@attrs.frozen
class _Given:
    currency: Currency | None = None
    inventory: tuple[str, ...] = ()
    distributor: Any = attrs.field(factory=list[object])
    customer: Any = attrs.field(factory=list[object])
    quick_form: Any = attrs.field(factory=list[object])
    account: Any = attrs.field(factory=list[object])


_GIVEN = reader_of(_Given)


def play_in(given: Table, when: list[object], report: Report) -> Play | None:
    """Return the play of a case; None where something is wrong with it, and was reported.

    >>> report = Report("march.toml")
    >>> given = {"currency": "USD", "distributor": {}}
    >>> play_in(given, [{"remit": "9.00"}], report).asked[0].command.amount
    Money('9.00', 'USD')
    """
    parties = _GIVEN.read(given, converter_in(None), "", report, within="given")
    names = _names(given, when)

    # Accounts come as commands of the administrator, before those that are asked about.
    accounts = [_account(table, names) for table in arrays_of(given, "account")]
    document: Table = {"command": [*accounts, *(_command(table, names) for table in when)]}
    for kind in ("distributor", "quick_form", "customer"):
        defaults = _defaults_of(kind, given, names)
        document[kind] = [_filled_in(kind, table, defaults) for table in arrays_of(given, kind)]

    steps = steps_in(document, report)
    if any(step.expectation for step in steps):
        report.add("when", "expect", "is for scenarios; a case says in `then` what it expects")
    if parties is None or report.problems:
        return None
    first = len(steps) - len(when)
    return Play(steps[:first], steps[first:], parties.inventory)


def currency_in(given: Table, when: list[object]) -> object:
    """Return the currency code of a case: its own, a command's or its distributor's; or None."""
    tables = [given, *filter(is_table, when), *filter(is_table, arrays_of(given, "distributor"))]
    return next((table["currency"] for table in tables if "currency" in table), None)


def _names(given: Table, when: list[object]) -> Table:
    """Return what a command may leave out: its parties, whose staff acts, the currency."""
    distributor, customer = (
        next(filter(is_table, arrays_of(given, kind)), dict[str, Any]())
        for kind in ("distributor", "customer")
    )
    first = distributor.get("id", "distributor")
    return {
        "distributor": first,
        "customer": customer.get("id", "customer"),
        "staff": customer.get("distributor", first),
        "currency": currency_in(given, when),
    }


def _defaults_of(kind: str, given: Table, names: Table) -> Table:
    """Return what a party may leave out: its currency, and a customer its distributor."""
    if kind == "customer" and any(map(is_table, arrays_of(given, "distributor"))):
        return {"distributor": names["distributor"]}
    return (
        {} if names["currency"] is None or kind == "quick_form" else {"currency": names["currency"]}
    )


def _filled_in(kind: str, table: object, defaults: Table) -> object:
    return _FILLED_IN[kind] | defaults | table if is_table(table) else table


def _account(table: object, names: Table) -> object:
    if not is_table(table):
        return table
    form = _FILLED_IN["account"] | table
    owner = {"customer": form.pop("customer", names["customer"])}
    if "distributor" in form:
        owner["distributor"] = form.pop("distributor")
    return {"at": _BEFORE, "by": _ADMINISTRATOR, "add_account": {**owner, "full_form": form}}


def _command(table: object, names: Table) -> object:
    if not is_table(table):
        return table
    filled = {"at": AT, **table}
    for verb in VERBS.keys() & table.keys():
        filled[verb] = _completed(verb, table[verb], names)
        by = table.get("by", "distributor" if verb in _BY_STAFF else "administrator")
        if by == "distributor":
            by = {"distributor": names["staff"]}
        filled["by"] = _ADMINISTRATOR if by == "administrator" else by
    return filled


def _completed(verb: str, inner: object, names: Table) -> object:
    if verb in _SHORT and not is_table(inner):
        inner = {"amount": inner}
    if not is_table(inner):
        return inner
    filled = _FILLED_IN.get(verb, {})
    if verb in _ABOUT:
        filled = {_ABOUT[verb]: names[_ABOUT[verb]], **filled}
    if verb == "add_account" and "full_form" not in inner:
        filled = {"form": "form", **filled}
    if verb == "create_distributor" and names["currency"] is not None:
        filled = {"currency": names["currency"], **filled}
    return filled | inner
