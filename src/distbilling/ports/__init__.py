"""What must a host supply? A repository, and a notifier; protocols only, each sync and async."""

from distbilling.ports.notifier import AsyncNotifier, Notifier
from distbilling.ports.repository import AsyncRepository, Decide, Repository

__all__ = ["AsyncNotifier", "AsyncRepository", "Decide", "Notifier", "Repository"]
