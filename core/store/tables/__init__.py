"""The tables, a module a noun."""

from core.store.tables.audit import AuditRow
from core.store.tables.authority import Authority, EnabledProcedure
from core.store.tables.care import (
    AdoptionDecision,
    AsylumStatus,
    CareSummary,
    Episode,
    LegalStatus,
    PeriodOfCare,
    Placement,
    Review,
)
from core.store.tables.cases import Answer, AnswerVersion, CaseChild, PanelCase
from core.store.tables.children import Allocation, Child, IdentityFact, Person, PersonOfChild
from core.store.tables.deadlines import DeadlineRow
from core.store.tables.decisions import Action, Decision, DecisionOutcome, OnwardReferral
from core.store.tables.imports import ImportFile, ImportProblem, ImportRun
from core.store.tables.meetings import Attendance, Booking, Declaration, Meeting
from core.store.tables.people import Account, AccountRole, Placing, PostHolder, Service, Team

__all__ = [
    "Account",
    "AccountRole",
    "Action",
    "AdoptionDecision",
    "Allocation",
    "Answer",
    "AnswerVersion",
    "AsylumStatus",
    "Attendance",
    "AuditRow",
    "Authority",
    "Booking",
    "CareSummary",
    "CaseChild",
    "Child",
    "DeadlineRow",
    "Decision",
    "DecisionOutcome",
    "Declaration",
    "EnabledProcedure",
    "Episode",
    "IdentityFact",
    "ImportFile",
    "ImportProblem",
    "ImportRun",
    "LegalStatus",
    "Meeting",
    "OnwardReferral",
    "PanelCase",
    "PeriodOfCare",
    "Person",
    "PersonOfChild",
    "Placement",
    "Placing",
    "PostHolder",
    "Review",
    "Service",
    "Team",
]
