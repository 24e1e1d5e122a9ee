"""The installed plugins' procedures: found, checked at start-up, looked up by code and date."""

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
from core.domain.procedure.options import options_faults
from core.domain.procedure.rule import Rule
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

    def body_title(self, code: str, edition: str, body_code: str) -> str:
        """What a body is called by the very edition that its meeting follows, else "Meeting"."""
        procedure = self.named(code, edition)
        body = procedure.body(body_code) if procedure is not None else None
        return (body.title if body is not None else "") or "Meeting"

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
        if entry_point.name in plugins:
            raise PluginFault(
                entry_point.name,
                f"two installed packages have an entry point of this name ({entry_point.value})",
                "rename the entry point of one of them, or uninstall it",
            )
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
    _misspelt(name, plugin)
    asked = pluggy.PluginManager(hookspecs.GROUP)
    asked.add_hookspecs(hookspecs)
    try:
        asked.register(plugin, name)
        asked.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginFault(name, _sentence(error), "compare the hook with docs/hooks.md") from error
    if not asked.hook.register_procedures.get_hookimpls():
        raise PluginFault(
            name,
            "it implements no hook",
            "mark a function register_procedures with @hookimpl (docs/hooks.md)",
        )
    try:
        things = [thing for answer in asked.hook.register_procedures() for thing in _each(answer)]
    except Exception as error:
        raise PluginFault(
            name,
            f"register_procedures failed ({type(error).__name__}: {_sentence(error)})",
            "run the plugin's own tests; they call the hook",
        ) from error
    procedures = [thing for thing in things if isinstance(thing, Procedure)]
    if wrong := [type(thing).__name__ for thing in things if not isinstance(thing, Procedure)]:
        raise PluginFault(
            name,
            f"register_procedures returned {wrong[0]}, not Procedure",
            "return a list of core.domain.procedure.Procedure objects",
        )
    if not procedures:
        raise PluginFault(
            name,
            "register_procedures returned no procedure",
            "return a list with at least one core.domain.procedure.Procedure",
        )
    return procedures


def _each(answer: object) -> Iterable[object]:
    """The things in a hook's answer: one alone, a text among them, counts as a list of itself."""
    return answer if isinstance(answer, Iterable) and not isinstance(answer, str) else [answer]


def _misspelt(name: str, plugin: object) -> None:
    """A function that bears the marker and is no hook is misspelt, and would never be asked."""
    known = sorted(
        hook
        for hook, function in inspect.getmembers(hookspecs, inspect.isfunction)
        if hasattr(function, f"{hookspecs.GROUP}_spec")
    )
    for attribute, value in inspect.getmembers(plugin, callable):
        marked = getattr(value, f"{hookspecs.GROUP}_impl", None)
        if marked and (marked.get("specname") or attribute) not in known:
            raise PluginFault(
                name, f"{attribute} is not a hook", f"the hooks are: {', '.join(known)}"
            )


def _claimed_once(registered: list[Registered]) -> None:
    """One procedure for a code and a date, and one for a code and the edition that a case keeps."""
    dates: dict[tuple[str, object], str] = {}
    editions: dict[tuple[str, str], str] = {}
    for entry in registered:
        procedure = entry.procedure
        dated = (procedure.code, procedure.in_force_from)
        if dated in dates:
            raise PluginFault(
                entry.plugin,
                f"the code {procedure.code} is claimed by {dates[dated]} for the same date too",
                "give one of them another code, or another date from which it is in force",
            )
        edition = (procedure.code, procedure.edition)
        if edition in editions:
            raise PluginFault(
                entry.plugin,
                f"two editions of {procedure.code} are named {procedure.edition!r} "
                f"(the other is registered by {editions[edition]})",
                "give each edition a name of its own",
            )
        dates[dated] = editions[edition] = entry.plugin


def _check(entry: Registered) -> None:
    """A procedure that cites what is not there is refused whole: half of one is worse than none."""
    procedure, known = entry.procedure, set(entry.procedure.clauses)
    for rule in _rules(entry):
        if not rule.clauses:
            raise PluginFault(
                entry.plugin,
                f"the rule {rule.code} of {procedure.code} cites no clause",
                "name the clauses on which it stands",
            )
        for clause in rule.clauses:
            if clause not in known:
                raise _unknown(entry, f"the rule {rule.code} cites", clause)
        if not in_vocabulary(rule, procedure.code):
            raise PluginFault(
                entry.plugin,
                f"the code {rule.code} is not in the shared vocabulary for {type(rule).__name__}",
                f"use a code of docs/codes.md, or one that starts with {procedure.code.lower()}-",
            )
    _check_notices(entry)
    for staged in procedure.stages:
        for fault in staged.faults():
            raise PluginFault(
                entry.plugin,
                f"the stages {staged.code} of {procedure.code}: {fault}",
                "compare them with the section on stages in docs/hooks.md",
            )
    _check_options(entry)
    for place in ("elsewhere", "pending"):
        for clause in getattr(procedure, place):
            if clause not in known:
                raise _unknown(entry, f"{place} names", clause)
    accounted = set(procedure.carried()) | set(procedure.elsewhere) | set(procedure.pending)
    if missing := sorted(known - accounted):
        raise PluginFault(
            entry.plugin,
            f"nothing is said of the clauses {', '.join(missing)}",
            "carry each by a rule, or name it in elsewhere or in pending",
        )


def _check_notices(entry: Registered) -> None:
    """A notice that has no day, goes to nobody or names what it cannot tell is refused."""
    procedure = entry.procedure
    deadlines = {rule.code: rule.anchor for rule in procedure.deadlines}
    offices = frozenset(office.code for office in procedure.offices)
    for notice in procedure.notices:
        for fault in notice.faults(deadlines, offices):
            raise PluginFault(
                entry.plugin,
                f"the notice {notice.code} of {procedure.code}: {fault}",
                "compare it with the section on notices in docs/hooks.md",
            )


def _check_options(entry: Registered) -> None:
    """A matrix with an age in no row, or a list with what is no option, is refused."""
    procedure = entry.procedure
    matrix, added = procedure.options, procedure.options_added
    faults = list(matrix.faults()) if matrix is not None else []
    faults += options_faults(added.code, added.options) if added is not None else ()
    for fault in faults:
        raise PluginFault(
            entry.plugin,
            f"the options of {procedure.code}: {fault}",
            "compare them with the section on options in docs/hooks.md",
        )


def _rules(entry: Registered) -> list[Rule]:
    """The procedure's rules; a field that holds something else is named."""
    code = entry.procedure.code
    try:
        rules = list(entry.procedure.rules())
    except (AttributeError, TypeError) as error:
        raise PluginFault(
            entry.plugin,
            f"the rules of {code} cannot be gone through ({_sentence(error)})",
            "give each field of Procedure a tuple, with a comma after a single thing",
        ) from error
    for rule in rules:
        if not isinstance(rule, Rule):
            raise PluginFault(
                entry.plugin,
                f"{code} declares {rule!r} where a rule should be",
                "give each field of Procedure a tuple of its own kind of rule",
            )
    return rules


def _unknown(entry: Registered, who: str, clause: str) -> PluginFault:
    return PluginFault(
        entry.plugin,
        f"{who} the clause {clause}, which is not in clauses.toml",
        "correct the id, or add the clause",
    )


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
