"""Who may use which page, as one table; what of the record they see there is core.domain.sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.domain.sight import ROLES

ADMINISTERS_PANEL = frozenset({"panel.administrator"})
CHAIRS = frozenset({"panel.chair", "head.of.service"})
RUNS_MEETING = ADMINISTERS_PANEL | CHAIRS
REFERS = frozenset({"social.worker", "team.manager", "case.supervisor", "service.manager", "iro"})
SITS = frozenset({"panel.member", "legal", "adoption", "fostering", "kinship"})
LEADS = frozenset({"head.of.service", "deputy.director", "assistant.director"})
READS = frozenset({"inspector"})
ADMINISTERS = frozenset({"authority.administrator"})
EVERY_ROLE = frozenset(ROLES)
SEES_CHILDREN = EVERY_ROLE
SEES_CASES = EVERY_ROLE - ADMINISTERS
SEES_MEETINGS = EVERY_ROLE - ADMINISTERS
WRITES = EVERY_ROLE - READS


@dataclass(frozen=True, slots=True)
class Access:
    """Signed in with one of these roles; ``open`` pages ask for no sign-in."""

    roles: frozenset[str] = frozenset()
    open: bool = False

    def allows(self, roles: frozenset[str]) -> bool:
        return self.open or not self.roles.isdisjoint(roles)


ANYONE = Access(open=True)

ACCESS: Mapping[str, Access] = MappingProxyType(
    {
        "static": ANYONE,
        "about.page": ANYONE,
        "sign_in.page": ANYONE,
        "sign_in.enter": ANYONE,
        "sign_in.leave": ANYONE,
        "home.page": Access(EVERY_ROLE),
        "children.register": Access(SEES_CHILDREN),
        "children.search": Access(SEES_CHILDREN),
        "children.page": Access(SEES_CHILDREN),
        "people.page": Access(RUNS_MEETING | LEADS | READS),
        "imports.runs": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.new": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.upload": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.page": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.problems": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.confirm_year": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.apply": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.discard": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "cases.refer": Access(REFERS),
        "cases.page": Access(SEES_CASES),
        "cases.form": Access(REFERS | RUNS_MEETING),
        "cases.save": Access(REFERS),
        "cases.save_field": Access(REFERS),
        "cases.submit": Access(REFERS),
        "cases.withdraw": Access(REFERS),
        "cases.accept": Access(CHAIRS),
        "cases.send_back": Access(CHAIRS),
        "cases.defer": Access(CHAIRS),
        "meetings.calendar": Access(SEES_MEETINGS),
        "meetings.schedule": Access(ADMINISTERS_PANEL),
        "meetings.page": Access(SEES_MEETINGS),
        "meetings.attend": Access(RUNS_MEETING),
        "meetings.take_chair": Access(RUNS_MEETING),
        "meetings.record_leave": Access(RUNS_MEETING),
        "meetings.read_statement": Access(RUNS_MEETING),
        "meetings.note_business": Access(RUNS_MEETING),
        "meetings.order": Access(CHAIRS),
        "meetings.close": Access(RUNS_MEETING),
        "meetings.minutes": Access(SEES_MEETINGS),
        "items.page": Access(SEES_CASES),
        "items.declare": Access(RUNS_MEETING | SITS),
        "items.save": Access(RUNS_MEETING),
        "items.save_field": Access(RUNS_MEETING),
        "items.record": Access(RUNS_MEETING),
        "items.table": Access(CHAIRS),
        "items.document": Access(SEES_CASES),
        "actions.open": Access(EVERY_ROLE),
        "actions.page": Access(EVERY_ROLE),
        "actions.save": Access(WRITES),
        "onward.page": Access(SEES_CASES),
        "onward.answer": Access(RUNS_MEETING | REFERS | LEADS),
        "procedures.page": Access(EVERY_ROLE),
        "procedures.clause": Access(EVERY_ROLE),
        "procedures.statement": Access(EVERY_ROLE),
    }
)
