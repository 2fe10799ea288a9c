"""Ready-made ports: in memory, and simple notifiers; what needs another library is imported from its own module."""

from distbilling.adapters import memory, notifiers

__all__ = ["memory", "notifiers"]
