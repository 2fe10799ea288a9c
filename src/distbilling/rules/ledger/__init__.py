"""What was booked: ledger accounts, entries, statements, audits, and what other terms would have come to."""
