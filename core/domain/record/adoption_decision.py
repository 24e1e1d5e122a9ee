"""One agency decision for adoption, said twice: in the rows of care, and in the record's entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.domain.record.adoption import ADOPTION
from core.domain.record.recorded import Recorded

#: The fields of the record's entry that are typed as a row of care, each with the row's field.
IN_CARE: Mapping[str, str] = {field.code: field.in_care for field in ADOPTION.typed_elsewhere}


def latest(rows: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """The latest of the decisions in use, by the fields of the record; empty where there is none.

    ``rows`` are rows of care by their own fields: ISO days and codes, "" where nothing is said.
    """
    last = max(rows, key=lambda row: row.get("decided_on", ""), default=None)
    return {} if last is None else {code: last.get(own, "") for code, own in IN_CARE.items()}


def differing(entries: Iterable[Recorded], said: Mapping[str, str]) -> tuple[str, ...]:
    """The fields in which the entry that stands says otherwise than care's latest decision.

    Nothing said is not otherwise, but that a decision without a reversal stands: an entry with
    a reversal does not agree. Why is compared only where both know of one.
    """
    entry = standing(entries)
    if entry is None or not said:
        return ()
    return tuple(
        code
        for code in IN_CARE
        if entry.value(code)
        and entry.value(code) != said[code]
        and (said[code] or code == "reversed_on")
    )


def standing(entries: Iterable[Recorded]) -> Recorded | None:
    """The entry of a child's adoption that stands, of these."""
    return next((one for one in entries if one.kind == ADOPTION.code and one.stands), None)
