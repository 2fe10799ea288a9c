"""The currency of an amount that names none: that of its party, account or entry."""

from __future__ import annotations

from typing import Any

import attrs

from distbilling.money import Currency
from distbilling.rules import fields
from distbilling.rules.parties import Distributor
from distbilling.rules.parties.quick_form import normalised_number
from distbilling.scenarios.files import Table, is_table

STAND_IN = Currency("CLF")
"""Stands in for a wrong currency: with its four decimals no amount is blamed for too many."""

NAMING = frozenset({"create_distributor", "create_customer", "add_account"})
"""The commands that name a party for the first time."""


def spendable(code: Any) -> Currency:  # noqa: ANN401 - what stands in a file may be anything
    """Return the currency of a code, if people pay in it.

    Raises:
        InvalidType: the code is no text.
        InvalidValue: ISO 4217 does not list it, or it has no minor unit.

    >>> spendable("USD")
    Currency('USD')
    """
    currency = Currency(code)
    fields.spendable(None, attrs.fields(Distributor).currency, currency)
    return currency


@attrs.define
class Currencies:
    """The currencies of the parties, accounts and commands that a file has named so far.

    Of a command that nothing tells the currency of it is None. ``has_gaps`` where a party or a
    command is wrong, and perhaps not named.

    >>> Currencies().of({"customer": "brown"}, None) is None
    True
    """

    distributors: dict[str, Currency] = attrs.field(factory=dict[str, Currency])
    customers: dict[str, Currency] = attrs.field(factory=dict[str, Currency])
    accounts: dict[str, Currency] = attrs.field(factory=dict[str, Currency])
    entries: dict[str, Currency | None] = attrs.field(factory=dict[str, Currency | None])
    has_gaps: bool = False

    def of(self, table: Table, by: object) -> Currency | None:
        """Return the currency of what a command names, or else of who acts."""
        acting = by.get("distributor") if is_table(by) else None
        return (
            self.entries.get(_name(table.get("entry")))
            or self.customers.get(_name(table.get("customer")))
            or self.accounts.get(_number(table.get("account")))
            or self.distributors.get(_name(table.get("distributor")))
            or self.distributors.get(_name(acting))
        )

    def learn(self, verb: str, table: Table, currency: Currency) -> None:
        """Keep the currency of what a command creates, even where the command is not right yet."""
        match verb:
            case "create_distributor":
                self.distributors |= _named(_name(table.get("id")), currency)
            case "create_customer":
                self.customers |= _named(_name(table.get("id")), currency)
            case "add_account":
                self.customers = _named(_name(table.get("customer")), currency) | self.customers
                form = table.get("fields", table.get("full_form"))
                self.accounts |= _named(
                    _number(form.get("number") if is_table(form) else None), currency
                )
            case _:
                pass


def _named(name: str, currency: Currency) -> dict[str, Currency]:
    return {name: currency} if name else {}


def _number(value: object) -> str:
    """Return the number of an account as it is kept, however it was typed."""
    return normalised_number(_name(value)) or _name(value)


def _name(value: object) -> str:
    return value if type(value) is str else ""
