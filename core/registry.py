"""The procedures of the installed plugins: found, checked at start-up, looked up by code and date."""

from __future__ import annotations

import importlib.metadata
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pluggy

from core import hookspecs
from core.domain.clauses import Clause
from core.domain.procedure import Procedure
from core.domain.procedure.vocabulary import in_vocabulary


class PluginFault(Exception):
    """A plugin that cannot be used: says which, what is wrong, and how to mend it."""

    def __init__(self, plugin: str, fault: str, mend: str) -> None:
        super().__init__(f"Plugin {plugin}: {fault}. To mend it: {mend}.")
        self.plugin, self.fault, self.mend = plugin, fault, mend


@dataclass(frozen=True, slots=True)
class Registered:
    """A procedure and the name of the plugin that registered it."""

    plugin: str
    procedure: Procedure


class Registry:
    """Every registered procedure. Routing is a look-up here, never an argument of a hook."""

    def __init__(self, registered: Iterable[Registered]) -> None:
        self._registered = tuple(registered)

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._registered)

    def edition(self, code: str, on: date) -> Procedure | None:
        """The edition of a procedure in force on a day: the latest that had begun."""
        begun = [
            entry.procedure
            for entry in self._registered
            if entry.procedure.code == code
            and (entry.procedure.in_force_from is None or entry.procedure.in_force_from <= on)
        ]
        return max(begun, key=lambda p: p.in_force_from or date.min, default=None)

    def named(self, code: str, edition: str) -> Procedure | None:
        """The very edition that a case was opened under."""
        for entry in self._registered:
            if (entry.procedure.code, entry.procedure.edition) == (code, edition):
                return entry.procedure
        return None

    def of_authority(self, code: str, on: date) -> Procedure | None:
        """The procedure that is an authority's own, by the authority's code."""
        for entry in self._registered:
            if entry.procedure.authority == code:
                return self.edition(entry.procedure.code, on)
        return None

    def clause(self, clause_id: str) -> tuple[Procedure, Clause] | None:
        for entry in self._registered:
            clause = entry.procedure.clauses.get(clause_id)
            if clause is not None:
                return entry.procedure, clause
        return None


def installed() -> Mapping[str, object]:
    """Load the plugins of the entry-point group one at a time, naming the one that breaks."""
    plugins: dict[str, object] = {}
    for entry_point in importlib.metadata.entry_points(group=hookspecs.GROUP):
        try:
            plugins[entry_point.name] = entry_point.load()
        except Exception as error:
            raise PluginFault(
                entry_point.name,
                f"{entry_point.value} cannot be loaded ({type(error).__name__}: {error})",
                "repair the module, or remove its entry point and install again",
            ) from error
    return plugins


def collect(plugins: Mapping[str, object]) -> Registry:
    """Ask each plugin for its procedures and check them; the first fault stops the start."""
    registered: list[Registered] = []
    for name, plugin in plugins.items():
        registered += [Registered(name, procedure) for procedure in _procedures(name, plugin)]
    _claimed_once(registered)
    for entry in registered:
        _check(entry)
    return Registry(registered)


def _procedures(name: str, plugin: object) -> list[Procedure]:
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    _misspelt(name, plugin)
    try:
        manager.register(plugin, name)
        manager.check_pending()
        answers = manager.hook.register_procedures()
    except pluggy.PluginValidationError as error:
        raise PluginFault(name, _sentence(error), "compare the hook with docs/hooks.md") from error
    except Exception as error:
        raise PluginFault(
            name,
            f"register_procedures failed ({type(error).__name__}: {_sentence(error)})",
            "run the plugin's own tests; they call the hook",
        ) from error
    if not answers:
        raise PluginFault(
            name,
            "it implements no hook",
            "mark a function register_procedures with @hookimpl (docs/hooks.md)",
        )
    procedures: list[Procedure] = []
    for answer in answers:
        if isinstance(answer, Procedure) or not isinstance(answer, Iterable):
            answer = [answer]
        for thing in answer:
            if not isinstance(thing, Procedure):
                raise PluginFault(
                    name,
                    f"register_procedures returned {type(thing).__name__}, not Procedure",
                    "return a list of core.domain.procedure.Procedure objects",
                )
            procedures.append(thing)
    return procedures


def _misspelt(name: str, plugin: object) -> None:
    """A function that bears the marker and is no hook is a misspelling, and would never be asked."""
    known = {hook for hook, _ in inspect.getmembers(hookspecs, inspect.isfunction)}
    for attribute, value in inspect.getmembers(plugin, callable):
        if getattr(value, f"{hookspecs.GROUP}_impl", None) and attribute not in known:
            raise PluginFault(
                name,
                f"{attribute} is not a hook",
                f"the hooks are: {', '.join(sorted(known & {'register_procedures'}))}",
            )


def _claimed_once(registered: list[Registered]) -> None:
    claims: dict[tuple[str, object], str] = {}
    for entry in registered:
        procedure = entry.procedure
        claim = (procedure.code, procedure.in_force_from)
        if claim in claims:
            raise PluginFault(
                entry.plugin,
                f"the code {procedure.code} is claimed by {claims[claim]} for the same date too",
                "give one of them another code, or another date from which it is in force",
            )
        claims[claim] = entry.plugin


def _check(entry: Registered) -> None:
    """A procedure that cites what is not there is refused whole: half of one is worse than none."""
    procedure, known = entry.procedure, set(entry.procedure.clauses)
    for rule in procedure.rules():
        if not rule.clauses:
            raise PluginFault(
                entry.plugin,
                f"the rule {rule.code} of {procedure.code} cites no clause",
                "name the clauses on which it stands",
            )
        for clause in rule.clauses:
            if clause not in known:
                raise PluginFault(
                    entry.plugin,
                    f"the rule {rule.code} cites the clause {clause}, which is not in clauses.toml",
                    "correct the id, or add the clause",
                )
        if not in_vocabulary(rule, procedure.code):
            raise PluginFault(
                entry.plugin,
                f"the code {rule.code} is not in the shared vocabulary for {type(rule).__name__}",
                f"use a code of docs/codes.md, or one that starts with {procedure.code.lower()}-",
            )
    for place in ("elsewhere", "pending"):
        for clause in getattr(procedure, place):
            if clause not in known:
                raise PluginFault(
                    entry.plugin,
                    f"{place} names the clause {clause}, which is not in clauses.toml",
                    "correct the id, or add the clause",
                )
    accounted = set(procedure.carried()) | set(procedure.elsewhere) | set(procedure.pending)
    if missing := sorted(known - accounted):
        raise PluginFault(
            entry.plugin,
            f"nothing is said of the clauses {', '.join(missing)}",
            "carry each by a rule, or name it in elsewhere or in pending",
        )


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
