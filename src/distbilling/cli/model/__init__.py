"""The command `model`: transactions from a file, settled."""
