"""The seam for a virus scanner: none, or a command that is handed each file and says what it is."""

from __future__ import annotations

import logging
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.domain.paper import Scan

SECONDS = 120.0
CLEAN, INFECTED = 0, 1
log = logging.getLogger("permanence.scanner")


class Scanner(Protocol):
    """What looks through a file for viruses."""

    def scan(self, path: Path) -> Scan:
        """What is found in a file; never raises."""
        ...


class NoScanner:
    """No scanner is set: nothing is scanned."""

    def scan(self, path: Path) -> Scan:
        return Scan.NOT_SCANNED


@dataclass(frozen=True, slots=True)
class CommandScanner:
    """A command, run without a shell, that reads the file as its standard input.

    Status 0 says clean and 1 infected; any other, no answer in time, or no such command says that
    it could not be scanned.
    """

    command: tuple[str, ...]
    seconds: float = SECONDS

    def scan(self, path: Path) -> Scan:
        try:
            with path.open("rb") as content:
                done = subprocess.run(
                    self.command,
                    stdin=content,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=self.seconds,
                    check=False,
                )
        except (OSError, subprocess.SubprocessError) as fault:
            log.warning("the virus scanner could not be run: %s", type(fault).__name__)
            return Scan.COULD_NOT
        if done.returncode not in (CLEAN, INFECTED):
            log.warning("the virus scanner ended with status %s", done.returncode)
            return Scan.COULD_NOT
        return Scan.CLEAN if done.returncode == CLEAN else Scan.INFECTED


def scanner_of(command: tuple[str, ...]) -> Scanner:
    """The scanner of a setting: none where there is no command."""
    return CommandScanner(command) if command else NoScanner()
