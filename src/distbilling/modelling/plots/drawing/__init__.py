"""What all charts share: axes, lines, colours, rows, files."""
