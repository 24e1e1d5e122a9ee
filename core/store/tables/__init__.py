"""The tables, a module a noun."""

from core.store.tables.access import CaseInvitee, Closing, NamedAccess, StatedAccess
from core.store.tables.audit import AuditHead, AuditRow
from core.store.tables.authority import Authority, DayOff, EnabledProcedure, LocalSetting
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
from core.store.tables.cases import Answer, AnswerVersion, CaseChild, LiftedFinding, PanelCase
from core.store.tables.children import (
    Allocation,
    Child,
    IdentityFact,
    KnownAs,
    Person,
    PersonOfChild,
    StatedWorker,
)
from core.store.tables.deadlines import (
    DeadlineEarlier,
    DeadlineMark,
    DeadlinePeriod,
    DeadlineRow,
)
from core.store.tables.decisions import Action, Decision, DecisionOutcome, OnwardReferral
from core.store.tables.imports import ImportChange, ImportFile, ImportProblem, ImportRun
from core.store.tables.meetings import (
    Attendance,
    Booking,
    Declaration,
    Meeting,
    Withdrawal,
)
from core.store.tables.papers import Paper, PaperVersion
from core.store.tables.people import (
    Account,
    AccountRole,
    Cover,
    Placing,
    PostHolder,
    Service,
    Team,
)
from core.store.tables.record import ChildMerge, Entry, EntryStatement, RecordSummary
from core.store.tables.signing_in import AccountLink, AccountSession, SignInAttempt

__all__ = [
    "Account",
    "AccountLink",
    "AccountRole",
    "AccountSession",
    "Action",
    "AdoptionDecision",
    "Allocation",
    "Answer",
    "AnswerVersion",
    "AsylumStatus",
    "Attendance",
    "AuditHead",
    "AuditRow",
    "Authority",
    "Booking",
    "CareSummary",
    "CaseChild",
    "CaseInvitee",
    "Child",
    "ChildMerge",
    "Closing",
    "Cover",
    "DayOff",
    "DeadlineEarlier",
    "DeadlineMark",
    "DeadlinePeriod",
    "DeadlineRow",
    "Decision",
    "DecisionOutcome",
    "Declaration",
    "EnabledProcedure",
    "Entry",
    "EntryStatement",
    "Episode",
    "IdentityFact",
    "ImportChange",
    "ImportFile",
    "ImportProblem",
    "ImportRun",
    "KnownAs",
    "LegalStatus",
    "LiftedFinding",
    "LocalSetting",
    "Meeting",
    "NamedAccess",
    "OnwardReferral",
    "PanelCase",
    "Paper",
    "PaperVersion",
    "PeriodOfCare",
    "Person",
    "PersonOfChild",
    "Placement",
    "Placing",
    "PostHolder",
    "RecordSummary",
    "Review",
    "Service",
    "SignInAttempt",
    "StatedAccess",
    "StatedWorker",
    "Team",
    "Withdrawal",
]
