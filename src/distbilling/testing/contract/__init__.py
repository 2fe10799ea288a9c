"""The contract of a repository: one named test for each promise. Hosts subclass it."""

from distbilling.testing.contract.repository import RepositoryContract

__all__ = ["RepositoryContract"]
