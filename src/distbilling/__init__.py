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
    from distbilling.rules.basis import Basis, DiscountBasis, TaxBasis
    from distbilling.rules.circumstances import Circumstances
    from distbilling.rules.commands.activate_account import ActivateAccount
    from distbilling.rules.commands.add_account import AddAccount, ByFullForm, ByQuickForm
    from distbilling.rules.commands.assign_distributor import AssignDistributor
    from distbilling.rules.commands.change_credit import ChangeCredit
    from distbilling.rules.commands.change_terms import ChangeTerms
    from distbilling.rules.commands.correct import Correct
    from distbilling.rules.commands.create_customer import CreateCustomer
    from distbilling.rules.commands.create_distributor import CreateDistributor
    from distbilling.rules.commands.credit_commission import CreditCommission
    from distbilling.rules.commands.grant_limit_increase import GrantLimitIncrease
    from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
    from distbilling.rules.commands.record_payment import RecordPayment
    from distbilling.rules.commands.remit import Remit
    from distbilling.rules.commands.reverse import Reversal, Reverse
    from distbilling.rules.commands.review_credit import ReviewCredit
    from distbilling.rules.commands.transfer_customer import TransferCustomer
    from distbilling.rules.commands.transfer_distributor import TransferDistributor
    from distbilling.rules.credit import CreditTerms, Limit, PercentOfLimit, Unlimited, WhenSuspended
    from distbilling.rules.decision import Accepted, Refused
    from distbilling.rules.increase import IncreaseCaps, LimitIncrease
    from distbilling.rules.measure import Measure, Per, Tiering
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
    from distbilling.rules.rates import CommissionKind, Rate, Subject
    from distbilling.rules.schedule import Bounded, Bracket, Brackets, ByAge, FlatFee, Stage, Sum
    from distbilling.rules.terms import Margin, Netting, Remainder, Terms
    from distbilling.rules.thresholds import Crossing, EveryFurther, Rearm
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
    "Basis",
    "Billing",
    "Bounded",
    "Bracket",
    "Brackets",
    "ByAge",
    "ByFullForm",
    "ByQuickForm",
    "ChangeCredit",
    "ChangeTerms",
    "Circumstances",
    "CommissionKind",
    "Correct",
    "CreateCustomer",
    "CreateDistributor",
    "CreditCommission",
    "CreditTerms",
    "Crossing",
    "Currency",
    "Customer",
    "CustomerCaps",
    "CustomerClass",
    "DiscountBasis",
    "Distributor",
    "DistributorStaff",
    "EveryFurther",
    "Field",
    "Fixed",
    "FlatFee",
    "GrantLimitIncrease",
    "IncreaseCaps",
    "Limit",
    "LimitIncrease",
    "Margin",
    "Measure",
    "Money",
    "Netting",
    "Per",
    "Percent",
    "PercentOfLimit",
    "Preferences",
    "PrepareQuickForm",
    "QuickForm",
    "Rate",
    "Rearm",
    "RecordPayment",
    "Refused",
    "Remainder",
    "Remit",
    "Reversal",
    "Reverse",
    "ReviewCredit",
    "Rounding",
    "RoundingMethod",
    "Stage",
    "Subject",
    "Sum",
    "TaxBasis",
    "Terms",
    "Tiering",
    "TransferCustomer",
    "TransferDistributor",
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
    "distbilling.rules.basis": (
        "Basis",
        "DiscountBasis",
        "TaxBasis",
    ),
    "distbilling.rules.circumstances": ("Circumstances",),
    "distbilling.rules.commands.activate_account": ("ActivateAccount",),
    "distbilling.rules.commands.add_account": (
        "AddAccount",
        "ByFullForm",
        "ByQuickForm",
    ),
    "distbilling.rules.commands.assign_distributor": ("AssignDistributor",),
    "distbilling.rules.commands.change_credit": ("ChangeCredit",),
    "distbilling.rules.commands.change_terms": ("ChangeTerms",),
    "distbilling.rules.commands.correct": ("Correct",),
    "distbilling.rules.commands.create_customer": ("CreateCustomer",),
    "distbilling.rules.commands.create_distributor": ("CreateDistributor",),
    "distbilling.rules.commands.credit_commission": ("CreditCommission",),
    "distbilling.rules.commands.grant_limit_increase": ("GrantLimitIncrease",),
    "distbilling.rules.commands.prepare_quick_form": ("PrepareQuickForm",),
    "distbilling.rules.commands.record_payment": ("RecordPayment",),
    "distbilling.rules.commands.remit": ("Remit",),
    "distbilling.rules.commands.reverse": (
        "Reversal",
        "Reverse",
    ),
    "distbilling.rules.commands.review_credit": ("ReviewCredit",),
    "distbilling.rules.commands.transfer_customer": ("TransferCustomer",),
    "distbilling.rules.commands.transfer_distributor": ("TransferDistributor",),
    "distbilling.rules.credit": (
        "CreditTerms",
        "Limit",
        "PercentOfLimit",
        "Unlimited",
        "WhenSuspended",
    ),
    "distbilling.rules.decision": (
        "Accepted",
        "Refused",
    ),
    "distbilling.rules.increase": (
        "IncreaseCaps",
        "LimitIncrease",
    ),
    "distbilling.rules.measure": (
        "Measure",
        "Per",
        "Tiering",
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
    "distbilling.rules.rates": (
        "CommissionKind",
        "Rate",
        "Subject",
    ),
    "distbilling.rules.schedule": (
        "Bounded",
        "Bracket",
        "Brackets",
        "ByAge",
        "FlatFee",
        "Stage",
        "Sum",
    ),
    "distbilling.rules.terms": (
        "Margin",
        "Netting",
        "Remainder",
        "Terms",
    ),
    "distbilling.rules.thresholds": (
        "Crossing",
        "EveryFurther",
        "Rearm",
    ),
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
