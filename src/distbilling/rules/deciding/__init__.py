"""How a command is decided: facts, decisions, reasons, and what several commands share."""
