"""The made-up staff: an account for every role, and a holder for every post of the panel."""

from __future__ import annotations

from demo.staff import SERVICES, staff_for


def test_there_is_an_account_for_every_role_and_a_holder_for_every_post() -> None:
    staff = staff_for("bexley", "BEX")
    emails = [one.email for one in staff]
    roles = (
        "social.worker",
        "team.manager",
        "case.supervisor",
        "service.manager",
        "iro",
        "panel.administrator",
        "panel.chair",
        "panel.member",
        "head.of.service",
        "deputy.director",
        "assistant.director",
        "legal",
        "adoption",
        "fostering",
        "kinship",
        "authority.administrator",
        "inspector",
    )
    assert len(set(emails)) == len(emails)
    assert {f"{role}@bexley.example" for role in roles} <= set(emails)
    assert {one.roles[0] for one in staff} == set(roles)
    assert all(one.team in SERVICES[one.service] for one in staff if one.team)
    held = [post for one in staff for post in one.posts]
    assert sorted(held) == sorted(
        (
            "chair",
            "vice-chair",
            "adoption",
            "fostering",
            "placements",
            "independent-reviewing",
            "looked-after-children",
            "signs-of-safety",
            "legal",
            "deputy-director",
        )
    )
    assert all(one.posts == () for one in staff_for("toyshire", "TOY"))


def test_nobody_is_met_in_two_authorities_and_somerset_has_posts_that_nobody_holds() -> None:
    bexley, somerset = staff_for("bexley", "BEX"), staff_for("somerset", "SOM")
    assert [one.roles for one in bexley] == [one.roles for one in somerset]
    assert {one.name for one in bexley}.isdisjoint(one.name for one in somerset)
    assert len({one.name for one in somerset}) == len(somerset)
    held = {post for one in somerset for post in one.posts}
    assert {"chair", "deputy-director", "cla-strategic-lead"} <= held
    assert "foster-carers" not in held
