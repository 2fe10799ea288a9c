"""What a repository answers under a key that it has accepted before."""

from __future__ import annotations

import attrs

from distbilling.errors import KeyReused
from distbilling.rules import Command
from distbilling.rules.deciding.decision import Accepted

__all__ = ["first_answer"]


def first_answer(command: Command, accepted: Command, answer: Accepted) -> Accepted:
    """Return the answer that a command got when it was accepted first, if it is the same one.

    Raises:
        KeyReused: it is another command under the same key; the first field that differs is named,
            its values are not.

    Source: rulebook R45.

    >>> import pendulum
    >>> from distbilling import Administrator, Money, Remit
    >>> maria, march = Administrator("maria"), pendulum.datetime(2026, 3, 31)
    >>> remittance = Remit("bank/881", maria, march, "hudson", Money(9, "USD"))
    >>> first_answer(remittance, remittance, Accepted("bank/881")).key
    'bank/881'
    >>> other = attrs.evolve(remittance, amount=Money(8, "USD"))
    >>> first_answer(other, remittance, Accepted("bank/881"))
    Traceback (most recent call last):
    distbilling.errors.KeyReused: key 'bank/881' was accepted before with another amount; a new...
    """
    if type(command) is not type(accepted):
        raise KeyReused(command.key, "command")
    for field in attrs.fields(type(command)):
        if getattr(command, field.name) != getattr(accepted, field.name):
            raise KeyReused(command.key, field.name)
    return answer
