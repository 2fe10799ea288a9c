"""Why was it refused? One reason a refusal, with the figures it rests on, in the reader's words."""

from distbilling.rules.increase import AboveCap
from distbilling.rules.permission import Denied
from distbilling.rules.reasons.commission import MoreThanAccrued, NoCommissionAccrued, TaxNotTold
from distbilling.rules.reasons.credit import (
    CreditAboveCap,
    NoLimitToRaise,
    OverCreditLimit,
    Suspended,
)
from distbilling.rules.reasons.hierarchy import NotSettled, OwnSubdistributor, RateAboveParent, WiderBasis
from distbilling.rules.reasons.records import (
    AlreadyActive,
    AlreadyAssigned,
    AlreadyExists,
    BeforeCreation,
    FormNotAccepted,
    NoDistributor,
    NotFound,
    NumberInInventory,
    RecordKind,
    WrongCurrency,
)
from distbilling.rules.reasons.reversal import (
    BeforeOriginal,
    MoreThanRemains,
    NothingRemains,
    NotReversible,
    PartlyReversed,
)

__all__ = [
    "AboveCap",
    "AlreadyActive",
    "AlreadyAssigned",
    "AlreadyExists",
    "BeforeCreation",
    "BeforeOriginal",
    "CreditAboveCap",
    "FormNotAccepted",
    "MoreThanAccrued",
    "MoreThanRemains",
    "NoCommissionAccrued",
    "NoDistributor",
    "NoLimitToRaise",
    "NotFound",
    "NotReversible",
    "NotSettled",
    "NothingRemains",
    "NumberInInventory",
    "OverCreditLimit",
    "OwnSubdistributor",
    "PartlyReversed",
    "RateAboveParent",
    "Reason",
    "RecordKind",
    "Suspended",
    "TaxNotTold",
    "WiderBasis",
    "WrongCurrency",
]

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
    | TaxNotTold
    | RateAboveParent
    | WiderBasis
    | OwnSubdistributor
    | NotSettled
    | NoCommissionAccrued
    | MoreThanAccrued
    | NoLimitToRaise
    | AboveCap
)
