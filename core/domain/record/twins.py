"""Two entries of one thing: typed twice, or typed anew while the first was taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.domain.finding import Finding
from core.domain.record.kind import Kind
from core.domain.record.recorded import Recorded


def twin_fault(
    kind: Kind, values: Mapping[str, str], others: Iterable[Recorded], then: str
) -> Finding | None:
    """What is wrong with an entry where another of the same thing stands; ``then`` says what to do.

    It is of the same thing where what names it is the same, and nothing that tells two apart
    differs. One that is over is none: a new plan of the same day takes its place.
    """
    key = kind.key_of(values)
    if not key:
        return None
    for other in others:
        said = {code: used.value for code, used in other.values.items()}
        if not other.ended and kind.key_of(said) == key and not _apart(kind, said, values):
            named = " and ".join(f"“{kind.by_code[code].label}”" for code in _named(kind, values))
            message = f"{kind.one.capitalize()} with the same {named} is recorded already: {then}"
            return Finding(message, field=kind.key[-1])
    return None


def _apart(kind: Kind, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return any(
        kind.as_key([one.get(code, "")]) != kind.as_key([other.get(code, "")])
        for code in kind.apart
    )


def _named(kind: Kind, values: Mapping[str, str]) -> Iterable[str]:
    return (*kind.key, *(code for code in kind.apart if values.get(code)))
