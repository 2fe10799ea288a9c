"""The places of a sample: zones, currencies, names, what is sold, and taxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from distbilling.money import Currency

__all__ = ["BATCHES", "HOME", "PLACES", "PRODUCTS", "TRADES", "Place", "tax_percent", "unit_of"]


@attrs.frozen
class Place:
    """A zone, the currency people pay in there, and the names that companies give themselves."""

    zone: str
    currency: str
    names: tuple[str, ...]


HOME: Final = Place(
    "America/New_York", "USD", ("Hudson", "Harlem", "Brooklyn", "Catskill", "Mohawk")
)
"""The one place of a plain sample."""

PLACES: Final = (
    HOME,
    Place("Europe/Berlin", "EUR", ("Spree", "Havel", "Müggelsee", "Wannsee")),
    Place("Asia/Tokyo", "JPY", ("Sumida", "Shibuya", "Kanda", "Ueno")),
    Place("America/Sao_Paulo", "BRL", ("Paulista", "Tietê", "Ipiranga", "Bixiga")),
    Place("Asia/Kuwait", "KWD", ("Salmiya", "Hawally", "Jahra")),
    Place("America/Santiago", "CLP", ("Mapocho", "Ñuñoa", "Maipú")),  # clocks change at midnight
    Place("Africa/Cairo", "EGP", ("Nile", "Zamalek", "Giza")),  # so do they here, on a Friday
    Place("Europe/London", "GBP", ("Thames", "Camden", "Brixton")),
    Place(
        "America/Havana", "CUP", ("Malecón", "Vedado", "Miramar")
    ),  # midnight comes twice in autumn
    Place(
        "Australia/Lord_Howe", "AUD", ("Blackburn", "Ned's Beach")
    ),  # half an hour of daylight saving
    Place("Africa/Casablanca", "MAD", ("Corniche", "Anfa", "Maarif")),  # clocks go back for Ramadan
    Place("Asia/Kathmandu", "NPR", ("Bagmati", "Thamel", "Patan")),  # 5:45 from Greenwich
    Place("Asia/Beirut", "USD", ("Hamra", "Raouché", "Byblos")),
    Place("America/Los_Angeles", "USD", ("Mission", "Sunset", "Venice")),
    Place("Europe/Dublin", "EUR", ("Liffey", "Howth", "Dalkey")),
    Place(
        "America/St_Johns", "CAD", ("Signal Hill", "Avalon")
    ),  # half past, and clocks that changed at 00:01
    Place("Africa/Lagos", "NGN", ("Lekki", "Ikeja", "Yaba")),
    Place("Pacific/Apia", "WST", ("Vaea", "Mulinu'u")),  # a day was skipped once
    Place("America/Asuncion", "PYG", ("Chaco", "Paraguarí", "Itauguá")),
    Place("Europe/Madrid", "EUR", ("Retiro", "Lavapiés", "Chamberí")),
)

TRADES: Final = (
    "Phones",
    "Mobile",
    "Telecom",
    "Top-Ups",
    "Prepaid",
    "Connect",
    "Call Shop",
    "Cards",
)

PRODUCTS: Final = ("Mobile top-up", "SIP line", "Calling card", "Fibre")
"""What is sold and paid for; calling cards come in batches."""
BATCHES: Final = ("winter", "spring", "summer", "autumn")
"""The lots of calling cards, one a quarter of the year."""

_UNITS: Final[Mapping[str, int]] = {
    "JPY": 100, "CLP": 1_000, "PYG": 5_000, "KWD": 200, "BRL": 200, "WST": 200,
    "EGP": 2_000, "CUP": 2_000, "MAD": 500, "NPR": 10_000, "NGN": 50_000,
}  # fmt: skip
_TAXES: Final[Mapping[str, int]] = {
    "USD": 8, "EUR": 20, "GBP": 20, "JPY": 10, "KWD": 0, "BRL": 17, "CAD": 15, "CLP": 19, "NGN": 7,
}  # fmt: skip
_COMMON_TAX: Final = 12


def unit_of(currency: Currency) -> int:
    """Return how many minor units buy about as much as a dollar, in one figure.

    Notes are 5, 10, 20 and 50 of it.

    >>> unit_of(Currency("USD")), unit_of(Currency("JPY")), unit_of(Currency("KWD"))
    (100, 100, 200)
    """
    return _UNITS.get(currency.code, int("1" + "0" * (currency.digits or 0)))


def tax_percent(currency: Currency) -> int:
    """Return the tax where people pay in a currency, as a whole percentage of the price.

    >>> tax_percent(Currency("KWD"))
    0
    """
    return _TAXES.get(currency.code, _COMMON_TAX)
