"""The commands that answer from the procedures alone, and what every command of ours stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click
from flask import Flask

from core.app import create_app
from core.registry import Registry
from core.settings import Settings, from_environment
from core.usecases import options as by_age
from core.usecases.clauses import clause_rows, plugin_rows

DAY = click.DateTime(["%Y-%m-%d"])
YEARS = range(1990, 2101)


@contextmanager
def running_app(makes: bool = True) -> Iterator[tuple[Flask, Settings, Registry]]:
    """The app within its context, with its settings and the installed procedures."""
    settings = from_environment(makes=makes)
    app = create_app(settings)
    with app.app_context():
        yield app, settings, app.extensions["permanence"].registry


def print_json(rows: Iterable[object]) -> None:
    """Print a JSON list, a row a line, without holding it whole."""
    click.echo("[", nl=False)
    for number, row in enumerate(rows):
        click.echo(",\n " if number else "\n ", nl=False)
        click.echo(json.dumps(row, ensure_ascii=False), nl=False)
    click.echo("\n]")


def in_range(on: date) -> date:
    """A day that can be asked about; refused as wrong use beyond those."""
    if on.year not in YEARS:
        raise click.UsageError(f"the day should be between {YEARS[0]} and {YEARS[-1]}")
    return on


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def clauses(as_json: bool) -> None:
    """Every clause of every installed procedure: what carries it, and what is still to be built."""
    with running_app() as (_, _settings, registry):
        rows = clause_rows(registry)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        where = ", ".join(row["carried_by"]) or row["elsewhere"] or "nothing yet"
        pending = f"; still to be built: {row['pending']}" if row["pending"] else ""
        click.echo(f"{row['id']}: {where}{pending}")


@click.command()
@click.option("--procedure", "code", required=True, help="The procedure's code, such as PPM10.")
@click.option("--born", type=DAY, required=True, help="The day of birth.")
@click.option("--on", "on", type=DAY, required=True, help="The day of the meeting.")
@click.option(
    "--connected-person",
    type=click.Choice(["yes", "no"]),
    help="Whether connected person care may be an option.",
)
@click.option("--column", default="", help="The column, where more than one is left.")
@click.option("--unborn", is_flag=True, help="The day of birth is that on which it is expected.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def options(
    code: str,
    born: datetime,
    on: datetime,
    connected_person: str | None,
    column: str,
    unborn: bool,
    as_json: bool,
) -> None:
    """The options for permanence at a child's age, and the birthday that changes them."""
    birth, meeting = in_range(born.date()), in_range(on.date())
    connected = None if connected_person is None else connected_person == "yes"
    with running_app() as (_, _settings, registry):
        matrix = by_age.matrix_in(registry, code, meeting)
    try:
        placed = by_age.answered(matrix, birth, meeting, connected, column, unborn=unborn)
    except by_age.ColumnNotSaid as error:
        way = "--connected-person" if connected is None and not column else "--column"
        raise click.UsageError(f"{error} (with {way})") from error
    if as_json:
        click.echo(json.dumps(by_age.as_json(placed), ensure_ascii=False, indent=1))
        return
    for line in by_age.lines(matrix, placed):
        click.echo(line)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plugins(as_json: bool) -> None:
    """The installed plugins, and folders of plugins that are not installed."""
    with running_app() as (_, _settings, registry):
        rows = plugin_rows(registry)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['plugin']}: {', '.join(row['procedures']) or row['note']}")
