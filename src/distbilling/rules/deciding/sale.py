"""The sale of an account: when it falls due, and what is booked."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from pendulum import DateTime

from distbilling.errors import HostError
from distbilling.rules.agreement.terms import CommissionKind
from distbilling.rules.deciding.booking import (
    Trade,
    accept_entry,
    over_limit,
    postings_of,
    split_over,
)
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts, Record
from distbilling.rules.deciding.reasons import OverCreditLimit, TaxMissing
from distbilling.rules.deciding.standing import creation_refusal, currency_refusal
from distbilling.rules.deciding.volumes import volumes_after
from distbilling.rules.ledger.accounts import PrepaidFunds
from distbilling.rules.ledger.journal import Entry, EntryKind
from distbilling.rules.parties import Account, Customer

__all__ = ["store_and_sell"]


def store_and_sell(
    account: Account, facts: Facts, command: CommandHead, records: tuple[Record, ...] = ()
) -> Decision:
    """Store the account, and sell it if that falls due.

    The sale falls due when the account is active and has a distributor for the first time.

    The distributor, and each one above it, owes the opening balance less the sales commission; the
    account holds the opening balance as funds. Without an opening balance there is no charge, no
    commission and no entry. ``records`` are stored with it: the customer, where it is new.

    Refused in this order: an account in another currency than its distributor's, whether it is sold
    now or later; a sale dated before the distributor's creation, or that of one above it; a sale
    whose tax is missing, where commission is on the amount without tax; a sale that would take
    what a distributor of the chain owes above its limit, because nothing has changed hands.

    Source: rulebook R2, R7, R9, R16, R18, R24; handbook, "Default sales commission".
    """
    if account.distributor is None:
        return Accepted(command.key, records=(*records, account))

    chain = facts.chain(account.distributor)
    opening = account.opening_balance
    if foreign := currency_refusal(chain[0].distributor, opening.currency):
        return Refused(foreign)
    if not account.is_due_for_sale:
        return Accepted(command.key, records=(*records, account))
    if early := creation_refusal(chain, command.at):
        return Refused(early)

    sold = attrs.evolve(account, sold=True)
    if opening.is_zero:
        return Accepted(command.key, records=(*records, sold))

    trade = Trade(
        kind=CommissionKind.SALE,
        amount=opening,
        at=command.at,
        since=_customer_since(account, facts, records),
        subject=account.subject,
        tax=account.tax,
    )
    split = split_over(chain, trade)
    if isinstance(split, TaxMissing):
        return Refused(split)

    entry = Entry(
        key=command.key,
        kind=EntryKind.SALE,
        at=command.at,
        by=command.by,
        postings=postings_of(split, PrepaidFunds(account.id)),
        split=split,
        subject=account.subject,
    )
    if excess := over_limit(entry, chain):
        return Refused(OverCreditLimit(excess.distributor, excess.limit, excess.owed))

    volumes = volumes_after(chain, CommissionKind.SALE, command.at, split)
    return accept_entry(entry, chain, records=(*records, sold, *volumes))


def _customer_since(account: Account, facts: Facts, records: Iterable[Record]) -> DateTime:
    """Return the instant from which the customer of an account belongs to its distributor."""
    # One that is created with the account is among the records to be stored.
    created = next((record for record in records if isinstance(record, Customer)), None)
    if created is not None:
        return created.since

    customer_facts = facts.customer(account.customer)
    if customer_facts is None:
        raise HostError("Repository.transact", f"the account {account.id!r} without its customer")
    return customer_facts.customer.since
