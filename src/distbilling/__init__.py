"""Billing rules for distributors: what they earn and owe, exactly; who may do what; when periods close.

Names load when they are first used, so that importing the library costs next to nothing.

>>> from distbilling.rules.commission import commission_on
>>> commission_on(Money("10.00", "USD"), Percent("15")).owed
Money('8.50', 'USD')
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distbilling import adapters as adapters
    from distbilling import documents as documents
    from distbilling import errors as errors
    from distbilling import money as money
    from distbilling import periods as periods
    from distbilling import ports as ports
    from distbilling import rules as rules
    from distbilling import services as services
    from distbilling.money import Allocation, Currency, Money, Percent, Rounding, RoundingMethod
    from distbilling.rules.commands.activate_account import ActivateAccount
    from distbilling.rules.commands.add_account import AddAccount, ByFullForm, ByQuickForm
    from distbilling.rules.commands.assign_distributor import AssignDistributor
    from distbilling.rules.commands.create_customer import CreateCustomer
    from distbilling.rules.commands.create_distributor import CreateDistributor
    from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
    from distbilling.rules.commands.record_payment import RecordPayment
    from distbilling.rules.commands.remit import Remit
    from distbilling.rules.credit import CreditTerms, Crossing, Limit, PercentOfLimit, Unlimited, WhenSuspended
    from distbilling.rules.decision import Accepted, Refused
    from distbilling.rules.parties import (
        Account,
        AccountKind,
        Administrator,
        Customer,
        CustomerCaps,
        CustomerClass,
        Distributor,
        DistributorStaff,
        Preferences,
    )
    from distbilling.rules.quick_form import Asked, Field, Fixed, QuickForm
    from distbilling.rules.terms import Terms
    from distbilling.services import AsyncBilling, Billing

__all__ = [
    "Accepted",
    "Account",
    "AccountKind",
    "ActivateAccount",
    "AddAccount",
    "Administrator",
    "Allocation",
    "Asked",
    "AssignDistributor",
    "AsyncBilling",
    "Billing",
    "ByFullForm",
    "ByQuickForm",
    "CreateCustomer",
    "CreateDistributor",
    "CreditTerms",
    "Crossing",
    "Currency",
    "Customer",
    "CustomerCaps",
    "CustomerClass",
    "Distributor",
    "DistributorStaff",
    "Field",
    "Fixed",
    "Limit",
    "Money",
    "Percent",
    "PercentOfLimit",
    "Preferences",
    "PrepareQuickForm",
    "QuickForm",
    "RecordPayment",
    "Refused",
    "Remit",
    "Rounding",
    "RoundingMethod",
    "Terms",
    "Unlimited",
    "WhenSuspended",
]

_ROOMS = frozenset({"adapters", "documents", "errors", "money", "periods", "ports", "rules", "services"})
_PUBLIC = {
    "distbilling.money": (
        "Allocation",
        "Currency",
        "Money",
        "Percent",
        "Rounding",
        "RoundingMethod",
    ),
    "distbilling.rules.commands.activate_account": ("ActivateAccount",),
    "distbilling.rules.commands.add_account": (
        "AddAccount",
        "ByFullForm",
        "ByQuickForm",
    ),
    "distbilling.rules.commands.assign_distributor": ("AssignDistributor",),
    "distbilling.rules.commands.create_customer": ("CreateCustomer",),
    "distbilling.rules.commands.create_distributor": ("CreateDistributor",),
    "distbilling.rules.commands.prepare_quick_form": ("PrepareQuickForm",),
    "distbilling.rules.commands.record_payment": ("RecordPayment",),
    "distbilling.rules.commands.remit": ("Remit",),
    "distbilling.rules.credit": (
        "CreditTerms",
        "Crossing",
        "Limit",
        "PercentOfLimit",
        "Unlimited",
        "WhenSuspended",
    ),
    "distbilling.rules.decision": (
        "Accepted",
        "Refused",
    ),
    "distbilling.rules.parties": (
        "Account",
        "AccountKind",
        "Administrator",
        "Customer",
        "CustomerCaps",
        "CustomerClass",
        "Distributor",
        "DistributorStaff",
        "Preferences",
    ),
    "distbilling.rules.quick_form": (
        "Asked",
        "Field",
        "Fixed",
        "QuickForm",
    ),
    "distbilling.rules.terms": ("Terms",),
    "distbilling.services": (
        "AsyncBilling",
        "Billing",
    ),
}
_HOMES = {name: home for home, names in _PUBLIC.items() for name in names}


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return import_module(f"distbilling.{name}")
    if name not in _HOMES:
        message = f"module 'distbilling' has no attribute {name!r}"
        raise AttributeError(message)
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, *sorted(_ROOMS)]
