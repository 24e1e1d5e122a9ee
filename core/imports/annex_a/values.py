"""Local words turned into codes: the code inside the text, else words of our own, else nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.domain.ssda903_codes import (
    CATEGORY_OF_NEED,
    DECISION_REVERSED,
    ETHNICITY,
    LEGAL_STATUS,
    PLACEMENT,
    PROVIDER,
    REASON_CEASED,
    Code,
)
from core.imports.layout import plain

_LETTER = re.compile(r"^\s*([a-z]{1,2})\s*[).:]\s*", re.IGNORECASE)
_CODE = re.compile(r"\b([A-Z]{1,2}\d{1,2}[AB]?)\b")
_ETHNIC = re.compile(r"\b([A-Z]{4})\b")

Words = tuple[tuple[str, str], ...]

#: Patterns on plain words (see core.imports.layout.plain), the first that fits. "" is known to be
#: none of the list, so that nothing further down takes it for another.
LEGAL: Words = (
    (r"special guardian|child arrange|residence order|supervision order|section 17|\bs ?17\b|"
     r"private foster|care leaver|not looked after", ""),
    (r"short (term )?break|respite|series of|agreed series", ""),
    (r"placement order|^po$", "E1"),
    (r"freeing", "D1"),
    (r"interim care|^ico$|\bs(ec|ection)? ?38\b", "C1"),
    (r"emergency protection|^epo$|\bs ?44\b", "L2"),
    (r"police protection|\bs ?46\b", "L1"),
    (r"child assessment order|\bs ?43\b", "L3"),
    (r"police and criminal evidence|\bpace\b", "J2"),
    (r"youth rehab", "J3"),
    (r"remand", "J1"),
    (r"care order|^fco$|\bs(ec|ection)? ?31\b|ward of court", "C2"),
    (r"\bs(ec|ection)? ?20\b|single (period|placement)|accommodated", "V2"),
)  # fmt: skip
PLACED: Words = (
    (r"own parents|with parents|parental responsibility|placed at home", "P1"),
    (r"secure", "K1"),
    (r"supported accommodation", "K3"),
    (r"child(ren)?s home|\bhomes? and hostels", "K2"),
    (r"residential school", "S1"),
    (r"family centre|mother and baby|parent and (baby|child)", "R3"),
    (r"\bnhs\b|health trust|hospital|medical", "R2"),
    (r"young offender|prison|\byoi\b", "R5"),
    (r"residential care home", "R1"),
    (r"residential employment", "P3"),
    (r"semi independen", "H5"),
    (r"independent living", "P2"),
    (r"temporar", ""),
    (r"placed for adoption", ""),
    (r"(relative|friend|connected|kinship).*(ffa|adopter|foster\w* for adoption)", "U2"),
    (r"(relative|friend|connected|kinship).*(not long|short)", "U3"),
    (r"(relative|friend|connected|kinship).*long|long.*(relative|friend|connected|kinship)", "U1"),
    (r"relative|friend|connected|kinship", ""),
    (r"not ffa", "U6"),
    (r"ffa|approved adopter|foster\w* for adoption|concurrent", "U5"),
    (r"not long term foster|foster\w*.*(not long|short)|short.*foster", "U6"),
    (r"long.*foster|foster\w*.*long", "U4"),
)
NEED: Words = (
    (r"abuse|neglect", "N1"),
    (r"parent\w* (illness|disab|ill)", "N3"),
    (r"disab", "N2"),
    (r"acute stress", "N4"),
    (r"dysfunction", "N5"),
    (r"unacceptable", "N6"),
    (r"low income", "N7"),
    (r"absent parent", "N8"),
)
PROVIDES: Words = (
    (r"parent", "PR0"),
    (r"own provision|own la\b", "PR1"),
    (r"other (la|local authority)|another (la|local authority)", "PR2"),
    (r"public", "PR3"),
    (r"private|independent", "PR4"),
    (r"voluntary|third sector", "PR5"),
)
CEASED: Words = (
    (r"adopt\w*.*(unopposed|not opposed)", "E11"),
    (r"adopt\w*.*dispens", "E12"),
    (r"\bdied\b|\bdeath\b|deceased", "E2"),
    (r"another (la|local authority)|taken over", "E3"),
    (r"residence order|child arrangement", "E41"),
    (r"return\w*.*(not|un) ?(part of|planned)|unplanned", "E4B"),
    (r"return\w*.*(part of|planned)", "E4A"),
    (r"current carer|staying put|stay\w* put", "E17"),
    (r"independent living.*(formal|support)", "E5"),
    (r"custody", "E9"),
    (r"adult", "E7"),
    (r"abroad|emigrat", "E16"),
)
REVERSED: Words = (
    (r"needs.*changed|change.*needs", "RD1"),
    (r"court.*not|no placement order", "RD2"),
    (r"adopters.*not.*found|prospective adopters", "RD3"),
    (r"^other|other reason", "RD4"),
)
#: The letters of the form, then local words. A plan that may be one of several is not specified.
PLAN_LETTERS: Mapping[str, str] = {
    "a": "return-home",
    "b": "adoption",
    "c": "sgo-or-cao",
    "d": "semi-independence",
    "e": "residential",
    "f": "long-term-fostering",
    "g": "unspecified",
}
PLANS: Words = (
    (r"parallel|concurrent|twin track|dual plan|time limited assess|^other\b", "unspecified"),
    (r"not (yet )?(known|agreed)", "unspecified"),
    (r"foster\w*.*(\bsgo\b|special guard|\bcao\b)", "unspecified"),
    (r"foster\w* (for|to) adopt|adoption", "adoption"),
    (r"(\bsgo\b|special guardian\w*( order)?).*(\bcao\b|child arrange\w*|residence)", "sgo-or-cao"),
    (r"\bsgo\b|special guardian", "sgo"),
    (r"\bcao\b|child arrange|residence order", "cao"),
    (r"remain with (birth )?(parent|famil)|return|rehab|reunif", "return-home"),
    (r"supported living|semi independ|independen", "semi-independence"),
    (r"residential", "residential"),
    (r"perman\w* foster|long term (foster|placement)|foster\w*.*(to 18|long term)",
     "long-term-fostering"),
)  # fmt: skip


def _found(words: Words, text: str) -> str | None:
    """The code of the first pattern that fits, None where none does."""
    said = plain(text)
    return next((code for pattern, code in words if re.search(pattern, said)), None)


def _code(text: str, codes: Mapping[str, Code], words: Words) -> str | None:
    """A code of a list: the one that stands in the text, else by its words; None for neither."""
    bare = _LETTER.sub("", text.strip(), count=1).upper()
    inside: set[str] = {code for code in _CODE.findall(bare) if code in codes}
    if bare.split(":")[0].strip() in codes:
        inside = {bare.split(":")[0].strip()}
    if len(inside) == 1:
        return inside.pop()
    return None if inside else _found(words, text) or None


def legal_status(text: str) -> str | None:
    return _code(text, LEGAL_STATUS, LEGAL)


def placement(text: str) -> str | None:
    return _code(text, PLACEMENT, PLACED)


def need(text: str) -> str | None:
    return _code(text, CATEGORY_OF_NEED, NEED)


def provider(text: str) -> str | None:
    return _code(text, PROVIDER, PROVIDES)


def why_ceased(text: str) -> str | None:
    return _code(text, REASON_CEASED, CEASED)


def why_reversed(text: str) -> str | None:
    return _code(text, DECISION_REVERSED, REVERSED)


def ethnicity(text: str) -> str | None:
    """The four-letter code, else a meaning of the list in its own words."""
    inside: set[str] = {code for code in _ETHNIC.findall(text.upper()) if code in ETHNICITY}
    if len(inside) == 1:
        return inside.pop()
    said = plain(_LETTER.sub("", text.strip(), count=1))
    return next((c for c, entry in ETHNICITY.items() if plain(entry.meaning) == said), None)


def sex(text: str) -> str | None:
    """M or F; "" for one that is not stated; None for what is neither."""
    said = plain(_LETTER.sub("", text.strip(), count=1))
    if said in ("male", "m", "boy", "1"):
        return "M"
    if said in ("female", "f", "girl", "2"):
        return "F"
    if (
        said.startswith(("not stated", "unknown", "not known", "not recorded", "unborn"))
        or said == "u"
    ):
        return ""
    return None


def yes_no(text: str) -> str | None:
    """ "yes" or "no"; "" for one that is not known; None for neither."""
    said = plain(_LETTER.sub("", text.strip(), count=1))
    if said in ("yes", "y", "true", "1"):
        return "yes"
    if said in ("no", "n", "false", "0", "none"):
        return "no"
    return "" if said in ("unknown", "not known", "u", "not stated") else None


def plan(text: str) -> tuple[str, bool]:
    """The code of a plan and whether its words are known; "unspecified" where they are not."""
    letter = _LETTER.match(text)
    words = _LETTER.sub("", text.strip(), count=1)
    by_words = _found(PLANS, words) if words else None
    if letter and letter[1].casefold() in PLAN_LETTERS:
        code = PLAN_LETTERS[letter[1].casefold()]
        return (code, True) if code != "sgo-or-cao" or by_words is None else (by_words, True)
    if len(text.strip()) == 1 and text.strip().casefold() in PLAN_LETTERS:
        return PLAN_LETTERS[text.strip().casefold()], True
    return (by_words, True) if by_words else ("unspecified", False)
