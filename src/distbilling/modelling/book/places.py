"""The place of every distributor in a book: given once, below a parent, and in no circle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from distbilling.errors import InvalidValue
from distbilling.rules.parties import Distributor

__all__ = ["misplaced"]


def misplaced(
    distributors: Sequence[Distributor], wrong: Collection[object] = ()
) -> Iterator[tuple[int, InvalidValue]]:
    """Yield what is wrong with the place of each distributor, with its number in the series.

    ``wrong`` are the ids of further distributors, of which only the id is given.

    Source: rulebook R16.

    >>> from distbilling.testing.sample_data import distributor
    >>> [str(problem) for _, problem in misplaced([distributor("hudson"), distributor("hudson")])]
    ["id: 'hudson' is not accepted; give each distributor once"]
    """
    by_id: dict[str, Distributor] = {}
    for number, distributor in enumerate(distributors):
        if distributor.id in by_id:
            yield number, InvalidValue("id", distributor.id, "each distributor once")
        by_id.setdefault(distributor.id, distributor)
    for number, distributor in enumerate(distributors):
        accepted = _accepted_above(distributor, by_id, wrong)
        if accepted:
            yield number, InvalidValue("parent", distributor.parent, accepted)


def _accepted_above(
    distributor: Distributor, by_id: dict[str, Distributor], wrong: Collection[object]
) -> str:
    """Return what would be accepted as a parent; nothing where it has none, or one that is."""
    if distributor.parent is None or distributor.parent in wrong:
        return ""
    parent = by_id.get(distributor.parent)
    if parent is None:
        return "a distributor of the book"
    if parent.currency != distributor.currency:
        return f"a distributor in {distributor.currency.code}, as {distributor.id!r} is"
    passed: set[str] = set()
    while parent is not None and parent.id not in passed:
        if parent.id == distributor.id:
            return f"a distributor that is not below {distributor.id!r} itself"
        passed.add(parent.id)
        parent = by_id.get(parent.parent or "")
    return ""
