"""An app whose authorities follow the ten-week standard too, and the statutory clocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builders.house import House
from builders.imports import bring_in, text
from conftest import PLUGINS, OwnContext, settings
from flask import Flask

import plugins.ppm_guidance
import plugins.statutory
from core.app import create_app
from core.store.database import db

WITH_LAW = {
    **PLUGINS,
    "ppm_guidance": plugins.ppm_guidance,
    "statutory": plugins.statutory,
}
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN"


def with_law(folder: Path, url: str, **more: object) -> Iterator[Flask]:
    """The app; ``more`` are further plugins by name."""
    app = create_app(settings(folder, url), {**WITH_LAW, **more})
    app.testing = True
    app.test_client_class = OwnContext
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def returned(house: House, started: str, rne: str = "S", reviews: tuple[str, ...] = ()) -> None:
    """A return of the year to March 2027 with one episode of the child 0101, and their reviews.

    Begun otherwise than with ``S``, nothing says when the child became looked after.
    """
    files = {
        "header.csv": text(HEADER, "0101,1,04/05/2019,WBRI,UN1"),
        "episodes.csv": text(EPISODES, f"0101,{started},{rne},C1,N1,U6,PR1,,,"),
    }
    if reviews:
        held = (f"0101,04/05/2019,{on},PN1" for on in reviews)
        files["reviews.csv"] = text("CHILD,DOB,REVIEW,REVIEW_CODE", *held)
    bring_in(house, files, year=2027)
