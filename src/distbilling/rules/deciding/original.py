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
    found = facts.entry(key)
    if found is None:
        return NotFound(RecordKind.ENTRY, key)

    original = Original.of(found.entry, found.amendments)
    if original is None:
        return NotReversible(key)

    if at < found.entry.at:
        (seller,) = facts.distributors_named((original.booked.seller,))
        return BeforeOriginal(key, found.entry.at.in_timezone(seller.distributor.cycle.zone))
    return original
