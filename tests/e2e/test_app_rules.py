"""Rules and the story of a file in a real browser: made, tried, switched, deleted and brought back; who and why."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import PHONE


def test_a_rule_is_made_tried_deleted_and_brought_back(browser: Browser, house: Household) -> None:
    """The editor says what the rule would have done; the kept rule decides; deleting it can be taken back."""
    house.tidy(house.home / "Downloads")
    app = at_home(browser, house.hub, "/file_organizer/rules", PHONE)
    app.sees("No rules yet")
    app.press("New rule")
    app.until_route(r"/file_organizer/rules/new")
    app.sees("If a file fits this")
    app.type_into("Name of the rule", "Papers")
    app.sees(re.compile("It would have applied to .* files"))
    app.press("Keep the rule")
    app.until_route(r"/file_organizer/rules$")
    app.sees(re.compile("1. Papers"))
    (rule,) = house.want("GET", "/file_organizer/rules")["items"]
    assert (rule["name"], rule["body"]["conditions"][0]["what"]) == ("Papers", "name")
    app.press("More for Papers")
    app.press(re.compile("^Delete"))
    app.sees(re.compile("is deleted"))
    assert house.want("GET", "/file_organizer/rules")["items"] == []
    app.press("Undo")
    house.until(lambda: len(house.want("GET", "/file_organizer/rules")["items"]) == 1)
    app.sees(re.compile("1. Papers"))
    app.close()


def test_the_history_says_who_and_why_and_tells_the_story_of_a_file(browser: Browser, house: Household) -> None:
    """A step names the person and the reason; its story shows every step of that file."""
    house.tidy(house.home / "Downloads")
    step = house.want("GET", "/file_organizer/actions?kind=moved&limit=1")["items"][0]
    app = at_home(browser, house.hub, f"/file_organizer/history/file/{step['id']}", PHONE)
    app.sees("What happened to this file")
    app.sees(re.compile("Homie did 1 thing with it"))
    app.sees(re.compile("By you"))
    app.go("/file_organizer/history")
    app.press("Single files")
    app.sees(re.compile("By you"))
    app.close()
