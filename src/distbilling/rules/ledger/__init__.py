"""What was booked: ledger accounts, entries, statements, audits, and other outcomes."""
