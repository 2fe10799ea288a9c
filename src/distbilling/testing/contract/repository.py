"""All promises of a repository together."""

from __future__ import annotations

from distbilling.testing.contract.promises.batches import BatchContract
from distbilling.testing.contract.promises.extracts import ExtractContract
from distbilling.testing.contract.promises.idempotency import IdempotencyContract
from distbilling.testing.contract.promises.notices import NoticeContract
from distbilling.testing.contract.promises.races import RaceContract
from distbilling.testing.contract.promises.reading import ReadContract
from distbilling.testing.contract.promises.related_facts import RelatedFactsContract
from distbilling.testing.contract.promises.writing import WriteContract

__all__ = ["RepositoryContract"]


class RepositoryContract(
    ReadContract,
    RelatedFactsContract,
    WriteContract,
    IdempotencyContract,
    BatchContract,
    ExtractContract,
    NoticeContract,
    RaceContract,
):
    """All promises of :class:`distbilling.ports.Repository`: subclass it, supply ``repository``.

    Each call must give an empty repository. ``shared_by_threads`` says that threads may use one
    repository at a time; ``number_in_inventory`` is a number in the host's DID inventory, if the
    repository has any. Where two commands meet, the first one waits for the
    second for ``seconds_to_meet``: the whole time if the repository holds the second one back; give
    more where it does not, and the machine is busy. An async adapter passes through
    :class:`distbilling.testing.contract.synchronous.Synchronous`.

    Source: rulebook R15, R16, R17, R45, R46, R47, R48.

    >>> from distbilling.adapters.memory import MemoryRepository
    >>> class TestOurRepository(RepositoryContract):
    ...     def repository(self):
    ...         return MemoryRepository()
    >>> TestOurRepository().test_a_refusal_writes_nothing()
    """
