"""Errors say whose fault it was, hold data in fields, and survive a trip to another process."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from distbilling import errors
from distbilling.errors import (
    CallerError,
    CurrencyMismatch,
    DistBillingError,
    HostError,
    InvalidFields,
    InvalidType,
    InvalidValue,
    KeyReused,
    PrecisionExceeded,
)

EXAMPLES = (
    HostError("Repository.transact", "returned no decision"),
    InvalidValue("percent", 101, "a number from 0 to 100"),
    InvalidType("amount", 0.1, "a Decimal"),
    InvalidFields(
        (InvalidValue("zone", "Mars", "an IANA name"), InvalidType("day", None, "1 to 31"))
    ),
    CurrencyMismatch("USD", "EUR"),
    PrecisionExceeded("sum", 38),
    KeyReused("till-7/0042", "amount"),
)
BUILTINS = {
    HostError: RuntimeError,
    InvalidValue: ValueError,
    InvalidType: TypeError,
    InvalidFields: ValueError,
    CurrencyMismatch: ValueError,
    PrecisionExceeded: ArithmeticError,
    KeyReused: ValueError,
}


class Silent:
    def __repr__(self) -> Any:
        raise ZeroDivisionError


def test_every_error_that_can_be_raised_has_an_example_here():
    families = {DistBillingError, CallerError}
    public = {getattr(errors, name) for name in errors.__all__}
    assert {
        thing for thing in public if inspect.isclass(thing) and issubclass(thing, Exception)
    } - families == {type(error) for error in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_is_the_callers_or_the_hosts_and_the_builtin_it_means(error):
    assert isinstance(error, DistBillingError)
    assert isinstance(error, CallerError) != isinstance(error, HostError)
    assert isinstance(error, BUILTINS[type(error)])


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "travel",
    [lambda error: pickle.loads(pickle.dumps(error)), copy.copy],  # noqa: S301
    ids=["pickle", "copy"],
)
def test_an_error_arrives_as_it_left(error, travel):
    arrived = travel(error)
    assert (type(arrived), str(arrived)) == (type(error), str(error))
    assert arrived.__dict__.keys() == error.__dict__.keys()


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_the_data_of_an_error_is_in_its_fields_and_its_text_is_made_from_them(error):
    for value in error.__dict__.values():
        if isinstance(value, str):
            assert value in str(error)


def test_a_long_value_is_cut_and_a_broken_one_does_not_hide_the_error():
    assert len(str(InvalidValue("name", "x" * 10_000, "less"))) < 120
    assert (
        str(InvalidValue("name", Silent(), "less")) == "name: <Silent> is not accepted; give less"
    )
    assert "…" in str(KeyReused("k" * 128, "amount"))
