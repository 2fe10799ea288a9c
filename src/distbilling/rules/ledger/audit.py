"""The audit of the books: whether entries sum to zero and give the balances that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from distbilling.money import Currency, Money
from distbilling.rules.ledger.accounts import LedgerAccount, PartyLedger
from distbilling.rules.ledger.journal import Entry, balances, out_of_balance

__all__ = ["Audit", "BalanceDiffers", "audit"]


@attrs.frozen
class BalanceDiffers:
    """A ledger account kept at another balance than the entries give; positive is debt.

    Source: rulebook R48.

    >>> from distbilling.rules.ledger.accounts import DistributorLedger
    >>> hudson = DistributorLedger("hudson")
    >>> kept = {hudson: Money("9.00", "USD")}
    >>> [differs.rebuilt for differs in audit((), kept.get, [hudson]).differing]
    [Money('0.00', 'USD')]
    """

    ledger: PartyLedger
    kept: Money
    rebuilt: Money


@attrs.frozen
class Audit:
    """The result: how many entries, how far off zero in each currency, which balances differ.

    Source: rulebook R2, R48.

    >>> Audit(0, {}, (), ()).agrees
    True
    """

    entries: int
    rebuilt: dict[LedgerAccount, dict[Currency, Money]]
    off: tuple[Money, ...]
    differing: tuple[BalanceDiffers, ...]

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to object to."""
        return not self.off and not self.differing


def audit(
    entries: Iterable[Entry],
    kept: Callable[[PartyLedger], Money | None],
    parties: Iterable[PartyLedger] = (),
) -> Audit:
    """Rebuild all balances from the entries, and compare them with those that are kept.

    Nothing may be written meanwhile.

    Args:
        entries: The whole journal, as from ``repository.journal()``.
        kept: What gives the kept balance of a party's ledger account, as ``repository.balance``.
        parties: Ledger accounts to compare beside those in the journal.

    Source: rulebook R2, R48.

    >>> audit((), {}.get).entries
    0
    """
    journal = tuple(entries)
    rebuilt = balances(journal)
    looked_at = dict.fromkeys(
        (*(ledger for ledger in rebuilt if isinstance(ledger, PartyLedger)), *parties)
    )
    differing = (
        balance
        for ledger in looked_at
        for balance in _differing(ledger, kept(ledger), rebuilt.get(ledger, {}))
    )
    return Audit(len(journal), rebuilt, out_of_balance(rebuilt), tuple(differing))


def _differing(
    ledger: PartyLedger, kept: Money | None, rebuilt: dict[Currency, Money]
) -> Iterator[BalanceDiffers]:
    books = {} if kept is None else {kept.currency: kept}
    for currency in dict.fromkeys((*books, *rebuilt)):
        nothing = Money.zero(currency)
        books_say, entries_say = books.get(currency, nothing), rebuilt.get(currency, nothing)
        if books_say != entries_say:
            yield BalanceDiffers(ledger, books_say, entries_say)
