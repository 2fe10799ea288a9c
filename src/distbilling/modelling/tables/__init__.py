"""A book as tables of whole numbers."""
