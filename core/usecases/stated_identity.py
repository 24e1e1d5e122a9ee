"""What an import changes of who children are: every saying kept, the values in use worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.identity import (
    BORN,
    SIBLINGS,
    SSDA903,
    as_returned,
    same,
    used_of,
    values_in_use,
)
from core.domain.record.statements import InUse, Source, Statement, said_again
from core.imports.reader import Found
from core.imports.ssda903 import ImportedChild, Return903
from core.imports.stated import IDENTITY as KIND
from core.store import identity
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.usecases.care_changes import Change, shown

FIELDS = {"DOB": "born", "SEX": "sex", "ETHNIC": "ethnicity", "UPN": "upn"}
TEAM = "team"


@dataclass(frozen=True, slots=True)
class Saying:
    """What one line of a file says of one part of an identity."""

    child: str
    field: str
    value: str
    format: str
    as_at: date
    year: int | None
    file: str
    line: int


@dataclass(slots=True)
class Identities:
    """What is to be written: by the local id of the record, the columns in use that change.

    ``births`` are all dates of birth that stand, the one in use first; ``teams`` the team in use,
    with the saying of this import that names it, ``teams_before`` what files said before, and
    ``teams_said`` what this import says that no later file has overtaken.
    """

    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    births: dict[str, tuple[date, ...]] = field(default_factory=dict)
    teams: dict[str, tuple[str, Saying | None]] = field(default_factory=dict)
    teams_before: dict[str, str] = field(default_factory=dict)
    teams_said: dict[str, Saying] = field(default_factory=dict)
    new: list[Saying] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def work_out(
    scope: Scope, found: Found, known: Mapping[str, KnownChild], as_at: date
) -> Identities:
    """Work out what the files change of identities; reads the record and writes nothing.

    Of one source and day, what is said now takes the place of what was said before; what is said
    already is not said again. What a person typed stays in use (core.domain.identity).
    """
    out = Identities()
    by_home: dict[str, list[Saying]] = {}
    for saying in sayings(found, as_at, scope.on):
        by_home.setdefault(home(known, saying.child), []).append(saying)
    stored = identity.said_of(scope, [known[local].id for local in by_home if local in known])
    whole: dict[str, set[str]] = {}
    for child in found.returned.children.values():
        if replaces(child, found.returned):
            kept = home(known, child.child)
            whole.setdefault(kept, set()).add(_said_of(kept, child.child))
    for local in dict.fromkeys(home(known, named) for named in found.children):
        before = known.get(local)
        said = stored.get(before.id, []) if before else []
        new, gone = _new(local, by_home.get(local, []), said, whole.get(local, ()))
        out.new += new
        out.replaced += gone
        _in_use(local, before, said, new, frozenset(gone), out)
    return out


def home(known: Mapping[str, KnownChild], local: str) -> str:
    """The local id of the record in which a child is kept."""
    child = known.get(local)
    return child.local_id if child is not None else local


def returned_on(found: Found, today: date) -> date | None:
    """The day of which a return speaks: the last of its year, or of import where that is before."""
    return min(found.returned.as_at, today) if found.returned.as_at else None


def sayings(found: Found, as_at: date, today: date) -> Iterator[Saying]:
    """Everything that the files say of identities, the return's first."""
    returned = found.returned
    year, on = returned.year, returned_on(found, today) or as_at
    for child in returned.children.values():
        for said in child.assertions:
            if said.column in FIELDS:
                value = said.value.isoformat() if isinstance(said.value, date) else said.value
                yield Saying(
                    child.child, FIELDS[said.column], value, SSDA903, on, year,
                    said.source.file, said.source.line,
                )  # fmt: skip
    for stated in found.stated:
        for fact in stated.facts:
            if fact.kind == KIND:
                yield Saying(
                    fact.child, fact.field, fact.value, stated.format, as_at, None,
                    fact.source.file, fact.source.line,
                )  # fmt: skip
        for team in stated.teams:
            yield Saying(
                team.child, TEAM, team.team, stated.format, as_at, None,
                team.source.file, team.source.line,
            )  # fmt: skip


def replaces(child: ImportedChild, returned: Return903) -> bool:
    """Whether the Header of this return takes the place of what the same year's said before."""
    return "Header" in returned.tables and any(a.column in FIELDS for a in child.assertions)


def _new(
    local: str, sayings: list[Saying], said: list[Statement], whole: Collection[str]
) -> tuple[list[Saying], list[int]]:
    """What is to be added, and the ids of what it replaces.

    ``whole`` are the local ids of which the return says everything: what it says no more of them
    is gone. Of others it says a part, which stands beside what the same year's said before. What
    a year that is not over says on a later day takes the place of what it said.
    """
    values: dict[Source, dict[str, Saying]] = {}
    for saying in sayings:
        of = _said_of(local, saying.child)
        source: Source = (of, saying.field, saying.format, saying.as_at)
        values.setdefault(source, {}).setdefault(saying.value, saying)
    days = {(_said_of(local, s.child), s.year): s.as_at for s in sayings if s.format == SSDA903}
    there: list[tuple[Source, str, int]] = []
    partly: set[int] = set()
    for old in said:
        if old.typed or old.replaced_at is not None:
            continue
        source = (old.said_of, old.field, old.format, old.as_at)
        there.append((source, old.value, old.id))
        if old.format != SSDA903:
            continue
        on = days.get((old.said_of, old.year))
        again = values.get((old.said_of, old.field, SSDA903, on), {}) if on else {}
        if on and (old.said_of in whole or old.value in again):
            values.setdefault(source, {})
        else:
            partly.add(old.id)
    added, gone = said_again(values, there)
    return [values[source][value] for source, value in added], [n for n in gone if n not in partly]


def _said_of(local: str, child: str) -> str:
    """The local id of which something is said, where that is not the record's own."""
    return child if child != local else ""


def _in_use(
    local: str,
    before: KnownChild | None,
    said: list[Statement],
    new: list[Saying],
    gone: frozenset[int],
    out: Identities,
) -> None:
    """What one record's sayings come to once the new are added and the ``gone`` taken away."""
    last = max((statement.id for statement in said), default=0)
    fresh = {last + number: saying for number, saying in enumerate(new, 1)}
    after = _after(local, said, fresh, gone)
    used, values = used_of(after), values_in_use(after)
    changed = {
        name: value
        for name, value in values.items()
        if before is None or getattr(before, name) != value
    }
    if changed:
        out.columns[local] = changed
    out.changes += _changes(local, before, changed, used, fresh)
    out.changes += _otherwise(local, used, fresh)
    out.births[local] = _births(values.get(BORN, before.born if before else None), after)
    _team(local, used_of(said), used, fresh, out)


def _after(
    local: str, said: list[Statement], fresh: Mapping[int, Saying], gone: frozenset[int]
) -> list[Statement]:
    """What is said once this import is applied; the new have numbers after all the stored."""
    kept = [statement for statement in said if statement.id not in gone]
    added = [
        Statement(
            number,
            s.field,
            s.value,
            file=s.file,
            line=s.line,
            format=s.format,
            as_at=s.as_at,
            said_of=_said_of(local, s.child),
            year=s.year,
        )
        for number, s in fresh.items()
    ]
    return as_returned(kept + added)


def _changes(
    local: str,
    before: KnownChild | None,
    changed: Mapping[str, Any],
    used: Mapping[str, InUse],
    fresh: Mapping[int, Saying],
) -> Iterator[Change]:
    """The values that come into use, each with the line that gives it where this import does."""
    for name, value in changed.items():
        source = fresh.get(used[name].statement.id) if name in used else None
        was = shown(getattr(before, name)) if before else ""
        recoded = name == "sex" and same(name, shown(value), was)
        if shown(value) != was and not recoded and name != "birth_expected":
            yield Change(
                local,
                name,
                was,
                shown(value),
                source.file if source else "",
                source.line if source else None,
            )


def _otherwise(
    local: str, used: Mapping[str, InUse], fresh: Mapping[int, Saying]
) -> Iterator[Change]:
    """What this import says otherwise than what stays in use, team and siblings apart."""
    for number, saying in fresh.items():
        stays = used.get(saying.field)
        if stays is None or saying.field in (TEAM, SIBLINGS):
            continue
        beside = any(number == other.id for other in stays.others)
        if beside and stays.value and not same(saying.field, saying.value, stays.value):
            yield Change(
                local,
                saying.field,
                _in_words(saying.field, stays.value),
                _in_words(saying.field, saying.value),
                saying.file,
                saying.line,
                otherwise=True,
            )


def _births(born: date | None, after: list[Statement]) -> tuple[date, ...]:
    """Every date of birth that stands, the one in use first."""
    said = (s.value for s in after if s.field == BORN and s.value and not s.replaced_at)
    days = [born] if born else []
    return tuple(dict.fromkeys([*days, *map(date.fromisoformat, said)]))


def _team(
    local: str,
    used_before: Mapping[str, InUse],
    used: Mapping[str, InUse],
    fresh: Mapping[int, Saying],
    out: Identities,
) -> None:
    """The team in use, what files said before, and what this import says of it."""
    stays = used.get(TEAM)
    if stays is not None:
        out.teams[local] = (stays.value, fresh.get(stays.statement.id))
        for number, saying in fresh.items():
            if saying.field == TEAM and (stays.statement.typed or stays.statement.id == number):
                out.teams_said[local] = saying
    if TEAM in used_before:
        out.teams_before[local] = used_before[TEAM].value


def _in_words(field: str, value: str) -> str:
    """A stored value as a change has it."""
    return shown(date.fromisoformat(value)) if field == BORN and value else value
