"""Exact arithmetic over columns of whole numbers, and reproducible draws."""
