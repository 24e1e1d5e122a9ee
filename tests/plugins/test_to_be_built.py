"""The procedures still to be built: every clause is there, and said to be pending."""

from __future__ import annotations

import pytest

import plugins.bcp
import plugins.bexley
import plugins.ppm_guidance
import plugins.somerset
from core.domain.procedure import Procedure
from core.registry import collect

COUNTS = {"SOM": 47, "BCP": 33, "PPM2": 27, "PPM10": 21, "BEX": 57}
PENDING = (plugins.somerset.PROCEDURE, plugins.bcp.PROCEDURE, *plugins.ppm_guidance.PROCEDURES)


@pytest.mark.parametrize("procedure", PENDING, ids=lambda procedure: procedure.code)
def test_every_clause_is_pending_and_nothing_is_claimed(procedure: Procedure) -> None:
    assert set(procedure.pending) == set(procedure.clauses)
    assert procedure.carried() == {}


def test_all_the_clauses_of_the_five_procedures_are_there() -> None:
    named = {
        "somerset": plugins.somerset,
        "bcp": plugins.bcp,
        "ppm_guidance": plugins.ppm_guidance,
        "bexley": plugins.bexley,
    }
    counts = {e.procedure.code: len(e.procedure.clauses) for e in collect(named)}
    assert counts == COUNTS
    assert sum(counts.values()) == 185
