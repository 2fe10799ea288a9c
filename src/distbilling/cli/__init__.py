"""The command line: run a file of dated commands, check worked examples, model transactions."""

from distbilling.cli.program import main

__all__ = ["main"]
