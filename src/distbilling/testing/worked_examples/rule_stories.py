"""Worked examples of commissions, warnings, suspension and permissions."""

from __future__ import annotations

from typing import Final

import attrs
from pendulum import DateTime

from distbilling.money import Currency, Money, Percent, Rounding, RoundingMethod
from distbilling.rules.agreement.agreed_terms import AgreedTerms, terms_in_force
from distbilling.rules.agreement.origin import RateOrigin
from distbilling.rules.agreement.policies import TermsLayer
from distbilling.rules.agreement.schedule import Circumstances, Schedule
from distbilling.rules.agreement.terms import (
    Basis,
    CommissionKind,
    DiscountBasis,
    Rate,
    Subject,
    TaxBasis,
    Terms,
)
from distbilling.rules.commission.commission import Commission, commission_on, commission_under
from distbilling.rules.credit.limits import (
    CreditLimit,
    Crossing,
    Threshold,
    Unlimited,
    available_funds,
    is_over_limit,
    is_suspended,
    thresholds_crossed,
)
from distbilling.rules.parties.permission import HANDBOOK_POLICY, Action, Allowed, Denied, Role
from distbilling.rules.parties.quick_form import normalised_number
from distbilling.testing.worked_examples.story import AnyStory, Story

_NOTHING: Final = Percent(0)


@attrs.frozen
class _Operation:
    """What a case may say of an operation besides its amount, and how its commission is figured."""

    currency: Currency
    rounding: RoundingMethod = RoundingMethod.HALF_AWAY_FROM_ZERO
    items: int = 1
    so_far: Money | None = None
    months: int | None = None
    tax: Money | None = None
    discount: Money | None = None
    tax_basis: TaxBasis = TaxBasis.GROSS
    discount_basis: DiscountBasis = DiscountBasis.AFTER_DISCOUNT
    at_most: Money | None = None
    locale: str = "en"

    @property
    def circumstances(self) -> Circumstances:
        return Circumstances(self.items, self.so_far, self.months, self.tax, self.discount)

    @property
    def basis(self) -> Basis:
        return Basis(self.tax_basis, self.discount_basis)


@attrs.frozen(kw_only=True)
class _Commission(_Operation):
    commission_on: Money
    rate: Schedule
    places: int | None = None


@attrs.frozen(kw_only=True)
class _Agreed(_Operation):
    commission_under: Money
    kind: CommissionKind = CommissionKind.PAYMENT
    at: DateTime
    product: str | None = None
    batch: str | None = None
    sales_commission: Schedule = _NOTHING
    payment_commission: Schedule = _NOTHING
    rates: tuple[Rate, ...] = ()
    zone: str | None = None


@attrs.frozen(kw_only=True)
class _InForce:
    commission_in_force: Money
    currency: Currency
    kind: CommissionKind = CommissionKind.PAYMENT
    at: DateTime
    product: str | None = None
    distributor: AgreedTerms = attrs.field(factory=AgreedTerms)
    customer_class: AgreedTerms | None = None
    provider: AgreedTerms | None = None
    locale: str = "en"


@attrs.frozen
class _Earned:
    base: Money | None = None
    earned: Money | None = None
    owed: Money | None = None
    exact: Money | None = None
    remainder: Money | None = None
    origin: RateOrigin | None = None
    explanation: str | None = None


@attrs.frozen
class _EarnedInForce:
    earned: Money | None = None
    origin: RateOrigin | None = None
    agreed_by: TermsLayer | None = None
    explanation: str | None = None


def _commission(when: _Commission) -> _Earned:
    commission = commission_on(
        when.commission_on,
        when.rate,
        Rounding(when.rounding, when.places),
        basis=when.basis,
        circumstances=when.circumstances,
        at_most=when.at_most,
    )
    return _earned(commission, when.locale)


def _agreed(when: _Agreed) -> _Earned:
    terms = Terms(
        when.sales_commission,
        when.payment_commission,
        rounding=when.rounding,
        rates=when.rates,
        zone=when.zone,
        basis=when.basis,
    )
    commission = commission_under(
        terms,
        when.kind,
        when.commission_under,
        at=when.at,
        subject=Subject(when.product, when.batch),
        circumstances=when.circumstances,
        at_most=when.at_most,
    )
    return _earned(commission, when.locale)


def _in_force(when: _InForce) -> _EarnedInForce:
    terms = terms_in_force(when.distributor, when.customer_class, when.provider)
    commission = commission_under(
        terms, when.kind, when.commission_in_force, at=when.at, subject=Subject(when.product)
    )
    return _EarnedInForce(
        earned=commission.earned,
        origin=commission.origin.level,
        agreed_by=commission.origin.layer,
        explanation=commission.explain(when.locale),
    )


def _earned(commission: Commission, locale: str) -> _Earned:
    return _Earned(
        commission.base,
        commission.earned,
        commission.owed,
        commission.exact,
        commission.remainder,
        commission.origin.level,
        commission.explain(locale),
    )


@attrs.frozen
class _Move:
    balance_moves_to: Money
    owes: Money
    currency: Currency
    warn_at: tuple[Threshold, ...]
    credit_limit: CreditLimit = attrs.field(factory=Unlimited)
    compare: Crossing = Crossing.EXCEEDS


@attrs.frozen
class _Warned:
    warnings: tuple[Money, ...] | None = None


def _move(when: _Move) -> _Warned:
    return _Warned(
        thresholds_crossed(
            when.warn_at, when.credit_limit, when.owes, when.balance_moves_to, when.compare
        )
    )


@attrs.frozen
class _Standing:
    distributor_owes: Money
    currency: Currency
    credit_limit: CreditLimit


@attrs.frozen
class _Stands:
    available: Money | None = None
    unlimited: bool | None = None
    suspended: bool | None = None
    over_limit: bool | None = None


def _standing(when: _Standing) -> _Stands:
    available = available_funds(when.credit_limit, when.distributor_owes)
    return _Stands(
        available=available if isinstance(available, Money) else None,
        unlimited=isinstance(available, Unlimited),
        suspended=is_suspended(when.credit_limit, when.distributor_owes),
        over_limit=is_over_limit(when.credit_limit, when.distributor_owes),
    )


@attrs.frozen
class _Permission:
    may: Action
    role: Role
    locale: str = "en"


@attrs.frozen
class _Permitted:
    allowed: bool | None = None
    rule: str | None = None
    explanation: str | None = None


def _permission(when: _Permission) -> _Permitted:
    permission = HANDBOOK_POLICY.permission(when.role, when.may)
    explanation = permission.explain(when.locale) if isinstance(permission, Denied) else None
    return _Permitted(isinstance(permission, Allowed), permission.rule, explanation)


@attrs.frozen
class _Typed:
    typed_number: str


@attrs.frozen
class _Normalised:
    number: str | None = None
    accepted: bool | None = None


def _number(when: _Typed) -> _Normalised:
    number = normalised_number(when.typed_number)
    return _Normalised(number, number is not None)


STORIES: dict[str, AnyStory] = {
    "commission_on": Story(_Commission, _Earned, _commission),
    "commission_under": Story(_Agreed, _Earned, _agreed),
    "commission_in_force": Story(_InForce, _EarnedInForce, _in_force),
    "balance_moves_to": Story(_Move, _Warned, _move),
    "distributor_owes": Story(_Standing, _Stands, _standing),
    "may": Story(_Permission, _Permitted, _permission),
    "typed_number": Story(_Typed, _Normalised, _number),
}
"""The stories about single rules, each by the key of ``when`` that asks for it."""
