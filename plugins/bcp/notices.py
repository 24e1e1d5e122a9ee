"""Who is sent the agenda before a panel, and who is reminded that it goes out today (4.2)."""

from __future__ import annotations

from core.domain.dates import day
from core.domain.procedure.notices import Each, Notice, Told, ToWhom


def _circulated(told: Told) -> str:
    on = told.circulated_on
    return "" if on is None else f"the agenda was circulated on {day(on)}"


CIRCULATION_DUE = Notice(
    code="circulation-due",
    clauses=("BCP-4.2",),
    title="The agenda is to be circulated today",
    anchor="deadline.agenda-circulated",
    anchor_words="the day on which the agenda goes out",
    each=Each.MEETING,
    to=(ToWhom.ADMINISTRATOR,),
    not_for=_circulated,
    not_for_words="the agenda is circulated already",
    subject="Circulate the agenda of the {body} on {on}",
    text=(
        "The agenda of the {body} on {on} is to be circulated by {day} to the core members and to "
        "all relevant social workers, team managers and service managers."
    ),
)

AGENDA = Notice(
    code="agenda-circulated",
    clauses=("BCP-4.2",),
    title="Agenda circulated to the core members",
    anchor="circulated",
    anchor_words="the circulation of the agenda",
    each=Each.MEETING,
    to=(ToWhom.MEMBERS,),
    subject="Agenda of the {body} on {on}",
    text="The agenda of the {body} on {on} at {at} is circulated, with {asked} on it.",
)

CASE = Notice(
    code="case-circulated",
    clauses=("BCP-4.2",),
    title="Agenda circulated to social workers, team managers and service managers",
    anchor="circulated",
    anchor_words="the circulation of the agenda",
    to=(ToWhom.SOCIAL_WORKER, ToWhom.TEAM_MANAGER, ToWhom.SERVICE_MANAGER),
    subject="A case of yours is on the agenda of the {body} on {on}",
    text="A case with which you work is on the agenda of the {body} on {on} at {at}.",
)

NOTICES = (CIRCULATION_DUE, AGENDA, CASE)
