"""Locale formats and message catalogues; Babel is imported here alone, when first used."""
