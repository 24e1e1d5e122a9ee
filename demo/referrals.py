"""What a made-up social worker writes on a referral to Bexley's panel."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.procedure.forms import Place
from demo.children import MadeUpChild

CRITERIA: Mapping[str, str] = MappingProxyType(
    {
        "1.4.a": "legal-planning",
        "1.4.b": "newly-looked-after",
        "1.4.c": "drift",
        "1.4.d": "new-arrangements",
        "1.4.e": "breakdown",
        "1.4.f": "proceedings",
        "1.4.g": "senior-manager",
        "1.4.h": "resource-panel",
        "1.4.i": "reunification",
        "1.4.j": "poor-planning",
        "1.1.f": "options-not-explored",
    }
)


def written(child: MadeUpChild, *, complete: bool) -> dict[Place, str]:
    """The answers beyond those that are filled in from the record; an incomplete one lacks some."""
    referral = child.referral
    assert referral is not None
    met, safe = child.family_network_meeting is not None, child.safety_plan is not None
    said = {
        Place("criteria"): CRITERIA[referral.criterion],
        Place("name", "network-0001-aaaa"): "The school's designated teacher",
        Place("role", "network-0001-aaaa"): "Teacher",
        Place("family-network-meeting"): "yes" if met else "no",
        Place("safety-plan"): "yes" if safe else "no",
        Place("sought"): (
            f"{referral.reason}. We ask the panel to look at the plan with us, and to say what "
            "would bring it to a decision sooner."
        ),
    }
    if not (met and safe) and complete:
        said[Place("why-not")] = (
            "The family was found only last month; a meeting is being arranged with the aunt."
        )
    if not complete:
        del said[Place("sought")]
        del said[Place("safety-plan")]
    return said
