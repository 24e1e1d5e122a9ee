"""A made-up history to import in one go: so many children, four times as many episodes, reviews."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

YEAR = 2026
COLUMNS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc": "CHILD,SEX,DOB,DUC",
    "placed_for_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
}
EPISODES, REVIEWS_IN_TWO = 4, 5


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of each table were written."""

    children: int
    episodes: int
    reviews: int


def write_history(folder: Path, children: int, *, moved: bool = False) -> Written:
    """Write the tables of a return with the whole history of so many children.

    With ``moved`` the same children again, each with another legal status, placement, latest
    review and birth: every one of them changes.
    """
    made = random.Random(903)
    counts = dict.fromkeys(COLUMNS, 0)
    with ExitStack() as stack:
        writers = {}
        for table, columns in COLUMNS.items():
            file = stack.enter_context((folder / f"{table}.csv").open("w", newline=""))
            writers[table] = csv.writer(file)
            writers[table].writerow(columns.split(","))
        for number in range(children):
            for table, row in _rows(made, number, moved):
                writers[table].writerow(row)
                counts[table] += 1
    return Written(counts["header"], counts["episodes"], counts["reviews"])


def _rows(made: random.Random, number: int, moved: bool) -> Iterator[tuple[str, list[str]]]:
    child = f"{number:06d}"
    born = date(2010, 1, 1) + timedelta(days=made.randrange(4_000) + moved)
    sex = made.choice("MF")
    yield "header", [child, sex, _day(born), "WBRI", "UN1", "", ""]
    start = max(born, date(2019, 1, 1)) + timedelta(days=made.randrange(300))
    starts = [start + timedelta(days=100 * n + made.randrange(90)) for n in range(EPISODES)]
    for n, (begins, ends) in enumerate(zip(starts, [*starts[1:], None], strict=True)):
        last = ends is None
        status = ("E1" if moved else "C2") if last else "C1"
        place = ("A6" if moved else "U4") if last else made.choice(("U6", "U3", "K2"))
        yield "episodes", [
            child, _day(begins), "B" if n else "S", status, "N1", place, "PR1", _day(ends),
            "" if last else "X1", "" if last else "CARPL", "AB1 2CD", "AB1 3CD", "SC123456",
        ]  # fmt: skip
    for n in range(2 + number % 2):
        held = start + timedelta(days=20 + 90 * n + (moved and n > 0))
        yield "reviews", [child, _day(born), _day(held), "PN1"]
    if number % 10 == 0:
        yield "placed_for_adoption", [child, _day(born), _day(starts[2]), "", ""]
    if number % 20 == 0:
        yield "uasc", [child, sex, _day(born), ""]
    if number % 40 == 0:
        decided, matched = _day(starts[1]), _day(starts[2])
        yield "ad1", [child, _day(born), decided, matched, "0", "2", "MF", "L11"]
    if number % 4 == 0:
        option = made.choice(("P1", "P2", "Z1"))
        when = "" if option == "Z1" else "zz/03/2012"
        yield "previous_permanence", [child, _day(born), option, "", when]


def _day(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""
