"""Invited, choosing a password, turning codes on, signing in with one, and told before it ends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp
from builders.house import PASSWORD, House
from builders.records import whole_record
from playwright.sync_api import Page, expect

from core.store.database import db
from core.usecases.account_links import make_link

GOOD = "kettle marmot violin"
WORDS = "What was typed before the session ended."


def code(page: Page, later: int = 0) -> str:
    letters = page.locator(".app-letters").inner_text().replace(" ", "")
    return pyotp.TOTP(letters).at(int(time.time()) + 30 * later)


def test_from_an_invitation_to_a_code_at_the_door(house: House, visit: Callable[..., Any]) -> None:
    at = datetime.combine(house.today, datetime.min.time())
    administrator = house.scope("authority.administrator")
    token = make_link(administrator, house.accounts["iro"], "invitation", at)
    db.session.remove()
    visitor = visit()
    page: Page = visitor.page
    page.goto(f"{visitor.address}/welcome/{token}")
    visitor.see("welcome", "Choose a password")
    page.get_by_label("Password", exact=True).fill("passwordpassword")
    page.get_by_label("The same password again").fill("passwordpassword")
    page.get_by_role("button", name="Choose this password").click()
    expect(page.get_by_role("alert")).to_contain_text("easily guessed")
    visitor.see("welcome-refused", "Choose a password")
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_label("The same password again").fill(GOOD)
    page.get_by_role("button", name="Choose this password").click()
    expect(page.get_by_text("Your password is chosen")).to_be_visible()
    page.goto(f"{visitor.address}/welcome/{token}")
    visitor.see("link-over", "This link cannot be used")
    visitor.sign_in("iro@bexley.example", GOOD)

    page.get_by_role("link", name=re.compile("Iro Of Bexley")).click()
    visitor.see("account", "Your account")
    page.get_by_role("link", name="Turn them on").click()
    page.get_by_role("button", name="Set them up").click()
    expect(page.locator(".app-letters")).to_be_visible()
    visitor.see("codes-set-up", "One-time codes")
    secret = page.locator(".app-letters").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(code(page, -1))
    page.get_by_role("button", name="Turn one-time codes on").click()
    expect(page.get_by_text("One-time codes are on")).to_be_visible()
    page.get_by_role("link", name="Change your password").click()
    visitor.see("password", "Change your password")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("E-mail address").fill("iro@bexley.example")
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Code", exact=True)).to_be_visible()
    visitor.see("code", "Enter your one-time code")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code of this moment")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).at(int(time.time())))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What needs me")


def test_an_administrator_requires_codes_of_everybody(
    house: House, visit: Callable[..., Any]
) -> None:
    visitor = visit("authority.administrator@bexley.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/admin/security")
    page.get_by_label("Yes, everybody").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("your own one-time codes")
    visitor.see("security", "How people sign in")
    page.get_by_role("link", name="Your own codes").click()
    page.get_by_role("button", name="Set them up").click()
    page.get_by_label("Code", exact=True).fill(code(page))
    page.get_by_role("button", name="Turn one-time codes on").click()
    page.goto(f"{visitor.address}/admin/security")
    page.get_by_label("Yes, everybody").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Everybody now signs in with a one-time code")).to_be_visible()

    other = visit(scripts=False)
    page = other.page
    page.goto(f"{other.address}/sign-in")
    page.get_by_label("E-mail address").fill("iro@bexley.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Set up one-time codes")
    page.get_by_label("Code", exact=True).fill(code(page))
    page.get_by_role("button", name="Turn on and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What needs me")


def test_told_before_a_session_ends_and_nothing_typed_is_lost_after(
    house: House, visit: Callable[..., Any]
) -> None:
    action = whole_record(house)["actions"]
    db.session.remove()
    visitor = visit("social.worker@bexley.example")
    page: Page = visitor.page
    page.clock.install()
    page.goto(f"{visitor.address}/actions/{action}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Write to the court")
    page.clock.fast_forward("54:00")
    page.clock.run_for(2000)
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.clock.fast_forward("01:30")
    page.clock.run_for(2000)
    expect(page.get_by_role("dialog")).to_contain_text("signed out in 5 minutes")
    visitor.check("ending")
    page.screenshot(path=visitor.pictures / "ending.png")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.clock.fast_forward("30:00")
    page.clock.run_for(2000)
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.get_by_label("How it stands").fill(WORDS)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name="session")
    page.clock.fast_forward("59:59")
    page.clock.run_for(4000)
    expect(page.get_by_role("dialog")).to_contain_text("You have been signed out")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    visitor.check("ended")
    page.screenshot(path=visitor.pictures / "ended.png")
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("E-mail address").fill("social.worker@bexley.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
