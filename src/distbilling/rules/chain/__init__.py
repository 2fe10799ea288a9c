"""Who keeps what in a chain of distributors, and what is given back."""
