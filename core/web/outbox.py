"""The pages of messages: what waits, what went, what could not go and what to do about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.domain.sending import Fault, MessageState
from core.notices.message import with_addresses
from core.store import outbox_mending, outbox_read
from core.store.outbox_read import PAGE, MessageRow, Whole
from core.usecases import outbox
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import page_number, words

blueprint = Blueprint("outbox", __name__)
LIST, ONE = "outbox/list.html", "outbox/page.html"
#: Each list: its name, and the colour of its tag.
NAMES = {
    "failed": ("Not sent", "red"),
    "maybe": ("May have been sent", "orange"),
    "waiting": ("Waiting", "blue"),
    "sent": ("Sent", "green"),
    "stopped": ("Stopped", "grey"),
}
TO_DO = {
    Fault.ADDRESS: "The mail server does not take this address. The authority administrator mends "
    "it at People: then try again",
    Fault.MESSAGE: "The mail server does not take this message. Ask whoever runs the mail server, "
    "then try again",
    Fault.LATER: "The mail server put it off each time for two days. Ask whoever runs the mail "
    "server, then try again",
    Fault.SERVER: "The mail server could not be reached, or let nobody in, for two days. Ask "
    "whoever runs the service to look at its settings, then try again",
    Fault.CUT_SHORT: "The service was cut short as it sent this a second time, and does not know "
    "whether it went. Ask the person, then try again or stop it",
    Fault.NO_ANSWER: "The mail server had this message a second time and did not say that it took "
    "it. Ask the person, then try again or stop it",
}
#: Of what may have been sent, and is to be sent once more.
MAYBE = {
    Fault.CUT_SHORT: "The service was cut short as it sent this",
    Fault.NO_ANSWER: "The mail server had this message and did not say that it took it",
}
CLOSED = "This is about a closed record: what it says is shown to those named for it"
OVER = "The meeting is over, and nobody is asked to mend this. Tell the person where they need it"
WAITS = {
    Fault.LATER: "The mail server put it off for now: it is tried again by itself",
    Fault.SERVER: "The mail server could not be reached, or let nobody in: it is tried again by "
    "itself. Where that lasts, ask whoever runs the service",
}


def what_to_do(row: MessageRow) -> str:
    """What is to be done about a message, or what happens by itself; "" for neither."""
    if row.state == MessageState.FAILED and row.over:
        return OVER
    if row.state == MessageState.FAILED:
        return TO_DO.get(Fault(row.fault), "")
    if row.list == "maybe":
        why = MAYBE.get(Fault(row.fault), "Whether this went at an earlier try is not known")
        return f"{why}: it is sent once more by itself"
    return WAITS.get(Fault(row.fault), "") if row.list == "waiting" else ""


def state_of(row: MessageRow) -> tuple[str, str]:
    """Where a message is, and the colour of its tag; what was mailed to nobody was not sent."""
    return ("Shown here", "green") if row.shown_only else NAMES[row.list]


def said_by(said: str) -> str:
    """Whose words are kept of the last try: a mail server's begin with the number of its answer."""
    return "The mail server said" if said[:1].isdigit() else "What went wrong with the mail server"


@blueprint.get("/outbox")
def listed() -> Response:
    return pages.page(LIST, **_listed())


@blueprint.post("/outbox/again")
def all_again() -> Response:
    try:
        count = outbox.try_all_again(asker.scope(), now())
    except Refused as refusal:
        return pages.refused(LIST, refusal.findings, **_listed())
    went = "1 message is" if count == 1 else f"{count} messages are"
    flash(f"{went} sent again, as soon as the mail server takes them.", "success")
    return redirect(url_for("outbox.listed", list="waiting"), 303)  # type: ignore[return-value]


def _listed() -> dict[str, Any]:
    scope = asker.scope()
    which = request.args.get("list", "")
    which = which if which in NAMES else ""
    count_of = outbox_read.counts(scope)
    total = count_of[which] if which else sum(count_of.values())
    last = max(1, -(-total // PAGE))
    number = min(page_number(request.args.get("page", "1")), last)
    return {
        "rows": outbox_read.listed(scope, which, number),
        "count_of": count_of,
        "given_up": outbox_mending.given_up(scope, outbox.OF_THE_SERVER)
        if which == "failed"
        else 0,
        "total": total,
        "which": which,
        "page_number": number,
        "last": last,
        "page_address": lambda n: url_for("outbox.listed", list=which or None, page=n),
        **_shared(),
    }


@blueprint.get("/outbox/<public_id>")
def page(public_id: str) -> Response:
    return pages.page(ONE, **_context(_there(public_id)))


@blueprint.post("/outbox/<public_id>/again")
def again(public_id: str) -> Response:
    _there(public_id)
    try:
        address = outbox.try_again(asker.scope(), public_id, now())
    except Refused as refusal:
        return pages.refused(ONE, refusal.findings, **_context(_there(public_id)))
    flash(f"The message is sent to {address} within a minute.", "success")
    return _back(public_id)


@blueprint.post("/outbox/<public_id>/stop")
def stop(public_id: str) -> Response:
    _there(public_id)
    why = words(request.form.get("why", ""))
    try:
        outbox.stop(asker.scope(), public_id, why, now())
    except Refused as refusal:
        return pages.refused(ONE, refusal.findings, **_context(_there(public_id), why))
    flash("The message is not sent any more.", "success")
    return _back(public_id)


def _there(public_id: str) -> Whole:
    found = outbox_read.one(asker.scope(), public_id)
    if found is None:
        abort(404)
    return found


def _context(message: Whole, why: str = "") -> dict[str, Any]:
    settings = asker.parts().settings
    return {
        "message": message,
        "row": message.row,
        "text": with_addresses(message.body, settings.address),
        "changes": message.row.state in (MessageState.FAILED, MessageState.WAITING),
        "mends": bool(message.account) and ACCESS["directory.page"].allows(asker.scope().roles),
        "opens_meeting": ACCESS["meetings.page"].allows(asker.scope().roles),
        "why": why,
        **_shared(),
    }


def _shared() -> dict[str, Any]:
    real = outbox_read.no_mail_server_matters(asker.scope())
    return {
        "names": NAMES if real else NAMES | {"sent": ("Sent or shown here", "green")},
        "state_of": state_of,
        "what_to_do": what_to_do,
        "said_by": said_by,
        "closed": CLOSED,
        "made_up": not real,
        "mailed": asker.parts().settings.smtp is not None,
        "no_server": real and asker.parts().settings.smtp is None,
    }


def _back(public_id: str) -> Response:
    return redirect(url_for("outbox.page", public_id=public_id), 303)  # type: ignore[return-value]
