"""How is the library run as a program? ``python -m distbilling run examples/handbook.toml``."""

import sys

from distbilling.cli import main

if __name__ == "__main__":
    sys.exit(main())
