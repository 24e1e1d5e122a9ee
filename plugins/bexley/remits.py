"""The circumstances in which Bexley's panel reviews a child (1.1.f, 1.4)."""

from __future__ import annotations

from core.domain.procedure.remits import Criterion


def _criterion(letter: str, code: str, title: str) -> Criterion:
    return Criterion(code=code, clauses=(f"BEX-1.4.{letter}",), title=title)


CRITERIA = (
    _criterion(
        "a",
        "legal-planning",
        "Care proceedings have begun and adoption may be an outcome "
        "(legal planning meeting or legal gateway panel)",
    ),
    _criterion(
        "b",
        "newly-looked-after",
        "The permanence planning meeting within four weeks of becoming looked after has been held",
    ),
    _criterion(
        "c", "drift", "The independent reviewing officer believes there has been drift and delay"
    ),
    _criterion(
        "d",
        "new-arrangements",
        "Before the second review of a child who has recently begun or changed living arrangements",
    ),
    _criterion("e", "breakdown", "A placement breakdown or disruption is likely"),
    _criterion("f", "proceedings", "The child is the subject of care proceedings (by week 10)"),
    _criterion("g", "senior-manager", "A senior manager asks for a review"),
    _criterion(
        "h",
        "resource-panel",
        "Resource and Care panel: recently looked after, and a return home is not thought "
        "possible or viable in the near future",
    ),
    _criterion("i", "reunification", "Reunification with parents or carers is being considered"),
    _criterion(
        "j", "poor-planning", "A team manager believes planning has been poor and drift is a risk"
    ),
    Criterion(
        code="options-not-explored",
        clauses=("BEX-1.1.f",),
        title="A professional is concerned that permanence options are not robustly explored",
    ),
)
