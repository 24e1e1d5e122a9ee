"""Several years in any order, or twice, give the same facts of the whole authority."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.care import MISSING, care_on, facts_json
from core.domain.child import ChildFacts
from core.imports.ssda903 import SourceFile, read_return
from core.store import record
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import CareSummary, Child
from core.usecases import importing
from core.usecases.authority import create_authority
from core.usecases.facts import facts

YEARS = (2023, 2024, 2025)
COLUMNS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc": "CHILD,SEX,DOB,DUC",
    "placed": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
}
Year = dict[str, list[str]]
NOW = datetime(2026, 11, 23, 9, 0)


def row(child: str, decom: str, dec: str = "", rec: str = "", **codes: str) -> str:
    at = {"rne": "S", "ls": "C2", "place": "U6"} | codes
    return f"{child},{decom},{at['rne']},{at['ls']},N1,{at['place']},PR1,{dec},{rec},,,,"


def rows_of(kind: str, child: str, decom: str, day: int) -> tuple[list[str], ...]:
    """The Episodes rows of a life in each of the three years' files."""
    still = row(child, decom)
    moved = f"{day:02d}/02/2024"
    lives: dict[str, tuple[list[str], ...]] = {
        "steady": ([still], [still], [still]),
        "closes": ([still], [row(child, decom, f"{day:02d}/07/2023", "E4A")], []),
        "closed late": ([still], [still], [row(child, decom, f"{day:02d}/07/2023", "E4A")]),
        "reopened": ([row(child, decom, f"{day:02d}/01/2023", "E4A")], [still], [still]),
        "corrected": ([still], [row(child, decom, ls="V2")], [row(child, decom, place="K2")]),
        "gone": ([still], [still], []),
        "gone and back": ([still], [], [still]),
        "moves": (
            [still],
            [row(child, decom, moved, "X1"), row(child, moved, rne="P", place="U4")],
            [row(child, moved, rne="P", place="U4")],
        ),
        "comes back to care": (
            [row(child, decom, f"{day:02d}/11/2022", "E13")],
            [row(child, moved, ls="V2")],
            [row(child, moved, ls="V2")],
        ),
        "two rows of one day": ([still, row(child, decom, ls="E1", place="A6")], [still], [still]),
        "start moved": ([still], [row(child, "02" + decom[2:])], [row(child, "02" + decom[2:])]),
        "comes last": ([], [], [row(child, f"{day:02d}/08/2024")]),
        "leaves first": ([row(child, decom, f"{day:02d}/12/2022", "E17")], [], []),
        "no episodes": ([], [], []),
    }
    return lives[kind]


KINDS = ("steady", "closes", "closed late", "reopened", "corrected", "gone", "gone and back",
         "moves", "comes back to care", "two rows of one day", "start moved", "comes last",
         "leaves first", "no episodes")  # fmt: skip


def made_up(seed: int, children: int) -> dict[int, Year]:
    """Three years of returns, every kind of life in them several times over."""
    made = random.Random(seed)
    years: dict[int, Year] = {year: {name: [] for name in COLUMNS} for year in YEARS}
    for number in range(children):
        kind, child = KINDS[number % len(KINDS)], f"{number:04d}"
        day = made.randint(3, 28)
        parts = rows_of(kind, child, f"{day:02d}/05/2022", day)
        for year, episodes in zip(YEARS, parts, strict=True):
            if not episodes and kind != "no episodes":
                continue
            table = years[year]
            born = f"{made.choice((4, 5))}".zfill(2) + "/05/2012"
            sex = "F" if year >= 2025 else "2"
            table["header"].append(f"{child},{sex},{born},WBRI,UN{made.randint(1, 5)},,")
            table["episodes"] += episodes
            if number % 3 == 0:
                table["reviews"].append(f"{child},{born},20/06/2022,PN{made.randint(1, 3)}")
                table["reviews"].append(f"{child},{born},15/01/{year},PN1")
            if number % 5 == 0:
                table["uasc"].append(f"{child},{sex},{born},{made.choice(('', '01/02/2024'))}")
            if number % 4 == 0:
                reversed_ = made.choice((",", "01/03/2023,RD1"))
                table["placed"].append(f"{child},{born},01/01/2023,{reversed_}")
            if number % 7 == 0:
                table["ad1"].append(f"{child},{born},01/01/2023,02/02/{year},1,2,MF,L0")
                option = made.choice(("P1", "P2"))
                table["permanence"].append(f"{child},{born},{option},,zz/03/{year - 9}")
    return years


def written(years: dict[int, Year], folder: Path) -> dict[int, Path]:
    for year, tables in years.items():
        (folder / str(year)).mkdir()
        for name, lines in tables.items():
            text = "\n".join([COLUMNS[name], *lines]) + "\n"
            (folder / str(year) / f"{name}.csv").write_text(text)
    return {year: folder / str(year) for year in years}


def known(scope: Scope, on: date) -> dict[str, Any]:
    """The facts of the whole authority on two days, what the lists show, and the births in use."""
    columns = [c for c in CareSummary.__table__.columns if c.name not in
               ("id", "child_id", "authority_id")]  # fmt: skip
    shown = db.session.execute(
        sa.select(Child.local_id, Child.born, Child.sex, Child.upn, *columns)
        .join(CareSummary, CareSummary.child_id == Child.id)
        .where(Child.authority_id == scope.authority_id)
        .order_by(Child.local_id)
    )
    found = {
        "today": list(facts(scope, on)),
        "then": list(facts(scope, date(2024, 6, 1))),
        "shown": [tuple(one) for one in shown],
        "said": sorted(said(scope)),
    }
    db.session.rollback()
    return found


def said(scope: Scope) -> Iterator[tuple[str, str, str, str]]:
    """What entries of the record hold in use: those that AD1 and PrevPerm state."""
    rows = db.session.execute(
        sa.select(Child.local_id, Child.id).where(Child.authority_id == scope.authority_id)
    )
    for local, child_id in rows.all():
        for entry in record.entries(scope, child_id):
            for field, value in entry.values.items():
                yield local, entry.kind, field, value.value


def test_three_years_in_every_order_and_twice_give_the_same_facts(
    house: House, tmp_path: Path
) -> None:
    folders = written(made_up(903, 3 * len(KINDS)), tmp_path)
    orders = [*permutations(YEARS), (2024, 2023, 2024, 2025, 2025, 2023)]
    registry = house.app.extensions["permanence"].registry
    folder = house.app.extensions["permanence"].settings.upload_folder
    results = []
    for number, order in enumerate(orders):
        whole = create_authority(
            registry, f"Y{number}", AT, house.today, name="Order", procedures=(), demo=True
        )
        for year in order:
            importing.import_paths(
                whole, [folders[year]], folder, lambda: NOW,
                limit_bytes=1_000_000, year=year,
            )  # fmt: skip
        results.append(known(whole, house.today))
    for order, result in zip(orders[1:], results[1:], strict=True):
        for part in result:
            assert result[part] == results[0][part], (order, part)
    statuses = {one["child"]: one for one in results[0]["today"]}
    of_kind = {
        kind: {statuses[f"{n:04d}"]["status"] for n in range(len(statuses)) if
               KINDS[n % len(KINDS)] == kind}
        for kind in KINDS
    }  # fmt: skip
    assert of_kind["gone"] == {MISSING}
    assert of_kind["gone and back"] == of_kind["reopened"] == {"looked after"}
    assert of_kind["closes"] == of_kind["closed late"] == of_kind["leaves first"] == {"ceased"}
    assert not any(one["ceased"] for one in statuses.values() if one["status"] == MISSING)


def stated() -> dict[str, list[ChildFacts]]:
    """Each child's facts as each of three years' files states them."""
    found: dict[str, list[ChildFacts]] = {}
    for year, tables in made_up(11, len(KINDS)).items():
        files = [
            SourceFile(f"{year}-{name}.csv", "\n".join([COLUMNS[name], *lines]).encode())
            for name, lines in tables.items()
        ]
        for child in read_return(files, year=year).child_facts():
            found.setdefault(child.child, []).append(child)
    return found


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_facts_of_a_child_do_not_hang_on_the_order_of_its_rows(made: random.Random) -> None:
    statuses: Counter[str] = Counter()
    for local, parts in STATED.items():
        one, other = (
            facts_json(care_on(together(local, some), date(2026, 1, 1), set(YEARS)))
            for some in (parts, made.sample(parts, len(parts)))
        )
        assert one == other
        statuses[str(one["status"])] += 1
    assert len(statuses) >= 4


def together(local: str, parts: list[ChildFacts]) -> ChildFacts:
    return ChildFacts(
        child=local,
        episodes=tuple(row for part in parts for row in part.episodes),
        reviews=tuple(row for part in parts for row in part.reviews),
        adoption_decisions=tuple(row for part in parts for row in part.adoption_decisions),
        asylum=tuple(row for part in parts for row in part.asylum),
        births=parts[0].births,
    )


STATED = stated()
