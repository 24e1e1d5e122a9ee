"""What an address is about, in the words of the audit: told by its first part, not by its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
#: By the first part of an address: the one thing whose id follows it.
ONE: Mapping[str, str] = MappingProxyType(
    {
        "actions": "action",
        "cases": "case",
        "children": "child",
        "clauses": "procedure",
        "closings": "closed record",
        "covers": "cover",
        "days-off": "day off",
        "disputes": "dispute",
        "figures": "procedure",
        "imports": "import",
        "items": "item",
        "matching": "name to match",
        "meetings": "meeting",
        "onward": "onward referral",
        "outbox": "message",
        "paper-versions": "paper version",
        "papers": "paper",
        "people": "person",
        "planning-meetings": "meeting",
        "procedures": "procedure",
        "reasons": "opened record",
        "record": "entry",
        "services": "service",
        "staff": "account",
        "staged": "staged document",
        "teams": "team",
    }
)
#: The same where no id follows; what stands in neither is a list.
WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "account": "account",
        "admin": "authority",
        "audit": "audit",
        "children": "register",
        "closings": "closed records",
        "session": "account",
        "sign-out-everywhere": "account",
    }
)


def asked_for(rule: str, given: Mapping[str, object]) -> tuple[str, str]:
    """The subject and the id of an address, by its rule and what was given for its parts.

    An id that is no plain word is left out: it may be anything that somebody typed.
    """
    first, _, rest = rule.strip("/").partition("/")
    second = rest.partition("/")[0]
    if first in ONE and second.startswith("<"):
        named = str(given.get(second.strip("<>").rpartition(":")[2], ""))
        return ONE[first], named if PLAIN_ID.fullmatch(named) else ""
    return WHOLE.get(first, "list"), ""
