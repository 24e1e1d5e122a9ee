"""Who may use which page, as one table; what of the record they see there is core.domain.sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.domain.paper import KEEPS_PAPERS
from core.domain.sight import MAY_STATE_A_REASON, ROLES, SEES_WHO_LOOKED

ADMINISTERS_PANEL = frozenset({"panel.administrator"})
CHAIRS = frozenset({"panel.chair", "head.of.service"})
RUNS_MEETING = ADMINISTERS_PANEL | CHAIRS
REFERS = frozenset({"social.worker", "team.manager", "case.supervisor", "service.manager", "iro"})
SITS = frozenset({"panel.member", "legal", "adoption", "fostering", "kinship"})
LEADS = frozenset({"head.of.service", "deputy.director", "assistant.director"})
READS = frozenset({"inspector"})
ADMINISTERS = frozenset({"authority.administrator"})
MERGES = ADMINISTERS_PANEL | ADMINISTERS | LEADS
IS_TOLD = frozenset({"team.manager", "head.of.service"})
CLOSES = ADMINISTERS | frozenset({"head.of.service"})
AUDITS = READS
EVERY_ROLE = frozenset(ROLES)
SEES_CHILDREN = EVERY_ROLE
TYPES_CARE = REFERS | ADMINISTERS_PANEL | LEADS | ADMINISTERS
ALLOCATES = (REFERS - {"social.worker", "iro"}) | ADMINISTERS_PANEL | LEADS | ADMINISTERS
SEES_CASES = EVERY_ROLE - ADMINISTERS
SEES_MEETINGS = EVERY_ROLE - ADMINISTERS
SEES_POSTS = ADMINISTERS | RUNS_MEETING | LEADS | READS
WRITES = EVERY_ROLE - READS
WRITES_RECORD = REFERS | ADMINISTERS_PANEL | LEADS


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
        "health.page": ANYONE,
        "sign_in.page": ANYONE,
        "sign_in.enter": ANYONE,
        "sign_in.code": ANYONE,
        "sign_in.leave": ANYONE,
        "sign_in.leave_everywhere": Access(EVERY_ROLE),
        "sign_in.stay": Access(EVERY_ROLE),
        "welcome.page": ANYONE,
        "welcome.choose": ANYONE,
        "account.page": Access(EVERY_ROLE),
        "account.password": Access(EVERY_ROLE),
        "account.change_password": Access(EVERY_ROLE),
        "account.codes": Access(EVERY_ROLE),
        "account.start_codes": Access(EVERY_ROLE),
        "account.confirm_codes": Access(EVERY_ROLE),
        "account.turn_codes_off": Access(EVERY_ROLE),
        "security.page": Access(ADMINISTERS),
        "security.save": Access(ADMINISTERS),
        "security.turn_codes_off": Access(ADMINISTERS),
        "home.page": Access(EVERY_ROLE),
        "children.register": Access(SEES_CHILDREN),
        "children.search": Access(SEES_CHILDREN),
        "children.page": Access(SEES_CHILDREN),
        "merges.likely": Access(MERGES),
        "merges.new": Access(MERGES),
        "merges.find": Access(MERGES),
        "merges.compare": Access(MERGES),
        "merges.merge": Access(MERGES),
        "merges.made": Access(MERGES),
        "merges.undo": Access(MERGES),
        "care.page": Access(SEES_CHILDREN),
        "care.form": Access(TYPES_CARE),
        "care.save": Access(TYPES_CARE),
        "care.void": Access(TYPES_CARE),
        "care.take_back": Access(TYPES_CARE),
        "siblings.page": Access(SEES_CHILDREN),
        "siblings.search": Access(TYPES_CARE),
        "siblings.link": Access(TYPES_CARE),
        "siblings.unlink": Access(TYPES_CARE),
        "allocations.page": Access(SEES_CHILDREN),
        "allocations.allocate": Access(ALLOCATES),
        "allocations.end": Access(ALLOCATES),
        "allocations.set_team": Access(ALLOCATES),
        "new_child.form": Access(ALLOCATES | {"social.worker"}),
        "new_child.add": Access(ALLOCATES | {"social.worker"}),
        "identity.form": Access(TYPES_CARE),
        "identity.save": Access(TYPES_CARE),
        "identity.take_back": Access(TYPES_CARE),
        "access.page": Access(EVERY_ROLE),
        "reasons.page": Access(MAY_STATE_A_REASON),
        "reasons.open_record": Access(MAY_STATE_A_REASON),
        "reasons.end": Access(MAY_STATE_A_REASON),
        "reasons.told": Access(IS_TOLD),
        "reasons.read": Access(IS_TOLD),
        "audit.page": Access(AUDITS),
        "audit.search": Access(AUDITS),
        "audit.export": Access(AUDITS),
        "audit.who_looked": Access(SEES_WHO_LOOKED),
        "closings.listed": Access(CLOSES | READS),
        "closings.close": Access(CLOSES),
        "closings.page": Access(CLOSES),
        "closings.name": Access(CLOSES),
        "closings.end": Access(CLOSES),
        "record.page": Access(SEES_CASES),
        "record.entry": Access(SEES_CASES),
        "record.new": Access(WRITES_RECORD),
        "record.add": Access(WRITES_RECORD),
        "record.edit": Access(WRITES_RECORD),
        "record.correct": Access(WRITES_RECORD),
        "record.taking_out": Access(WRITES_RECORD),
        "record.take_out": Access(WRITES_RECORD),
        "record.put_back": Access(WRITES_RECORD),
        "record.file_says": Access(WRITES_RECORD),
        "record.use_file": Access(WRITES_RECORD),
        "directory.people": Access(ADMINISTERS),
        "directory.search": Access(ADMINISTERS),
        "directory.page": Access(ADMINISTERS),
        "joining.new": Access(ADMINISTERS),
        "joining.add": Access(ADMINISTERS),
        "joining.several": Access(ADMINISTERS),
        "joining.add_several": Access(ADMINISTERS),
        "joining.links": Access(ADMINISTERS),
        "joining.invite_everybody": Access(ADMINISTERS),
        "account_admin.details": Access(ADMINISTERS),
        "account_admin.save_details": Access(ADMINISTERS),
        "account_admin.give_role": Access(ADMINISTERS),
        "account_admin.end_role": Access(ADMINISTERS),
        "account_admin.give_place": Access(ADMINISTERS),
        "account_admin.end_place": Access(ADMINISTERS),
        "account_admin.suspend": Access(ADMINISTERS),
        "account_admin.unsuspend": Access(ADMINISTERS),
        "account_admin.invite": Access(ADMINISTERS),
        "account_admin.reset": Access(ADMINISTERS),
        "leaving.page": Access(ADMINISTERS),
        "leaving.leave_now": Access(ADMINISTERS),
        "teams.tree": Access(ADMINISTERS),
        "teams.add_team": Access(ADMINISTERS),
        "teams.add_service": Access(ADMINISTERS),
        "teams.team": Access(ADMINISTERS),
        "teams.change_team": Access(ADMINISTERS),
        "teams.end_team": Access(ADMINISTERS),
        "teams.service": Access(ADMINISTERS),
        "teams.change_service": Access(ADMINISTERS),
        "teams.end_service": Access(ADMINISTERS),
        "matching.people": Access(ADMINISTERS),
        "matching.page": Access(ADMINISTERS),
        "matching.match": Access(ADMINISTERS),
        "matching.take_back": Access(ADMINISTERS),
        "posts.listed": Access(SEES_POSTS),
        "posts.body": Access(SEES_POSTS),
        "posts.page": Access(SEES_POSTS),
        "posts.fill": Access(ADMINISTERS),
        "posts.change": Access(ADMINISTERS),
        "posts.end": Access(ADMINISTERS),
        "covers.page": Access(WRITES),
        "covers.arrange": Access(WRITES),
        "covers.end": Access(WRITES),
        "people.page": Access(RUNS_MEETING | LEADS | READS),
        "imports.runs": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.new": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.upload": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "imports.page": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.problems": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.changes": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "imports.template": Access(ADMINISTERS | ADMINISTERS_PANEL),
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
        "meeting_days.dates": Access(ADMINISTERS_PANEL),
        "meeting_days.make": Access(ADMINISTERS_PANEL),
        "meeting_days.add_form": Access(ADMINISTERS_PANEL),
        "meeting_days.add": Access(ADMINISTERS_PANEL),
        "meeting_changes.move_form": Access(ADMINISTERS_PANEL),
        "meeting_changes.move": Access(ADMINISTERS_PANEL),
        "meeting_changes.cancel_form": Access(ADMINISTERS_PANEL),
        "meeting_changes.cancel": Access(ADMINISTERS_PANEL),
        "meeting_changes.swap_form": Access(ADMINISTERS_PANEL),
        "meeting_changes.swap": Access(ADMINISTERS_PANEL),
        "meeting_changes.listed": Access(SEES_MEETINGS),
        "meetings.page": Access(SEES_MEETINGS),
        "meetings.attend": Access(RUNS_MEETING),
        "meetings.take_chair": Access(RUNS_MEETING),
        "meetings.record_leave": Access(RUNS_MEETING),
        "meetings.read_statement": Access(RUNS_MEETING),
        "meetings.note_business": Access(RUNS_MEETING),
        "meetings.order": Access(CHAIRS),
        "meetings.close": Access(RUNS_MEETING),
        "meetings.circulate": Access(ADMINISTERS_PANEL),
        "meetings.ratify": Access(CHAIRS),
        "meetings.minutes": Access(SEES_MEETINGS),
        "items.page": Access(SEES_CASES),
        "items.declare": Access(RUNS_MEETING | SITS),
        "items.save": Access(RUNS_MEETING),
        "items.save_field": Access(RUNS_MEETING),
        "items.record": Access(RUNS_MEETING),
        "items.table": Access(CHAIRS),
        "items.document": Access(SEES_CASES),
        "invitees.invite": Access(RUNS_MEETING),
        "invitees.end": Access(RUNS_MEETING),
        "actions.open": Access(EVERY_ROLE),
        "actions.page": Access(EVERY_ROLE),
        "actions.save": Access(WRITES),
        "onward.page": Access(SEES_CASES),
        "onward.answer": Access(RUNS_MEETING | REFERS | LEADS),
        "papers.of_child": Access(SEES_CASES),
        "papers.of_case": Access(SEES_CASES),
        "papers.of_meeting": Access(SEES_MEETINGS),
        "papers.page": Access(SEES_CASES),
        "papers.take": Access(SEES_CASES),
        "papers.add_to_child": Access(KEEPS_PAPERS),
        "papers.add_to_case": Access(KEEPS_PAPERS),
        "papers.add_to_meeting": Access(RUNS_MEETING),
        "papers.add_version": Access(KEEPS_PAPERS),
        "papers.correct": Access(KEEPS_PAPERS),
        "papers.take_out": Access(KEEPS_PAPERS),
        "papers.put_back": Access(KEEPS_PAPERS),
        "papers.sign": Access(KEEPS_PAPERS),
        "papers.unsign": Access(KEEPS_PAPERS),
        "procedures.listed": Access(EVERY_ROLE),
        "procedures.page": Access(EVERY_ROLE),
        "procedures.clause": Access(EVERY_ROLE),
        "procedures.statement": Access(EVERY_ROLE),
        "following.page": Access(ADMINISTERS | READS),
        "following.enable": Access(ADMINISTERS),
        "following.one": Access(ADMINISTERS | READS),
        "following.end": Access(ADMINISTERS),
        "following.replace": Access(ADMINISTERS),
        "following.move": Access(ADMINISTERS),
        "figures.page": Access(ADMINISTERS | READS),
        "figures.one": Access(ADMINISTERS | READS),
        "figures.set_figure": Access(ADMINISTERS),
        "figures.take_back": Access(ADMINISTERS),
        "days_off.page": Access(ADMINISTERS | ADMINISTERS_PANEL | READS),
        "days_off.add": Access(ADMINISTERS | ADMINISTERS_PANEL),
        "days_off.take_out": Access(ADMINISTERS | ADMINISTERS_PANEL),
    }
)
