"""The commands that a file can give, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import attrs

from distbilling.rules import Command
from distbilling.rules.commands.customers.add_account import AddAccount
from distbilling.rules.commands.customers.create_customer import CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
from distbilling.rules.commands.distributors.change_credit import ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
from distbilling.scenarios.files import Table
from distbilling.scenarios.table_reader import TableReader, reader_of
from distbilling.scenarios.values.cycles import counted_from
from distbilling.scenarios.values.spelling import spelt

BESIDE = frozenset({"key", "by", "at"})
"""The keys of every command that stand beside its own table."""

_Keys = dict[str, tuple[str, ...]]


def _as_written(table: Table, _at: object, _zone: object) -> Table:
    return table


def _with_rates_zone(table: Table, _at: object, zone: object) -> Table:
    """Fill in, where rates are given, that their dates are days in the billing zone."""
    return {"rates_zone": zone, **table} if "rates" in table and zone is not None else table


def _with_a_first_day(table: Table, at: object, zone: object) -> Table:
    table = _with_rates_zone(table, at, zone)
    if "billing_period" not in table:
        return table
    return table | {"billing_period": counted_from(at, table.get("zone"), table["billing_period"])}


@attrs.frozen
class Verb:
    """How a command is written: the reader of its table, and what the table may leave out.

    It is completed from its instant, and from the billing zone of its distributor, None where the
    file does not tell one.
    """

    reader: TableReader[Any]
    defaults: Table = attrs.field(factory=dict[str, object])
    completed: Callable[[Table, object, object], Table] = _as_written

    @property
    def names_currency(self) -> bool:
        """Whether the command's own table has a currency, which else stands beside it."""
        return "currency" in self.reader.keys

    def created(self) -> TableReader[Any]:
        """Return the reader of a party table: its instant is called ``created``."""
        keys = {"created" if key == "at" else key: path for key, path in self.reader.keys.items()}
        return attrs.evolve(self.reader, keys=keys, beside=self.reader.beside - {"at"})


_AROUND: _Keys = {"key": ("key",), "by": ("by",), "at": ("at",)}
_TERMS: _Keys = {
    "sales_commission": ("sales_commission",),
    "payment_commission": ("payment_commission",),
    "rounding": ("rounding",),
    "netting": ("netting",),
    "tax_basis": ("basis", "tax"),
    "discount_basis": ("basis", "discount"),
    "margin": ("margin",),
    "remainder": ("remainder",),
    "rates_zone": ("zone",),
    "rates": ("rates",),
}
"""The keys of what a distributor earns, wherever it is agreed."""
_CREDIT: _Keys = {
    "credit_limit": ("limit",),
    "compare": ("compare",),
    "when_suspended": ("when_suspended",),
    "warn_band": ("rearm", "band"),
    "warn_interval": ("rearm", "minimum_interval"),
    "warn_repeats": ("rearm", "most_repeats"),
    "tell_cleared": ("rearm", "tell_cleared"),
    "warn_at": ("thresholds",),
}
"""The keys of what a distributor may owe, and of its warnings, wherever that is agreed."""


def _within(outer: tuple[str, ...], keys: _Keys) -> _Keys:
    return {key: (*outer, *path) for key, path in keys.items()}


_CREATE_DISTRIBUTOR = Verb(
    TableReader(
        CreateDistributor,
        {
            "key": ("key",),
            "by": ("by",),
            "at": ("distributor", "created"),
            "id": ("distributor", "id"),
            "name": ("distributor", "name"),
            "parent": ("distributor", "parent"),
            "currency": ("distributor", "currency"),
            "zone": ("distributor", "cycle", "zone"),
            "billing_period": ("distributor", "cycle", "billing_period"),
            **_within(("distributor", "terms"), _TERMS),
            **_within(("distributor", "credit"), _CREDIT),
            "language": ("distributor", "preferences", "locale"),
            "self_care_zone": ("distributor", "preferences", "zone"),
            "customer_credit_limit": ("distributor", "caps", "credit_limit"),
            "customer_opening_balance": ("distributor", "caps", "opening_balance"),
            "customer_class": ("distributor", "customer_class"),
            "owes": ("opening_balance",),
        },
        BESIDE,
    ),
    {"customer_credit_limit": "0", "customer_opening_balance": "0", "owes": "0"},
    _with_a_first_day,
)
_CHANGE_TERMS = Verb(
    TableReader(
        ChangeTerms,
        {**_AROUND, "distributor": ("distributor",), **_within(("terms",), _TERMS)},
        BESIDE,
    ),
    completed=_with_rates_zone,
)
_CHANGE_CREDIT = Verb(
    TableReader(
        ChangeCredit,
        {**_AROUND, "distributor": ("distributor",), **_within(("credit",), _CREDIT)},
        BESIDE,
    )
)
_CREATE_CUSTOMER = Verb(
    TableReader(
        CreateCustomer,
        {
            **_AROUND,
            "id": ("customer",),
            "name": ("name",),
            "distributor": ("distributor",),
            "credit_limit": ("credit_limit",),
            "owes": ("opening_balance",),
        },
        BESIDE,
    ),
    {"credit_limit": "0", "owes": "0"},
)
_PREPARE_QUICK_FORM = Verb(
    TableReader(
        PrepareQuickForm,
        {
            **_AROUND,
            "id": ("form", "id"),
            "name": ("form", "name"),
            "product": ("form", "product"),
            "batch": ("form", "batch"),
            "kind": ("form", "kind"),
            "fixed": ("form", "form_fields", "fixed"),
            "defaults": ("form", "form_fields", "defaults"),
            "asks": ("form", "form_fields", "asks"),
        },
        BESIDE,
    )
)
_ADD_ACCOUNT = Verb(
    TableReader(
        AddAccount,
        {
            **_AROUND,
            "customer": ("customer",),
            "distributor": ("distributor",),
            "form": ("through", "form"),
            "fields": ("through", "answers"),
            "full_form": ("through", "full_form"),
        },
        BESIDE,
    )
)

VERBS: Mapping[str, Verb] = {
    **{spelt(kind): Verb(reader_of(kind, BESIDE)) for kind in get_args(Command)},
    "create_distributor": _CREATE_DISTRIBUTOR,
    "change_terms": _CHANGE_TERMS,
    "change_credit": _CHANGE_CREDIT,
    "create_customer": _CREATE_CUSTOMER,
    "prepare_quick_form": _PREPARE_QUICK_FORM,
    "add_account": _ADD_ACCOUNT,
    "transfer_customer": Verb(reader_of(TransferCustomer, BESIDE), {"distributor": None}),
    "transfer_distributor": Verb(reader_of(TransferDistributor, BESIDE), {"parent": None}),
}
"""The commands by their names in a file; most are written as their fields are called."""
