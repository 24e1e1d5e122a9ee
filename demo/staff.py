"""Made-up staff of one authority: an account for every role, its services and teams, its posts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One account; the first of `roles` is the one that the address names."""

    email: str
    name: str
    roles: tuple[str, ...]
    team: str
    service: str
    grade: str
    posts: tuple[str, ...] = ()
    staff_number: str = ""


LAC = "Looked After Children and Permanence"
COURT = "Family Support and Court"
HOMES = "Fostering, Adoption and Kinship"
PLACEMENTS = "Placements and Commissioning"
QUALITY = "Workforce Development and Quality Assurance"
LEGAL = "Legal Services"
LEADERSHIP = "Children's Social Care Leadership"
BUSINESS = "Business Support"

LAC_EAST = "Looked After Children East"
LAC_WEST = "Looked After Children West"
COURT_TEAM = "Court Team"

SERVICES: dict[str, tuple[str, ...]] = {
    LAC: (LAC_EAST, LAC_WEST),
    COURT: (COURT_TEAM,),
    HOMES: ("Fostering", "Adoption", "Kinship"),
    PLACEMENTS: ("Placements",),
    QUALITY: ("Independent Reviewing Service", "Practice Development"),
    LEGAL: ("Children's Legal",),
    LEADERSHIP: (),
    BUSINESS: ("Panel Administration",),
}
"""Each service with its teams; a person of no team belongs to the service alone."""

CASE_TEAMS = (LAC_EAST, LAC_WEST, COURT_TEAM)
"""The teams that children are allocated to."""

FIRST = 1041
"""The first staff number."""

# address, name, further roles, team, service, grade
_PEOPLE: tuple[tuple[str, str, tuple[str, ...], str, str, str], ...] = (
    ("social.worker", "Tamsow Puddlewick", (), LAC_EAST, LAC, "practitioner"),
    ("social.worker.2", "Brixow Lanternfold", (), LAC_EAST, LAC, "practitioner"),
    ("social.worker.3", "Quenary Mallowspire", (), LAC_EAST, LAC, "practitioner"),
    ("social.worker.4", "Heskin Acornreach", (), LAC_WEST, LAC, "practitioner"),
    ("social.worker.5", "Vespeth Ottermarch", (), LAC_WEST, LAC, "practitioner"),
    ("social.worker.6", "Ruskel Cloverquist", (), COURT_TEAM, COURT, "practitioner"),
    ("social.worker.7", "Yarrune Tinderlow", (), COURT_TEAM, COURT, "practitioner"),
    ("social.worker.8", "Zindo Pebblecombe", (), COURT_TEAM, COURT, "practitioner"),
    ("team.manager", "Orlick Dapplegate", (), LAC_EAST, LAC, "team-manager"),
    ("team.manager.2", "Sorvwen Hazelthorn", (), LAC_WEST, LAC, "team-manager"),
    ("team.manager.3", "Glimander Sorrelbrook", (), COURT_TEAM, COURT, "team-manager"),
    ("case.supervisor", "Nimbary Whistlemere", (), LAC_EAST, LAC, "senior-practitioner"),
    ("service.manager", "Dorvis Emberwold", (), "", LAC, "service-manager"),
    ("service.manager.2", "Thalette Gandershaw", (), "", COURT, "service-manager"),
    ("service.manager.3", "Ulmander Velvetdown", ("panel.member",), "", LAC, "service-manager"),
    ("iro", "Pelvin Brackenstead", (), "Independent Reviewing Service", QUALITY, "iro"),
    ("iro.2", "Kestick Juniperlock", (), "Independent Reviewing Service", QUALITY, "iro"),
    ("iro.3", "Lurrel Saffronmere", (), "Independent Reviewing Service", QUALITY, "iro"),
    (
        "iro.4",
        "Fendary Barleypenny",
        ("panel.member",),
        "Independent Reviewing Service",
        QUALITY,
        "team-manager",
    ),
    (
        "panel.administrator",
        "Jasketh Yonderfold",
        (),
        "Panel Administration",
        BUSINESS,
        "administrator",
    ),
    ("panel.chair", "Pell Hatherquist", ("head.of.service",), "", LAC, "head-of-service"),
    ("panel.member", "Wrendel Umbermarch", (), "Fostering", HOMES, "team-manager"),
    ("panel.member.2", "Ivvander Cobblespire", (), "Placements", PLACEMENTS, "team-manager"),
    (
        "panel.member.3",
        "Tamsis Kettlefeather",
        (),
        "Practice Development",
        QUALITY,
        "practitioner",
    ),
    ("head.of.service", "Orlwen Thistlereach", ("panel.member",), "", QUALITY, "head-of-service"),
    ("head.of.service.2", "Glimow Nettlegate", (), "", COURT, "head-of-service"),
    ("deputy.director", "Quenis Marrowmere", (), "", LEADERSHIP, "deputy-director"),
    ("assistant.director", "Heskander Fennelbrook", (), "", LEADERSHIP, "assistant-director"),
    ("legal", "Vespo Quillpenny", ("panel.member",), "Children's Legal", LEGAL, "solicitor"),
    ("adoption", "Ruskette Bramblelock", ("panel.member",), "Adoption", HOMES, "team-manager"),
    ("fostering", "Yarrel Otterwold", (), "Fostering", HOMES, "practitioner"),
    ("kinship", "Zindary Cloverdown", (), "Kinship", HOMES, "practitioner"),
    (
        "authority.administrator",
        "Sorvick Acornshaw",
        (),
        "Panel Administration",
        BUSINESS,
        "administrator",
    ),
    ("inspector", "Thalune Hazelfold", (), "", "", "inspector"),
)

_POSTS: dict[str, dict[str, tuple[str, ...]]] = {
    "BEX": {
        "panel.chair": ("chair",),
        "head.of.service": ("vice-chair",),
        "adoption": ("adoption",),
        "panel.member": ("fostering",),
        "panel.member.2": ("placements",),
        "iro.4": ("independent-reviewing",),
        "service.manager.3": ("looked-after-children",),
        "panel.member.3": ("signs-of-safety",),
        "legal": ("legal",),
        "deputy.director": ("deputy-director",),
    },
    "SOM": {
        "panel.chair": ("chair",),
        "service.manager.3": ("looked-after-children",),
        "adoption": ("family-finding",),
        "iro.4": ("independent-reviewing",),
        "panel.member": ("finance",),
        "panel.member.2": ("placements",),
        "panel.member.3": ("virtual-school",),
        "head.of.service": ("leaving-care",),
        "deputy.director": ("deputy-director",),
        "assistant.director": ("cla-strategic-lead",),
    },
}
"""Posts of each authority's panel, and offices, by who holds them (BEX-1.11, BEX-1.12).

Somerset's strategic manager and its foster carers' representative are posts that nobody holds.
"""

_TURNED = {"SOM": 11}
"""Family names go with other given names there, so that nobody is met in two authorities."""


def staff_for(slug: str, code: str) -> tuple[StaffMember, ...]:
    """Every account of the authority with that slug ("bexley") and code ("BEX").

    An address is `<role>@<slug>.example`, further holders of a role `<role>.2@…`. Posts are filled
    for an authority whose panel the demo knows; for others nobody holds one.
    """
    posts = _POSTS.get(code, {})
    family = [name.partition(" ")[2] for _, name, *_ in _PEOPLE]
    turn = _TURNED.get(code, 0)
    return tuple(
        StaffMember(
            email=f"{address}@{slug}.example",
            name=f"{name.partition(' ')[0]} {family[(number - FIRST + turn) % len(family)]}",
            roles=(address.rstrip(".0123456789"), *further),
            team=team,
            service=service,
            grade=grade,
            posts=posts.get(address, ()),
            staff_number=f"S{number}",
        )
        for number, (address, name, further, team, service, grade) in enumerate(_PEOPLE, FIRST)
    )
