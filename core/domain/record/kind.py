"""What can be recorded of a child beside care and identity: kinds of entries and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})


class FactType(StrEnum):
    """How a field is typed and kept; every value is text: a day as ISO, a choice as its code."""

    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    TEXT = "text"
    LONG_TEXT = "long text"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class FactField:
    """One field. ``choices`` gives each code its words; ``main`` says it in a list of entries.

    ``future`` says that a day may lie ahead (a hearing that is listed); others are in the past.
    """

    code: str
    label: str
    type: FactType = FactType.TEXT
    choices: Mapping[str, str] = field(default_factory=lambda: NONE)
    hint: str = ""
    required: bool = False
    future: bool = False
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of entry, such as proceedings. ``one`` is its name in a sentence: "a view".

    ``single`` kinds have one entry a child; ``part_of`` names the kind of which it is a part.
    ``order`` is the field by which entries are listed, the latest first. ``words`` explain it.
    """

    code: str
    title: str
    one: str
    fields: tuple[FactField, ...]
    order: str = ""
    single: bool = False
    part_of: str = ""
    words: str = ""

    def field(self, code: str) -> FactField | None:
        return next((field for field in self.fields if field.code == code), None)
