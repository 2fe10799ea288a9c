"""Billing rules for distributors: what they earn and owe, exactly; who may do what; when periods close.

>>> from distbilling.rules.commission import commission_on
>>> commission_on(Money("10.00", "USD"), Percent("15")).owed
Money('8.50', 'USD')
"""

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
