"""The procedures of which most is still to be built: each keeps the contract as far as it goes."""

from __future__ import annotations

from pathlib import Path

import plugins.bcp
import plugins.bexley
import plugins.ppm_guidance
import plugins.somerset
import plugins.statutory
from core.registry import collect
from core.testing import ProcedureContract

ROOT = Path(__file__).parents[2]
COUNTS = {"SOM": 47, "BCP": 33, "PPM2": 27, "PPM10": 21, "BEX": 57}


class TestSomerset(ProcedureContract):
    procedure, root = plugins.somerset.PROCEDURE, ROOT


class TestBcp(ProcedureContract):
    procedure, root = plugins.bcp.PROCEDURE, ROOT


class TestTwoWeeks(ProcedureContract):
    procedure, root = plugins.ppm_guidance.PROCEDURES[0], ROOT


class TestTenWeeks(ProcedureContract):
    procedure, root = plugins.ppm_guidance.PROCEDURES[1], ROOT


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


def test_no_clause_of_one_is_a_clause_of_another_or_of_the_law() -> None:
    named = {
        "somerset": plugins.somerset,
        "bcp": plugins.bcp,
        "ppm_guidance": plugins.ppm_guidance,
        "bexley": plugins.bexley,
        "statutory": plugins.statutory,
    }
    ids = [clause for entry in collect(named) for clause in entry.procedure.clauses]
    assert len(ids) == len(set(ids))
