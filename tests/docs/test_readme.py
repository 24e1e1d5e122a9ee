"""The README's first screen and its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from core.cli import command
from demo.loading import AUTHORITIES
from demo.staff import staff_for

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = (line.partition("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def test_the_first_screen_says_what_it_is_shows_it_and_gives_the_two_commands() -> None:
    first = README.splitlines()[:22]
    assert first[0] == "# Permanence"
    assert any(line.startswith("![") for line in first)
    assert any(line.startswith("make demo") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_every_picture_and_linked_page_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_command_is_a_target_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert named
    assert named <= targets


def test_every_permanence_command_has_the_form_that_it_takes() -> None:
    lines = [line for line in commands() if "bin/permanence" in line]
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line)[1:]
        found = command.commands[words[0]]
        if words[0] != "create-admin":  # it asks for the password, which no page shows
            assert found.make_context(words[0], words[1:]).args == []
        for option in (word for word in words if word.startswith("--")):
            assert any(option in parameter.opts for parameter in found.params), line


def test_an_account_of_the_walk_is_one_that_a_role_has_on_any_day() -> None:
    named = set(re.findall(r"`([a-z.\d]+@[a-z]+\.example)`", README))
    slugs = {place.slug: place.code for place in AUTHORITIES}
    made = {one.email for slug, code in slugs.items() for one in staff_for(slug, code)}
    assert named and named <= made
    assert not [email for email in named if re.search(r"\.\d@", email)], named
