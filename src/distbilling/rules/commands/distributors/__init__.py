"""Commands that set distributors up: their terms, credit and place in a hierarchy."""
