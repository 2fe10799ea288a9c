"""The shell around the rules: sync and async, word for word the same."""

from distbilling.services.async_billing import AsyncBilling
from distbilling.services.billing import Billing

__all__ = ["AsyncBilling", "Billing"]
