"""The command `model`: transactions of a file, settled and reported."""
