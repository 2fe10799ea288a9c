"""In which currency is an amount that names none? In that of the party it is for."""

from __future__ import annotations

from typing import Any

import attrs

from distbilling.money import Currency
from distbilling.rules import fields
from distbilling.rules.parties import Distributor
from distbilling.scenarios.files import Table, is_table

STAND_IN = Currency("CLF")
"""Read in place of a currency that is wrong itself: with its four decimals no amount is blamed for too many."""

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
    """The currencies of the parties that a file has named so far; ``has_gaps`` where a party is wrong, and perhaps not named.

    >>> Currencies().of({"customer": "brown"}, None) is None
    True
    """

    distributors: dict[str, Currency] = attrs.field(factory=dict[str, Currency])
    customers: dict[str, Currency] = attrs.field(factory=dict[str, Currency])
    has_gaps: bool = False

    def of(self, table: Table, by: object) -> Currency | None:
        """Return the currency of the customer that a command names, else of its distributor, else of the acting one."""
        acting = by.get("distributor") if is_table(by) else None
        return (
            self.customers.get(_name(table.get("customer")))
            or self.distributors.get(_name(table.get("distributor")))
            or self.distributors.get(_name(acting))
        )

    def learn(self, verb: str, table: Table, currency: Currency) -> None:
        """Keep the currency of the party that a command creates, even where the command is not right yet."""
        match verb:
            case "create_distributor":
                self.distributors[_name(table.get("id"))] = currency
            case "create_customer":
                self.customers[_name(table.get("id"))] = currency
            case "add_account":
                self.customers.setdefault(_name(table.get("customer")), currency)
            case _:
                pass


def _name(value: object) -> str:
    return value if type(value) is str else ""
