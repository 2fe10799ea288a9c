"""All that is wrong with transactions is named before anything is computed: row, column, value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import polars as pl
import pytest

from distbilling import Money, Percent, Terms
from distbilling.errors import InvalidFields, InvalidType, InvalidValue
from distbilling.modelling import Book, assign_periods, exposure, settle, statements
from distbilling.rules.agreement.basis import Basis, DiscountBasis, TaxBasis
from distbilling.rules.agreement.schedule import Bracket, Brackets, ByAge, Schedule, Stage
from distbilling.testing.sample_data import distributor

MARCH = 1_772_700_000_000_000
LARGEST = 2**63 - 10**6 - 1
HUDSON = distributor("hudson")
HARLEM = distributor("harlem")
BOOK = Book.of(HUDSON, HARLEM)
GOOD: dict[str, Any] = {
    "transaction": 7,
    "distributor": "hudson",
    "kind": "payment",
    "at": MARCH,
    "amount": 1000,
}
OTHERS: dict[str, Any] = {
    "currency": pl.String,
    "items": pl.Int64,
    "tax": pl.Int64,
    "discount": pl.Int64,
    "original": pl.Int64,
}
BY_ROW = {"polars", "polars-lazy", "pandas-numpy", "pandas-nullable", "pandas-arrow", "pyarrow"}


def framed(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return transactions that are accepted but for what is named; its columns are there."""
    filled = [GOOD | {"transaction": 7 + number} | row for number, row in enumerate(rows)]
    names = dict.fromkeys(name for row in filled for name in row)
    columns = {name: [row.get(name) for row in filled] for name in names}
    return pl.DataFrame(
        columns,
        schema_overrides={name: dtype for name, dtype in OTHERS.items() if name in names},
        strict=False,
    )


def refused(
    frame: Any, book: Book = BOOK, compute: Callable[..., object] = settle
) -> list[tuple[str, Any, str]]:
    """Return field, value and what is accepted of each problem that columns name."""
    with pytest.raises((InvalidFields, InvalidValue, InvalidType)) as caught:
        compute(frame, book)
    error: Any = caught.value
    return [
        (each.field, each.value, each.accepted) for each in getattr(error, "problems", (error,))
    ]


TENTH = Percent("10")


def earning(schedule: Schedule = TENTH, **more: Any) -> Book:
    return Book.of(attrs.evolve(HUDSON, terms=Terms(schedule, schedule, **more)))


WRONG = {
    "no key": ({"transaction": None}, "transaction", "a key"),
    "a distributor that nobody knows": (
        {"distributor": "soho"},
        "distributor",
        "a distributor of the book",
    ),
    "no distributor": ({"distributor": None}, "distributor", "a distributor of the book"),
    "another kind": (
        {"kind": "gift"},
        "kind",
        "one of sale, payment, refund, void, chargeback, correction, remittance, ",
    ),
    "no kind": ({"kind": None}, "kind", "one of sale, payment"),
    "no instant": ({"at": None}, "at", "an instant within the years 13 to 9987"),
    "a year that no calendar has": ({"at": 2**62}, "at", "an instant within the years 13 to 9987"),
    "before its distributor was there": (
        {"at": 0},
        "at",
        "an instant from the creation of the distributor, and of all above",
    ),
    "no amount": ({"amount": None}, "amount", "whole minor units of the currency, at most"),
    "nothing": ({"amount": 0}, "amount", "an amount above zero"),
    "less than nothing": ({"amount": -5}, "amount", "an amount above zero"),
    "more than columns hold": ({"amount": LARGEST + 1}, "amount", f"at most {LARGEST} minor units"),
    "less than columns hold": (
        {"kind": "opening_balance", "amount": -LARGEST - 1},
        "amount",
        "at most",
    ),
    "another currency": ({"currency": "EUR"}, "currency", "the currency of the distributor"),
    "no items": ({"items": 0}, "items", "a whole number from 1 to 4294967296"),
    "too many items": ({"items": 2**32 + 1}, "items", "a whole number from 1 to 4294967296"),
    "a tax above the amount": ({"tax": 1001}, "tax", "from zero to the amount that contains it"),
    "a tax below zero": ({"tax": -1}, "tax", "from zero to the amount that contains it"),
    "a discount below zero": ({"discount": -1}, "discount", "an amount of zero or more"),
    "a discount that is too much": ({"discount": LARGEST}, "discount", "with its amount at most"),
    "a reversal of nothing": (
        {"kind": "refund", "original": None},
        "original",
        "the key of what is reversed or corrected",
    ),
    "a payment of something else": (
        {"original": 3},
        "original",
        "nothing: only a reversal or a correction has an original",
    ),
}


@pytest.mark.parametrize(("row", "column", "accepted"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_by_row_and_column(row, column, accepted):
    ((field, value, message),) = refused(framed({}, row))
    assert field == f"row 1, {column}"
    assert value == row[column]
    assert message.startswith(accepted)


@pytest.mark.parametrize("compute", [settle, statements, exposure])
def test_on_every_kind_of_frame_by_row_or_where_rows_have_no_order_by_key(compute, kind, as_kind):
    frame = as_kind(framed({}, {"distributor": "soho", "amount": -5}), kind)
    where = "row 1" if kind in BY_ROW else "transaction 8"
    assert [problem[:2] for problem in refused(frame, compute=compute)] == [
        (f"{where}, distributor", "soho"),
        (f"{where}, amount", -5),
    ]


@pytest.mark.parametrize("compute", [settle, statements, exposure])
def test_all_that_is_wrong_is_told_at_once(compute):
    frame = framed(
        {"kind": "gift"}, {"amount": 0}, {"distributor": "soho", "at": None}, {"items": 0}
    )
    problems = refused(frame, compute=compute)
    assert {field for field, *_ in problems} == {
        "row 0, kind",
        "row 1, amount",
        "row 2, distributor",
        "row 2, at",
        "row 3, items",
    }


def test_of_many_rows_with_one_problem_a_few_are_told_and_how_many_more():
    problems = refused(framed(*({"amount": -number} for number in range(1, 101))))
    assert [(field, value) for field, value, _ in problems] == [
        *((f"row {row}, amount", -row - 1) for row in range(5)), ("95 more rows, amount", None),
    ]  # fmt: skip
    assert problems[-1][2].startswith("as in the 5 rows above: an amount above zero")


def test_keys_are_given_once(kind, as_kind):
    ((field, value, accepted),) = refused(
        as_kind(framed({}, {"transaction": 7}, {"transaction": 7}, {}), kind)
    )
    assert (field, value, accepted) == ("transaction", 7, "each key once; 3 rows have this one")


def test_amounts_that_are_text_are_read_exactly(kind, as_kind, rows_of):
    units = {
        "12.50": 1250,
        "12.5": 1250,
        "12": 1200,
        "0012.500000": 1250,
        "999999999999.99": 10**14 - 1,
    }
    frame = framed(*({} for _ in units)).with_columns(amount=pl.Series(list(units)))
    assert sorted(row["amount"] for row in rows_of(settle(as_kind(frame, kind), BOOK))) == sorted(
        units.values()
    )


OTHER_TEXTS = [
    "ten",
    "",
    " 12.50",
    "12,50",
    "1e3",
    "12.505",
    "NaN",
    "+5",
    "1_000",
    "٣",
    "12.",
    ".5",
    "1.0000001",
    "1" * 13,
]


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_amounts_that_are_other_text_are_not(text):
    ((_, value, accepted),) = refused(framed({}).with_columns(amount=pl.lit(text)))
    assert value == text
    assert accepted.startswith("whole minor units of the currency, at most")


def test_no_kind_of_frame_reads_amounts_from_other_text(kind, as_kind):
    frame = framed(*({} for _ in OTHER_TEXTS)).with_columns(amount=pl.Series(OTHER_TEXTS))
    problems = refused(as_kind(frame, kind))
    assert [value for _, value, _ in problems] == [*OTHER_TEXTS[:5], None]
    assert problems[-1][0] == f"{len(OTHER_TEXTS) - 5} more rows, amount"


def test_decimals_that_are_finer_than_the_currency_or_too_large_are_told(kind, as_kind):
    amounts = pl.Series(["1.005", "1.00", "999999999999999999999999999.000"]).str.to_decimal(
        scale=3
    )
    problems = refused(as_kind(framed({}, {}, {}).with_columns(amounts.alias("amount")), kind))
    assert [str(value) for _, value, _ in problems] == ["1.005", "999999999999999999999999999.000"]


def test_whole_numbers_of_declared_decimals_that_are_finer_than_the_currency_are_told():
    with pytest.raises(InvalidValue, match="row 1, amount: 1005 is not accepted"):
        settle(framed({}, {"amount": 1005}), BOOK, decimals=3)


@pytest.mark.parametrize("decimals", [-1, 10])
def test_so_many_decimals_are_not_declared(decimals):
    with pytest.raises(InvalidValue, match="at most 9 decimals"):
        settle(framed({}), BOOK, decimals=decimals)


@pytest.mark.parametrize("decimals", [True, "2", 2.0])
def test_what_is_no_whole_number_of_decimals_is_none(decimals):
    with pytest.raises(InvalidType, match=r"decimals: .*a whole number from 0 to 9"):
        settle(framed({}), BOOK, decimals=decimals)


@pytest.mark.parametrize("column", ["amount", "tax", "discount"])
@pytest.mark.parametrize("compute", [settle, statements, exposure])
def test_floats_are_no_amounts(column, compute, kind, as_kind):
    frame = framed({"tax": 1, "discount": 1}).with_columns(pl.lit(0.5).alias(column))
    ((field, _, accepted),) = refused(as_kind(frame, kind), compute=compute)
    assert field == column
    assert accepted.startswith("exact amounts: read the column as text or decimal from its source")


@pytest.mark.parametrize("column", ["items", "original", "customer_since"])
def test_whole_numbers_that_pandas_made_floats_of_are_refused_with_what_to_do(column):
    import pandas as pd

    frame = pd.DataFrame(framed({}, {}).to_dicts())
    frame[column] = [1, None]
    ((field, _, accepted),) = refused(frame)
    assert field == column
    assert (
        "pandas made floats of a column with gaps; read it with dtype='Int64', "
        "or give transactions.convert_dtypes()" in accepted
    )


def test_what_is_said_to_do_about_such_floats_helps(rows_of):
    import pandas as pd

    rows = [GOOD, GOOD | {"transaction": 8, "kind": "refund", "original": 7}]
    assert len(rows_of(settle(pd.DataFrame(rows).convert_dtypes(), BOOK))) == 2


@pytest.mark.parametrize(
    ("column", "dtype"), [("amount", pl.UInt64), ("transaction", pl.UInt64), ("items", pl.UInt64)]
)
def test_numbers_that_may_be_too_large_for_columns_are_refused_with_what_to_do(column, dtype):
    ((field, _, accepted),) = refused(framed({"items": 1}).cast({column: dtype}))
    assert field == column
    assert "cast it to Int64, or keys that are too large for that to text" in accepted


TYPES: dict[str, tuple[Any, str]] = {
    "at": (pl.Datetime("us"), "attach the zone that these clock readings are of"),
    "kind": (pl.Int64, "text"),
    "distributor": (pl.Int64, "text"),
    "transaction": (pl.Date, "whole numbers or text"),
    "amount": (pl.Boolean, "whole minor units"),
    "items": (pl.String, "whole numbers"),
    "original": (pl.String, "a column of the type of transaction, Int64"),
}


@pytest.mark.parametrize("column", TYPES)
def test_columns_of_other_types_are_told(column):
    dtype, accepted = TYPES[column]
    frame = framed({"items": None, "original": None}).with_columns(
        pl.lit(None, dtype).alias(column)
    )
    ((field, _, message),) = refused(frame)
    assert (field, accepted in message) == (column, True)


def test_columns_that_are_missing_are_told_together():
    problems = refused(framed({}).select("transaction", amount=pl.lit(0.5)))
    assert [field for field, *_ in problems] == ["distributor", "kind", "at", "amount"]


def test_what_has_an_original_needs_the_column():
    ((field, value, accepted),) = refused(framed({"kind": "refund"}))
    assert (field, value, accepted) == (
        "row 0, kind",
        "refund",
        "one that needs no column original, which is not there",
    )


def test_commission_net_of_tax_needs_the_tax():
    book = earning(basis=Basis(TaxBasis.NET_OF_TAX, DiscountBasis.AFTER_DISCOUNT))
    ((field, _, accepted),) = refused(framed({"tax": 5}, {"tax": None}), book)
    assert (field, accepted) == ("row 1, tax", "the tax: commission is earned net of it")
    ((field, _, accepted),) = refused(framed({}), book)
    assert (field, accepted) == (
        "row 0, amount",
        "its tax, in a column of that name: commission is earned net of it",
    )


def test_commission_by_age_needs_to_know_since_when():
    book = earning(ByAge((Stage(3, Percent("20")), Stage(None, Percent("10")))))
    accepted = (
        "the instant from which the customer belongs to its distributor: the rate depends on it"
    )
    assert refused(framed({}), book) == [
        ("row 0, transaction", 7, f"{accepted}; there is no column customer_since")
    ]
    frame = framed({}, {}).with_columns(customer_since=pl.Series([None, MARCH]))
    assert refused(frame, book) == [("row 0, customer_since", None, accepted)]


SALE = {"amount": 1000, "original": None}
AFTER = MARCH + 1


def amendment(kind: str, amount: int, of: int = 7, **more: object) -> dict[str, Any]:
    """Return a row that takes back or corrects another, after it."""
    return {"kind": kind, "amount": amount, "original": of, "at": AFTER} | more


AMENDMENTS = {
    "nothing": (
        [amendment("refund", 5, of=99)],
        "original",
        99,
        "the key of a sale or payment among these transactions",
    ),
    "a remittance": (
        [{"kind": "remittance"}, amendment("void", 5, of=8)],
        "original",
        8,
        "the key of a sale or payment",
    ),
    "another's": (
        [amendment("void", 5, distributor="harlem")],
        "distributor",
        "harlem",
        "the distributor of the original",
    ),
    "what comes later": (
        [amendment("refund", 5, at=MARCH - 1)],
        "at",
        MARCH - 1,
        "an instant after that of the original",
    ),
    "more than there is": (
        [amendment("chargeback", 1001)],
        "amount",
        1001,
        "at most what remains of the original",
    ),
    "more than is left": (
        [amendment("refund", 600), amendment("refund", 401)],
        "amount",
        401,
        "at most what remains of the",
    ),
    "more than a correction left": (
        [amendment("correction", 400), amendment("refund", 401)],
        "amount",
        401,
        "at most what remains of the original",
    ),
    "what was reversed": (
        [amendment("refund", 1), amendment("correction", 400)],
        "at",
        AFTER,
        "an instant before the first reversal: what was reversed is not corrected",
    ),
}


@pytest.mark.parametrize(
    ("rows", "column", "value", "accepted"), AMENDMENTS.values(), ids=AMENDMENTS
)
def test_an_amendment_fits_its_original(rows, column, value, accepted):
    ((field, named, message),) = refused(framed(SALE, *rows))
    assert (field, named) == (f"transaction {7 + len(rows)}, {column}", value)
    assert message.startswith(accepted)


def test_an_amendment_at_the_same_instant_has_a_key_that_comes_later():
    early = framed(SALE, {"transaction": 6, "kind": "refund", "original": 7, "amount": 5})
    ((field, *_),) = refused(early)
    assert field == "transaction 6, at"


def test_amendments_are_checked_on_every_kind_of_frame(kind, as_kind):
    rows = framed(
        SALE,
        {"kind": "refund", "original": 7, "amount": 1001},
        {"kind": "void", "original": 99, "amount": 1},
    )
    problems = refused(as_kind(rows, kind))
    assert [(field, value) for field, value, _ in problems] == [
        ("transaction 9, original", 99),
        ("transaction 8, amount", 1001),
    ]


@pytest.mark.parametrize("amount", [2**53, LARGEST])
def test_what_is_too_large_to_be_reversed_exactly_is_told(amount):
    problems = refused(
        framed(
            SALE | {"amount": amount}, {"kind": "refund", "original": 7, "amount": 5, "at": AFTER}
        )
    )
    assert problems == [
        (
            "transaction 8, original",
            7,
            (
                f"a sale or payment below {2**53} minor units: "
                "columns reverse and correct no larger one"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("sold", "amended"),
    [
        ({"amount": 1000, "discount": 2**53 - 1000}, ("refund", 333)),
        ({"amount": 1000, "discount": LARGEST - 1000}, ("refund", 333)),
        ({"amount": 2**31, "discount": 2**53 - 2**31}, ("correction", 2**30)),
        ({"amount": 1, "discount": 2**30}, ("correction", 2**31)),
        ({"amount": 1, "discount": 2**30}, ("correction", 2**23)),
    ],
)
def test_what_is_too_large_with_its_discount_to_be_amended_exactly_is_told(
    sold, amended, kind, as_kind
):
    frame = framed(SALE | sold, amendment(*amended, discount=None))
    problems = refused(as_kind(frame, kind))
    accepted = (
        "a sale or payment that with its discount, also when corrected, is below "
        f"{2**53} minor units: columns reverse and correct no larger one"
    )
    assert problems == [("transaction 8, original", 7, accepted)]


@pytest.mark.parametrize("compute", [statements, exposure])
def test_sums_that_columns_cannot_hold_are_told(compute, kind, as_kind):
    frame = as_kind(
        framed({"amount": LARGEST}, {"amount": 2**62}, {"amount": 2**62, "distributor": "harlem"}),
        kind,
    )
    accepted = (
        "transactions whose amounts, with those of all below it, add up to at most "
        f"{2**63 - 1} minor units"
    )
    assert refused(frame, compute=compute) == [("distributor 'hudson'", LARGEST + 2**62, accepted)]


@pytest.mark.parametrize("compute", [statements, exposure])
def test_a_parent_has_what_all_below_it_sell(compute):
    below = [
        attrs.evolve(distributor(name), parent="hudson", caps=HUDSON.caps)
        for name in ("soho", "kiosk")
    ]
    frame = framed(
        {"amount": 2**62, "distributor": "soho"}, {"amount": 2**62, "distributor": "kiosk"}
    )
    ((field, value, _),) = refused(frame, Book.of(HUDSON, *below), compute)
    assert (field, value) == ("distributor 'hudson'", 2**63)


def test_large_amounts_of_many_distributors_are_no_problem_while_each_has_not_too_many(
    kind, as_kind, rows_of
):
    frame = as_kind(framed({"amount": LARGEST}, {"amount": LARGEST, "distributor": "harlem"}), kind)
    assert [row["collected"] for row in rows_of(statements(frame, BOOK))] == [LARGEST, LARGEST]


def test_volumes_that_columns_cannot_hold_are_told_also_where_only_brackets_ask_for_them():
    usd = [Money(amount, "USD") for amount in ("0", "1000")]
    book = earning(
        Brackets((Bracket(usd[0], usd[1], Percent("10")), Bracket(usd[1], None, Percent("20"))))
    )
    ((field, *_),) = refused(framed({"amount": 2**62}, {"amount": 2**62}), book)
    assert field in {"distributor 'hudson'", "transactions"}


def test_sums_of_more_rows_than_can_be_counted_piece_by_piece_are_seen():
    frame = (
        pl.DataFrame({**GOOD, "amount": LARGEST})
        .select(pl.all().repeat_by(2**20 + 2).explode())
        .with_columns(transaction=pl.int_range(pl.len()))
    )
    ((field, value, _),) = refused(frame, compute=statements)
    assert (field, value) == ("distributor 'hudson'", LARGEST * (2**20 + 2))


def test_periods_need_a_known_distributor_and_an_instant(kind, as_kind):
    frame = pl.DataFrame({"distributor": ["hudson", "soho", None], "at": [MARCH, MARCH, None]})
    problems = refused(as_kind(frame.with_row_index("n"), kind), compute=assign_periods)
    assert {value for _, value, _ in problems} == {"soho", None}


def test_periods_are_not_added_where_they_are_already():
    frame = framed({}).with_columns(period_start=pl.lit(datetime(2026, 3, 1, tzinfo=UTC)))
    assert refused(frame, compute=assign_periods) == [
        ("transactions", "period_start", "a frame without this column, which is to be added")
    ]
