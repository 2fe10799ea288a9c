"""Nonsense in any field leads to one clear error of ours that names the field."""

from __future__ import annotations

import datetime as dt
import decimal
import inspect
import pickle
import pkgutil
from importlib import import_module
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

import distbilling
import distbilling.rules
from distbilling import (
    Account,
    AccountKind,
    ActivateAccount,
    AddAccount,
    Administrator,
    AgreedTerms,
    Asked,
    AssignDistributor,
    Basis,
    Bounded,
    Bracket,
    Brackets,
    ByAge,
    ByFullForm,
    ByQuickForm,
    ChangeCredit,
    ChangeTerms,
    Circumstances,
    CommissionKind,
    Correct,
    CreateCustomer,
    CreateDistributor,
    CreditCommission,
    CreditTerms,
    Crossing,
    Currency,
    Customer,
    CustomerCaps,
    CustomerClass,
    DiscountBasis,
    DistributorStaff,
    EveryFurther,
    Field,
    Fixed,
    FlatFee,
    GrantLimitIncrease,
    IncreaseCaps,
    Limit,
    LimitIncrease,
    Margin,
    Measure,
    Money,
    Netting,
    Per,
    Percent,
    PercentOfLimit,
    Preferences,
    PrepareQuickForm,
    Rate,
    Rearm,
    RecordPayment,
    Remainder,
    Remit,
    Reversal,
    Reverse,
    ReviewCredit,
    Rounding,
    RoundingMethod,
    Stage,
    Subject,
    Sum,
    TaxBasis,
    Terms,
    TermsLayer,
    TermsLayers,
    Tiering,
    TransferCustomer,
    TransferDistributor,
    Unlimited,
)
from distbilling.errors import (
    CallerError,
    CurrencyMismatch,
    HostError,
    InvalidFields,
    InvalidType,
    InvalidValue,
)
from distbilling.rules.commission import commission_on
from distbilling.rules.credit import (
    available_funds,
    is_over_limit,
    is_suspended,
    thresholds_crossed,
)
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Policy, Role
from distbilling.testing.sample_data import MORNING, SIP, USD, distributor, usd

HUDSON = distributor("hudson")
NOTHING = usd("0.00")


class Hostile:
    """Whatever is asked of it, it fails."""

    def _fail(self, *_) -> Any:
        raise ZeroDivisionError

    __eq__ = __bool__ = __len__ = __iter__ = __repr__ = __str__ = __int__ = __float__ = __lt__ = (
        __index__
    ) = _fail
    __hash__ = object.__hash__


class Text(str):
    __slots__ = ()


NONSENSE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    0.5,
    float("nan"),
    float("inf"),
    1j,
    decimal.Decimal("NaN"),
    decimal.Decimal("Infinity"),
    decimal.Decimal("1E+60"),
    "",
    " ",
    "x\ty",
    "nul\0",
    "\ud800",
    "a" * 1000,
    Text("text"),
    "\uff11\uff12",
    "1e3",
    b"bytes",
    [],
    {},
    (),
    (1,),
    (None,),
    ("a", "b"),
    [("a", "b")],
    {"number": 1},
    {1: "x"},
    {"number": None},
    {1, 2},
    object(),
    object,
    len,
    dt.datetime(2026, 3, 1),  # noqa: DTZ001
    dt.date(2026, 3, 1),
    pendulum.duration(days=1),
    Ellipsis,
    Hostile(),
    Hostile,
    usd("-1"),
    usd("0.001"),
    Money("10", "EUR"),
    Percent("5"),
    Limit(Money("5", "EUR")),
    Crossing.EXCEEDS,
    MORNING,
)

NO_TUPLES = [nonsense for nonsense in NONSENSE if not isinstance(nonsense, tuple)]

BY, AT = Administrator("maria"), MORNING
TENTH, EVENING = Percent("10"), MORNING.add(hours=9)
COMMANDED: dict[str, Any] = {"key": "k", "by": BY, "at": AT}
VALID: dict[Any, dict[str, Any]] = {
    Account: {
        "id": "1",
        "customer": "c",
        "distributor": None,
        "product": "SIP",
        "kind": AccountKind.PREPAID,
        "opening_balance": NOTHING,
        "active": False,
        "sold": False,
        "batch": None,
        "tax": None,
    },
    ActivateAccount: {**COMMANDED, "account": "1"},
    AddAccount: {
        **COMMANDED,
        "customer": "c",
        "through": ByQuickForm("f", {}),
        "distributor": None,
    },
    Administrator: {"name": "maria", "increase_caps": None},
    AgreedTerms: dict.fromkeys(
        (
            "sales_commission",
            "payment_commission",
            "rounding",
            "rates",
            "zone",
            "netting",
            "basis",
            "margin",
            "remainder",
        )
    ),
    Asked: {"field": Field.ACTIVE, "default": None},
    AssignDistributor: {**COMMANDED, "account": "1", "distributor": "hudson"},
    Basis: {"tax": TaxBasis.GROSS, "discount": DiscountBasis.AFTER_DISCOUNT},
    Bounded: {"schedule": TENTH, "minimum": usd("1"), "cap": usd("2")},
    Bracket: {"lower": NOTHING, "upper": None, "schedule": TENTH},
    Brackets: {
        "brackets": (Bracket(NOTHING, None, TENTH),),
        "tiering": Tiering.MARGINAL,
        "measure": Measure.OPERATION,
    },
    ByAge: {"stages": (Stage(None, TENTH),)},
    ByFullForm: {
        "number": "12125550100",
        "product": "SIP",
        "kind": AccountKind.PREPAID,
        "opening_balance": NOTHING,
        "active": False,
        "batch": None,
        "tax": None,
    },
    ByQuickForm: {"form": "f", "answers": {}},
    ChangeCredit: {**COMMANDED, "distributor": "hudson", "credit": HUDSON.credit},
    ChangeTerms: {**COMMANDED, "distributor": "hudson", "terms": HUDSON.terms},
    Circumstances: {"items": 1, "so_far": None, "months": None, "tax": None, "discount": None},
    Correct: {**COMMANDED, "entry": "p", "amount": NOTHING, "comment": ""},
    CreateCustomer: {
        **COMMANDED,
        "customer": "c",
        "name": "C",
        "credit_limit": Unlimited(),
        "opening_balance": NOTHING,
        "distributor": None,
    },
    CreateDistributor: {"key": "k", "by": BY, "distributor": HUDSON, "opening_balance": NOTHING},
    CreditCommission: {**COMMANDED, "distributor": "hudson", "amount": None, "comment": ""},
    CreditTerms: {
        "limit": Unlimited(),
        "thresholds": (),
        "compare": Crossing.EXCEEDS,
        "when_suspended": HUDSON.credit.when_suspended,
        "rearm": Rearm(),
    },
    Currency: {"code": "USD"},
    Customer: {
        "id": "c",
        "name": "C",
        "currency": USD,
        "distributor": None,
        "credit_limit": Unlimited(),
        "since": AT,
    },
    CustomerCaps: {"credit_limit": NOTHING, "opening_balance": NOTHING},
    CustomerClass: {"name": "C", "currency": None},
    type(HUDSON): {field.name: getattr(HUDSON, field.name) for field in attrs.fields(type(HUDSON))},
    DistributorStaff: {"distributor": "hudson"},
    EveryFurther: {"step": usd("1"), "most": 1},
    Fixed: {"field": Field.ACTIVE, "value": "yes"},
    FlatFee: {"amount": NOTHING, "per": Per.ITEM},
    GrantLimitIncrease: {
        **COMMANDED,
        "distributor": "hudson",
        "raises_by": TENTH,
        "until": EVENING,
    },
    IncreaseCaps: {"most": TENTH, "days": 1},
    Limit: {"amount": NOTHING},
    LimitIncrease: {"by": "maria", "granted": AT, "until": EVENING, "raises_by": TENTH},
    Money: {"amount": 1, "currency": "USD"},
    Percent: {"value": 1},
    PercentOfLimit: {"value": 1},
    Preferences: {"locale": "en", "zone": None},
    PrepareQuickForm: {**COMMANDED, "form": SIP},
    type(SIP): {field.name: getattr(SIP, field.name) for field in attrs.fields(type(SIP))},
    Rate: {
        "kind": CommissionKind.SALE,
        "schedule": TENTH,
        "product": None,
        "batch": None,
        "since": None,
        "until": None,
    },
    Rearm: {"band": None, "minimum_interval": None, "most_repeats": None, "tell_cleared": True},
    RecordPayment: {
        **COMMANDED,
        "customer": "c",
        "amount": usd("1"),
        "account": None,
        "comment": "",
        "items": 1,
        "tax": None,
        "discount": None,
    },
    Remit: {**COMMANDED, "distributor": "hudson", "amount": usd("1"), "comment": ""},
    Reverse: {**COMMANDED, "entry": "p", "why": Reversal.VOID, "amount": None, "comment": ""},
    ReviewCredit: {**COMMANDED, "distributor": "hudson"},
    Rounding: {"method": RoundingMethod.DOWN, "places": None},
    Stage: {"months": None, "schedule": TENTH},
    Subject: {"product": None, "batch": None},
    Sum: {"parts": (TENTH,)},
    Terms: {
        "sales_commission": TENTH,
        "payment_commission": TENTH,
        "rounding": RoundingMethod.DOWN,
        "rates": (),
        "zone": None,
        "netting": Netting.AT_COLLECTION,
        "basis": Basis(),
        "margin": Margin.DIFFERENCE_OF_RATES,
        "remainder": Remainder.FIRST_IN_ORDER,
        "layers": TermsLayers(),
    },
    TermsLayers: dict.fromkeys(
        ("sales_commission", "payment_commission", "rates"), TermsLayer.PROVIDER
    ),
    TransferCustomer: {**COMMANDED, "customer": "c", "distributor": None},
    TransferDistributor: {**COMMANDED, "distributor": "soho", "parent": None},
    Unlimited: {},
}
ALSO_CALLED = {
    (Percent, "value"): "percent",
    (PercentOfLimit, "value"): "percent",
    (Currency, "code"): "currency",
}
PLACES = [(kind, field) for kind, values in VALID.items() for field in values]


def test_every_public_class_that_takes_values_is_tried():
    enums_and_answers = {"Accepted", "Refused", "Billing", "AsyncBilling"}
    public = {
        name
        for name in import_module("distbilling").__all__
        if inspect.isclass(getattr(distbilling, name))
    } - enums_and_answers
    tables = {name for name in public if hasattr(getattr(distbilling, name), "__members__")}
    assert {kind.__name__ for kind in VALID} == public - tables


@pytest.mark.parametrize(
    ("kind", "field"), PLACES, ids=lambda value: getattr(value, "__name__", value)
)
def test_nonsense_in_a_field_is_one_error_that_names_it(kind, field):
    escaped = []
    for nonsense in NONSENSE:
        try:
            kind(**VALID[kind] | {field: nonsense})
        except (InvalidType, InvalidValue) as error:
            if error.field != ALSO_CALLED.get((kind, field), field):
                escaped.append((type(nonsense).__name__, f"names {error.field}"))
            if not (error.accepted and str(error)):
                escaped.append((type(nonsense).__name__, "says nothing"))
        except CurrencyMismatch:
            assert isinstance(nonsense, Money | Limit)
        except Exception as error:  # noqa: BLE001 - this is what must not happen
            escaped.append((type(nonsense).__name__, repr(error)[:90]))
    assert not escaped


@pytest.mark.parametrize(
    ("kind", "field"), PLACES, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_value_of_no_known_type_is_accepted_nowhere(kind, field):
    for nonsense in (object(), Hostile(), 1j, len, object, b"bytes", {1, 2}):
        with pytest.raises(CallerError):
            kind(**VALID[kind] | {field: nonsense})


@given(data=st.data())
def test_whatever_text_is_given_it_is_taken_as_it_is_or_refused(data):
    kind, field = data.draw(st.sampled_from(PLACES))
    text = data.draw(st.text())
    try:
        made = kind(**VALID[kind] | {field: text})
    except CallerError:
        return
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own
    assert text.isprintable()


def _classes_of_the_rules() -> Any:
    names = (
        f"distbilling.rules.{module.name}"
        for module in pkgutil.iter_modules(distbilling.rules.__path__)
    )
    modules = [import_module(name) for name in names]
    modules += [
        import_module(f"distbilling.rules.commands.{module.name}")
        for module in pkgutil.iter_modules(import_module("distbilling.rules.commands").__path__)
    ]
    found = {getattr(module, name) for module in modules for name in getattr(module, "__all__", ())}
    return sorted(
        (thing for thing in found if inspect.isclass(thing) and attrs.has(thing)),
        key=lambda kind: kind.__name__,
    )


@pytest.mark.parametrize("kind", _classes_of_the_rules(), ids=lambda kind: kind.__name__)
def test_nothing_but_our_own_errors_comes_out_of_a_constructor(kind):
    escaped = set()
    fields = [field for field in attrs.fields(kind) if field.init]
    for nonsense in NONSENSE:
        try:
            kind(**{field.alias: nonsense for field in fields})
        except (CallerError, HostError):
            continue
        except Exception as error:  # noqa: BLE001 - this is what must not happen
            escaped.add((type(nonsense).__name__, repr(error)[:90]))
    assert not escaped


@pytest.mark.parametrize(
    "ask",
    [
        lambda given: commission_on(given, Percent("15")),
        lambda given: commission_on(usd("1"), given),
        lambda given: commission_on(usd("1"), Percent("15"), given),
        lambda given: thresholds_crossed([given], Unlimited(), usd("1"), usd("2")),
        lambda given: thresholds_crossed([], Unlimited(), usd("1"), usd("2"), given),
    ],
    ids=["amount", "rate", "rounding", "thresholds", "compare"],
)
def test_nonsense_in_an_argument_of_a_rule_is_an_error_of_ours(ask):
    for nonsense in (0.5, 1, None, object(), "ten", b"x"):
        with pytest.raises(CallerError):
            ask(nonsense)


@pytest.mark.parametrize("rule", [is_suspended, is_over_limit, available_funds])
def test_balance_and_limit_in_two_currencies_do_not_mix(rule):
    with pytest.raises(CurrencyMismatch):
        rule(Limit(usd("5")), Money("5", "EUR"))


def test_a_policy_is_made_of_permissions():
    for nonsense in NO_TUPLES:
        with pytest.raises(InvalidType):
            Policy(nonsense)
        with pytest.raises(CallerError):
            HANDBOOK_POLICY.extended(nonsense)
    with pytest.raises(InvalidType):
        Policy((Allowed(Role.DISTRIBUTOR, Action.ADJUST_BALANCE, "x"), NONSENSE[0]))


def test_several_bad_fields_can_be_told_together():
    both = InvalidFields(
        (InvalidValue("zone", "Mars", "an IANA time zone"), InvalidType("n", 0.5, "an int"))
    )
    assert str(both).count("\n- ") == 2
