"""Hypothesis strategies for values, agreements, commands and histories."""
