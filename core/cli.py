"""The `permanence` command."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from core import serving, worker
from core.app import create_app
from core.domain.finding import Finding, Refused
from core.domain.naming import EMAIL
from core.domain.readable import readable
from core.registry import PluginFault
from core.rule_commands import DAY, clauses, in_range, options, plugins, print_json, running_app
from core.settings import Settings, SettingWrong, from_environment
from core.store import audit_chain, authorities, database, deadlines, enabled, revisions
from core.store.adding import who_has
from core.store.scope import Scope
from core.store.staff import ADMINISTERS
from core.usecases import backup, importing, reckoning, restoring
from core.usecases import facts as care_facts
from core.usecases.account_links import make_link
from core.usecases.authority import NewAccount, create_account, create_authority
from core.usecases.passwords import check_new

CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Permanence panels and permanence planning meetings for children in care."""


def main() -> None:
    """Run the command: errors are one line on standard error; 2 for wrong use, 1 for a refusal."""
    try:
        "".join(sys.argv).encode()  # Bytes that are no text come as what cannot be written.
        sys.exit(command(standalone_mode=False) or 0)
    except UnicodeEncodeError:
        _say_and_leave("what was asked for is not readable text (UTF-8)", 2)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.Abort:
        _say_and_leave("stopped", 1)
    except click.ClickException as error:
        _say_and_leave(error.format_message(), 2)
    except SettingWrong as error:
        _say_and_leave(str(error), 2)
    except (Refused, PluginFault, serving.CannotServe) as error:
        _say_and_leave(str(error), 1)
    except database.DBAPIError as error:
        _say_and_leave(f"the database refused: {error.orig}", 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        _say_and_leave(f"{error.filename or 'the output'}: {error.strerror}", 1)


def _say_and_leave(message: str, status: int) -> None:
    click.echo(f"permanence: {' '.join(message.split())}", err=True)
    sys.exit(status)


def _ready(settings: Settings) -> Flask:
    """The app, refused where its database has not the newest tables."""
    app = create_app(settings)
    with app.app_context():
        if not database.is_current():
            raise Refused(
                Finding("the database has not the newest tables: run permanence migrate first")
            )
    return app


def _whole(code: str, on: date) -> Scope:
    """The scope of a whole authority, by its code."""
    try:
        row = authorities.by_code(code)
    except (database.OperationalError, database.ProgrammingError) as error:
        raise Refused(Finding(revisions.NO_TABLES)) from error
    if row is None:
        raise Refused(Finding(f"there is no authority {code}: run permanence create-authority"))
    return Scope.of_authority(row.id, on)


def _made_up() -> Any:
    """The made-up data, where it is installed: it names authorities, which the core does not."""
    for entry_point in importlib.metadata.entry_points(group="permanence.demo"):
        return entry_point.load()
    raise Refused(Finding("the made-up data is not part of this installation"))


def _day(given: datetime | None, settings: Settings) -> date:
    return in_range(given.date() if given is not None else worker.today(settings))


@command.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    with running_app():
        database.migrate_up()
    click.echo("The database has the newest tables.")


@command.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def back_up(path: Path) -> None:
    """Write everything into one file: the database and the papers, not the secret key."""
    with running_app(makes=False) as (_, settings, _registry):
        report = backup.back_up(path, settings.kept_folders, worker.now())
    click.echo(f"{path}: {report.rows} rows of {report.tables} tables, {report.files} files.")
    click.echo("The secret key is not in it: keep that elsewhere, or make a new one.")
    for name in report.missing:
        click.echo(f"Missing: the file {name} of a paper is not in the data folder.", err=True)


@command.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(path: Path) -> None:
    """Restore a backup into an empty database, with the server stopped."""
    with running_app(makes=False) as (_, settings, _registry):
        report = restoring.restore(path, settings.kept_folders, worker.now())
        faults = restoring.audit_faults()
    click.echo(f"{report.rows} rows of {report.tables} tables and {report.files} files are back.")
    for name in report.missing:
        click.echo(f"Missing: the file {name} was not there when this was backed up.", err=True)
    if faults:
        raise Refused(Finding(f"the audit has {_faults(faults)}: run permanence verify-audit"))
    click.echo("The audit is whole. Everybody must sign in again.")


@command.command()
@click.option("--host", help="Address to listen on; PERMANENCE_HOST otherwise.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; PERMANENCE_PORT otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages, with the worker beside."""
    settings = from_environment()
    serving.serve(_ready(settings), host or settings.host, port or settings.port)


@command.command("worker")
@click.option("--beside", type=int, hidden=True)
def work(beside: int | None) -> None:
    """Read and apply imports until stopped (permanence serve starts one by itself)."""
    settings = from_environment()
    worker.keep_within(settings.worker_most_bytes)
    worker.run(_ready(settings), until=worker.asked_to_stop(), beside=beside)


@command.command()
@click.option("--children", default=240, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--seed", default=903, show_default=True)
@click.option("--load-only", is_flag=True, help="Make the data and leave, without serving.")
def demo(children: int, seed: int, load_only: bool) -> None:
    """Serve made-up data on this machine, with an account for every role."""
    loading = _made_up()
    with running_app() as (app, settings, registry):
        if not load_only:
            serving.check_free(settings.host, settings.port)
        database.migrate_up()
        loading.load(settings, registry, worker.today(settings), worker.now, children, seed)
        lines = list(loading.accounts(worker.today(settings)))
    for line in lines:
        click.echo(line)
    if not load_only:
        serving.serve(app, settings.host, settings.port)


@command.command("create-authority")
@click.argument("code")
@click.option("--name", default="", help="The authority's name; its plugin's otherwise.")
@click.option("--procedures", default="", help="Codes, with commas between; else what is proposed.")
@click.option("--since", type=DAY, help="The day since when they are followed; today otherwise.")
def new_authority(code: str, name: str, procedures: str, since: datetime | None) -> None:
    """Make an authority and enable its procedures."""
    if not CODE.fullmatch(code):
        raise click.UsageError("a code is 2 to 16 capital letters and digits, such as TOY")
    name = " ".join(readable(name).split())
    with running_app() as (_, settings, registry):
        named, today = tuple(filter(None, procedures.split(","))), worker.today(settings)
        first = _day(since, settings)
        scope = create_authority(
            registry, code, worker.now(), today, name=name, procedures=named, since=first
        )
        followed = enabled.codes(scope, first)
    click.echo(f"{code} is there, with {', '.join(followed) or 'no procedure yet'}.")


@command.command("create-admin")
@click.argument("email")
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--password", help="At least 12 characters. Asked for, unless --invite is given.")
@click.option("--invite", is_flag=True, help="No password: print the path of an invitation.")
def create_admin(email: str, authority: str, name: str, password: str | None, invite: bool) -> None:
    """Make an account that administers an authority."""
    if invite and password is not None:
        raise click.UsageError("give --password or --invite, not both")
    email, name = readable(email), " ".join(readable(name).split())
    if not EMAIL.fullmatch(email) or len(email) > 254:
        raise click.UsageError("give an e-mail address, such as admin@toyshire.example")
    if not 1 <= len(name) <= 200:
        raise click.UsageError("give a name of 1 to 200 characters")
    with running_app() as (_, settings, _registry):
        today = worker.today(settings)
        scope = _whole(authority, today)
        if not invite:
            if password is None:
                password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
            check_new(password, None, (name, email), "password")
        new = NewAccount(email, name, (ADMINISTERS,), password=password or "")
        account_id = create_account(scope, new, worker.now(), since=today)
        path = ""
        if invite:
            path = f"/welcome/{make_link(scope, account_id, 'invitation', worker.now())}"
    click.echo(f"{email} administers {authority}.")
    if path:
        click.echo(f"Within 7 days, a password is chosen once at the service's address and {path}")


@command.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--authority", required=True, help="The authority's code.")
@click.option(
    "--year", type=click.IntRange(1990, 2100), help="Collection year: the one it ends in."
)
@click.option("--as-at", type=DAY, help="The day the files speak of.")
@click.option("--json", "as_json", is_flag=True, help="Counts and problems as JSON.")
def import_files(
    paths: tuple[Path, ...], authority: str, year: int | None, as_at: datetime | None, as_json: bool
) -> None:
    """Import files, or folders of them: a return, Annex A, a case list, a tracker.

    Without --as-at a return speaks of the 31 March that ends its year, other files of today.
    """
    with running_app() as (_, settings, registry):
        whole = _whole(authority, worker.today(settings))
        report = importing.import_paths(
            whole,
            paths,
            settings.upload_folder,
            lambda: worker.now(settings),
            limit_bytes=settings.import_most_bytes,
            year=year,
            as_at=as_at.date() if as_at else None,
        )
        reckoning.bring_up_to_date(whole, registry, lambda: worker.now(settings))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        return
    for line in report.lines():
        click.echo(line)


@command.command()
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--as-at", type=DAY, help="The day asked about; today otherwise.")
@click.option("--json", "as_json", is_flag=True, required=True, help="Print JSON.")
def facts(authority: str, as_at: datetime | None, as_json: bool) -> None:
    """What is known of each child's care on a day."""
    with running_app() as (_, settings, _registry):
        on = _day(as_at, settings)
        print_json(care_facts.facts(_whole(authority, on), on))


@command.command("deadlines")
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--as-at", type=DAY, help="The day asked about; today otherwise.")
@click.option("--child", help="One child's local id.")
@click.option("--json", "as_json", is_flag=True, required=True, help="Print JSON.")
def list_deadlines(
    authority: str, as_at: datetime | None, child: str | None, as_json: bool
) -> None:
    """Each child's deadlines, with their state on a day and why."""
    with running_app() as (_, settings, registry):
        on = _day(as_at, settings)
        whole = _whole(authority, on)
        if child is not None and who_has(whole, child) is None:
            raise Refused(Finding(f"there is no child {readable(child)} in {authority}"))
        reckoning.bring_up_to_date(whole, registry, lambda: worker.now(settings))
        print_json(deadlines.as_at(whole, registry, child))


@command.command("verify-audit")
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="CHAIN:POSITION:HASH",
    help="An end noted down earlier, as printed: that it is still there. As often as wanted.",
)
def verify_audit(expected: tuple[str, ...]) -> None:
    """Read the whole audit through: name each row changed, removed or put in since it was written.

    Prints the end of each chain, to be noted down where nobody who can write to the database can.
    """
    asked = [_noted_end(text) for text in expected]
    faults = 0
    with running_app(makes=False):
        if not revisions.reached():
            raise Refused(Finding(revisions.NO_TABLES))
        for fault in audit_chain.verify():
            faults += 1
            row = f"row {fault.position}" + (f" (id {fault.row})" if fault.row is not None else "")
            if fault.last is not None:
                row = f"rows {fault.position} to {fault.last}"
            click.echo(f"chain {fault.chain}, {row}: {fault.what}")
        for end in asked:
            if audit_chain.hash_at(end.chain, end.position) != end.hash:
                faults += 1
                what = "is not the row that was noted down"
                click.echo(f"chain {end.chain}, row {end.position}: {what}")
        for end in audit_chain.ends():
            click.echo(f"{end.chain}:{end.position}:{end.hash}")
    if faults:
        raise Refused(Finding(f"the audit is not as it was written: {_faults(faults)}"))


def _faults(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"


def _noted_end(text: str) -> audit_chain.End:
    found = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,15}):([0-9a-f]{64})", text)
    if found is None:
        raise click.UsageError("--expect takes CHAIN:POSITION:HASH, as verify-audit prints it")
    return audit_chain.End(int(found[1]), int(found[2]), found[3])


for _answering in (clauses, options, plugins):
    command.add_command(_answering)


if __name__ == "__main__":
    main()
