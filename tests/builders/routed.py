"""Addresses compiled once a test process: each test has an app, and so a map of routes, anew.

What werkzeug compiles of a rule hangs on the rule alone; a rule is bound to it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_compile = Rule._compile_builder
_compiled: dict[tuple[Any, ...], Builder] = {}


def _once(rule: Rule, append_unknown: bool = True) -> Builder:
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


def compile_once() -> None:
    """Have every app of this process share what is compiled of its rules."""
    Rule._compile_builder = _once  # type: ignore[method-assign]
