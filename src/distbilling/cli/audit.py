"""Do the books agree? Entries sum to zero, and the balances rebuilt from the journal are those that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import assert_never

import attrs
from pendulum import UTC, DateTime

from distbilling.money import Currency, Money
from distbilling.ports import Repository
from distbilling.rules import Command
from distbilling.rules.commands.activate_account import ActivateAccount
from distbilling.rules.commands.record_payment import RecordPayment
from distbilling.rules.commands.remit import Remit
from distbilling.rules.decision import Decision, Refused
from distbilling.rules.facts import Facts
from distbilling.rules.journal import (
    CustomerLedger,
    DistributorLedger,
    LedgerAccount,
    PrepaidFunds,
    balances,
    out_of_balance,
)
from distbilling.rules.parties import Administrator
from distbilling.rules.reasons import NotFound, RecordKind

__all__ = ["Audit", "BalanceDiffers", "audit_of"]

_OfParty = DistributorLedger | CustomerLedger | PrepaidFunds
_OF_PARTIES = (DistributorLedger, CustomerLedger, PrepaidFunds)
_AUDITOR = Administrator("auditor")
_ANY_INSTANT = DateTime(2000, 1, 1, tzinfo=UTC)
_ANY_AMOUNT = Money(1, "USD")
_NOTHING_IS_WRITTEN = Refused(NotFound(RecordKind.DISTRIBUTOR, _AUDITOR.name))


@attrs.frozen
class BalanceDiffers:
    """A party's ledger account that is kept at another balance than the journal gives; positive is debt."""

    ledger: LedgerAccount
    kept: Money
    rebuilt: Money


@attrs.frozen
class Audit:
    """What was found: how many entries, by how much they are off zero in each currency, which balances differ.

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


def audit_of(repository: Repository, ledgers: Iterable[LedgerAccount], used_keys: Iterable[str]) -> Audit:
    """Rebuild all balances from the journal, and compare those of parties with what the repository keeps.

    ``ledgers`` are parties to look at beside those in the journal; ``used_keys`` the keys of commands that it has seen.
    The repository is only read: every look is a command that is refused.

    Source: rulebook R2, R48.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> audit_of(MemoryRepository(), (), ()).entries
    0
    """
    journal = tuple(repository.journal())
    rebuilt = balances(journal)
    taken = set(used_keys)
    key = next(name for name in (f"audit/{number}" for number in count()) if name not in taken)
    differing: list[BalanceDiffers] = []
    for ledger in dict.fromkeys((*rebuilt, *ledgers)):
        if isinstance(ledger, _OF_PARTIES):
            differing += _differing(ledger, _kept(repository, ledger, key), rebuilt.get(ledger, {}))
    return Audit(len(journal), rebuilt, out_of_balance(rebuilt), tuple(differing))


def _kept(repository: Repository, ledger: _OfParty, key: str) -> Money | None:
    """Return the balance that the repository keeps of a party; None where it does not know the party."""
    match ledger:
        case DistributorLedger(name):
            known = _facts(repository, Remit(key, _AUDITOR, _ANY_INSTANT, name, _ANY_AMOUNT)).distributor(name)
            return None if known is None else known.owed
        case CustomerLedger(name):
            payment = RecordPayment(key, _AUDITOR, _ANY_INSTANT, name, _ANY_AMOUNT)
            customer = _facts(repository, payment).customer(name)
            return None if customer is None else customer.owed
        case PrepaidFunds(name):
            account = _facts(repository, ActivateAccount(key, _AUDITOR, _ANY_INSTANT, name)).account(name)
            return None if account is None else -account.funds
        case _:
            assert_never(ledger)


def _differing(ledger: _OfParty, kept: Money | None, purse: dict[Currency, Money]) -> Iterator[BalanceDiffers]:
    books = {} if kept is None else {kept.currency: kept}
    for currency in dict.fromkeys((*books, *purse)):
        nothing = Money.zero(currency)
        found = BalanceDiffers(ledger, books.get(currency, nothing), purse.get(currency, nothing))
        if found.kept != found.rebuilt:
            yield found


def _facts(repository: Repository, command: Command) -> Facts:
    found = [Facts()]

    def look(_command: Command, facts: Facts) -> Decision:
        found.append(facts)
        return _NOTHING_IS_WRITTEN

    repository.transact(command, look)
    return found[-1]
