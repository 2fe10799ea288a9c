"""What was agreed: terms, rates, schedules and bases."""
