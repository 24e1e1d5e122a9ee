"""Which rule holds where several of an authority's procedures have one of the same code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.domain.procedure import Procedure
from core.domain.procedure.rule import Rule

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Winning(Generic[R]):
    """A rule that holds, the procedure whose it is, and what it holds in place of.

    ``instead_of`` are the rules of the same code in procedures further down the authority's order.
    """

    procedure: Procedure
    rule: R
    instead_of: tuple[tuple[Procedure, R], ...] = ()

    @property
    def replaced(self) -> tuple[str, ...]:
        """The clauses that it replaced."""
        return tuple(clause for _, rule in self.instead_of for clause in rule.clauses)


def winning(procedures: Iterable[Procedure], kind: type[R]) -> tuple[Winning[R], ...]:
    """The rules of a kind that hold, of procedures in the authority's order.

    The first of a code holds in place of the later ones, of the whole rule: a body with its posts,
    a form with its sections. What is always on replaces nothing and is replaced by nothing: it
    stands beside. What belongs to a body is looked at within that body alone.
    """
    held: dict[object, Winning[R]] = {}
    for procedure in procedures:
        for place, rule in _placed(procedure):
            if not isinstance(rule, kind):
                continue
            key = (procedure.code if procedure.always else "", place, rule.code)
            first = held.get(key)
            if first is None:
                held[key] = Winning(procedure, rule)
            elif first.procedure.code != procedure.code:
                instead_of = (*first.instead_of, (procedure, rule))
                held[key] = Winning(first.procedure, first.rule, instead_of)
    return tuple(held.values())


def _placed(procedure: Procedure) -> Iterator[tuple[str, Rule]]:
    """Every rule with the body or form to which it belongs, "" for those of neither."""
    inside: set[int] = set()
    for body in procedure.bodies:
        themes = body.schedule.themes if body.schedule is not None else ()
        alone = (body.schedule, body.most_cases, body.timing, *themes)
        for rule in (*body.posts, *body.membership, *body.agenda, *alone):
            if rule is not None:
                inside.add(id(rule))
                yield f"body {body.code}", rule
    for form in procedure.forms:
        for section in form.sections:
            inside.add(id(section))
            yield f"form {form.code}", section
    yield from (("", rule) for rule in procedure.rules() if id(rule) not in inside)
