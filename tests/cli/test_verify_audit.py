"""`permanence verify-audit`: where the chains end, what is wrong, what it is asked to expect."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from builders.house import House
from click.testing import CliRunner

from core import cli, rule_commands
from core.domain.finding import Refused
from core.store.database import db
from core.store.tables import AuditRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def verify(house: House, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    parts = house.app.extensions["permanence"]
    monkeypatch.setattr(rule_commands, "from_environment", lambda **_: parts.settings)
    monkeypatch.setattr(rule_commands, "create_app", lambda _settings: house.app)
    return CliRunner()


def test_a_whole_audit_says_where_each_chain_ends(house: House, verify: CliRunner) -> None:
    done = verify.invoke(cli.verify_audit, [])
    assert done.exit_code == 0, done.exception
    ends = done.output.split()
    assert ends and all(re.fullmatch(r"\d+:\d+:[0-9a-f]{64}", end) for end in ends)
    assert verify.invoke(cli.verify_audit, ["--expect", ends[-1]]).exit_code == 0
    other = ends[-1][:-4] + "0000"
    wrong = verify.invoke(cli.verify_audit, ["--expect", other])
    assert isinstance(wrong.exception, Refused)
    assert "is not the row that was noted down" in wrong.output


def test_what_is_no_end_is_wrong_use(verify: CliRunner) -> None:
    for text in ("", "1:2:3", "1:2:" + "z" * 64, "1" * 40):
        assert verify.invoke(cli.verify_audit, ["--expect", text]).exit_code == 2


def test_a_changed_row_is_named_and_the_command_refuses(house: House, verify: CliRunner) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.execute(sa.update(AuditRow).where(AuditRow.position == 3).values(why="x"))
    done = verify.invoke(cli.verify_audit, [])
    assert isinstance(done.exception, Refused)
    assert re.search(r"chain \d+, row 3 \(id \d+\): was changed", done.output)
    assert re.search(r"^\d+:\d+:[0-9a-f]{64}$", done.output, re.MULTILINE)
    assert str(done.exception).endswith(": 1 fault")


def test_a_range_of_rows_that_are_gone_is_one_line(house: House, verify: CliRunner) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        gone = sa.delete(AuditRow).where(AuditRow.chain == 1, AuditRow.position.in_((2, 3, 4)))
        assert connection.execute(gone).rowcount == 3
    done = verify.invoke(cli.verify_audit, [])
    assert "chain 1, rows 2 to 4: were removed\n" in done.output
    assert str(done.exception).endswith(": 1 fault")
