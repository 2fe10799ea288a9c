"""Does a repository keep the promises of its port? One named test for each; hosts subclass, and supply a factory."""

from distbilling.testing.contract.repository import RepositoryContract

__all__ = ["RepositoryContract"]
