"""The parties of a chain, and the share that each of them has in an amount."""

from __future__ import annotations

import attrs

from distbilling.errors import CurrencyMismatch
from distbilling.money import Money
from distbilling.rules import fields
from distbilling.rules.agreement.terms import Netting
from distbilling.rules.chain.clawback import Clawback, Correction
from distbilling.rules.commission.commission import Commission
from distbilling.rules.notebook import html_table

__all__ = ["Calculation", "Party", "Share"]

Calculation = Commission | Clawback | Correction
"""How the share of one level came about."""


@attrs.frozen
class Party(fields.Checked):
    """A distributor of a chain, and when its commission is taken off what it owes.

    Source: rulebook R16, R17.

    >>> Party("hudson").netting
    Netting.AT_COLLECTION
    """

    distributor: str = attrs.field(validator=fields.identifier)
    netting: Netting = attrs.field(default=Netting.AT_COLLECTION, validator=fields.one_of(Netting))


@attrs.frozen
class Share(fields.Checked):
    """What one level keeps of an amount, what it owes the level above it, and how that came about.

    ``earned`` is its own, without what the levels below it earn; ``owed`` is the amount less what
    it and the levels below it earn. Of what is given back, both are below zero. ``netting`` says
    whether the commission is taken off at once, or credited when the period closes.

    Raises:
        CurrencyMismatch: the two are in different currencies.

    Source: rulebook R16, R17, R19.

    >>> from distbilling.money import Percent
    >>> from distbilling.rules.commission import commission_on
    >>> commission = commission_on(Money("10.00", "USD"), Percent("15"))
    >>> Share("hudson", commission.earned, commission.owed, commission).netting
    Netting.AT_COLLECTION
    """

    distributor: str = attrs.field(validator=fields.identifier)
    earned: Money = attrs.field(validator=fields.one_of(Money))
    owed: Money = attrs.field(validator=fields.one_of(Money))
    calculation: Calculation = attrs.field(
        validator=fields.one_of(Commission, Clawback, Correction),
        repr=lambda calculation: f"{type(calculation).__name__}(…)",
    )
    netting: Netting = attrs.field(default=Netting.AT_COLLECTION, validator=fields.one_of(Netting))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.owed.currency is not self.earned.currency:
            raise CurrencyMismatch(self.earned.currency.code, self.owed.currency.code)

    def _repr_html_(self) -> str:
        return html_table(
            (
                ("distributor", self.distributor),
                ("keeps", self.earned.format(exact=True)),
                ("owes", self.owed.format(exact=True)),
                ("netting", self.netting.value.replace("_", " ")),
                ("because", self.calculation.explain()),
            )
        )
