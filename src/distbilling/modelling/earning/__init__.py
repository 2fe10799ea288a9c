"""What transactions earn: rates in force, volumes, ages, margins and commissions, as columns."""
