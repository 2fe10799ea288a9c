"""Which worked examples still come out as they are written? A line for each file, and each case that does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from distbilling.cli.page import Page
from distbilling.cli.progress import watched
from distbilling.scenarios.problems import file_name
from distbilling.testing.worked_examples import Case, CaseResult

__all__ = ["work_out"]


def work_out(cases: Mapping[str, Sequence[Case]], page: Page) -> bool:
    r"""Work out the cases of each file and write how they came out; return whether all of them did as written.

    >>> import io
    >>> from distbilling import Unlimited
    >>> case = Case("no limit is no limit", "R20", "", Unlimited(), None, Unlimited)
    >>> work_out({"limits.toml": [case]}, Page(lines := io.StringIO()))
    True
    >>> lines.getvalue()
    'limits.toml: 1 of 1 came out as written\nAll 1 came out as written.\n'
    """
    total = sum(map(len, cases.values()))
    came_out = 0
    for file, examples in cases.items():
        results = [case.check() for case in watched(examples, len(examples), "Checking")]
        passed = sum(result.passed for result in results)
        came_out += passed
        style = "green" if passed == len(results) else "red"
        page.line(f"{file_name(file)}: {passed} of {len(results)} came out as written", style)
        for result in results:
            if not result.passed:
                _tell(result, page)
    if came_out == total:
        page.line(f"All {total} came out as written.", "bold green")
    else:
        page.line(f"{came_out} of {total} came out as written.", "bold red")
    return came_out == total


def _tell(result: CaseResult, page: Page) -> None:
    case = result.case
    policy = f", {case.policy}" if case.policy else ""
    page.line(f"{case.it} ({case.source}{policy})", indent=2)
    for difference in result.differences:
        page.line(str(difference), "red", indent=4)
