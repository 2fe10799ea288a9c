"""Ready-made ports: import the one you need from its own module."""
