"""What a host supplies: a repository and a notifier, each sync and async."""

from distbilling.ports.idempotence import first_answer
from distbilling.ports.notifier import AsyncNotifier, Notifier
from distbilling.ports.repository import AsyncRepository, Decide, Repository

__all__ = ["AsyncNotifier", "AsyncRepository", "Decide", "Notifier", "Repository", "first_answer"]
