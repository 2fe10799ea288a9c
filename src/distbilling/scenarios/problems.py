"""All problems of a file together, each with its place and its field."""

from __future__ import annotations

import attrs

from distbilling.errors import CallerError

__all__ = ["FileError", "Problem", "ScenarioError"]


@attrs.frozen
class Problem:
    """One thing that is wrong with a file: where, in which field, and what would be accepted.

    ``place`` is a table of the file, such as ``command 3``, or a row, or empty for the file as a
    whole; ``field`` is the key in that table or the column, empty where the whole table is meant.

    >>> print(Problem("command 3", "remit.amount", "'ten' is not accepted; give a number"))
    command 3: remit.amount: 'ten' is not accepted; give a number
    """

    place: str
    field: str
    problem: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.field, self.problem) if part)


class FileError(CallerError, ValueError):
    """A file cannot be used as it is written: all its problems, not only the first.

    Source: rulebook R49.

    >>> raise FileError("march.toml", (Problem("command 3", "at", "is missing"),))
    Traceback (most recent call last):
    distbilling.scenarios.problems.FileError: march.toml: command 3: at: is missing
    """

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems

    def __str__(self) -> str:
        file = file_name(self.file)
        return "\n".join(f"{file}: {problem}" for problem in self.problems)


class ScenarioError(FileError):
    """A file cannot be played or checked as it is written: all its problems, not only the first.

    Source: rulebook R49.

    >>> raise ScenarioError("march.toml", (Problem("command 3", "at", "is missing"),))
    Traceback (most recent call last):
    distbilling.scenarios.problems.ScenarioError: march.toml: command 3: at: is missing
    """


def file_name(name: str) -> str:
    r"""Return a name as it can be printed, escaped if it would command a terminal.

    >>> print(file_name("march.toml"), file_name("a\nb.toml"))
    march.toml 'a\nb.toml'
    """
    return name if name.isprintable() else repr(name)


@attrs.define
class Report:
    """Collects the problems of a file while it is read; ``part`` is what is being read.

    ``kind`` is the error that tells it.

    >>> report = Report("march.toml")
    >>> report.add("command 3", "at", "is missing")
    >>> len(report.problems)
    1
    """

    file: str
    part: str = ""
    problems: list[Problem] = attrs.field(factory=list[Problem])
    kind: type[FileError] = ScenarioError

    def add(self, place: str, field: str, problem: str) -> None:
        """Note one problem."""
        self.problems.append(
            Problem(": ".join(name for name in (self.part, place) if name), field, problem)
        )

    @property
    def error(self) -> FileError:
        """What is wrong, to be raised."""
        return self.kind(self.file, tuple(self.problems))
