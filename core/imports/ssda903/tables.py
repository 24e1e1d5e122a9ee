"""The tables of a return, each told by its set of column headings and never by the file's name."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.ssda903.text import NotReadable


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, the columns it cannot do without, those it can, and whether it is loaded."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    loaded: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


def _left(name: str, columns: str) -> Table:
    return Table(name, tuple(columns.split()), loaded=False)


HEADER = Table("Header", ("CHILD", "SEX", "DOB", "ETHNIC", "UPN"), ("MOTHER", "MC_DOB"))
EPISODES = Table(
    "Episodes",
    ("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
    ("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
)
REVIEWS = Table("Reviews", ("CHILD", "REVIEW", "REVIEW_CODE"), ("DOB",))
UASC = Table("UASC", ("CHILD", "DUC"), ("SEX", "DOB"))
PLACED_ADOPTION = Table(
    "PlacedAdoption",
    ("CHILD", "DATE_PLACED", "DATE_PLACED_CEASED"),
    ("DOB", "REASON_PLACED_CEASED"),
)
AD1 = Table(
    "AD1",
    ("CHILD", "DATE_INT", "DATE_MATCH"),
    ("DOB", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
)
PREV_PERM = Table("PrevPerm", ("CHILD", "PREV_PERM"), ("DOB", "LA_PERM", "DATE_PERM"))
LOADED = (HEADER, EPISODES, REVIEWS, UASC, PLACED_ADOPTION, AD1, PREV_PERM)
TABLES = (
    *LOADED,
    _left(
        "OC2",
        "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
        "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    ),
    _left("OC3", "CHILD DOB IN_TOUCH ACTIV ACCOM"),
    _left("Missing", "CHILD DOB MISSING MIS_START MIS_END"),
    _left("SWEpisodes", "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON"),
    _left("DoLo", "CHILD DOB DOLO_START DOLO_END"),
)
_SHARED = frozenset({"CHILD", "DOB", "SEX"})
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def recognise(headings: list[str]) -> Table:
    """The table that the headings belong to; headings in any order, some missing, some extra."""
    found = frozenset(headings)
    best, likeness = None, 0.0
    for table in TABLES:
        own = frozenset(table.columns) - {"CHILD", "DOB"}
        if not found & (own - _SHARED):
            continue
        alike = len(found & own) / len(own)
        if alike >= 0.5 and alike > likeness:
            best, likeness = table, alike
    if best is None:
        raise NotReadable("unknown table", _unknown(headings), 1)
    return best


def _unknown(headings: list[str]) -> str:
    expected = "; ".join(f"{table.name} ({', '.join(table.columns)})" for table in LOADED)
    for mark, name in _OTHER_DELIMITERS.items():
        if any(mark in heading for heading in headings):
            return (
                f"The columns seem to be separated by {name}. Save the file as CSV with commas. "
                f"Expected one of: {expected}."
            )
    return (
        "The first line is not the heading row of a table of the return. "
        f"Expected one of: {expected}."
    )
