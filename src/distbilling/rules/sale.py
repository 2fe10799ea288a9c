"""When is an account sold, and what does the sale cost its distributor?"""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.rules.commission import RateOrigin, commission_on
from distbilling.rules.credit import Limit, is_over_limit
from distbilling.rules.decision import Accepted, Decision, Refused
from distbilling.rules.facts import DistributorFacts, Record
from distbilling.rules.journal import CommissionExpense, DistributorLedger, Entry, EntryKind, Posting, PrepaidFunds
from distbilling.rules.notices import credit_notices
from distbilling.rules.parties import Account
from distbilling.rules.reasons import OverCreditLimit, WrongCurrency
from distbilling.rules.standing import too_early

__all__ = ["keep_or_sell"]


def keep_or_sell(
    account: Account, known: DistributorFacts | None, *, at: DateTime, key: str, records: tuple[Record, ...] = ()
) -> Decision:
    """Store the account, and sell it if this makes it active and attributed to a distributor for the first time.

    The distributor owes the opening balance less the sales commission; the account holds the opening balance as funds.
    Without an opening balance there is no charge, no commission and no entry.

    Refused in this order: an account in another currency than its distributor's, whether it is sold now or later; a sale
    dated before the distributor's creation; a sale that would take what the distributor owes above its limit, because
    nothing has changed hands.

    Source: rulebook R2, R7, R9, R24; handbook, "Default sales commission".
    """
    if known is None:
        return Accepted(key, records=(*records, account))
    if account.opening_balance.currency != known.distributor.currency:
        return Refused(
            WrongCurrency(known.distributor.id, known.distributor.currency, account.opening_balance.currency)
        )
    if not account.is_due_for_sale:
        return Accepted(key, records=(*records, account))
    if early := too_early(known, at):
        return Refused(early)
    distributor = known.distributor
    opening = account.opening_balance
    sold = attrs.evolve(account, sold=True)
    if opening.is_zero:
        return Accepted(key, records=(*records, sold))
    commission = commission_on(
        opening, distributor.terms.sales_commission, distributor.terms.rounding, RateOrigin.DEFAULT_SALES_COMMISSION
    )
    owed = known.owed + commission.owed
    limit = distributor.credit.limit
    if isinstance(limit, Limit) and is_over_limit(limit, owed):
        return Refused(OverCreditLimit(distributor.id, limit.amount, owed))
    postings = (
        Posting(PrepaidFunds(account.id), -opening),
        Posting(DistributorLedger(distributor.id), commission.owed),
        Posting(CommissionExpense(), commission.earned),
    )
    return Accepted(
        key,
        entry=Entry(key, EntryKind.SALE, at, postings, commission),
        records=(*records, sold),
        notices=credit_notices(distributor, known.owed, owed, at=at, cause=key),
    )
