"""What do the scalar rules say of many transactions, one after the other? What rules in columns are held to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from pendulum import DateTime

from distbilling.money import (
    Currency,
    Money,
    Rounding,
    RoundingMethod,
    from_units,
    given_back,
    part_of,
    units_of,
)
from distbilling.periods import whole_months
from distbilling.periods.instant import instant_at
from distbilling.rules.agreement.basis import base_of
from distbilling.rules.agreement.circumstances import Circumstances
from distbilling.rules.agreement.rates import CommissionKind, RateInForce, Subject
from distbilling.rules.chain.clawback import Correction
from distbilling.rules.chain.reversal import claw_back, corrected, effective
from distbilling.rules.chain.split import Level, Share, Split, split_of
from distbilling.rules.commission.commission import Commission
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
from distbilling.rules.ledger.journal import Entry, EntryKind, Posting
from distbilling.rules.ledger.statement import Extract, Statement, statement_of
from distbilling.rules.parties import Administrator, Distributor

__all__ = ["ScalarOracle"]

_IN_PROPORTION = Rounding(RoundingMethod.HALF_AWAY_FROM_ZERO)
_MODEL = Administrator("model")
_TRADES = {"sale": CommissionKind.SALE, "payment": CommissionKind.PAYMENT}
_REVERSALS = {kind.value: kind for kind in (EntryKind.REFUND, EntryKind.VOID, EntryKind.CHARGEBACK)}


@attrs.define
class _Booked:
    """A sale or payment with what followed it."""

    kind: CommissionKind
    at: DateTime
    split: Split
    corrections: list[Split]
    reversed: Money


@attrs.define
class ScalarOracle:
    """Takes transactions in their order, through the scalar rules alone, and remembers entries, volumes and notices.

    A transaction is a mapping with the columns of a frame: ``at`` in microseconds since 1970 UTC,
    amounts in minor units.

    >>> from distbilling.testing.stage import distributor
    >>> books = ScalarOracle({"hudson": distributor("hudson")})
    >>> march = 1_772_700_000_000_000
    >>> paid = {"transaction": 1, "distributor": "hudson", "kind": "payment", "at": march, "amount": 1001}
    >>> [row["earned"] for row in books.take(paid)]
    [100]
    """

    distributors: Mapping[str, Distributor]
    booked: dict[Any, _Booked] = attrs.field(factory=dict[Any, _Booked])
    volumes: dict[tuple[str, CommissionKind, DateTime], Money] = attrs.field(
        factory=dict[tuple[str, CommissionKind, DateTime], Money]
    )
    entries: dict[str, list[Entry]] = attrs.field(factory=dict[str, list[Entry]])
    owed: dict[str, Money] = attrs.field(factory=dict[str, Money])
    standings: dict[str, CreditStanding] = attrs.field(factory=dict[str, CreditStanding])
    notices: list[tuple[Any, Notice]] = attrs.field(factory=list[tuple[Any, Notice]])

    def take_all(self, transactions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take transactions in order of instant and key; return the rows that settling them gives."""
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
        kind = row["kind"]
        seller = self.distributors[row["distributor"]]
        if kind in _TRADES:
            split = self._trade(row, _TRADES[kind])
        elif kind in _REVERSALS:
            split = self._reversal(row)
        elif kind == "correction":
            split = self._correction(row)
        else:
            return [self._cash(row, seller)]
        entry = self._entry(
            row, EntryKind(kind), postings_of(split, CustomerLedger("customer")), split
        )
        return [
            self._told(row, split, share, level, entry) for level, share in enumerate(split.shares)
        ]

    def statements(self) -> Iterator[Statement]:
        """Yield the statement of every distributor for each period in which something was booked for it."""
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

    def _trade(self, row: Mapping[str, Any], kind: CommissionKind) -> Split:
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
        told = Circumstances(row.get("items") or 1, None, months, tax, discount)
        levels = [Level(each.id, each.terms, self._volume(each, kind, at)) for each in chain]
        amount = self._money(row["amount"], seller.currency)
        subject = Subject(row.get("product"), row.get("batch"))
        split = split_of(kind, amount, levels, at=at, subject=subject, circumstances=told)
        self.booked[row["transaction"]] = _Booked(kind, at, split, [], Money.zero(seller.currency))
        for share in split.shares:
            self._move(share.distributor, kind, at, _base(share))
        return split

    def _reversal(self, row: Mapping[str, Any]) -> Split:
        booked = self.booked[row["original"]]
        stands = effective(booked.split, booked.corrections)
        back = self._money(row["amount"], booked.split.amount.currency)
        split = claw_back(stands, booked.reversed, back)
        for share in stands.shares:
            returned = given_back(
                _base(share), stands.amount, booked.reversed, back, _IN_PROPORTION
            )
            self._move(share.distributor, booked.kind, booked.at, -returned)
        booked.reversed += back
        return split

    def _correction(self, row: Mapping[str, Any]) -> Split:
        booked = self.booked[row["original"]]
        stands = effective(booked.split, booked.corrections)
        right = self._money(row["amount"], booked.split.amount.currency)
        first = booked.split.shares[0].because
        if not isinstance(first, Commission):
            raise TypeError(first)
        told = first.circumstances
        tax, discount = (
            None if part is None else part_of(part, right, booked.split.amount, _IN_PROPORTION)
            for part in (told.tax, told.discount)
        )
        difference = corrected(
            stands, right, Circumstances(told.items, told.so_far, told.months, tax, discount)
        )
        for share, before in zip(difference.shares, stands.shares, strict=True):
            self._move(share.distributor, booked.kind, booked.at, _base(share) - _base(before))
        booked.corrections.append(difference)
        return difference

    def _cash(self, row: Mapping[str, Any], distributor: Distributor) -> dict[str, Any]:
        amount = self._money(row["amount"], distributor.currency)
        ledger, kind = DistributorLedger(distributor.id), EntryKind(row["kind"])
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
        adds = entry.added_to(ledger)
        credited = amount if kind is EntryKind.COMMISSION else Money.zero(amount.currency)
        return _row(
            row,
            distributor.id,
            0,
            adds + credited,
            Money.zero(amount.currency),
            adds,
            credited,
            adds,
            None,
        )

    def _entry(
        self,
        row: Mapping[str, Any],
        kind: EntryKind,
        postings: tuple[Posting, ...],
        split: Split | None,
    ) -> Entry:
        key = str(row["transaction"])
        original = str(row["original"]) if row.get("original") is not None else None
        entry = Entry(key, kind, _instant(row["at"]), _MODEL, postings, split, original=original)
        parties = (
            [row["distributor"]] if split is None else [share.distributor for share in split.shares]
        )
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

    def _told(
        self, row: Mapping[str, Any], split: Split, share: Share, level: int, entry: Entry
    ) -> dict[str, Any]:
        adds = entry.added_to(DistributorLedger(share.distributor))
        later = share.netting.value == "at_settlement"
        credited = Money.zero(split.amount.currency) if later else share.earned
        original = row["transaction"] if row.get("original") is None else row["original"]
        because = self.booked[original].split.shares[level].because
        rate = (
            RateInForce(because.rate, because.origin) if isinstance(because, Commission) else None
        )
        return _row(
            row,
            share.distributor,
            level,
            split.amount,
            share.earned,
            share.owed,
            credited,
            adds,
            rate,
        )

    def _volume(self, distributor: Distributor, kind: CommissionKind, at: DateTime) -> Money:
        return self.volumes.get(
            (distributor.id, kind, _period(distributor, at)), Money.zero(distributor.currency)
        )

    def _move(self, name: str, kind: CommissionKind, at: DateTime, amount: Money) -> None:
        distributor = self.distributors[name]
        self.volumes[name, kind, _period(distributor, at)] = (
            self._volume(distributor, kind, at) + amount
        )


def _row(  # noqa: PLR0913, PLR0917 - a row is made of all of them
    row: Mapping[str, Any],
    name: str,
    level: int,
    amount: Money,
    earned: Money,
    owed: Money,
    credited: Money,
    adds: Money,
    rate: RateInForce | None,
) -> dict[str, Any]:
    figures = {"amount": amount, "earned": earned, "owed": owed, "credited": credited, "adds": adds}
    digits = amount.currency.digits or 0
    return {
        "transaction": row["transaction"],
        "kind": row["kind"],
        "distributor": name,
        "seller": row["distributor"],
        "level": level,
        "currency": amount.currency.code,
        **{column: units_of(figure, digits) for column, figure in figures.items()},
        "rate": "" if rate is None else rate.schedule.format(),
        "origin": "" if rate is None else rate.origin.level.value,
    }


def _base(share: Share) -> Money:
    because = share.because.after if isinstance(share.because, Correction) else share.because
    if not isinstance(because, Commission):
        raise TypeError(because)
    return base_of(because.amount, because.basis, because.circumstances)


def _period(distributor: Distributor, at: DateTime) -> DateTime:
    return distributor.period_at(at).start


def _instant(microseconds: int) -> DateTime:
    return instant_at(microseconds, "UTC")
