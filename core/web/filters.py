"""How pages say things: dates, moments, codes; and names that a template must not misspell."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any

from flask import Flask, url_for
from jinja2 import ChainableUndefined
from jinja2.exceptions import UndefinedError
from jinja2.utils import missing

from core.domain import dates
from core.domain.clauses import SET_HERE
from core.web import asker, clock
from core.web.fragments import once


class UnknownName(ChainableUndefined):
    """A name that no context has is an error in our templates; in the library's it is empty."""

    def _used(self) -> None:
        if self._undefined_obj is not missing:
            return
        frame = sys._getframe(1)
        while frame.f_back is not None and not frame.f_code.co_filename.endswith(".html"):
            frame = frame.f_back
        if "govuk_frontend_" not in frame.f_code.co_filename:
            raise UndefinedError(self._undefined_message)

    def __bool__(self) -> bool:
        self._used()
        return False

    def __str__(self) -> str:
        self._used()
        return ""

    def __iter__(self) -> Any:
        self._used()
        return iter(())

    def __len__(self) -> int:
        self._used()
        return 0

    def __html__(self) -> str:
        return str(self)


def day(value: date | None) -> str:
    return dates.day(value) if value is not None else ""


def moment(value: datetime | None) -> str:
    """Say a stored moment: "21 November 2026 at 10:42"."""
    if value is None:
        return ""
    local = clock.in_london(value)
    return f"{dates.day(local.date())} at {local:%H:%M}"


def clause_url(clause_id: str) -> str:
    return url_for("procedures.clause", clause_id=clause_id)


def clause_seen(clause_id: str) -> str:
    """Where the words of a clause of the law were seen, "" for a document that we have."""
    found = asker.registry().clause(clause_id)
    return found[1].seen_words if found is not None else ""


def attach(app: Flask) -> None:
    app.jinja_env.undefined = UnknownName
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.globals["once"] = once
    app.jinja_env.globals["clause_url"] = clause_url
    app.jinja_env.globals["clause_seen"] = clause_seen
    app.jinja_env.globals["not_laid_down"] = SET_HERE
    app.jinja_env.globals["findings"] = ()
