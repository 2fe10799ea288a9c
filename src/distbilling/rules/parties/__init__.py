"""Distributors, customers and accounts; who acts, and who may do what."""

from distbilling.rules.parties.actors import Actor, Administrator, DistributorStaff
from distbilling.rules.parties.customer import (
    Account,
    AccountKind,
    Customer,
    check_funds,
    check_tax,
)
from distbilling.rules.parties.distributor import (
    CustomerCaps,
    CustomerClass,
    Distributor,
    Preferences,
)

__all__ = [
    "Account",
    "AccountKind",
    "Actor",
    "Administrator",
    "Customer",
    "CustomerCaps",
    "CustomerClass",
    "Distributor",
    "DistributorStaff",
    "Preferences",
    "check_funds",
    "check_tax",
]
