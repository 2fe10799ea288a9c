"""How do I watch it happen? The command line: play a file of dated commands, or check worked examples."""

from distbilling.cli.program import main

__all__ = ["main"]
