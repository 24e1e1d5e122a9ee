"""Tries at a password or a code: who makes them, and how long the next must wait."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from core.domain.lock_out import OF_AN_ADDRESS, OF_AN_EMAIL, waits_until
from core.store import attempts, audit


class TriesRefused(Exception):
    """Too many tries have failed: none is looked at for a time."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from. ``key`` hides e-mails and addresses: only their hashes are kept.

    ``address`` is the network's, ``device`` is shown to the person in the list of their sessions.
    """

    key: bytes
    address: str = ""
    device: str = ""

    def mark(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "replace"), "sha256").hexdigest()


def plain_email(email: str) -> str:
    """An e-mail as it is compared."""
    return email.strip().lower()[:254].encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries with one e-mail from one place."""

    email: str
    address: str

    @classmethod
    def of(cls, email: str, caller: Caller) -> Tries:
        address = caller.mark(f"address {caller.address}") if caller.address else ""
        return cls(caller.mark(f"e-mail {plain_email(email)}"), address)

    def until(self, at: datetime) -> datetime | None:
        """Until when the next try must wait; None where it need not."""
        ends = (
            waits_until(attempts.of_email(self.email, at), OF_AN_EMAIL),
            waits_until(attempts.of_address(self.address, at), OF_AN_ADDRESS),
        )
        return max((end for end in ends if end is not None and end > at), default=None)

    def check(self, at: datetime) -> None:
        """Refuse where the next try must wait."""
        until = self.until(at)
        if until is not None:
            raise TriesRefused(waiting(until, at))

    def alone(self, at: datetime) -> None:
        """Within the transaction of a try: be the only one at a time, and refuse if it must wait.

        Many tries at once would otherwise all be looked at before the first is counted.
        """
        attempts.one_at_a_time(self.email, self.address)
        self.check(at)

    def failed(self, at: datetime, authority_id: int | None, account_id: int | None) -> None:
        """Count a failure, in the transaction under way; the audit is told, also of a new wait."""
        attempts.add(self.email, self.address, at)
        audit.signing(at, "sign-in refused", authority_id, account_id)
        until = self.until(at)
        if until is not None:
            audit.signing(at, "sign-in locked", authority_id, account_id, waiting(until, at))

    def clear(self, at: datetime) -> None:
        attempts.clear(self.email, at)


def locked_until(email: str, caller: Caller, at: datetime) -> datetime | None:
    """Until when tries with an e-mail wait, wherever they come from; None where none waits."""
    until = waits_until(attempts.of_email(Tries.of(email, caller).email, at), OF_AN_EMAIL)
    return until if until is not None and until > at else None


def waiting(until: datetime, at: datetime) -> str:
    """What is said of a wait, in the same words whether or not anybody has the e-mail."""
    minutes = max(1, -(-int((until - at).total_seconds()) // 60))
    long = f"{minutes} minutes" if minutes > 1 else "1 minute"
    return (
        f"Too many tries have failed. Wait {long} before you try again, or ask your authority’s "
        "administrator for a link to choose a new password"
    )
