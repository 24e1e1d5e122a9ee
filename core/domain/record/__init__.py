"""The record of a child beside care and identity: every kind of entry there is, by its code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.record.adoption import (
    ADOPTION,
    ADOPTION_LIFTED,
    PLACEMENT_ORDER_REVIEW,
    PREVIOUS_PERMANENCE,
)
from core.domain.record.assessment import ASSESSMENT
from core.domain.record.connected import CONNECTED_PERSON, NOBODY_IDENTIFIED
from core.domain.record.elsewhere import DECISION_ELSEWHERE, EARLIER_MEETING, STATED_CARE
from core.domain.record.emergency import EMERGENCY, TEMPORARY_APPROVAL
from core.domain.record.going_home import (
    EXPERT_ASSESSMENT,
    HOUSEHOLD_CHECK,
    RETURN_HOME,
    RETURN_HOME_DELAY,
)
from core.domain.record.kind import FactField, FactType, Kind
from core.domain.record.matching import CARERS_APPROVAL, MATCH
from core.domain.record.plan import PLAN, PLAN_APPROVAL, PLAN_OPTION, PLAN_STEP
from core.domain.record.proceedings import GATEWAY, PROCEEDINGS
from core.domain.record.tracked import (
    CARE_PLAN_AIM,
    NO_FURTHER_PPM,
    PLAN_TRACKED,
    REUNIFICATION_PROSPECT,
)
from core.domain.record.voices import CONTACT, FAMILY_MEETING, SIBLING_ARRANGEMENT, VIEW

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            PLAN,
            PLAN_OPTION,
            PLAN_STEP,
            PLAN_APPROVAL,
            RETURN_HOME,
            HOUSEHOLD_CHECK,
            EXPERT_ASSESSMENT,
            RETURN_HOME_DELAY,
            PLAN_TRACKED,
            REUNIFICATION_PROSPECT,
            CARE_PLAN_AIM,
            NO_FURTHER_PPM,
            PROCEEDINGS,
            GATEWAY,
            ADOPTION,
            PLACEMENT_ORDER_REVIEW,
            ADOPTION_LIFTED,
            MATCH,
            CARERS_APPROVAL,
            TEMPORARY_APPROVAL,
            ASSESSMENT,
            EMERGENCY,
            VIEW,
            FAMILY_MEETING,
            CONNECTED_PERSON,
            NOBODY_IDENTIFIED,
            DECISION_ELSEWHERE,
            EARLIER_MEETING,
            SIBLING_ARRANGEMENT,
            CONTACT,
            PREVIOUS_PERMANENCE,
            STATED_CARE,
        )
    }
)

__all__ = ["KINDS", "FactField", "FactType", "Kind"]
