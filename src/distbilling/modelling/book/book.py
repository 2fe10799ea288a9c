"""A book: the distributors of a model, their terms, and who stands above whom."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import attrs

from distbilling.errors import InvalidValue
from distbilling.modelling.book.files import read_distributors
from distbilling.modelling.book.places import misplaced
from distbilling.modelling.book.rows import BookError
from distbilling.modelling.book.view import book_table
from distbilling.rules import fields
from distbilling.rules.parties import Distributor

__all__ = ["Book", "BookError"]


@attrs.frozen(slots=False)
class Book(fields.Checked):
    """The distributors of a model: their terms, cycles, limits, and who stands above whom.

    Raises:
        InvalidValue: there is no distributor, an id is given twice, or a parent is not in the book,
            has another currency, or stands below its own child.

    Source: rulebook R16.

    >>> from distbilling.testing.sample_data import distributor
    >>> Book.of(distributor("hudson"))["hudson"].currency
    Currency('USD')
    """

    distributors: tuple[Distributor, ...] = attrs.field(validator=fields.tuple_of(Distributor))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.distributors:
            raise InvalidValue("distributors", self.distributors, "at least one distributor")
        for _, problem in misplaced(self.distributors):
            raise problem

    @classmethod
    def of(cls, *distributors: Distributor) -> Book:
        """Return the book of these distributors."""
        return cls(distributors)

    @classmethod
    def read(cls, path: str | Path) -> Book:
        """Return the book in a file.

        It is TOML as of a scenario, or CSV or Parquet with a row for each distributor.

        Raises:
            BookError: the file cannot be read or anything in it is wrong; all problems are named at
                once, each with its row and column, or its table and key.

        Source: rulebook R16, R49.

        >>> Book.read("nowhere.toml")
        Traceback (most recent call last):
        distbilling.modelling.book.rows.BookError: nowhere.toml: cannot be read: No such ...
        """
        return cls(read_distributors(path))

    @cached_property
    def by_id(self) -> dict[str, Distributor]:
        """The distributors by their ids."""
        return {distributor.id: distributor for distributor in self.distributors}

    def __getitem__(self, distributor: str) -> Distributor:
        """Return the distributor of an id.

        Raises:
            KeyError: it is not in the book.
        """
        return self.by_id[distributor]

    def chain(self, distributor: str) -> tuple[Distributor, ...]:
        """Return a distributor and all above it, the top last.

        Source: rulebook R16.
        """
        chain = [self.by_id[distributor]]
        while (parent := chain[-1].parent) is not None:
            chain.append(self.by_id[parent])
        return tuple(chain)

    @property
    def is_flat(self) -> bool:
        """Whether no distributor stands below another."""
        return all(distributor.parent is None for distributor in self.distributors)

    def _repr_html_(self) -> str:
        return book_table(self.distributors)
