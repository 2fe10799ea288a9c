"""What the charts have in common: rows, axes, lines and the look."""
