"""The reader of a document: whose language, formats and time zone it is in."""

from __future__ import annotations

import attrs
from pendulum import DateTime

from distbilling.language.formats import instant_text
from distbilling.money import Money
from distbilling.periods import iana_zone
from distbilling.rules.parties import Distributor

__all__ = ["Reader"]


@attrs.frozen
class Reader:
    r"""The locale and the zone of who reads.

    >>> Reader("de", "Europe/Berlin").figure(Money("1234.50", "EUR"))
    '1.234,50\xa0€'
    """

    locale: str
    zone: str

    @classmethod
    def of(cls, distributor: Distributor, locale: str | None, zone: str | None) -> Reader:
        """Return a distributor as a reader, unless another locale or zone is given."""
        return cls(
            distributor.preferences.locale if locale is None else locale,
            distributor.reading_zone() if zone is None else iana_zone(zone),
        )

    def figure(self, amount: Money) -> str:
        """Return an amount with all its decimals, so that readers can add up."""
        return amount.format(self.locale, exact=True)

    def instant(self, at: DateTime) -> str:
        """Return an instant on the clocks of the zone."""
        return instant_text(at.in_timezone(self.zone), self.locale)
