"""What was agreed, with gaps, and the complete terms that come into force from it."""

from __future__ import annotations

from typing import Any, Final

import attrs
from attrs.validators import optional

from distbilling.errors import InvalidValue, raise_all
from distbilling.money import RoundingMethod
from distbilling.rules import fields
from distbilling.rules.agreement.basis import Basis
from distbilling.rules.agreement.policies import Margin, Netting, Remainder, TermsLayer
from distbilling.rules.agreement.rates import Rate, problems_of
from distbilling.rules.agreement.schedule import Schedule, a_schedule
from distbilling.rules.agreement.terms import Terms, TermsLayers, optional_zone

__all__ = ["AgreedTerms", "terms_in_force"]

_NEEDED: Final = ("sales_commission", "payment_commission")


@attrs.frozen(kw_only=True)
class AgreedTerms(fields.Checked):
    """What a provider, a customer class or a distributor states of its terms; None is not stated.

    Each field is that of :class:`distbilling.rules.agreement.terms.Terms`. ``rates=()`` states that
    there are none.

    Raises:
        InvalidValue, InvalidFields: the rates do not fit together, as in terms.
        CurrencyMismatch: the amounts are in different currencies.

    Source: rulebook R11, R41.

    >>> from distbilling.money import Percent
    >>> AgreedTerms(payment_commission=Percent("10")).sales_commission is None
    True
    """

    sales_commission: Schedule | None = attrs.field(default=None, validator=optional(a_schedule))
    payment_commission: Schedule | None = attrs.field(default=None, validator=optional(a_schedule))
    rounding: RoundingMethod | None = attrs.field(
        default=None, validator=optional(fields.one_of(RoundingMethod))
    )
    rates: tuple[Rate, ...] | None = attrs.field(
        default=None, validator=optional(fields.tuple_of(Rate))
    )
    zone: str | None = attrs.field(default=None, converter=optional_zone)
    netting: Netting | None = attrs.field(default=None, validator=optional(fields.one_of(Netting)))
    basis: Basis | None = attrs.field(default=None, validator=optional(fields.one_of(Basis)))
    margin: Margin | None = attrs.field(default=None, validator=optional(fields.one_of(Margin)))
    remainder: Remainder | None = attrs.field(
        default=None, validator=optional(fields.one_of(Remainder))
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        fields.check_one_currency(self)
        raise_all(problems_of(self.rates or (), self.zone))


def terms_in_force(
    distributor: AgreedTerms,
    customer_class: AgreedTerms | None = None,
    provider: AgreedTerms | None = None,
) -> Terms:
    """Return the complete terms of a distributor, from what each side has agreed.

    Each field is that of the nearest side that states it: the distributor, else its class, else the
    provider. Where none does, a policy is the default of :class:`Terms`; the two commissions must
    be agreed. Rates come as a whole, and with them the zone of their dates.

    Args:
        distributor: what was agreed with the distributor itself.
        customer_class: what its class hands on to it.
        provider: what holds for every distributor.

    Raises:
        InvalidValue, InvalidFields: nobody agreed on a commission; it is named.
        InvalidType: one of the sides is no AgreedTerms.
        CurrencyMismatch: the sides agreed in different currencies.

    Source: rulebook R11, R41.

    >>> from distbilling.money import Percent
    >>> resellers = AgreedTerms(sales_commission=Percent("12"), payment_commission=Percent("8"))
    >>> terms = terms_in_force(AgreedTerms(sales_commission=Percent("15")), resellers)
    >>> terms.sales_commission, terms.payment_commission, terms.layers.payment_commission
    (Percent('15'), Percent('8'), TermsLayer.CUSTOMER_CLASS)
    """
    fields.check_type("distributor", distributor, AgreedTerms)
    fields.check_type("customer_class", customer_class, AgreedTerms, type(None))
    fields.check_type("provider", provider, AgreedTerms, type(None))

    agreed: dict[str, Any] = {}
    layers: dict[str, TermsLayer] = {}
    zone_of_rates: str | None = None
    for layer, side in (
        (TermsLayer.PROVIDER, provider),
        (TermsLayer.CUSTOMER_CLASS, customer_class),
        (TermsLayer.DISTRIBUTOR, distributor),
    ):
        if side is not None:
            stated = attrs.asdict(side, recurse=False, filter=_is_stated)
            agreed |= stated
            layers |= dict.fromkeys(stated, layer)
            if side.rates is not None:
                zone_of_rates = side.zone

    if agreed.get("rates"):
        # Dates are local days, and mean nothing on the calendar of another side.
        agreed["zone"] = zone_of_rates

    accepted = "a schedule: neither the distributor, nor its class, nor the provider agreed on one"
    raise_all(InvalidValue(name, None, accepted) for name in _NEEDED if name not in agreed)

    by = {name: layers[name] for name in attrs.fields_dict(TermsLayers) if name in layers}
    return Terms(**agreed, layers=TermsLayers(**by))


def _is_stated(_field: attrs.Attribute[Any], value: object) -> bool:
    return value is not None
