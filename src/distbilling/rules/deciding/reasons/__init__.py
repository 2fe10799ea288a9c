"""The reasons for a refusal: one a refusal, with the figures that it rests on.

A reason is imported and listed here; its module says it in words.
"""

from distbilling.rules.credit.increase import AboveCap as AboveCap
from distbilling.rules.deciding.reasons.commission import MoreThanAccrued as MoreThanAccrued
from distbilling.rules.deciding.reasons.commission import NoCommissionAccrued as NoCommissionAccrued
from distbilling.rules.deciding.reasons.commission import TaxMissing as TaxMissing
from distbilling.rules.deciding.reasons.credit import CreditAboveCap as CreditAboveCap
from distbilling.rules.deciding.reasons.credit import NoLimitToRaise as NoLimitToRaise
from distbilling.rules.deciding.reasons.credit import OverCreditLimit as OverCreditLimit
from distbilling.rules.deciding.reasons.credit import Suspended as Suspended
from distbilling.rules.deciding.reasons.hierarchy import NotSettled as NotSettled
from distbilling.rules.deciding.reasons.hierarchy import OwnSubdistributor as OwnSubdistributor
from distbilling.rules.deciding.reasons.hierarchy import RateAboveParent as RateAboveParent
from distbilling.rules.deciding.reasons.hierarchy import WiderBasis as WiderBasis
from distbilling.rules.deciding.reasons.records import AlreadyActive as AlreadyActive
from distbilling.rules.deciding.reasons.records import AlreadyAssigned as AlreadyAssigned
from distbilling.rules.deciding.reasons.records import AlreadyExists as AlreadyExists
from distbilling.rules.deciding.reasons.records import BeforeCreation as BeforeCreation
from distbilling.rules.deciding.reasons.records import FormNotAccepted as FormNotAccepted
from distbilling.rules.deciding.reasons.records import NoDistributor as NoDistributor
from distbilling.rules.deciding.reasons.records import NotFound as NotFound
from distbilling.rules.deciding.reasons.records import NumberInInventory as NumberInInventory
from distbilling.rules.deciding.reasons.records import RecordKind as RecordKind
from distbilling.rules.deciding.reasons.records import WrongCurrency as WrongCurrency
from distbilling.rules.deciding.reasons.reversal import BeforeOriginal as BeforeOriginal
from distbilling.rules.deciding.reasons.reversal import MoreThanRemains as MoreThanRemains
from distbilling.rules.deciding.reasons.reversal import NothingRemains as NothingRemains
from distbilling.rules.deciding.reasons.reversal import NotReversible as NotReversible
from distbilling.rules.deciding.reasons.reversal import PartlyReversed as PartlyReversed
from distbilling.rules.parties.permission import Denied as Denied

__all__ = ["Reason"]

Reason = (
    Denied
    | NoDistributor
    | NotFound
    | AlreadyExists
    | AlreadyActive
    | AlreadyAssigned
    | BeforeCreation
    | WrongCurrency
    | FormNotAccepted
    | NumberInInventory
    | CreditAboveCap
    | OverCreditLimit
    | Suspended
    | NotReversible
    | BeforeOriginal
    | MoreThanRemains
    | NothingRemains
    | PartlyReversed
    | TaxMissing
    | RateAboveParent
    | WiderBasis
    | OwnSubdistributor
    | NotSettled
    | NoCommissionAccrued
    | MoreThanAccrued
    | NoLimitToRaise
    | AboveCap
)
