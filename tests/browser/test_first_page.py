"""The first page that anybody sees."""

from __future__ import annotations

from collections.abc import Callable

from builders.house import House
from playwright.sync_api import expect


def test_signing_in(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    visitor = visit()
    visitor.page.goto(visitor.address)
    visitor.see("sign-in", "Sign in")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Enter your e-mail address")
    visitor.see("sign-in-refused", "Sign in")
    visitor.page.goto(f"{visitor.address}/about")
    visitor.see("about", "About this service")
