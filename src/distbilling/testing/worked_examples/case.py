"""A worked example and its result."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from distbilling.errors import CallerError
from distbilling.scenarios.expectations import Difference, differences
from distbilling.scenarios.values.spelling import spelt

__all__ = ["Case", "CaseResult"]


@attrs.frozen
class Case:
    """One worked example: a sentence, its source and policy, and what is to come out.

    ``find`` works it out; where it is to raise a caller's error, ``error`` is the word for that,
    like ``key_reused``.

    >>> Case("a payment", "R8", "", None, "invalid_value", lambda: None).check().passed
    False
    """

    it: str
    source: str
    policy: str
    expected: object
    error: str | None
    find: Callable[[], object] = attrs.field(eq=False, repr=False)

    def check(self) -> CaseResult:
        """Work the case out and compare."""
        try:
            found = self.find()
        except CallerError as failure:
            word = spelt(type(failure))
            unlike = (
                ()
                if word == self.error
                else (Difference("error", self.error, f"{word}: {failure}"),)
            )
            return CaseResult(self, unlike)
        if self.error is not None:
            return CaseResult(self, (Difference("error", self.error, None),))
        return CaseResult(self, differences(self.expected, found))


@attrs.frozen
class CaseResult:
    """How a case came out; without ``differences`` it came true."""

    case: Case
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Tell whether all came out as the case says."""
        return not self.differences

    def __str__(self) -> str:
        return "".join([self.case.it, *(f"\n  {difference}" for difference in self.differences)])
