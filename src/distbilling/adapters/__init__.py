"""Ready-made ports: a repository in memory, and simple notifiers.

What needs another library is imported from its own module.
"""

from distbilling.adapters import memory, notifiers

__all__ = ["memory", "notifiers"]
