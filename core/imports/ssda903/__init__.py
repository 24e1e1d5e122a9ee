"""The SSDA903 return read from its CSV tables: `read_return` in, a `Return903` out."""

from core.imports.ssda903.problems import Problem
from core.imports.ssda903.reader import read_return, source_files
from core.imports.ssda903.result import (
    Assertion,
    Counts,
    HeaderRow,
    ImportedChild,
    Left,
    Return903,
    Row,
    infer_year,
)
from core.imports.ssda903.text import SourceFile

__all__ = [
    "Assertion",
    "Counts",
    "HeaderRow",
    "ImportedChild",
    "Left",
    "Problem",
    "Return903",
    "Row",
    "SourceFile",
    "infer_year",
    "read_return",
    "source_files",
]
