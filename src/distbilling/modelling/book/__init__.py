"""The distributors of a model, and the files they are read from."""

from distbilling.modelling.book.book import Book

__all__ = ["Book"]
