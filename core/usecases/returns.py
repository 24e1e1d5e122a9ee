"""What a return changes of the record: worked out beforehand, then written set by set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.domain.child import ChildFacts
from core.domain.dates import day
from core.imports.ssda903 import ImportedChild, Return903
from core.store import audit, care, imports, returns
from core.store.care import Derived
from core.store.scope import Scope
from core.store.tables import AdoptionDecision, AsylumStatus, Episode, IdentityFact, Review

FIELDS = {"DOB": "born", "SEX": "sex", "ETHNIC": "ethnicity", "UPN": "upn"}
SHOWN = ("status", "became_looked_after", "ceased", "legal_status", "base_placement")
SHOWN_MOST = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import changes of one child, with where the new value stands."""

    child: str
    field: str
    before: str
    after: str
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that applying a return writes; ``version`` is the record's that it rests on."""

    version: int
    known: Mapping[str, returns.KnownChild]
    new: tuple[str, ...]
    identity: Mapping[str, dict[str, Any]]
    changes: tuple[Change, ...]
    derived: Derived


def prepare(scope: Scope, found: Return903, file_ids: Mapping[str, int]) -> Prepared:
    """Work out what a return changes; reads the record, holds no lock and writes nothing."""
    version = returns.record_version(scope)
    known = returns.known_children(scope)
    identities = returns.identity_facts(
        scope, [known[local].id for local in found.children if local in known]
    )
    changes: list[Change] = []
    identity: dict[str, dict[str, Any]] = {}
    for child in found.children.values():
        before = known.get(child.child)
        values = _identity(child, found.year, identities.get(before.id, ()) if before else ())
        identity[child.child] = values
        changes += _identity_changes(child, before, values)
    years = set(imports.years_applied(scope))
    later = found.year is not None and "Episodes" in found.tables and found.year > max(years, default=0)
    if found.year is not None and "Episodes" in found.tables:
        years.add(found.year)
    facts = _facts_after(scope, found, known, file_ids)
    if later:
        facts += returns.open_children(scope, without=set(found.children))
    derived = care.derive(facts, scope.on, years)
    changes += _care_changes(derived, returns.summaries(scope), known)
    return Prepared(
        version,
        known,
        tuple(local for local in found.children if local not in known),
        identity,
        tuple(changes),
        derived,
    )


def preview(prepared: Prepared, found: Return903) -> dict[str, Any]:
    """What the preview page shows, as plain data: how many, and the changes themselves."""
    touched = {change.child for change in prepared.changes}
    return {
        "new": len(prepared.new),
        "changed": len(touched - set(prepared.new)),
        "unchanged": len(set(found.children) - touched - set(prepared.new)),
        "changes": [
            [c.child, c.field, c.before, c.after, c.file, c.line]
            for c in prepared.changes
            if c.child in prepared.known
        ][:SHOWN_MOST],
        "changes_all": sum(c.child in prepared.known for c in prepared.changes),
    }


def write(
    scope: Scope,
    found: Return903,
    prepared: Prepared,
    file_ids: Mapping[str, int],
    run: str,
    at: datetime,
) -> None:
    """Write what was prepared, in the transaction under way, which has checked the version."""
    ids = {local: child.id for local, child in prepared.known.items()}
    ids |= returns.add_children(
        scope, {local: prepared.identity[local] for local in prepared.new}
    )
    returns.update_children(
        scope,
        {
            ids[local]: values
            for local, values in prepared.identity.items()
            if local in prepared.known and _differs(prepared.known[local], values)
        },
    )
    for table, rows in _rows(found, file_ids).items():
        children = {ids[local] for local, _ in rows}
        care.remove(scope, table, children, table.year == found.year)
        returns.add_rows(scope, table, ids, rows)
    care.put_derived(scope, prepared.derived, ids)
    _audit(scope, prepared, ids, run, at)


def _identity(
    child: ImportedChild, year: int | None, stored: Iterable[returns.StoredIdentity]
) -> dict[str, Any]:
    """The values in use: the latest collection year's, and of one year the first of Header."""
    values: dict[str, Any] = {}
    for column, field in FIELDS.items():
        latest = max(
            (fact for fact in stored if fact.field == field and fact.year != year),
            key=lambda fact: fact.year or 0,
            default=None,
        )
        stated = child.first(column)
        if stated is None and latest is None:
            continue
        if stated is None or (latest is not None and (latest.year or 0) > (year or 0)):
            value: Any = latest.value if latest else ""
            values[field] = date.fromisoformat(value) if field == "born" else value
        else:
            values[field] = stated.value
    return values


def _differs(before: returns.KnownChild, values: Mapping[str, Any]) -> bool:
    return any(getattr(before, field) != value for field, value in values.items())


def _identity_changes(
    child: ImportedChild, before: returns.KnownChild | None, values: Mapping[str, Any]
) -> list[Change]:
    if before is None:
        return []
    found: list[Change] = []
    for column, field in FIELDS.items():
        if field in values and getattr(before, field) != values[field]:
            stated = child.first(column)
            found.append(
                Change(
                    child.child,
                    field,
                    _words(getattr(before, field)),
                    _words(values[field]),
                    stated.source.file if stated else "",
                    stated.source.line if stated else None,
                )
            )
    return found


def _words(value: object) -> str:
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else str(value)


def _facts_after(
    scope: Scope,
    found: Return903,
    known: Mapping[str, returns.KnownChild],
    file_ids: Mapping[str, int],
) -> list[ChildFacts]:
    """Each child's facts once the return is in: its rows in place of the same year's before."""
    stored = {
        facts.child: facts
        for facts in care.facts_of(
            scope, [known[local].id for local in found.children if local in known]
        )
    }
    after: list[ChildFacts] = []
    for new in found.child_facts():
        old = stored.get(new.child, ChildFacts(new.child))
        after.append(
            ChildFacts(
                child=new.child,
                episodes=_merged(old.episodes, new.episodes, found.year, file_ids),
                reviews=_merged(old.reviews, new.reviews, found.year, file_ids),
                adoption_decisions=_merged(
                    old.adoption_decisions, new.adoption_decisions, found.year, file_ids
                ),
                asylum=_merged(old.asylum, new.asylum, found.year, file_ids),
                births=tuple(dict.fromkeys(new.births + old.births)),
                in_header=True,
            )
        )
    return after


def _merged(
    old: tuple[Any, ...], new: tuple[Any, ...], year: int | None, file_ids: Mapping[str, int]
) -> tuple[Any, ...]:
    if not new:
        return old
    kept = tuple(fact for fact in old if fact.year != year)
    return kept + tuple(
        replace(fact, source=care.source_of(file_ids[fact.source.file], fact.source.line))
        for fact in new
    )


def _care_changes(
    derived: Derived,
    before: Mapping[int, Mapping[str, Any]],
    known: Mapping[str, returns.KnownChild],
) -> list[Change]:
    found: list[Change] = []
    for local, after in derived.summaries():
        child = known.get(local)
        old = before.get(child.id, {}) if child else {}
        for field in SHOWN:
            if _words(old.get(field)) != _words(after[field]):
                found.append(Change(local, field, _words(old.get(field)), _words(after[field])))
    return found


def _rows(
    found: Return903, file_ids: Mapping[str, int]
) -> dict[type[Any], list[tuple[str, dict[str, Any]]]]:
    """The rows of each table as the store keeps them, by the child's local id."""

    def kept(row: Any, **values: Any) -> tuple[str, dict[str, Any]]:
        values |= {
            "year": found.year,
            "import_file_id": file_ids[row.file],
            "import_line": row.line,
        }
        return row.child, values

    return {
        Episode: [
            kept(
                row,
                decom=row.fact.decom,
                rne=row.fact.rne,
                ls=row.fact.ls,
                cin=row.fact.cin,
                place=row.fact.place,
                place_provider=row.fact.place_provider,
                dec=row.fact.dec,
                rec=row.fact.rec,
                reason_place_change=row.fact.reason_place_change,
                home_post=row.fact.home_post,
                pl_post=row.fact.pl_post,
                urn=row.fact.urn,
            )
            for row in found.episodes
        ],
        Review: [
            kept(row, held_on=row.fact.on, code=" ".join(row.fact.codes)) for row in found.reviews
        ],
        AsylumStatus: [kept(row, ceases=row.fact.until) for row in found.uasc],
        AdoptionDecision: [
            kept(
                row,
                decided_on=row.fact.decided,
                ceased_on=row.fact.reversed_on,
                ceased_reason=row.fact.reversed_why,
            )
            for row in found.adoption_decisions
        ],
        IdentityFact: [
            (
                child.child,
                {
                    "field": FIELDS[stated.column],
                    "value": stated.value.isoformat()
                    if isinstance(stated.value, date)
                    else stated.value,
                    "year": found.year,
                    "import_file_id": file_ids[stated.source.file],
                    "import_line": stated.source.line,
                },
            )
            for child in found.children.values()
            for stated in child.assertions
            if stated.column in FIELDS
        ],
    }


def _audit(
    scope: Scope, prepared: Prepared, ids: Mapping[str, int], run: str, at: datetime
) -> None:
    changed: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        local: ({}, {}) for local in prepared.new
    }
    for change in prepared.changes:
        before, after = changed.setdefault(change.child, ({}, {}))
        before[change.field], after[change.field] = change.before, change.after
    public = returns.public_ids(scope, [ids[local] for local in changed])
    audit.imported(
        scope,
        at,
        run,
        (
            (public[ids[local]], "add" if local in prepared.new else "change", before, after)
            for local, (before, after) in changed.items()
        ),
    )
