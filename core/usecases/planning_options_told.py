"""What a planning meeting weighed, and the plan that it made, as its record tells them."""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.planning_record import ConnectedFact, OptionFact
from core.domain import planning_options as fields
from core.domain.dates import day
from core.domain.offer import Among
from core.domain.planned import WEIGHED_THEN, Weighed
from core.domain.record.plan import OPTIONS
from core.domain.record.plan import STATES as STATES_OF_PLANS
from core.domain.record.recorded import begun_on, plan_in_use
from core.registry import Registry
from core.usecases.plan_standing import HowFar
from core.usecases.planning_options import Options


def reunification(options: Options) -> str:
    draft = options.draft
    said = {"yes": "considered", "no": "not considered"}.get(draft.reunification, "")
    why = draft.reunification_why
    return f"{said}. {why}" if said and why else said or why


def how_far(options: Options, how: HowFar | None) -> tuple[str, ...]:
    """How the plan that the meeting made stands now; nothing where another one is in use."""
    used = plan_in_use(options.entries)
    if how is None or used is None or not options.row.held:
        return ()
    if options.draft.primary != used.value("primary") or begun_on(used) > options.row.held_on:
        return ()
    if how.words:
        return how.words
    agreed = f", agreed on {day(how.agreed_on)}" if how.agreed_on is not None else ""
    said = STATES_OF_PLANS.get(how.state, how.state)
    return (f"{said}{agreed}",) if said else ()


def family_meeting(options: Options) -> str:
    """The family network meetings held by the day (PPM10-A.3), else why there was none."""
    held = [on for one in options.family_meetings if (on := one.day("held_on")) is not None]
    if held:
        return f"held on {', '.join(day(on) for on in sorted(held))}"
    why = options.draft.no_family_meeting
    return f"none was held. {why}" if why else ""


def option(one: Weighed, options: Options) -> OptionFact:
    if one.among is Among.THEN:
        where = WEIGHED_THEN
    elif one.among is Among.OUTSIDE:
        beyond = options.offer.beyond
        where = beyond.title if beyond is not None else "Another option"
    else:
        groups = (group for group in options.offer.groups if group.among is one.among)
        where = next((group.title for group in groups), "")
    cited = f" ({', '.join(one.clauses)})" if one.clauses else ""
    came = fields.CONCLUSIONS.get(one.conclusion, one.conclusion)
    why = "\n".join(filter(None, (one.why, one.rationale and f"Rationale: {one.rationale}")))
    return OptionFact(one.named, f"{where}{cited}", came, why)


def words(options: Options, registry: Registry) -> Iterator[str]:
    """The words of the clauses under which the options are listed, as the page shows them."""
    clauses = {clause: None for one in options.draft.weighed for clause in one.clauses}
    for clause_id in clauses:
        found = registry.clause(clause_id)
        if found is not None:
            yield f"{clause_id}: {found[1].rule}"


def connected(options: Options) -> Iterator[ConnectedFact]:
    found = options.offer.connected
    for person in found.people:
        out = person.id in found.ruled_out
        yield ConnectedFact(
            person.value("name"),
            person.value("relation"),
            person.day("identified_on"),
            person.day("ruled_out_on") if out else None,
            person.value("ruled_out_why") if out else "",
        )


def nobody(options: Options) -> str:
    """That nobody could be identified, with the day and how it was looked for; "" where not."""
    found = options.offer.connected.nobody
    looked = found.day("looked_on") if found is not None else None
    if found is None or looked is None:
        return ""
    return f"Nobody could be identified on {day(looked)}: {found.value('how')}"


def titled(options: Options, code: str) -> str:
    one = options.draft.option(code) if code else None
    return one.named if one is not None else OPTIONS.get(code, code)
