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
    from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
    from distbilling.rules.agreement.circumstances import Circumstances
    from distbilling.rules.agreement.measure import Measure, Per, Tiering
    from distbilling.rules.agreement.rates import CommissionKind, Rate, Subject
    from distbilling.rules.agreement.schedule import (
        Bounded,
        Bracket,
        Brackets,
        ByAge,
        FlatFee,
        Stage,
        Sum,
    )
    from distbilling.rules.agreement.terms import Margin, Netting, Remainder, Terms
    from distbilling.rules.commands.customers.activate_account import ActivateAccount
    from distbilling.rules.commands.customers.add_account import AddAccount, ByFullForm, ByQuickForm
    from distbilling.rules.commands.customers.assign_distributor import AssignDistributor
    from distbilling.rules.commands.customers.create_customer import CreateCustomer
    from distbilling.rules.commands.customers.prepare_quick_form import PrepareQuickForm
    from distbilling.rules.commands.customers.transfer_customer import TransferCustomer
    from distbilling.rules.commands.distributors.change_credit import ChangeCredit
    from distbilling.rules.commands.distributors.change_terms import ChangeTerms
    from distbilling.rules.commands.distributors.create_distributor import CreateDistributor
    from distbilling.rules.commands.distributors.grant_limit_increase import GrantLimitIncrease
    from distbilling.rules.commands.distributors.review_credit import ReviewCredit
    from distbilling.rules.commands.distributors.transfer_distributor import TransferDistributor
    from distbilling.rules.commands.movements.correct import Correct
    from distbilling.rules.commands.movements.credit_commission import CreditCommission
    from distbilling.rules.commands.movements.record_payment import RecordPayment
    from distbilling.rules.commands.movements.remit import Remit
    from distbilling.rules.commands.movements.reverse import Reversal, Reverse
    from distbilling.rules.credit import (
        CreditTerms,
        Limit,
        PercentOfLimit,
        Unlimited,
        WhenSuspended,
    )
    from distbilling.rules.credit.increase import IncreaseCaps, LimitIncrease
    from distbilling.rules.credit.thresholds import Crossing, EveryFurther, Rearm
    from distbilling.rules.deciding.decision import Accepted, Refused
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
    from distbilling.rules.parties.quick_form import Asked, Field, Fixed, QuickForm
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

_ROOMS = frozenset(
    {"adapters", "documents", "errors", "money", "periods", "ports", "rules", "services"}
)
_PUBLIC = {
    "distbilling.money": (
        "Allocation",
        "Currency",
        "Money",
        "Percent",
        "Rounding",
        "RoundingMethod",
    ),
    "distbilling.rules.agreement.basis": (
        "Basis",
        "DiscountBasis",
        "TaxBasis",
    ),
    "distbilling.rules.agreement.circumstances": ("Circumstances",),
    "distbilling.rules.commands.customers.activate_account": ("ActivateAccount",),
    "distbilling.rules.commands.customers.add_account": (
        "AddAccount",
        "ByFullForm",
        "ByQuickForm",
    ),
    "distbilling.rules.commands.customers.assign_distributor": ("AssignDistributor",),
    "distbilling.rules.commands.distributors.change_credit": ("ChangeCredit",),
    "distbilling.rules.commands.distributors.change_terms": ("ChangeTerms",),
    "distbilling.rules.commands.movements.correct": ("Correct",),
    "distbilling.rules.commands.customers.create_customer": ("CreateCustomer",),
    "distbilling.rules.commands.distributors.create_distributor": ("CreateDistributor",),
    "distbilling.rules.commands.movements.credit_commission": ("CreditCommission",),
    "distbilling.rules.commands.distributors.grant_limit_increase": ("GrantLimitIncrease",),
    "distbilling.rules.commands.customers.prepare_quick_form": ("PrepareQuickForm",),
    "distbilling.rules.commands.movements.record_payment": ("RecordPayment",),
    "distbilling.rules.commands.movements.remit": ("Remit",),
    "distbilling.rules.commands.movements.reverse": (
        "Reversal",
        "Reverse",
    ),
    "distbilling.rules.commands.distributors.review_credit": ("ReviewCredit",),
    "distbilling.rules.commands.customers.transfer_customer": ("TransferCustomer",),
    "distbilling.rules.commands.distributors.transfer_distributor": ("TransferDistributor",),
    "distbilling.rules.credit": (
        "CreditTerms",
        "Limit",
        "PercentOfLimit",
        "Unlimited",
        "WhenSuspended",
    ),
    "distbilling.rules.deciding.decision": (
        "Accepted",
        "Refused",
    ),
    "distbilling.rules.credit.increase": (
        "IncreaseCaps",
        "LimitIncrease",
    ),
    "distbilling.rules.agreement.measure": (
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
    "distbilling.rules.parties.quick_form": (
        "Asked",
        "Field",
        "Fixed",
        "QuickForm",
    ),
    "distbilling.rules.agreement.rates": (
        "CommissionKind",
        "Rate",
        "Subject",
    ),
    "distbilling.rules.agreement.schedule": (
        "Bounded",
        "Bracket",
        "Brackets",
        "ByAge",
        "FlatFee",
        "Stage",
        "Sum",
    ),
    "distbilling.rules.agreement.terms": (
        "Margin",
        "Netting",
        "Remainder",
        "Terms",
    ),
    "distbilling.rules.credit.thresholds": (
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
