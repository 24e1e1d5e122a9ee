"""A decision for adoption on the record's page and on care's: each shows what the other says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import url_for

from core.domain.care_typing import ADOPTION_DECISION
from core.domain.record.adoption import ADOPTION
from core.domain.record.adoption_decision import IN_CARE, differing, latest, standing
from core.domain.record.recorded import Recorded
from core.store import care_rows, record
from core.store.care_rows import IN_USE, CareRow
from core.web import asker, record_words
from core.web.access import ACCESS
from core.web.record_shown import EntryShown, FieldShown, KindShown


@dataclass(frozen=True, slots=True)
class RecordSays:
    """What the record's entry says of the decision, for the page of care.

    ``fields`` are those in which it differs or, where care has no decision, all that it says.
    """

    address: str
    fields: tuple[FieldShown, ...]
    differs: bool


def in_care(child_id: int) -> Mapping[str, str]:
    """The latest decision in use among a child's rows of care, by the fields of the record."""
    found = care_rows.rows(asker.scope(), child_id, ADOPTION_DECISION)
    return latest(row.values for row in found if row.state == IN_USE)


def _address(public_id: str) -> str:
    return url_for("care.page", public_id=public_id, _anchor=ADOPTION_DECISION.code)


def beside(shown: EntryShown, one: Recorded, said: Mapping[str, str], public_id: str) -> EntryShown:
    """An entry with what care says of its decision where that differs, or where it says nothing."""
    if shown.kind != ADOPTION.code:
        return shown
    otherwise = differing([one], said)
    return replace(
        shown,
        fields=tuple(
            replace(
                field,
                care=_words(field.code, said.get(field.code, ""))
                if not field.text or field.code in otherwise
                else "",
                care_differs=field.code in otherwise,
                care_address=_address(public_id),
            )
            if field.code in IN_CARE
            else field
            for field in shown.fields
        ),
    )


def beside_all(
    kinds: Iterable[KindShown],
    there: Iterable[Recorded],
    said: Mapping[str, str],
    public_id: str,
) -> list[KindShown]:
    """The kinds of a page of the record with what care says beside the adoption."""
    one = standing(there)
    if one is None:
        return list(kinds)
    return [
        replace(kind, entries=tuple(beside(e, one, said, public_id) for e in kind.entries))
        if kind.code == ADOPTION.code
        else kind
        for kind in kinds
    ]


def elsewhere(
    entry: Recorded | None, said: Mapping[str, str], public_id: str
) -> tuple[FieldShown, ...]:
    """The fields that the form of an adoption leaves out, as they stand."""
    blank = tuple(FieldShown(field.code, field.label) for field in ADOPTION.typed_elsewhere)
    stands = tuple(
        replace(field, text=_words(field.code, entry.value(field.code)) if entry else "")
        for field in blank
    )
    shown = EntryShown("", ADOPTION.code, "", stands)
    if entry is not None:
        return beside(shown, entry, said, public_id).fields
    return tuple(
        replace(f, care=_words(f.code, said.get(f.code, "")), care_address=_address(public_id))
        for f in blank
    )


def of_record(public_id: str, rows: Iterable[CareRow]) -> RecordSays | None:
    """What the record says of the decision, for who sees it, where care's rows do not say it."""
    scope = asker.scope()
    child = record.child(scope, public_id)
    if child is None or not ACCESS["record.entry"].allows(scope.roles):
        return None
    entry = standing(record.entries(scope, child.id, ADOPTION.code))
    said = latest(row.values for row in rows if row.state == IN_USE)
    otherwise = differing([entry], said) if entry is not None else ()
    shown = otherwise if said else tuple(IN_CARE)
    if entry is None or not any(entry.value(code) for code in shown):
        return None
    return RecordSays(
        url_for("record.entry", public_id=entry.public_id),
        tuple(
            FieldShown(
                field.code,
                field.label,
                _words(field.code, entry.value(field.code)),
                source=record_words.source(entry.values[field.code].statement),
            )
            for field in ADOPTION.typed_elsewhere
            if field.code in shown and entry.value(field.code)
        ),
        bool(said),
    )


def _words(code: str, value: str) -> str:
    field = ADOPTION.field(code)
    return record_words.value(field, value) if field is not None and value else ""
