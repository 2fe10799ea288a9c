"""Values as they are written in scenario files."""
