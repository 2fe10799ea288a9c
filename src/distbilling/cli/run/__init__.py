"""The command `run`: a file of dated commands, played and written as a story or as JSON."""
