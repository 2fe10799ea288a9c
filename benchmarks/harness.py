"""Interleaved rounds, the least of each, and ratios as a table."""

from __future__ import annotations

from timeit import Timer

import attrs

ROUNDS = 25
SLICE_SECONDS = 0.004
LOOPS_AT_MOST = 200_000


@attrs.frozen
class Row:
    """One thing measured: nanoseconds of ours and of each contender, and the figures to reach."""

    name: str
    ours_ns: float
    contenders: dict[str, float]
    targets: str = ""

    def faster_than(self, contender: str) -> float:
        """Return how many times ours is as fast: 3.0 is three times, 0.5 is half."""
        return self.contenders[contender] / self.ours_ns


def measured(
    name: str, ours: str, contenders: dict[str, str], names: dict[str, object], targets: str = ""
) -> Row:
    """Return the row of statements that mean the same, timed with the given names in reach.

    Statements are text, so that no call stands between the clock and what is timed.
    """
    least = measured_ns({"ours": ours, **contenders}, names)
    return Row(name, least.pop("ours"), least, targets)


def measured_ns(statements: dict[str, str], names: dict[str, object]) -> dict[str, float]:
    """Return the least nanoseconds of each statement; they take turns on a busy machine."""
    timers = {label: Timer(statement, globals=names) for label, statement in statements.items()}
    loops = {label: _loops(timer) for label, timer in timers.items()}
    least = dict.fromkeys(timers, float("inf"))
    for _ in range(ROUNDS):
        for label, timer in timers.items():
            least[label] = min(least[label], timer.timeit(loops[label]) / loops[label] * 1e9)
    return least


def table(rows: list[Row]) -> str:
    """Return the rows as text, one line for each contender; what has none is told by the second."""
    lines = [("", "ours", "", "contender", "", "ours is", "to reach")]
    for row in rows:
        shown, ours, targets = row.name, _time(row.ours_ns), row.targets
        if not row.contenders:
            lines.append((shown, ours, "|", f"{1e9 / row.ours_ns:,.0f} a second", "", "", targets))
        for label, nanoseconds in row.contenders.items():
            lines.append(
                (
                    shown,
                    ours,
                    "|",
                    label,
                    _time(nanoseconds),
                    _ratio(row.faster_than(label)),
                    targets,
                )
            )
            shown = ours = targets = ""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _loops(timer: Timer) -> int:
    loops, took = timer.autorange()
    return max(1, min(LOOPS_AT_MOST, int(loops * SLICE_SECONDS / took)))


def _ratio(ratio: float) -> str:
    return f"{ratio:.1f}x faster" if ratio >= 1 else f"{1 / ratio:.1f}x slower"


def _time(nanoseconds: float) -> str:
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "us")):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.2f} {unit}"
    return f"{nanoseconds:.0f} ns"
