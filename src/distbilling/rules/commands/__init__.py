"""What can be asked for? One story a file: the command, and the rule that decides it."""
