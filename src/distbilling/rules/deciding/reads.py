"""The names and keys that a command needs facts about."""

from __future__ import annotations

import attrs

__all__ = ["Reads", "names"]


@attrs.frozen
class Reads:
    """The names a command needs facts about.

    An account comes with its customer and its distributor, a customer with its distributor, an
    entry with the entries that reverse or correct it and the parties that it has postings on, and
    every distributor with those above it, so that a command need not know them. A name nobody has
    is answered by absence, not by an error: what an absence means is for the rule to say.
    ``accounts_of`` are customers of which all accounts are wanted, ``below`` distributors of which
    all direct subdistributors are.

    >>> Reads(customers=("brown",)).customers
    ('brown',)
    """

    distributors: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    accounts_of: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def names(*given: str | None) -> tuple[str, ...]:
    """Return the names that are given, each once.

    Source: rulebook R46.

    >>> names("hudson", None, "hudson")
    ('hudson',)
    """
    if len(given) == 1:  # as most often
        return () if given[0] is None else (given[0],)
    return tuple(dict.fromkeys(name for name in given if name is not None))
