"""`permanence options`: the fields of the interface, words to be read, and what is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import toyshire
from builders.dated import typed
from click.testing import CliRunner, Result

import plugins.ppm_guidance
from core.app import create_app
from core.domain.finding import Refused
from core.domain.offer import Asked, offer_of
from core.domain.procedure import Procedure
from core.rule_commands import options
from core.settings import Settings
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
PLUGINS = {"ppm_guidance": plugins.ppm_guidance, "toyshire": toyshire}
SEVEN = ("--born", "2019-11-23", "--on", "2026-11-23")


@pytest.fixture(autouse=True)
def with_toyshire(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command's app, with the made-up procedure beside the standards."""
    settings = Settings("sqlite:///:memory:", "only for tests", tmp_path)
    monkeypatch.setattr("core.rule_commands.from_environment", lambda makes=True: settings)
    monkeypatch.setattr("core.rule_commands.create_app", lambda s: create_app(s, PLUGINS))


def ask(procedure: str, *words: str) -> Result:
    return CliRunner().invoke(options, ["--procedure", procedure, *words])


def test_the_answer_has_the_fields_of_the_interface() -> None:
    done = ask("PPM10", *SEVEN, "--connected-person", "no", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {
        "age": 7,
        "row": "7to10",
        "options": [
            {"code": "adoption", "title": "Adoption", "needs": []},
            {"code": "long-term-fostering", "title": "Long-term fostering", "needs": []},
            {
                "code": "sgo-existing-carer",
                "title": "Special guardianship order (SGO) with the existing foster carer",
                "needs": [],
            },
        ],
        "clause": "PPM10-A.7to10.no",
        "changes": {
            "on": "2030-11-23",
            "row": "11plus",
            "options": [
                {"code": "long-term-fostering", "title": "Long-term fostering", "needs": []},
                {
                    "code": "sgo-existing-carer",
                    "title": "Special guardianship order (SGO) with the existing foster carer",
                    "needs": [],
                },
            ],
        },
    }


def test_needs_are_listed_and_nothing_changes_from_11_on() -> None:
    six = ("--born", "2019-11-24", "--on", "2026-11-23", "--connected-person", "no", "--json")
    rows = json.loads(ask("PPM10", *six).output)
    assert rows["options"][1]["needs"] == ["rationale", "head-of-service"]
    twelve = ("--born", "2014-11-23", "--on", "2026-11-23", "--connected-person", "yes", "--json")
    assert json.loads(ask("PPM10", *twelve).output)["changes"] is None


def test_without_json_it_is_read() -> None:
    six = ("--born", "2019-11-24", "--on", "2026-11-23", "--connected-person", "no")
    assert ask("PPM10", *six).output.splitlines() == [
        "Under 7 (aged 6): Connected person care is not an option (PPM10-A.under7.no)",
        "- Adoption",
        "- Long-term fostering (needs a clear rationale and the head of service’s approval)",
        "- Connected person foster care progressing to SGO with connected carers",
        "From 24 November 2026, 7 to 10:",
        "- Adoption",
        "- Long-term fostering",
        "- Special guardianship order (SGO) with the existing foster carer",
    ]


def test_an_unborn_child_has_no_age_and_is_said_to_be_so() -> None:
    expected = ("--born", "2027-01-05", "--on", "2026-11-23", "--connected-person", "yes")
    assert "(unborn)" in ask("PPM10", *expected, "--unborn").output
    rows = json.loads(ask("PPM10", *expected, "--unborn", "--json").output)
    assert (rows["age"], rows["row"]) == (None, "under7")
    refused = ask("PPM10", *expected)
    assert isinstance(refused.exception, Refused) and "lies after" in str(refused.exception)


def test_another_matrix_asks_which_of_its_columns_it_is() -> None:
    asked = ask("TOY", *SEVEN, "--connected-person", "yes")
    assert asked.exit_code == 2 and "with --column" in asked.output
    assert "already (The child lives with them already)" in asked.output
    said = ask("TOY", *SEVEN, "--connected-person", "yes", "--column", "already", "--json")
    assert json.loads(said.output)["clause"] == "TOY-5"
    alone = json.loads(ask("TOY", *SEVEN, "--column", "somebody", "--json").output)
    assert [option["code"] for option in alone["options"]] == ["cao"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--born", "2019-02-30", "--on", "2026-11-23", "--connected-person", "no"), "--born"),
        (("--born", "1889-02-01", "--on", "2026-11-23", "--connected-person", "no"), "1990"),
        (("--born", "2019-02-01", "--on", "2126-11-23", "--connected-person", "no"), "2100"),
        (("--on", "2026-11-23", "--connected-person", "no"), "--born"),
        ((*SEVEN, "--connected-person", "perhaps"), "perhaps"),
        (SEVEN, "with --connected-person"),
        ((*SEVEN, "--column", "none"), "with --column"),
    ],
)
def test_what_is_asked_wrongly_is_wrong_use(words: tuple[str, ...], said: str) -> None:
    done = ask("PPM10", *words)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("procedure", "born", "said"),
    [
        ("NONE", "2019-11-23", "no procedure NONE"),
        ("PPM2", "2019-11-23", "PPM2 lays down no options by age"),
        ("PPM10", "2008-11-23", "turned 18"),
        ("PPM10", "2026-11-24", "lies after"),
    ],
)
def test_what_no_procedure_answers_is_refused(procedure: str, born: str, said: str) -> None:
    done = ask(procedure, "--born", born, "--on", "2026-11-23", "--connected-person", "no")
    assert isinstance(done.exception, Refused)
    assert said in str(done.exception)


@pytest.mark.parametrize("years", [0, 6, 7, 9, 10, 11, 17])
@pytest.mark.parametrize(
    ("procedure", "connected", "column"),
    [
        (PPM10, "no", ""),
        (PPM10, "yes", ""),
        (toyshire.PROCEDURE, "no", ""),
        (toyshire.PROCEDURE, "yes", "somebody"),
        (toyshire.PROCEDURE, "yes", "already"),
    ],
)
@pytest.mark.parametrize("days", [0, 1])
def test_it_answers_as_the_page_of_a_planning_meeting(
    procedure: Procedure, years: int, connected: str, column: str, days: int
) -> None:
    on = date(2026, 11, 23)
    born = on.replace(year=on.year - years) - timedelta(days)
    words = ["--born", born.isoformat(), "--on", on.isoformat(), "--connected-person", connected]
    told = json.loads(ask(procedure.code, *words, "--column", column, "--json").output)
    known = {"name": "Ode", "relation": "Grandmother", "identified_on": "2026-11-01"}
    none = {"looked_on": "2026-11-20", "how": "Both families were asked"}
    entry = typed("connected-person", **known) if connected == "yes" else (
        typed("nobody-identified", **none)
    )  # fmt: skip
    page = offer_of([procedure], [entry], Asked(born, False, on), column)
    assert page.placed is not None and page.turning is None
    listed = [option.code for option in page.placed.cell.options]
    assert (told["age"], told["row"]) == (page.placed.age, page.placed.row.code)
    assert [(one["code"], one["needs"]) for one in told["options"]] == [
        (code, list(page.needs(code))) for code in listed
    ]
    later = page.placed.changes
    assert (told["changes"] and told["changes"]["on"]) == (later and later.on.isoformat())


def test_where_no_procedure_lays_down_options_by_age_neither_places_the_child() -> None:
    assert offer_of([PPM2], [], Asked(date(2019, 11, 23), False, date(2026, 11, 23))).matrix is None
    done = ask("PPM2", *SEVEN, "--connected-person", "no")
    assert "PPM2 lays down no options by age" in str(done.exception)
