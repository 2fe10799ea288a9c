"""The commands, each with the rule that decides it: one story a file."""
