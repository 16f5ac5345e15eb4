"""Unpacking in a real browser, with the real hub, worker and files: an archive inside an archive, then its plan."""

from __future__ import annotations

import io
import re
import zipfile

from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import PHONE


def test_an_archive_is_unpacked_and_what_was_inside_is_sorted(browser: Browser, house: Household) -> None:
    """From the suggestion of an archive to the plan of its contents; the archive stays, and an undo takes all back."""
    inbox = house.home / "Inbox"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("Invoice 2024-05.txt", "Invoice of the garden club")
    house.open_folder(inbox)
    with zipfile.ZipFile(inbox / "from grandma.zip", "w") as packed:
        packed.writestr("recipe.txt", "Flour and plums")
        packed.writestr("papers.zip", inner.getvalue())
    before = house.files("Inbox")
    plan = house.plan(inbox)
    (item,) = house.want("GET", f"/file_organizer/plans/{plan}/items")["items"]
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}/items/{item['id']}", PHONE)
    app.press(re.compile("^Unpack and sort"))
    app.press("Show the plan")
    app.until_route(rf"/file_organizer/plans/(?!{plan})[0-9a-f-]+")
    app.sees(re.compile(r"\d+ files? to decide"))
    app.sees(re.compile("recipe.txt"))
    app.close()
    now = house.files("Inbox")
    assert now["from grandma.zip"] == before["from grandma.zip"]
    assert now["from grandma/papers/Invoice 2024-05.txt"] == b"Invoice of the garden club"
    run = house.want("GET", "/file_organizer/runs")["items"][0]["id"]
    job = house.want("POST", f"/file_organizer/runs/{run}/undo", {})["job_id"]
    house.until(lambda: house.want("GET", f"/jobs/{job}")["state"] == "done")
    assert house.files("Inbox") == before
