"""A small return with the faults that real ones have, each said with its file, line and rule."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from demo.tables import COLUMNS


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault on purpose: line 1 is the header; `rule` is the DfE's number, or empty."""

    file: str
    line: int
    column: str
    rule: str
    what: str


_HEADER = (
    "00701,M,04/02/2014,WBRI,A999000000701,,",
    "00702,F,*DUMMY*,MWBC,UN1,0,",
    "00703,F,09/09/2016,BAFR,B999000000703,0,",
    "00704,M,17/06/12,WOTH,C999000000704,,",
    "00705,X,30/11/2011,WBRI,D999000000705,,",
    "00706,F,21/08/2019,AOTH,E999000000706,0,",
    "00707,M,12/01/2018,WBRI,F999000000707,,",
)
_EPISODES = (
    "00701,05/05/2025,S,V2,N1,U6,PR1,19/08/2025,,,EG1 2AB,NK3 4DE,SC900001",
    "00702,11/06/2025,S,C1,N1,U6,PR1,,,,EG1 2AB,NK3 4DE,SC900001",
    "00703,14/04/2025,S,V2,N4,U6,PR1,30/09/2025,X1,CARPL,EG4 5FG,TC6 7HJ,SC900002",
    "00703,20/09/2025,P,V2,N4,U6,PR4,,,,EG4 5FG,LB8 9LN,SC900003",
    "00704,02/07/2025,S,V2,N5,P1,PR0,,,,RB2 3PQ,RB2 3PQ,",
    "00705,21/07/2025,S,V2,N1,Q9,PR1,,,,RB4 5RS,EG6 7TU,SC900004",
    "00706,08/09/2025,S,L2,N1,U6,PR1,15/09/2025,X1,,NK1 1AA,TC2 2BB,SC900005",
    "00707,31/02/2026,S,V2,N1,U6,PR1,,,,NK1 1AA,TC2 2BB,SC900005",
)
_REVIEWS = (
    "00701,04/02/2014,30/05/2025,PN1",
    "00703,19/09/2016,09/05/2025,PN1",
    "00703,09/09/2015,04/08/2025,PN3",
    "00799,01/01/2013,12/08/2025,PN1",
    "00706,21/08/2019,03/10/2025,PN9",
)
_UASC = ("00704,M,17/06/2012,17/06/2031",)
_PLACED = ("00706,21/08/2019,01/02/2026,,RD1",)

FAULTS: tuple[Fault, ...] = (
    Fault("header.csv", 3, "DOB", "", "a placeholder, *DUMMY*, for a date"),
    Fault("header.csv", 5, "DOB", "", "a year of two digits"),
    Fault("header.csv", 6, "SEX", "101", "a code that is not in the list"),
    Fault("episodes.csv", 2, "REC", "148", "ended on a day, without a reason"),
    Fault("episodes.csv", 5, "DECOM", "501", "begins before the one before it ended"),
    Fault("episodes.csv", 6, "PLACE", "378", "with parents under section 20"),
    Fault("episodes.csv", 7, "PLACE", "146", "a code that is not in the list"),
    Fault("episodes.csv", 8, "REC", "388", "ended X1 with nothing after it"),
    Fault("episodes.csv", 9, "DECOM", "", "a day that is in no calendar"),
    Fault("reviews.csv", 3, "DOB", "", "a second date of birth for 00703"),
    Fault("reviews.csv", 4, "DOB", "", "a third date of birth for 00703"),
    Fault("reviews.csv", 5, "CHILD", "", "a child who is in no header"),
    Fault("reviews.csv", 6, "REVIEW_CODE", "167", "a code that is not in the list"),
    Fault("uasc.csv", 2, "DUC", "", "after the 18th birthday"),
    Fault("placed_for_adoption.csv", 2, "REASON_PLACED_CEASED", "", "a reason without its date"),
)


def write_dirty_example(folder: Path) -> tuple[Fault, ...]:
    """Write the five files of collection year 2026 with these faults, and return them.

    Seven children. Lines end CRLF and header.csv begins with a byte order mark, as files out of
    spreadsheets do; neither is a fault.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "header": _HEADER,
        "episodes": _EPISODES,
        "reviews": _REVIEWS,
        "uasc": _UASC,
        "placed_for_adoption": _PLACED,
    }
    for table, lines in tables.items():
        encoding = "utf-8-sig" if table == "header" else "utf-8"
        with (folder / f"{table}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerow(COLUMNS[table])
            file.writelines(f"{line}\r\n" for line in lines)
    return FAULTS
