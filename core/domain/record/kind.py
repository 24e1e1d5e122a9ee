"""What can be recorded of a child beside care and identity: kinds of entries and their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from core.domain.dates import partial_day

KEY_MOST = 200
PREGNANCY = 300
ANY_TIME = 40_000
NUMBER_MOST = 9_999
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
    PARTIAL_DAY = "day as far as known"
    EMAIL = "e-mail"
    PHONE = "telephone"


@dataclass(frozen=True, kw_only=True)
class FactField:
    """One field. ``choices`` gives each code its words; ``main`` says it in a list of entries.

    ``future`` says that a day may lie ahead (a hearing that is listed); others are in the past.
    ``before_birth`` is by how many days it may come before the child was born: planning begins in
    pregnancy, and carers were approved years ago. ``in_care`` is the field of a row of care as
    which it is typed; here it is only shown, with what files say of it. ``least`` and ``most``
    bound a number; ``codes`` names the national list of whose codes a file's value is one, where it
    is known (core.domain.ssda903_codes); ``only_files`` are choices that files say and nobody is
    offered. ``paper`` is kept where a file is added to the entry: the public id of that paper.
    """

    code: str
    label: str
    type: FactType = FactType.TEXT
    choices: Mapping[str, str] = field(default_factory=lambda: NONE)
    hint: str = ""
    required: bool = False
    future: bool = False
    main: bool = False
    before_birth: int = 0
    in_care: str = ""
    least: int = 0
    most: int = NUMBER_MOST
    codes: str = ""
    only_files: frozenset[str] = frozenset()
    paper: bool = False

    def as_kept(self, value: str) -> str:
        """A value as it is kept, so that equal ones are the same.

        Several choices stand in one order, a day that is known in part in words.
        """
        if self.type is FactType.PARTIAL_DAY:
            said = partial_day(value)
            return value if said is None else said
        if self.type is not FactType.CHOICES:
            return value
        return ",".join(sorted({code.strip() for code in value.split(",")} - {""}))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of entry, such as proceedings. ``one`` is its name in a sentence: "a view".

    ``single`` kinds have one entry a child; ``part_of`` names the kind of which it is a part.
    ``order`` is the field by which entries are listed, the latest first. ``words`` explain it.
    ``key`` are the fields that name an entry, so that what is typed and what a file says of the
    same thing meet in one entry: a legal gateway meeting by its day, proceedings by their issue.
    ``apart`` are fields by which a person tells two entries of one key apart, where they differ.
    ``typed_by`` are the roles that alone type it, where not everybody does who types the record.
    ``from_files`` kinds hold what lists say, and nobody is asked to type them; ``by_steps`` kinds
    are made by what people do on pages of their own, such as approving, and by nothing else.
    """

    code: str
    title: str
    one: str
    fields: tuple[FactField, ...]
    order: str = ""
    key: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    single: bool = False
    part_of: str = ""
    words: str = ""
    from_files: bool = False
    by_steps: bool = False
    typed_by: frozenset[str] = frozenset()

    @cached_property
    def by_code(self) -> Mapping[str, FactField]:
        return {field.code: field for field in self.fields}

    @cached_property
    def typed_here(self) -> tuple[FactField, ...]:
        """The fields that are typed as parts of the entry."""
        return tuple(field for field in self.fields if not (field.in_care or field.paper))

    @cached_property
    def typed_elsewhere(self) -> tuple[FactField, ...]:
        """The fields that are typed as rows of care."""
        return tuple(field for field in self.fields if field.in_care)

    @property
    def typed(self) -> bool:
        """Whether people type it, on the form of an entry."""
        return not self.from_files and not self.by_steps

    def field(self, code: str) -> FactField | None:
        return self.by_code.get(code)

    def key_of(self, values: Mapping[str, str]) -> str:
        """The key of an entry with these values; "" for a single kind, or where one is lacking."""
        said = [values.get(code, "").strip() for code in self.key]
        return self.as_key(said) if all(said) else ""

    @staticmethod
    def as_key(said: Iterable[str]) -> str:
        """Words as a key: in small letters, with single spaces, no longer than it is kept."""
        text = " ".join(" ".join(said).replace("\x00", "").split())
        return text.casefold()[:KEY_MOST]
