"""How does it flow? Command in, decision out, notices delivered; sync and async, word for word the same."""

from distbilling.services.async_billing import AsyncBilling
from distbilling.services.billing import Billing

__all__ = ["AsyncBilling", "Billing"]
