"""The promises of a repository by theme, each a named test."""
