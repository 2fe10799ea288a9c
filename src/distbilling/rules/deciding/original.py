"""The payment or sale that a reversal or correction names, or why it can be neither."""

from __future__ import annotations

from pendulum import DateTime

from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reasons import BeforeOriginal, NotFound, NotReversible, RecordKind
from distbilling.rules.ledger.history import Original

__all__ = ["original_of"]


def original_of(
    facts: Facts, key: str, at: DateTime
) -> Original | NotFound | NotReversible | BeforeOriginal:
    """Return the payment or sale of a key as it stands, or why it cannot be changed at an instant.

    Source: rulebook R15.
    """
    booked = facts.entry(key)
    if booked is None:
        return NotFound(RecordKind.ENTRY, key)

    original = Original.of(booked.entry, booked.amendments)
    if original is None:
        return NotReversible(key)

    if at < booked.entry.at:
        (seller,) = facts.distributors_named((original.booked.seller,))
        return BeforeOriginal(key, booked.entry.at.in_timezone(seller.distributor.cycle.zone))
    return original
