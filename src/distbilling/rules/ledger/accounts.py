"""The ledger accounts that entries add to."""

from __future__ import annotations

import attrs

from distbilling.rules import fields

__all__ = [
    "AccruedCommission",
    "CommissionExpense",
    "CustomerLedger",
    "DistributorLedger",
    "LedgerAccount",
    "OpeningBalances",
    "PartyLedger",
    "PrepaidFunds",
    "ProviderCash",
    "SubdistributorDebts",
]


@attrs.frozen
class DistributorLedger(fields.Checked):
    """What a distributor owes the provider; positive is debt.

    >>> str(DistributorLedger("hudson"))
    'distributor:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"distributor:{self.distributor}"


@attrs.frozen
class CustomerLedger(fields.Checked):
    """What a customer owes the provider; positive is debt.

    >>> str(CustomerLedger("brown"))
    'customer:brown'
    """

    customer: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"customer:{self.customer}"


@attrs.frozen
class PrepaidFunds(fields.Checked):
    """What an account owes: negative, as the provider holds its prepaid funds for its user.

    Source: rulebook R1.

    >>> str(PrepaidFunds("12125550100"))
    'prepaid_funds:12125550100'
    """

    account: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"prepaid_funds:{self.account}"


@attrs.frozen
class AccruedCommission(fields.Checked):
    """What a distributor is owed as commission until it is credited at settlement: negative.

    Source: rulebook R17.

    >>> str(AccruedCommission("hudson"))
    'accrued_commission:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"accrued_commission:{self.distributor}"


@attrs.frozen
class SubdistributorDebts(fields.Checked):
    """What those directly below a distributor owe it, net of their commission: negative.

    Source: rulebook R16.

    >>> str(SubdistributorDebts("hudson"))
    'subdistributor_debts:hudson'
    """

    distributor: str = attrs.field(validator=fields.one_of(str))

    def __str__(self) -> str:
        return f"subdistributor_debts:{self.distributor}"


@attrs.frozen
class CommissionExpense:
    """What the provider has spent on commission.

    >>> str(CommissionExpense())
    'commission_expense'
    """

    def __str__(self) -> str:
        return "commission_expense"


@attrs.frozen
class ProviderCash:
    """The cash that distributors have remitted to the provider.

    >>> str(ProviderCash())
    'provider_cash'
    """

    def __str__(self) -> str:
        return "provider_cash"


@attrs.frozen
class OpeningBalances:
    """The other side of balances that parties brought with them from an earlier system.

    >>> str(OpeningBalances())
    'opening_balances'
    """

    def __str__(self) -> str:
        return "opening_balances"


PartyLedger = DistributorLedger | CustomerLedger | PrepaidFunds | AccruedCommission
LedgerAccount = (
    PartyLedger | SubdistributorDebts | CommissionExpense | ProviderCash | OpeningBalances
)
