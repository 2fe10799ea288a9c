"""The scalar rules applied to many transactions, one after the other, as a measure for columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from pendulum import DateTime

from distbilling.money import Currency, Money, from_units, units_of
from distbilling.periods import whole_months
from distbilling.periods.instant import instant_at
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.rates import CommissionKind, RateInForce, Subject
from distbilling.rules.agreement.terms import Netting
from distbilling.rules.chain.calculations import Calculations, Clawbacks, Commissions, Corrections
from distbilling.rules.chain.reversal import claw_back, corrected
from distbilling.rules.chain.split import Level, Share, Split, split_of
from distbilling.rules.credit.credit_watch import CreditFacts, CreditStanding, evaluate
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.booking import postings_of
from distbilling.rules.ledger.accounts import (
    AccruedCommission,
    CustomerLedger,
    DistributorLedger,
    OpeningBalances,
    ProviderCash,
)
from distbilling.rules.ledger.history import TRADES, Original, Volumes
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.ledger.statement import Extract, Statement, statement_of
from distbilling.rules.parties import Administrator, Distributor

__all__ = ["ScalarOracle"]

_MODEL = Administrator("model")
_REVERSALS = (EntryKind.REFUND, EntryKind.VOID, EntryKind.CHARGEBACK)


def _no_volumes(oracle: ScalarOracle) -> Volumes:
    return Volumes(oracle.start_of)


@attrs.define
class ScalarOracle:
    """Books transactions in their order by the scalar rules alone, and keeps what follows.

    A transaction is a mapping with the columns of a frame: ``at`` in microseconds since 1970 UTC,
    amounts in minor units.

    >>> from distbilling.testing.sample_data import distributor
    >>> books = ScalarOracle({"hudson": distributor("hudson")})
    >>> march = 1_772_700_000_000_000
    >>> paid = {"transaction": 1, "distributor": "hudson", "kind": "payment", "amount": 1001}
    >>> [row["earned"] for row in books.take({**paid, "at": march})]
    [100]
    """

    distributors: Mapping[str, Distributor]
    originals: dict[Any, Original] = attrs.field(factory=dict[Any, Original])
    volumes: Volumes = attrs.field(default=attrs.Factory(_no_volumes, takes_self=True))
    entries: dict[str, list[Entry]] = attrs.field(factory=dict[str, list[Entry]])
    owed: dict[str, Money] = attrs.field(factory=dict[str, Money])
    standings: dict[str, CreditStanding] = attrs.field(factory=dict[str, CreditStanding])
    notices: list[tuple[Any, Notice]] = attrs.field(factory=list[tuple[Any, Notice]])

    def take_all(self, transactions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take transactions in order of instant and key; return the rows of their shares."""
        ordered = sorted(transactions, key=lambda row: (row["at"], row["transaction"]))
        opened = {
            (row["distributor"], _instant(row["at"]))
            for row in ordered
            if row["kind"] == "opening_balance"
        }
        for name, distributor in self.distributors.items():
            if (name, distributor.created) not in opened:
                self._evaluate(name, Money.zero(distributor.currency), distributor.created, None)
        return [share for row in ordered for share in self.take(row)]

    def take(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Take one transaction; return a row for each level of its chain."""
        kind = EntryKind(row["kind"])
        split: Split[Calculations]
        if kind in TRADES:
            split = self._trade(row, TRADES[kind])
        elif kind in _REVERSALS:
            split = self._reversal(row)
        elif kind is EntryKind.CORRECTION:
            split = self._correction(row)
        else:
            return [self._cash(row, kind)]

        entry = self._entry(row, kind, postings_of(split, CustomerLedger("customer")), split)
        key = row["transaction"] if kind in TRADES else row["original"]
        original = Original.of(entry) or self.originals[key].after(split)
        self.originals[key] = original
        self.volumes.add(split, original.kind, original.entry.at)

        commissions = original.booked.calculations.levels
        rates = [RateInForce(commission.rate, commission.origin) for commission in commissions]
        return [
            _row(row, share.distributor, level, _figures_of(share, entry, split.amount), rate)
            for level, (share, rate) in enumerate(zip(split.shares, rates, strict=True))
        ]

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of every distributor, for the periods with entries."""
        for name, entries in self.entries.items():
            distributor = self.distributors[name]
            opening = Money.zero(distributor.currency)
            periods = sorted({distributor.period_at(entry.at) for entry in entries})
            for period in periods:
                within = tuple(entry for entry in entries if period.contains(entry.at))
                statement = statement_of(distributor, period, Extract(opening, within))
                yield statement
                opening = statement.closing

    def _chain(self, name: str) -> list[Distributor]:
        chain = [self.distributors[name]]
        while (parent := chain[-1].parent) is not None:
            chain.append(self.distributors[parent])
        return chain

    def _money(self, units: int, currency: Currency) -> Money:
        return from_units(units, currency.digits or 0, currency)

    def _trade(self, row: Mapping[str, Any], kind: CommissionKind) -> Split[Commissions]:
        chain, at = self._chain(row["distributor"]), _instant(row["at"])
        seller = chain[0]
        tax, discount = (
            None if row.get(name) is None else self._money(row[name], seller.currency)
            for name in ("tax", "discount")
        )
        if discount is None:
            discount = Money.zero(seller.currency)
        since = row.get("customer_since")
        months = None if since is None else whole_months(seller.cycle.zone, _instant(since), at)
        circumstances = Circumstances(
            items=row.get("items") or 1, months=months, tax=tax, discount=discount
        )

        levels = [
            Level(each.id, each.terms, self.volumes.so_far(each.id, kind, at, each.currency))
            for each in chain
        ]
        return split_of(
            kind,
            self._money(row["amount"], seller.currency),
            levels,
            at=at,
            subject=Subject(row.get("product"), row.get("batch")),
            circumstances=circumstances,
        )

    def _reversal(self, row: Mapping[str, Any]) -> Split[Clawbacks]:
        original = self.originals[row["original"]]
        back = self._money(row["amount"], original.entry.currency)
        return claw_back(original.split, original.reversed, back)

    def _correction(self, row: Mapping[str, Any]) -> Split[Corrections]:
        original = self.originals[row["original"]]
        right = self._money(row["amount"], original.entry.currency)
        return corrected(original.split, right, original.circumstances_of(right))

    def _cash(self, row: Mapping[str, Any], kind: EntryKind) -> dict[str, Any]:
        distributor = self.distributors[row["distributor"]]
        amount = self._money(row["amount"], distributor.currency)
        ledger = DistributorLedger(distributor.id)
        if kind is EntryKind.OPENING_BALANCE:
            postings = (Posting(ledger, amount), Posting(OpeningBalances(), -amount))
        elif kind is EntryKind.COMMISSION:
            postings = (
                Posting(ledger, -amount),
                Posting(AccruedCommission(distributor.id), amount),
            )
        else:
            postings = (Posting(ledger, -amount), Posting(ProviderCash(), amount))
        entry = self._entry(row, kind, postings, None)

        nothing = Money.zero(amount.currency)
        credited = amount if kind is EntryKind.COMMISSION else nothing
        adds = entry.added_to(ledger)
        figures = {
            "amount": adds + credited,
            "earned": nothing,
            "owed": adds,
            "credited": credited,
            "adds": adds,
        }
        return _row(row, distributor.id, 0, figures, None)

    def _entry(
        self,
        row: Mapping[str, Any],
        kind: EntryKind,
        postings: tuple[Posting, ...],
        split: Split[Calculations] | None,
    ) -> Entry:
        key = str(row["transaction"])
        original = str(row["original"]) if row.get("original") is not None else None
        entry = Entry(key, kind, _instant(row["at"]), _MODEL, postings, split, original=original)
        parties = [row["distributor"]] if split is None else split.distributors
        for name in parties:
            self.entries.setdefault(name, []).append(entry)
            self._evaluate(
                name, entry.added_to(DistributorLedger(name)), entry.at, row["transaction"]
            )
        return entry

    def _evaluate(self, name: str, adds: Money, at: DateTime, transaction: object) -> None:
        distributor = self.distributors[name]
        owed = self.owed.get(name, Money.zero(distributor.currency)) + adds
        self.owed[name] = owed
        standing = self.standings.get(name, CreditStanding.new(name))
        facts = CreditFacts(owed, at, distributor.limit_at(at))
        self.standings[name], notices = evaluate(distributor.credit, standing, facts)
        self.notices += ((transaction, notice) for notice in notices)

    def start_of(self, distributor: str, at: DateTime) -> DateTime:
        """Return when the billing period of a distributor at an instant started."""
        return self.distributors[distributor].period_at(at).start


def _figures_of(share: Share, entry: Entry, amount: Money) -> dict[str, Money]:
    later = share.netting is Netting.AT_SETTLEMENT
    return {
        "amount": amount,
        "earned": share.earned,
        "owed": share.owed,
        "credited": Money.zero(amount.currency) if later else share.earned,
        "adds": entry.added_to(DistributorLedger(share.distributor)),
    }


def _row(
    row: Mapping[str, Any],
    name: str,
    level: int,
    figures: Mapping[str, Money],
    rate: RateInForce | None,
) -> dict[str, Any]:
    currency = figures["amount"].currency
    return {
        "transaction": row["transaction"],
        "kind": row["kind"],
        "distributor": name,
        "seller": row["distributor"],
        "level": level,
        "currency": currency.code,
        **{column: units_of(figure, currency.digits or 0) for column, figure in figures.items()},
        "rate": "" if rate is None else rate.schedule.format(),
        "origin": "" if rate is None else rate.origin.level.value,
    }


def _instant(microseconds: int) -> DateTime:
    return instant_at(microseconds, "UTC")
