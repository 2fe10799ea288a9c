"""Every exception of this library: the fault is the caller's or that of the host's adapter.

A business "no" is not here: it is a value, :class:`distbilling.Refused`.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "CallerError",
    "CurrencyMismatch",
    "DistBillingError",
    "HostError",
    "InvalidFields",
    "InvalidType",
    "InvalidValue",
    "KeyReused",
    "PrecisionExceeded",
    "raise_all",
]

_SHOWN_CHARACTERS = 60


class DistBillingError(Exception):
    """Anything this library raises on purpose."""


class CallerError(DistBillingError):
    """The calling program is at fault: it asked for something that cannot be meant."""


class HostError(DistBillingError, RuntimeError):
    """The host's adapter is at fault: it broke a promise of its port.

    >>> raise HostError("Repository.transact", "returned no decision")
    Traceback (most recent call last):
    distbilling.errors.HostError: Repository.transact: returned no decision
    """

    def __init__(self, promise: str, found: str) -> None:
        super().__init__(promise, found)
        self.promise = promise
        self.found = found

    def __str__(self) -> str:
        return f"{self.promise}: {self.found}"


class _InvalidField(CallerError):
    """A field got something it does not accept."""

    def __init__(self, field: str, value: object, accepted: str) -> None:
        super().__init__(field, value, accepted)
        self.field = field
        self.value = value
        self.accepted = accepted

    def __str__(self) -> str:
        return f"{self.field}: {_shown(self.value)} is not accepted; give {self.accepted}"


class InvalidValue(_InvalidField, ValueError):
    """A field got a value of the right type that it does not accept.

    >>> raise InvalidValue("percent", 101, "a number from 0 to 100")
    Traceback (most recent call last):
    distbilling.errors.InvalidValue: percent: 101 is not accepted; give a number from 0 to 100
    """


class InvalidType(_InvalidField, TypeError):
    """A field got a value of a type that it does not accept.

    >>> raise InvalidType("amount", 0.1, "a Decimal, an int or text (a float is never exact)")
    Traceback (most recent call last):
    distbilling.errors.InvalidType: amount: 0.1 (float) is not accepted; give a Decimal...
    """

    def __str__(self) -> str:
        kind = type(self.value).__name__
        return f"{self.field}: {_shown(self.value)} ({kind}) is not accepted; give {self.accepted}"


class InvalidFields(CallerError, ValueError):
    """Several fields were not accepted: all of them are reported, not only the first.

    >>> zone = InvalidValue("zone", "localtime", "an IANA name")
    >>> raise InvalidFields((zone, InvalidValue("day", 0, "1 to 31")))
    Traceback (most recent call last):
    distbilling.errors.InvalidFields: 2 fields are not accepted:
    - zone: 'localtime' is not accepted; give an IANA name
    - day: 0 is not accepted; give 1 to 31
    """

    def __init__(self, problems: tuple[CallerError, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        lines = "".join(f"\n- {problem}" for problem in self.problems)
        return f"{len(self.problems)} fields are not accepted:{lines}"


class CurrencyMismatch(CallerError, ValueError):
    """Two amounts in different currencies met where only one currency makes sense.

    >>> raise CurrencyMismatch("USD", "EUR")
    Traceback (most recent call last):
    distbilling.errors.CurrencyMismatch: USD and EUR do not mix; convert one of them first
    """

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.expected} and {self.found} do not mix; convert one of them first"


class PrecisionExceeded(CallerError, ArithmeticError):
    """An exact result would need more digits than an amount can hold; nothing is rounded silently.

    >>> raise PrecisionExceeded("sum", 38)
    Traceback (most recent call last):
    distbilling.errors.PrecisionExceeded: sum: the exact result needs more than 38 digits
    """

    def __init__(self, operation: str, digits: int) -> None:
        super().__init__(operation, digits)
        self.operation = operation
        self.digits = digits

    def __str__(self) -> str:
        return f"{self.operation}: the exact result needs more than {self.digits} digits"


class KeyReused(CallerError, ValueError):
    """A command came with a key that was accepted before, but with other content.

    The differing values are not shown: they may be personal.

    >>> raise KeyReused("till-7/0042", "amount")
    Traceback (most recent call last):
    distbilling.errors.KeyReused: key 'till-7/0042' was accepted before with another amount;...

    Source: rulebook R45.
    """

    def __init__(self, key: str, field: str) -> None:
        super().__init__(key, field)
        self.key = key
        self.field = field

    def __str__(self) -> str:
        return (
            f"key {_shown(self.key)} was accepted before with another {self.field}; "
            "a new command needs a new key"
        )


def raise_all(problems: Iterable[CallerError]) -> None:
    """Raise what is wrong, all of it at once; nothing where nothing is.

    Source: rulebook R49.

    >>> raise_all([])
    """
    every = tuple(problems)
    if len(every) == 1:
        raise every[0]
    if every:
        raise InvalidFields(every)


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a broken repr must not hide the error that is being told
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
