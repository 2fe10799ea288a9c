"""Transactions as they come in: columns, amounts, checks."""
