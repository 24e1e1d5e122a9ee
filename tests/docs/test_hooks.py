"""docs/hooks.md documents each hook with its exact signature, and each field of Procedure."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re

from builders.written import DOCS

from core import hookspecs
from core.domain.procedure import Procedure

PAGE = (DOCS / "hooks.md").read_text(encoding="utf-8")


def signatures() -> dict[str, str]:
    """Hook to its signature as it is written in core/hookspecs.py."""
    functions = [
        node
        for node in ast.parse(inspect.getsource(hookspecs)).body
        if isinstance(node, ast.FunctionDef)
        and hasattr(getattr(hookspecs, node.name), f"{hookspecs.GROUP}_spec")
    ]
    return {f.name: ast.unparse(f).splitlines()[1].rstrip(":") for f in functions}


def test_every_hook_has_a_section_with_its_exact_signature_and_no_other_has() -> None:
    sections = dict(re.findall(r"^## `(\w+)`\n\n```python\n(.+?):?\n```", PAGE, re.M))
    assert sections == signatures()
    assert sections


def test_every_field_of_a_procedure_is_explained_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.M)
    assert rows == [field.name for field in dataclasses.fields(Procedure)]
