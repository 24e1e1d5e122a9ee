"""Whom a file names in two ways that are of different people, or who is suspended: as problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.domain.allocating import Held, Named, given_nothing_new
from core.domain.naming import folded
from core.imports.reader import LAYOUTS, Found
from core.imports.ssda903 import Problem
from core.imports.ssda903.problems import WARNING
from core.imports.stated import StatedPerson
from core.store.matching import Known

MOST = 2_000
_NOBODY = (
    "The e-mail and the staff number are of different people here, so nobody is meant. Correct the "
    "one that is wrong."
)
_OTHER = (
    "The name is another person's here than the e-mail or staff number, which decides. Correct the "
    "one that is wrong."
)
_SUSPENDED = (
    "This account is suspended, so nobody is given the child. Name who works with the child now."
)


def given_nothing(
    suspended: Iterable[tuple[Named, StatedPerson, str, Sequence[Held]]],
) -> list[Problem]:
    """A warning for each line on which somebody suspended is named who has not the child already.

    ``suspended`` are such lines, each with the format of its file and the child's allocations of
    that relation.
    """
    problems: list[Problem] = []
    for named, person, format, held in suspended:
        source = person.source
        if given_nothing_new([named], held, {named[1] or 0}) != [named]:
            column = _column(format, person.relation)
            problems.append(
                Problem(source.file, source.line, column, "suspended", _SUSPENDED, WARNING)
            )
    return problems[:MOST]


def _column(format: str, relation: str) -> str:
    """The heading under which files of a format name somebody."""
    layout = next((one for one in LAYOUTS if one.code == format), None)
    return layout.heading(relation) if layout else relation


def two_people(found: Found, matcher: Known, names: Mapping[int, str]) -> list[Problem]:
    """A warning for each line on which name, e-mail and staff number fit different accounts."""
    by_name: dict[str, set[int]] = {}
    for account, name in names.items():
        by_name.setdefault(folded(name), set()).add(account)
    problems: list[Problem] = []
    for stated in found.stated:
        for person in stated.people:
            ids = {
                matcher.emails.get(folded(person.email)),
                matcher.staff_numbers.get(folded(person.staff_number)),
            } - {None}
            whose = by_name.get(folded(person.name))
            if len(ids) == 2:
                words = _NOBODY
            elif ids and whose and not ids & whose:
                words = _OTHER
            else:
                continue
            source, column = person.source, _column(stated.format, person.relation)
            problems.append(Problem(source.file, source.line, column, "two people", words, WARNING))
    return problems[:MOST]
