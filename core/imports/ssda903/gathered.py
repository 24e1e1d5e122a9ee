"""What the files of a return gave so far, by table, as they are read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.imports.ssda903.result import Assertion, Left, Row
from core.imports.ssda903.rows import READERS
from core.imports.ssda903.text import NotReadable

Progress = Callable[[int], None]
PROGRESS_EVERY = 1_000
HOPELESS_AFTER = 5_000
Said = dict[tuple[str, str, object], Assertion]


@dataclass(slots=True)
class Gathered:
    """Rows by table; `said` are the sexes and births that rows repeat; `read` are rows read."""

    rows: dict[str, list[Row[Any]]] = field(default_factory=lambda: {n: [] for n in READERS})
    said: Said = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    read: int = 0

    def one_more(self, line: int, progress: Progress | None, fruitless: int) -> None:
        """A row is read. `fruitless` rows before it gave nothing: of too many the file is left."""
        self.read += 1
        if progress is not None and self.read % PROGRESS_EVERY == 0:
            progress(self.read)
        if fruitless + 1 == HOPELESS_AFTER:
            raise NotReadable(
                "no good rows",
                f"None of the first {HOPELESS_AFTER:,} lines can be loaded. "
                "Export the table again.",
                line,
            )

    def take(
        self, file: str, what: str, rows: Mapping[str, Iterable[Row[Any]]], said: Said
    ) -> None:
        """Keep what a file gave, now that all of it is read; `what` is its table, or XML."""
        self.told[file] = what
        for table, read in rows.items():
            self.tables.add(table)
            self.rows[table].extend(read)
        for key, assertion in said.items():
            self.said.setdefault(key, assertion)

    def leave(self, file: str, tables: Collection[str]) -> None:
        """Tables that stand in a file, are known, and are not loaded."""
        self.left += [
            Left(file, table, f"{table} was recognised and is not loaded.")
            for table in sorted(tables)
        ]
