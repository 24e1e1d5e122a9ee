"""The tables, a module a noun."""

from core.store.tables.access import CaseInvitee, Closing, NamedAccess, StatedAccess
from core.store.tables.actions import Action, ActionNote, ActionRoll
from core.store.tables.audit import AuditHead, AuditRow
from core.store.tables.authority import Authority, DayOff, EnabledProcedure, LocalSetting
from core.store.tables.board import BoardRow, BoardSpan
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
from core.store.tables.decisions import Decision, DecisionOutcome
from core.store.tables.disputes import Dispute, DisputeStage, DisputeTold
from core.store.tables.escalations import (
    Escalation,
    EscalationAnswer,
    EscalationDay,
    EscalationPause,
    EscalationTold,
)
from core.store.tables.imports import ImportChange, ImportFile, ImportProblem, ImportRun
from core.store.tables.meetings import (
    Attendance,
    Booking,
    Declaration,
    Meeting,
    Withdrawal,
)
from core.store.tables.minutes import Amendment, MinutesIssue
from core.store.tables.notices import Notice, NoticeCopy
from core.store.tables.onward import OnwardReferral
from core.store.tables.outbox import Invitation, Message
from core.store.tables.pack import FormReading, MinutesReading, PaperReading, Question
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
from core.store.tables.planning import PlanningCopy, PlanningGuest
from core.store.tables.record import ChildMerge, Entry, EntryStatement, RecordSummary
from core.store.tables.signing_in import AccountLink, AccountSession, SignInAttempt
from core.store.tables.staged import StagedAnswer, StagedDocument, StagedInvitee, StagedText
from core.store.tables.tracking import PlanSuggestion, PlanTrack

__all__ = [
    "Account",
    "AccountLink",
    "AccountRole",
    "AccountSession",
    "Action",
    "ActionNote",
    "ActionRoll",
    "AdoptionDecision",
    "Allocation",
    "Amendment",
    "Answer",
    "AnswerVersion",
    "AsylumStatus",
    "Attendance",
    "AuditHead",
    "AuditRow",
    "Authority",
    "BoardRow",
    "BoardSpan",
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
    "Dispute",
    "DisputeStage",
    "DisputeTold",
    "EnabledProcedure",
    "Entry",
    "EntryStatement",
    "Episode",
    "FormReading",
    "Escalation",
    "EscalationAnswer",
    "EscalationDay",
    "EscalationPause",
    "EscalationTold",
    "IdentityFact",
    "ImportChange",
    "ImportFile",
    "ImportProblem",
    "ImportRun",
    "Invitation",
    "KnownAs",
    "LegalStatus",
    "LiftedFinding",
    "LocalSetting",
    "Meeting",
    "Message",
    "MinutesIssue",
    "MinutesReading",
    "NamedAccess",
    "Notice",
    "NoticeCopy",
    "OnwardReferral",
    "PanelCase",
    "Paper",
    "PaperReading",
    "PaperVersion",
    "PeriodOfCare",
    "Person",
    "PersonOfChild",
    "Placement",
    "Placing",
    "PlanningCopy",
    "PlanningGuest",
    "PlanSuggestion",
    "PlanTrack",
    "PostHolder",
    "Question",
    "RecordSummary",
    "Review",
    "Service",
    "SignInAttempt",
    "StagedAnswer",
    "StagedDocument",
    "StagedInvitee",
    "StagedText",
    "StatedAccess",
    "StatedWorker",
    "Team",
    "Withdrawal",
]
