"""Sample books and transactions, realistic in shape, and the same on every machine for a seed.

>>> import datetime as dt
>>> book = sample_book(3, seed=1, since=dt.date(2025, 1, 1), plain=True)
>>> january = sample_transactions(book, since=dt.date(2025, 1, 1), days=31, seed=1)
>>> january["distributor"].n_unique()
3
"""

from distbilling.modelling.sample.distributors import sample_book
from distbilling.modelling.sample.transactions import sample_transactions

__all__ = ["sample_book", "sample_transactions"]
