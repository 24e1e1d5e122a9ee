"""Plainly invented names: put together from pieces that no register of births would hold."""

from __future__ import annotations

from random import Random

_GIVEN_STARTS = (
    "Orl",
    "Tams",
    "Quen",
    "Brix",
    "Vesp",
    "Wrend",
    "Yarr",
    "Zind",
    "Fend",
    "Jask",
    "Kest",
    "Lurr",
    "Nimb",
    "Pelv",
    "Rusk",
    "Sorv",
    "Thal",
    "Ulm",
    "Dorv",
    "Glim",
    "Hesk",
    "Ivv",
)
_GIVEN_ENDS = ("in", "el", "ow", "ick", "eth", "ary", "une", "is", "o", "ander", "wen", "ette")
_FAMILY_STARTS = (
    "Thistle",
    "Marrow",
    "Quill",
    "Bramble",
    "Fennel",
    "Cobble",
    "Tansy",
    "Nettle",
    "Bracken",
    "Puddle",
    "Saffron",
    "Tinder",
    "Umber",
    "Velvet",
    "Whistle",
    "Yonder",
    "Lantern",
    "Kettle",
    "Juniper",
    "Hazel",
    "Gander",
    "Ember",
    "Dapple",
    "Clover",
    "Barley",
    "Acorn",
    "Sorrel",
    "Pebble",
    "Otter",
    "Mallow",
)
_FAMILY_ENDS = (
    "wick",
    "by",
    "feather",
    "mere",
    "combe",
    "thorn",
    "down",
    "stead",
    "low",
    "quist",
    "gate",
    "march",
    "brook",
    "spire",
    "fold",
    "reach",
    "lock",
    "wold",
    "shaw",
    "penny",
)


def given_name(dice: Random) -> str:
    """One of 264 invented given names; none says whether a child is a girl or a boy."""
    return dice.choice(_GIVEN_STARTS) + dice.choice(_GIVEN_ENDS)


def family_name(dice: Random) -> str:
    """One of 600 invented family names."""
    return dice.choice(_FAMILY_STARTS) + dice.choice(_FAMILY_ENDS)
