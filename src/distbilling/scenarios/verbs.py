"""Which commands can a file give, and how is each written?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import attrs

from distbilling.rules import Command
from distbilling.rules.commands.add_account import AddAccount
from distbilling.rules.commands.create_customer import CreateCustomer
from distbilling.rules.commands.create_distributor import CreateDistributor
from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
from distbilling.scenarios.cycles import counted_from
from distbilling.scenarios.files import Table
from distbilling.scenarios.shapes import Shape, shape_of
from distbilling.scenarios.words import spelt

BESIDE = frozenset({"key", "by", "at"})
"""The keys of every command that stand beside its own table."""


def _as_written(table: Table, _at: object) -> Table:
    return table


def _with_a_first_day(table: Table, at: object) -> Table:
    if "billing_period" not in table:
        return table
    return table | {"billing_period": counted_from(at, table.get("zone"), table["billing_period"])}


@attrs.frozen
class Verb:
    """How a command is written: the shape of its table, what may be left out, and what is completed from its instant."""

    shape: Shape[Any]
    defaults: Table = attrs.field(factory=dict[str, object])
    completed: Callable[[Table, object], Table] = _as_written

    @property
    def names_currency(self) -> bool:
        """Tell whether the command's own table has a currency; of other commands it stands beside the table."""
        return "currency" in self.shape.keys

    def created(self) -> Shape[Any]:
        """Return the shape of a party table: its instant is called ``created``."""
        keys = {"created" if key == "at" else key: path for key, path in self.shape.keys.items()}
        return attrs.evolve(self.shape, keys=keys, beside=self.shape.beside - {"at"})


_CREATE_DISTRIBUTOR = Verb(
    Shape(
        CreateDistributor,
        {
            "key": ("key",),
            "by": ("by",),
            "at": ("distributor", "created"),
            "id": ("distributor", "id"),
            "name": ("distributor", "name"),
            "currency": ("distributor", "currency"),
            "zone": ("distributor", "cycle", "zone"),
            "billing_period": ("distributor", "cycle", "billing_period"),
            "sales_commission": ("distributor", "terms", "sales_commission"),
            "payment_commission": ("distributor", "terms", "payment_commission"),
            "rounding": ("distributor", "terms", "rounding"),
            "credit_limit": ("distributor", "credit", "limit"),
            "compare": ("distributor", "credit", "compare"),
            "when_suspended": ("distributor", "credit", "when_suspended"),
            "warn_at": ("distributor", "credit", "thresholds"),
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
_CREATE_CUSTOMER = Verb(
    Shape(
        CreateCustomer,
        {
            "key": ("key",),
            "by": ("by",),
            "at": ("at",),
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
    Shape(
        PrepareQuickForm,
        {
            "key": ("key",),
            "by": ("by",),
            "at": ("at",),
            "id": ("form", "id"),
            "name": ("form", "name"),
            "product": ("form", "product"),
            "kind": ("form", "kind"),
            "fixed": ("form", "form_fields", "fixed"),
            "defaults": ("form", "form_fields", "defaults"),
            "asks": ("form", "form_fields", "asks"),
        },
        BESIDE,
    )
)
_ADD_ACCOUNT = Verb(
    Shape(
        AddAccount,
        {
            "key": ("key",),
            "by": ("by",),
            "at": ("at",),
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
    **{spelt(kind): Verb(shape_of(kind, BESIDE)) for kind in get_args(Command)},
    "create_distributor": _CREATE_DISTRIBUTOR,
    "create_customer": _CREATE_CUSTOMER,
    "prepare_quick_form": _PREPARE_QUICK_FORM,
    "add_account": _ADD_ACCOUNT,
}
"""The commands by their names in a file; one without a shape of its own is written as its fields are called."""
