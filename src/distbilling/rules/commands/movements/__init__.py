"""Commands that book an amount: payments, remittances, commission, reversals and corrections."""
