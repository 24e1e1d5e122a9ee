"""The parts of docs/ that are made from the code say what the code says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import toyshire
from builders.written import ROOT, code, same_as_written, table, who

from core.domain.procedure.vocabulary import CODES
from core.domain.sight import ROLES, SEES, Relation, What, lines, of_anybody
from core.web.access import ACCESS


def test_the_shared_vocabulary_is_listed() -> None:
    parts = [
        f"### {kind}\n\n"
        + table(("code", "what it is"), ((code(c), words) for c, words in codes.items()))
        for kind, codes in CODES.items()
    ]
    same_as_written("codes.md", "vocabulary", "\n\n".join(parts))


def test_who_may_use_which_page_is_listed() -> None:
    rows = ((code(endpoint), who(access)) for endpoint, access in ACCESS.items())
    same_as_written("access.md", "pages", table(("page", "who"), rows))


def test_who_sees_which_children_is_listed() -> None:
    rows = (
        (
            code(role),
            *("yes" if relation in SEES[role] | of_anybody(role) else "" for relation in Relation),
        )
        for role in ROLES
    )
    same_as_written("access.md", "sight", table(("role", *Relation), rows))


def test_what_is_seen_of_them_is_listed() -> None:
    rows = (
        (code(role), relation, *("yes" if what in seen else "" for what in What))
        for role, relation, seen in lines()
    )
    same_as_written("access.md", "what", table(("role", "children", *What), rows))


def commands(command: click.Command, name: str) -> Iterator[str]:
    """Each command with its usage, arguments and options, as click has them."""
    context = click.Context(command, info_name=name)
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from commands(found, f"{name} {sub}")
        return
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    options = [
        (code(forms), words)
        for parameter in command.params
        if isinstance(parameter, click.Option)
        and (record := parameter.get_help_record(context)) is not None
        for forms, words in [record]
    ]
    parts = [f"## `{name}`", command.help or "", f"    {usage}"]
    if options:
        parts.append(table(("option", "what it does"), options))
    yield "\n\n".join(parts)


def test_every_command_is_listed() -> None:
    from core.cli import command

    same_as_written("commands.md", "commands", "\n\n".join(commands(command, "permanence")))


def statement(source: Path, name: str) -> str:
    """The source of one statement of a module: an assignment, a function or a class by its name."""
    text = source.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names = {t.id for t in targets if isinstance(t, ast.Name)} | {getattr(node, "name", "")}
        if name in names:
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise AssertionError(f"{source.name} has no {name}")


def imports(source: Path) -> str:
    text = source.read_text(encoding="utf-8")
    last = max(
        node.end_lineno or 0
        for node in ast.parse(text).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
    return "\n".join(text.splitlines()[:last])


TOY = Path(toyshire.__file__)
CONTRACT = ROOT / "tests" / "plugins" / "test_toyshire.py"


@pytest.mark.parametrize(
    ("part", "language", "made"),
    [
        ("clauses", "toml", TOY.with_name("clauses.toml").read_text(encoding="utf-8")),
        ("imports", "python", imports(TOY)),
        ("panel", "python", statement(TOY, "PANEL")),
        ("circle", "python", statement(TOY, "CIRCLE")),
        ("matrix", "python", statement(TOY, "MATRIX")),
        ("procedure", "python", statement(TOY, "PROCEDURE")),
        ("hook", "python", statement(TOY, "register_procedures")),
        ("contract", "python", statement(CONTRACT, "TestContract")),
        ("test", "python", statement(CONTRACT, "test_its_rules_are_its_own")),
        (
            "options-test",
            "python",
            statement(CONTRACT, "test_its_options_have_ages_and_a_column_of_their_own"),
        ),
    ],
)
def test_the_tutorial_quotes_code_that_is_tested(part: str, language: str, made: str) -> None:
    same_as_written("adding-an-authority.md", part, f"```{language}\n{made.strip()}\n```")
