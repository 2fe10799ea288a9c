"""Reasons about records: missing or taken names, states of accounts, forms not filled in."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.catalogue import Explained, Term, sentence
from distbilling.money import Currency
from distbilling.rules.parties.quick_form import FieldProblem

__all__ = [
    "AlreadyActive",
    "AlreadyAssigned",
    "AlreadyExists",
    "BeforeCreation",
    "FormNotAccepted",
    "NoDistributor",
    "NotFound",
    "NumberInInventory",
    "RecordKind",
    "WrongCurrency",
]


class RecordKind(Term):
    """What kind of record a name belongs to; the value is the noun a reader sees.

    >>> RecordKind.CUSTOMER.value
    'customer'
    """

    DISTRIBUTOR = "distributor"
    CUSTOMER = "customer"
    ACCOUNT = "account"
    QUICK_FORM = "quick form"
    ENTRY = "entry"


@attrs.frozen
class NotFound(Explained):
    """There is no such record, or it is another distributor's: both are said in the same words.

    Source: rulebook R28.

    >>> print(NotFound(RecordKind.CUSTOMER, "brown").explain())
    There is no customer 'brown'.
    """

    kind: RecordKind
    id: str

    _WORDS = "There is no {kind} '{id}'."


@attrs.frozen
class NoDistributor(Explained):
    """A customer of the provider's own: no distributor could have collected the money from it.

    Source: rulebook R8.

    >>> print(NoDistributor("brown").explain())
    brown has no distributor that could have collected from it.
    """

    customer: str

    _WORDS = "{customer} has no distributor that could have collected from it."


@attrs.frozen
class AlreadyExists(Explained):
    """The name of a record to be created is taken.

    >>> print(AlreadyExists(RecordKind.ACCOUNT, "12125550100").explain())
    The account '12125550100' exists already.
    """

    kind: RecordKind
    id: str

    _WORDS = "The {kind} '{id}' exists already."


@attrs.frozen
class AlreadyActive(Explained):
    """The account to be activated is active.

    >>> print(AlreadyActive("12125550100").explain())
    The account '12125550100' is active already.
    """

    account: str

    _WORDS = "The account '{account}' is active already."


@attrs.frozen
class AlreadyAssigned(Explained):
    """The account belongs to a distributor; its sale is that distributor's.

    Source: rulebook R7.

    >>> print(AlreadyAssigned("12125550100").explain())
    The account '12125550100' has a distributor already.
    """

    account: str

    _WORDS = "The account '{account}' has a distributor already."


@attrs.frozen
class BeforeCreation(Explained):
    """Something was dated before its distributor was created: it would be in no billing period.

    ``created`` is in the distributor's billing time zone.

    Source: rulebook R34, R37.

    >>> import pendulum
    >>> print(BeforeCreation("hudson", pendulum.datetime(2026, 3, 1,
    ...     tz="America/New_York")).explain("en_GB"))
    hudson was created on 1 Mar 2026, 00:00:00; nothing before that can be booked.
    """

    distributor: str
    created: DateTime

    _WORDS = "{distributor} was created on {created}; nothing before that can be booked."


@attrs.frozen
class WrongCurrency:
    """An amount is in another currency than the party keeps; nothing is converted.

    Source: rulebook R3.

    >>> print(WrongCurrency("brown", Currency("USD"), Currency("EUR")).explain())
    brown is kept in USD; the amount is in EUR.
    """

    party: str
    expected: Currency
    found: Currency

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        return sentence(
            "{party} is kept in {expected}; the amount is in {found}.",
            locale,
            party=self.party,
            expected=self.expected.code,
            found=self.found.code,
        )


@attrs.frozen
class FormNotAccepted:
    """A quick form was not filled in as it wants: every problem, by field.

    Source: rulebook R30.

    >>> print(FormNotAccepted((FieldProblem("number", "is missing"),)).explain())
    The form is not complete: number: is missing.
    """

    problems: tuple[FieldProblem, ...]

    def explain(self, locale: str = "en") -> str:
        """Say it in one sentence, in the words of the locale."""
        problems = "; ".join(problem.explain(locale) for problem in self.problems)
        return sentence("The form is not complete: {problems}.", locale, problems=problems)


@attrs.frozen
class NumberInInventory(Explained):
    """The typed number is one of the provider's DID numbers, which a distributor may not give out.

    Source: rulebook R28; handbook, introduction.

    >>> print(NumberInInventory("12125550199").explain())
    The number 12125550199 is in the DID inventory and cannot be taken from it.
    """

    number: str

    _WORDS = "The number {number} is in the DID inventory and cannot be taken from it."
