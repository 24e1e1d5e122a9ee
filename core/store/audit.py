"""Writing the audit: a change in the transaction that makes it, a look by its own short write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.store import audit_chain
from core.store.database import writing
from core.store.scope import Scope


def changed(
    scope: Scope,
    at: datetime,
    did: str,
    subject: str,
    subject_id: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Record a change within the transaction under way; ``at`` is UTC without a zone."""
    audit_chain.add(
        [
            {
                "authority_id": scope.authority_id,
                "at": at,
                "account_id": scope.account_id,
                "did": did,
                "subject": subject,
                "subject_id": subject_id,
                "before": dict(before) if before is not None else None,
                "after": dict(after) if after is not None else None,
                "why": why,
            }
        ]
    )


def looked(scope: Scope, at: datetime, looks: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Record what somebody looked at: (subject, id, what of it), in one short transaction."""
    rows = [
        {
            "authority_id": scope.authority_id,
            "at": at,
            "account_id": scope.account_id,
            "did": "look",
            "subject": subject,
            "subject_id": subject_id,
            "before": None,
            "after": dict(detail) or None,
            "why": "",
        }
        for subject, subject_id, detail in looks
    ]
    if rows:
        with writing():
            audit_chain.add(rows)


def refused(scope: Scope, at: datetime, subject: str, subject_id: str, route: str) -> None:
    """Record that somebody asked for what is not theirs to see, in one short transaction."""
    with writing():
        changed(scope, at, "refused", subject, subject_id, after={"route": route})


def signing(
    at: datetime, did: str, authority_id: int | None, account_id: int | None, detail: str = ""
) -> None:
    """Record a sign-in, a refusal of one, or a sign-out; the caller holds the transaction."""
    audit_chain.add(
        [
            {
                "authority_id": authority_id,
                "at": at,
                "account_id": account_id,
                "did": did,
                "subject": "account",
                "subject_id": "",
                "before": None,
                "after": None,
                "why": detail,
            }
        ]
    )


def imported(
    scope: Scope,
    at: datetime,
    run: str,
    children: Iterable[tuple[str, str, Mapping[str, str], Mapping[str, str]]],
) -> None:
    """Record what an import did to each child: (public id, what, before, after)."""
    rows = [
        {
            "authority_id": scope.authority_id,
            "at": at,
            "account_id": scope.account_id,
            "did": did,
            "subject": "child",
            "subject_id": public_id,
            "before": dict(before) or None,
            "after": dict(after) or None,
            "why": f"import {run}",
        }
        for public_id, did, before, after in children
    ]
    audit_chain.add(rows)
