"""What is wrong in a file, where, and how to mend it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `line` counts from 1, the header; None with the whole file. `column` is a heading.

    `rule` is a DfE rule number or a word. `severity` is "error" (the row or file is not loaded)
    or "warning" (loaded and flagged). The message never quotes what a cell holds.
    """

    file: str
    line: int | None
    column: str | None
    rule: str
    message: str
    severity: str


class Problems:
    """Gathers problems; of one rule in one file it keeps the first `keep` and counts the rest."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._kept: list[Problem] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def error(
        self, file: str, line: int | None, column: str | None, rule: str, message: str
    ) -> None:
        """A fault that keeps the row or the file from being loaded."""
        self._add(Problem(file, line, column, rule, message, ERROR))

    def warning(
        self, file: str, line: int | None, column: str | None, rule: str, message: str
    ) -> None:
        """A fault in something that is loaded all the same."""
        self._add(Problem(file, line, column, rule, message, WARNING))

    def _add(self, problem: Problem) -> None:
        key = (problem.file, problem.rule, problem.severity)
        self._seen[key] += 1
        if self._seen[key] <= self._keep:
            self._kept.append(problem)

    def count(self, severity: str) -> int:
        """How many there were, those not kept among them."""
        return sum(n for (_, _, kind), n in self._seen.items() if kind == severity)

    def all(self) -> tuple[Problem, ...]:
        """Those kept, by file and line, and a last one for each rule that had more."""
        more = [
            Problem(file, None, None, rule, f"{n - self._keep:,} more are not shown.", kind)
            for (file, rule, kind), n in self._seen.items()
            if n > self._keep
        ]
        return tuple(sorted(self._kept, key=lambda p: (p.file, p.line or 0)) + more)
