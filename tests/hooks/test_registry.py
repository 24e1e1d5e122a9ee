"""A faulty plugin stops the start, naming culprit and mend; a good one is found."""

from __future__ import annotations

import importlib.metadata
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import toyshire
from click.testing import CliRunner

from core.app import create_app
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from core.registry import PluginFault, collect, installed
from core.settings import Settings
from core.usecases.clauses import plugin_rows

TOY = toyshire.PROCEDURE
LATER = date(2027, 4, 1)


def plugin(*procedures: object) -> SimpleNamespace:
    """A plugin that registers these things."""

    @hookimpl
    def register_procedures() -> list[object]:
        return list(procedures)

    return SimpleNamespace(register_procedures=register_procedures)


def fault(*plugins: object) -> PluginFault:
    """The fault with which these plugins are refused; the first is named faulty."""
    names = ("faulty", "other", "third")
    with pytest.raises(PluginFault) as caught:
        collect(dict(zip(names, plugins, strict=False)))
    assert f"Plugin {caught.value.plugin}: " in str(caught.value)
    assert f"To mend it: {caught.value.mend}." in str(caught.value)
    return caught.value


def entry_points(*named: tuple[str, str]) -> Callable[..., list[importlib.metadata.EntryPoint]]:
    made = [importlib.metadata.EntryPoint(name, value, "permanence") for name, value in named]
    return lambda *, group: [one for one in made if one.group == group]


def test_a_module_that_does_not_import_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    points = entry_points(("toyshire", "toyshire"), ("elsewhere", "no_such_module_anywhere"))
    monkeypatch.setattr(importlib.metadata, "entry_points", points)
    with pytest.raises(PluginFault) as caught:
        installed()
    assert caught.value.plugin == "elsewhere"
    assert "no_such_module_anywhere cannot be loaded (ModuleNotFoundError" in caught.value.fault
    assert caught.value.mend == "repair the module, or remove its entry point and install again"


def test_a_module_that_breaks_while_it_is_imported_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "half_a_plugin.py").write_text("clauses = open('not there.toml')\n")
    monkeypatch.syspath_prepend(tmp_path)
    points = entry_points(("half", "half_a_plugin"))
    monkeypatch.setattr(importlib.metadata, "entry_points", points)
    with pytest.raises(PluginFault, match="Plugin half: half_a_plugin cannot be loaded"):
        installed()


def test_two_packages_with_one_entry_point_name_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = entry_points(("toyshire", "toyshire"), ("toyshire", "toyshire:PROCEDURE"))
    monkeypatch.setattr(importlib.metadata, "entry_points", points)
    with pytest.raises(PluginFault) as caught:
        installed()
    assert caught.value.plugin == "toyshire"
    assert "toyshire:PROCEDURE" in caught.value.fault
    assert "rename the entry point" in caught.value.mend


def test_what_is_installed_is_loaded_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points(("toy", "toyshire")))
    (entry,) = collect(installed())
    assert (entry.plugin, entry.procedure) == ("toy", TOY)


def test_a_faulty_plugin_stops_the_app(tmp_path: Path) -> None:
    settings = Settings("sqlite:///:memory:", "only for tests", tmp_path)
    with pytest.raises(PluginFault, match="Plugin faulty: .* To mend it: "):
        create_app(settings, {"toyshire": toyshire, "faulty": plugin("no procedure")})


def test_a_hook_that_raises_is_refused() -> None:
    @hookimpl
    def register_procedures() -> list[Procedure]:
        raise ValueError("the file of posts is empty")

    found = fault(SimpleNamespace(register_procedures=register_procedures))
    assert found.plugin == "faulty"
    assert "register_procedures failed (ValueError: the file of posts is empty)" in found.fault
    assert "run the plugin's own tests" in found.mend


def test_a_hook_that_breaks_halfway_through_its_answer_is_refused() -> None:
    @hookimpl
    def register_procedures() -> Iterator[Procedure]:
        yield TOY
        raise KeyError("second edition")

    found = fault(SimpleNamespace(register_procedures=register_procedures))
    assert "register_procedures failed (KeyError: 'second edition')" in found.fault


@hookimpl
def _marked() -> list[Procedure]:
    return [TOY]


def misspelt_module() -> ModuleType:
    module = types.ModuleType("misspelt")
    module.register_procedure = _marked  # type: ignore[attr-defined]
    return module


class MisspeltObject:
    @hookimpl
    def register_procedure(self) -> list[Procedure]:
        return [TOY]


class MisspeltBeside:
    @hookimpl
    def register_procedures(self) -> list[Procedure]:
        return [TOY]

    @hookimpl
    def register_proceedings(self) -> list[Procedure]:
        return []


@pytest.mark.parametrize(
    ("made", "misspelling"),
    [
        (misspelt_module, "register_procedure"),
        (MisspeltObject, "register_procedure"),
        (MisspeltBeside, "register_proceedings"),
    ],
)
def test_a_misspelt_hook_is_refused(made: Callable[[], object], misspelling: str) -> None:
    found = fault(made())
    assert found.plugin == "faulty"
    assert found.fault == f"{misspelling} is not a hook"
    assert found.mend == "the hooks are: register_procedures"


def test_a_hook_may_bear_another_name_where_it_says_which_it_is() -> None:
    class Renamed:
        @hookimpl(specname="register_procedures")
        def ours(self) -> list[Procedure]:
            return [TOY]

    assert [entry.procedure for entry in collect({"renamed": Renamed()})] == [TOY]


def test_a_hook_that_asks_for_an_argument_is_refused() -> None:
    class Asks:
        @hookimpl
        def register_procedures(self, authority: str) -> list[Procedure]:
            return [TOY]

    found = fault(Asks())
    assert "authority" in found.fault
    assert found.mend == "compare the hook with docs/hooks.md"


def test_a_plugin_without_a_hook_is_refused() -> None:
    found = fault(SimpleNamespace(PROCEDURE=TOY))
    assert found.fault == "it implements no hook"
    assert "@hookimpl" in found.mend


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("TOY", "str"), ({"code": "TOY"}, "dict"), (None, "NoneType"), (toyshire.PANEL, "Body")],
)
def test_a_wrong_object_is_refused_and_its_kind_is_said(answer: object, kind: str) -> None:
    found = fault(plugin(answer))
    assert found.fault == f"register_procedures returned {kind}, not Procedure"
    assert "return a list of core.domain.procedure.Procedure" in found.mend


@pytest.mark.parametrize("answer", [None, [], ()])
def test_a_hook_that_hands_over_nothing_is_refused(answer: object) -> None:
    @hookimpl
    def register_procedures() -> object:
        return answer

    found = fault(SimpleNamespace(register_procedures=register_procedures))
    assert found.fault == "register_procedures returned no procedure"
    assert "at least one" in found.mend


def test_an_unknown_clause_id_is_refused() -> None:
    deadline = replace(TOY.deadlines[0], clauses=("TOY-3", "TOY-33"))
    found = fault(plugin(replace(TOY, deadlines=(deadline,))))
    assert "the rule referral-received cites the clause TOY-33" in found.fault
    assert found.mend == "correct the id, or add the clause"


@pytest.mark.parametrize("place", ["elsewhere", "pending"])
def test_an_unknown_clause_in_elsewhere_or_pending_is_refused(place: str) -> None:
    found = fault(plugin(replace(TOY, **{place: {"TOY-99": "the calendar"}})))
    assert f"{place} names the clause TOY-99" in found.fault
    assert found.mend == "correct the id, or add the clause"


def test_a_rule_without_a_clause_is_refused() -> None:
    quorum = replace(toyshire.PANEL.membership[0], clauses=())
    found = fault(plugin(replace(TOY, bodies=(replace(toyshire.PANEL, membership=(quorum,)),))))
    assert found.fault == "the rule quorum of TOY cites no clause"
    assert found.mend == "name the clauses on which it stands"


def test_a_clause_of_which_nothing_is_said_is_refused() -> None:
    found = fault(plugin(replace(TOY, outcomes=())))
    assert found.fault == "nothing is said of the clauses TOY-4"
    assert "elsewhere or in pending" in found.mend


def test_a_code_outside_the_vocabulary_is_refused() -> None:
    outcome = replace(TOY.outcomes[0], code="carry-on")
    found = fault(plugin(replace(TOY, outcomes=(outcome,))))
    assert "the code carry-on is not in the shared vocabulary for Outcome" in found.fault
    assert "docs/codes.md" in found.mend
    assert "toy-" in found.mend


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (TOY.outcomes[0], "cannot be gone through"),
        (("carry on",), "declares 'carry on' where a rule should be"),
    ],
)
def test_something_that_is_no_rule_is_refused(outcomes: object, said: str) -> None:
    found = fault(plugin(replace(TOY, outcomes=outcomes)))  # type: ignore[arg-type]
    assert said in found.fault
    assert "a tuple" in found.mend


@pytest.mark.parametrize("since", [None, LATER])
def test_a_code_claimed_twice_for_one_date_is_refused(since: date | None) -> None:
    mine = replace(TOY, in_force_from=since)
    found = fault(plugin(mine), plugin(replace(mine, edition="theirs")))
    assert found.plugin == "other"
    assert found.fault == "the code TOY is claimed by faulty for the same date too"
    assert "another code, or another date" in found.mend


def test_two_editions_of_one_name_are_refused() -> None:
    found = fault(plugin(TOY, replace(TOY, in_force_from=LATER)))
    assert "two editions of TOY are named ''" in found.fault
    assert found.mend == "give each edition a name of its own"


def test_the_edition_in_force_on_a_day_is_picked_and_each_is_found_by_name() -> None:
    second = replace(TOY, edition="2027", in_force_from=LATER)
    registry = collect({"toyshire": plugin(second, TOY)})
    assert registry.edition("TOY", date(2027, 3, 31)) is TOY
    assert registry.edition("TOY", LATER) is second
    assert registry.of_authority("TOY", LATER) is second
    assert registry.named("TOY", "") is TOY
    assert registry.named("TOY", "2027") is second
    assert registry.named("TOY", "2031") is None
    assert registry.edition("NONE", LATER) is None
    assert registry.of_authority("NONE", LATER) is None


def test_before_the_first_dated_edition_there_is_none() -> None:
    registry = collect({"toyshire": plugin(replace(TOY, in_force_from=LATER))})
    assert registry.edition("TOY", date(2027, 3, 31)) is None


def test_a_body_is_called_as_the_edition_of_its_meeting_calls_it() -> None:
    body = replace(TOY.bodies[0], title="The Old Circle")
    old = replace(TOY, edition="old", bodies=(body,), in_force_from=date(2020, 1, 1))
    found = collect({"toyshire": plugin(old, replace(TOY, in_force_from=LATER))})
    assert found.body_title("TOY", "old", body.code) == "The Old Circle"
    assert found.body_title("TOY", TOY.edition, body.code) == TOY.bodies[0].title
    assert found.body_title("TOY", "old", "gone") == found.body_title("GONE", "", "") == "Meeting"


def test_faulty_options_are_refused() -> None:
    gap = replace(toyshire.MATRIX, rows=toyshire.MATRIX.rows[:1], cells=toyshire.MATRIX.cells[:3])
    said = fault(plugin(replace(TOY, options=gap)))
    assert said.fault == "the options of TOY: the age 10 lies in no rows, not in one"
    assert "docs/hooks.md" in said.mend
    assert TOY.options_added is not None
    none = replace(TOY.options_added, options=())
    said = fault(plugin(replace(TOY, options_added=none)))
    assert said.fault == "the options of TOY: options-added has no option"


def test_a_clause_is_found_with_its_procedure() -> None:
    registry = collect({"toyshire": toyshire})
    found = registry.clause("TOY-2")
    assert found is not None
    assert (found[0], found[1].id) == (TOY, "TOY-2")
    assert registry.clause("TOY-22") is None


def test_the_list_of_plugins_names_a_folder_that_is_not_installed() -> None:
    rows = {row["plugin"]: row for row in plugin_rows(collect({"toyshire": toyshire}))}
    assert rows["toyshire"]["procedures"] == ["TOY"]
    assert rows["bexley"]["procedures"] == []
    assert rows["bexley"]["note"] == "not installed: run make setup"


def test_the_command_says_what_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from core.cli import command

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points(("toy", "toyshire")))
    said = CliRunner(env={"PERMANENCE_DATA_FOLDER": str(tmp_path)}).invoke(command, ["plugins"])
    assert "toy: TOY\n" in said.output
    assert "bexley: not installed: run make setup\n" in said.output
