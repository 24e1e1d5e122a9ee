"""Typed settings, read from the environment as PERMANENCE_…."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from core.domain.dates import london_day

MEBIBYTE = 1024 * 1024
LEAST_SECRET = 32
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
ADDRESS = re.compile(r"[!-~]{1,300}")


class SettingWrong(ValueError):
    """A setting that cannot be used: names it, and says what it should be."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server. ``security`` is "none", "starttls" or "tls"; ``timeout`` in seconds."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; docs/settings.md lists each with its form."""

    database_url: str
    secret_key: str
    data_folder: Path
    secure_cookies: bool = False
    session_minutes: int = 60
    proxies: int = 0
    import_most_mebibytes: int = 100
    paper_most_mebibytes: int = 50
    worker_most_mebibytes: int = 4096
    scanner: tuple[str, ...] = ()
    converter: tuple[str, ...] = ()
    today: date | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    smtp: Smtp | None = None

    @property
    def address(self) -> str:
        """Where the service is found, for whoever reads of it elsewhere; without a last slash."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def day_of(self, moment: datetime) -> date:
        """The day of a moment (UTC, no zone): the set one where one is set."""
        return self.today or london_day(moment)

    @property
    def upload_folder(self) -> Path:
        return self.data_folder / "imports"

    @property
    def kept_folders(self) -> dict[str, Path]:
        """The folders of files that belong to the record, by their names in a backup."""
        return {"imports": self.upload_folder, "papers": self.paper_folder}

    @property
    def heartbeat(self) -> Path:
        return self.data_folder / "worker-alive"

    @property
    def import_most_bytes(self) -> int:
        return self.import_most_mebibytes * MEBIBYTE

    @property
    def paper_folder(self) -> Path:
        return self.data_folder / "papers"

    @property
    def paper_most_bytes(self) -> int:
        return self.paper_most_mebibytes * MEBIBYTE

    @property
    def worker_most_bytes(self) -> int:
        return self.worker_most_mebibytes * MEBIBYTE


def from_environment(
    environment: Mapping[str, str] = os.environ, *, makes: bool = True
) -> Settings:
    """Read the settings; without any, SQLite in ``instance/`` and a secret kept beside it.

    Where ``makes`` is false neither the folder nor the secret is made: for a command that may be
    refused and signs nothing.
    """
    folder = Path(environment.get("PERMANENCE_DATA_FOLDER", "instance")).absolute()
    try:
        if makes:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingWrong(
            f"PERMANENCE_DATA_FOLDER should be a folder that can be made: {error.strerror}"
        ) from error
    return Settings(
        database_url=_database(environment, folder),
        secret_key=environment.get("PERMANENCE_SECRET_KEY") or _kept_secret(folder, makes),
        data_folder=folder,
        secure_cookies=_yes(environment, "PERMANENCE_SECURE_COOKIES"),
        session_minutes=_whole(environment, "PERMANENCE_SESSION_MINUTES", 60, 1),
        proxies=_whole(environment, "PERMANENCE_PROXIES", 0, 0, 10),
        import_most_mebibytes=_whole(environment, "PERMANENCE_IMPORT_MOST_MEBIBYTES", 100, 1),
        paper_most_mebibytes=_whole(environment, "PERMANENCE_PAPER_MOST_MEBIBYTES", 50, 1),
        worker_most_mebibytes=_whole(
            environment, "PERMANENCE_WORKER_MOST_MEBIBYTES", 4096, 512, 1_000_000
        ),
        scanner=_command(environment, "PERMANENCE_SCANNER"),
        converter=_command(environment, "PERMANENCE_CONVERTER"),
        today=_day(environment, "PERMANENCE_TODAY"),
        host=environment.get("PERMANENCE_HOST", "127.0.0.1"),
        port=_whole(environment, "PERMANENCE_PORT", 8000, 1, 65535),
        public_url=_public_url(environment),
        smtp=_smtp(environment),
    )


def _public_url(environment: Mapping[str, str]) -> str:
    name = "PERMANENCE_PUBLIC_URL"
    url = environment.get(name, "").rstrip("/")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if url and (not whole or parts.query or parts.fragment or not ADDRESS.fullmatch(url)):
        raise SettingWrong(
            f"{name} should be an address such as https://permanence.example.org, not {url[:80]!r}"
        )
    return url


def _smtp(environment: Mapping[str, str]) -> Smtp | None:
    """The mail server; None where none is named: then nothing is mailed."""
    host = environment.get("PERMANENCE_SMTP_HOST", "")
    if not host:
        return None
    if not HOST.fullmatch(host):
        raise SettingWrong(
            f"PERMANENCE_SMTP_HOST should be a name or an address, not {host[:80]!r}"
        )
    usual = "none" if host in LOCAL else "starttls"
    security = environment.get("PERMANENCE_SMTP_SECURITY", usual)
    if security not in SMTP_PORTS:
        raise SettingWrong(
            f"PERMANENCE_SMTP_SECURITY should be none, starttls or tls, not {security[:40]!r}"
        )
    sender = environment.get("PERMANENCE_SMTP_FROM", "")
    if not MAILBOX.fullmatch(sender) or len(sender) > 254:
        raise SettingWrong(
            "PERMANENCE_SMTP_FROM should be the e-mail address that messages come from, such as "
            f"permanence@example.org, not {sender[:80]!r}"
        )
    return Smtp(
        host=host,
        port=_whole(environment, "PERMANENCE_SMTP_PORT", SMTP_PORTS[security], 1, 65535),
        security=security,
        sender=sender,
        user=environment.get("PERMANENCE_SMTP_USER", ""),
        password=environment.get("PERMANENCE_SMTP_PASSWORD", ""),
        timeout=_whole(environment, "PERMANENCE_SMTP_TIMEOUT", 20, 1, 300),
    )


def _database(environment: Mapping[str, str], folder: Path) -> str:
    url = environment.get("PERMANENCE_DATABASE_URL", f"sqlite:///{folder / 'permanence.sqlite3'}")
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise SettingWrong("PERMANENCE_DATABASE_URL has a port that is no number") from None
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingWrong(
            "PERMANENCE_DATABASE_URL should start with sqlite:/// or postgresql://, "
            f"and starts with {url.split(':', 1)[0]}:"
        )
    return url


def _kept_secret(folder: Path, makes: bool) -> str:
    """A secret made at the first start and kept in the data folder, readable by its owner."""
    path = folder / "secret-key"
    if not path.exists():
        if not makes:
            return secrets.token_urlsafe(48)
        beside = folder / f"secret-key-{secrets.token_hex(4)}"
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(beside)
        beside.unlink()
    try:
        kept = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    if len(kept) < LEAST_SECRET:
        raise SettingWrong(
            "the file secret-key in PERMANENCE_DATA_FOLDER holds no key: remove it, and one is made"
        )
    return kept


def _whole(
    environment: Mapping[str, str], name: str, usual: int, least: int, most: int = 100_000
) -> int:
    text = environment.get(name, "")
    if not text:
        return usual
    if not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:
        raise SettingWrong(
            f"{name} should be a whole number from {least} to {most}, not {text[:40]!r}"
        )
    return int(text)


def _yes(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "no").lower()
    if text not in {"yes", "no"}:
        raise SettingWrong(f"{name} should be yes or no, not {text!r}")
    return text == "yes"


def _command(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A command and its arguments, as a shell would divide them; none for "none"."""
    text = environment.get(name, "none")
    try:
        command = tuple(shlex.split(text))
    except ValueError:
        command = ()
    if text == "none":
        return ()
    if not command or shutil.which(command[0]) is None:
        raise SettingWrong(f"{name} should be none, or a command that is there, not {text[:80]!r}")
    return command


def _day(environment: Mapping[str, str], name: str) -> date | None:
    text = environment.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingWrong(f"{name} should be a day such as 2026-11-23, not {text!r}") from None
