"""The command `check`: worked examples that do not come out as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from distbilling.cli.page import Page
from distbilling.cli.progress import watched
from distbilling.scenarios.problems import file_name
from distbilling.testing.worked_examples import Case, CaseResult

__all__ = ["work_out"]


def work_out(cases: Mapping[str, Sequence[Case]], page: Page) -> bool:
    r"""Work out the cases of each file, write how they came out, and return whether all passed.

    >>> import io
    >>> from distbilling import Unlimited
    >>> case = Case("no limit is no limit", "R20", "", Unlimited(), None, Unlimited)
    >>> work_out({"limits.toml": [case]}, Page(lines := io.StringIO()))
    True
    >>> lines.getvalue()
    'limits.toml: 1 of 1 came out as written\nAll 1 came out as written.\n'
    """
    total, total_passed = sum(map(len, cases.values())), 0
    for file, examples in cases.items():
        results = [case.check() for case in watched(examples, len(examples), "Checking")]
        passed = sum(result.passed for result in results)
        total_passed += passed

        style = "green" if passed == len(results) else "red"
        page.line(f"{file_name(file)}: {passed} of {len(results)} came out as written", style)
        for result in results:
            if not result.passed:
                _write_failure(result, page)

    if total_passed == total:
        page.line(f"All {total} came out as written.", "bold green")
    else:
        page.line(f"{total_passed} of {total} came out as written.", "bold red")
    return total_passed == total


def _write_failure(result: CaseResult, page: Page) -> None:
    case = result.case
    policy = f", {case.policy}" if case.policy else ""
    page.line(f"{case.it} ({case.source}{policy})", indent=2)
    for difference in result.differences:
        page.line(str(difference), "red", indent=4)
