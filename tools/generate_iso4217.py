"""Write ``src/distbilling/money/iso4217.py`` from the ``iso4217`` package's copy of the standard.

Run ``python tools/generate_iso4217.py`` after upgrading that package; a test fails while the table
and the package differ.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import iso4217

TABLE = Path(__file__).parents[1] / "src" / "distbilling" / "money" / "iso4217.py"

HEADER = '''\
"""The table of ISO 4217 as published on {published}, made by tools/generate_iso4217.py."""

from __future__ import annotations

from typing import Final

PUBLISHED: Final = "{published}"
"""The day on which the maintenance agency published this list."""

TABLE: Final[dict[str, tuple[int, int | None, str]]] = {{
'''


def table() -> dict[str, tuple[int, int | None, str]]:
    """Return number, minor digits (None for no minor unit) and name of every code."""
    return {
        code: (
            int(row["CcyNbr"]),
            int(row["CcyMnrUnts"]) if row["CcyMnrUnts"].isdigit() else None,
            row["CcyNm"],
        )
        for code, row in sorted(entries().items())
    }


def entries() -> dict[str, dict[str, str]]:
    """Return the package's rows, without those of places that have no currency."""
    rows: Any = iso4217.raw_table
    return {code: row for code, row in rows.items() if code}


def module_text() -> str:
    """Return the whole module, formatted."""
    rows = "".join(
        f'    "{code}": ({number}, {digits}, "{name}"),\n'
        for code, (number, digits, name) in table().items()
    )
    header = HEADER.format(published=iso4217.__published__.isoformat())
    docstring = "Code: number, digits of the minor unit (None where there is none), English name."
    footer = f'}}\n"""{docstring}"""\n'
    return header + rows + footer


if __name__ == "__main__":
    TABLE.write_text(module_text(), encoding="utf-8")
