"""Why was it refused? One reason a refusal, with the figures it rests on, in the reader's words."""

from distbilling.rules.credit.increase import AboveCap
from distbilling.rules.deciding.reasons.commission import (
    MoreThanAccrued,
    NoCommissionAccrued,
    TaxMissing,
)
from distbilling.rules.deciding.reasons.credit import (
    CreditAboveCap,
    NoLimitToRaise,
    OverCreditLimit,
    Suspended,
)
from distbilling.rules.deciding.reasons.hierarchy import (
    NotSettled,
    OwnSubdistributor,
    RateAboveParent,
    WiderBasis,
)
from distbilling.rules.deciding.reasons.records import (
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
from distbilling.rules.deciding.reasons.reversal import (
    BeforeOriginal,
    MoreThanRemains,
    NothingRemains,
    NotReversible,
    PartlyReversed,
)
from distbilling.rules.parties.permission import Denied

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
    "TaxMissing",
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
