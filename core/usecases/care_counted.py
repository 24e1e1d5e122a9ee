"""How many periods, episodes, reviews and decisions an import adds to or replaces of a child."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from core.domain.child import ChildFacts
from core.domain.episode import RowSource
from core.domain.periods import all_periods, in_hand
from core.domain.typed_care import standing
from core.usecases.care_changes import Change

Row = tuple[object, ...]
Rows = Mapping[Row, RowSource | None]


def care_counted(
    before: Mapping[str, ChildFacts],
    after: Iterable[ChildFacts],
    told: Collection[str],
    file_ids: Mapping[str, int],
) -> list[Change]:
    """What changes of care beside what is told of it now, such as an earlier period.

    Each kind of row whose number changes is said; one whose number stays is said where the rows
    differ and nothing else of the child's care is ``told``. ``before`` are the children who are in
    the record, by local id, with every row.
    """
    names = {number: name for name, number in file_ids.items()}
    found: list[Change] = []
    for child in after:
        old = before.get(child.child)
        if old is not None:
            own = list(_of_child(standing(old), child, names))
            only = child.child not in told and not any(_number_differs(one) for one in own)
            found += [one for one in own if only or _number_differs(one)]
    return found


def _number_differs(change: Change) -> bool:
    return change.after.partition(",")[0] != change.before


def _of_child(old: ChildFacts, new: ChildFacts, names: Mapping[int, str]) -> Iterator[Change]:
    episodes = _episodes(old), _episodes(new)
    if episodes[0].keys() != episodes[1].keys():
        periods = len(all_periods(old.episodes)), len(all_periods(new.episodes))
        if periods[0] != periods[1]:
            file, line = _place(*episodes, names)
            yield Change(new.child, "periods", str(periods[0]), str(periods[1]), file, line, "care")
    kinds = {
        "episodes": episodes,
        "reviews": (_reviews(old), _reviews(new)),
        "adoption_decisions": (_decisions(old), _decisions(new)),
        "asylum": (_asylum(old), _asylum(new)),
    }
    for field, (was, will_be) in kinds.items():
        if was.keys() != will_be.keys():
            file, line = _place(was, will_be, names)
            said = str(len(will_be))
            if fresh := _replaced(was, will_be):
                said += f", {fresh} of them new or changed"
            yield Change(new.child, field, str(len(was)), said, file, line, "care")


def _replaced(was: Rows, will_be: Rows) -> int:
    """How many rows are new or changed, where that is more than the number tells; else 0."""
    fresh = len(will_be.keys() - was.keys())
    return fresh if fresh and len(will_be) - len(was) != fresh else 0


def _place(was: Rows, will_be: Rows, names: Mapping[int, str]) -> tuple[str, int | None]:
    """The file and line of the first row that is new or changed and stands in this import."""
    for row, source in will_be.items():
        if row not in was and source is not None and int(source.file) in names:
            return names[int(source.file)], source.line
    return "", None


def _episodes(child: ChildFacts) -> Rows:
    return {row.stated: row.source for row in in_hand(child.episodes)}


def _reviews(child: ChildFacts) -> Rows:
    """By day: two codes of one day are one review."""
    codes: dict[object, set[str]] = {}
    for row in child.reviews:
        codes.setdefault(row.on, set()).update(row.codes)
    return {(row.on, *sorted(codes[row.on])): row.source for row in child.reviews}


def _decisions(child: ChildFacts) -> Rows:
    latest = {
        row.decided: row for row in sorted(child.adoption_decisions, key=lambda r: r.year or 0)
    }
    return {(r.decided, r.reversed_on, r.reversed_why): r.source for r in latest.values()}


def _asylum(child: ChildFacts) -> Rows:
    latest = max((row.year or 0 for row in child.asylum), default=0)
    return {(row.until,): row.source for row in child.asylum if (row.year or 0) == latest}
