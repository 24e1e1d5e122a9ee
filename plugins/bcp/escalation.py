"""The dispute resolution by which reviewing officers challenge delay."""

from __future__ import annotations

from core.domain.procedure.escalation import dispute_resolution

#: The terms of reference name the process and neither its stages nor their days.
DISPUTES = dispute_resolution("BCP-1.6")
