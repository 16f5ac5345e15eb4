"""Unpacking from a suggestion: what is offered, what the hub is asked, and a second try where the first one failed."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.unpacking_provider import folder_for, is_unpacked
from tests.frontend.file_organizer.manage_desk import job
from tests.frontend.file_organizer.review_answers import V1, item, lay_out
from tests.frontend.screens.stage import Stage, run

ROUTE = "/file_organizer/plans/p1/items/a"


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/home/a/photos.zip", "/home/a/photos"),
        ("/home/a/old.Tar.GZ", "/home/a/old"),
        ("/home/a/backup.tar.lz", "/home/a/backup"),
        ("/home/a/foo .zip", "/home/a/foo"),
        ("/home/a/.zip", "/home/a/.zip unpacked"),
    ],
)
def test_the_new_folder_lies_beside_and_is_called_like_the_archive(path: str, folder: str) -> None:
    assert folder_for(path) == folder


def test_only_what_becomes_a_folder_of_files_is_offered() -> None:
    assert [name for name in ("a.zip", "A.7Z", "b.rar", "c.tar.zst", "d.tgz") if not is_unpacked(name)] == []
    assert [name for name in ("dump.sql.gz", "x.xz", "x.part2.rar", "x.cab", "song.mp3") if is_unpacked(name)] == []


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ({"state": "cancelled"}, "It was stopped. Nothing was unpacked."),
        ({"state": "failed", "error": None}, "It could not be unpacked. Nothing was changed."),
        (
            {"state": "done", "result": {"plans": [], "problems": [{"path": "a.zip", "explanation": "No room here."}]}},
            "No room here.",
        ),
    ],
    ids=["stopped", "failed", "refused"],
)
def test_what_came_to_nothing_can_be_tried_again(ended: dict[str, Any], said: str) -> None:
    """It says why, and the button is there again; what succeeded leads to its plan instead."""

    async def scenario() -> None:
        on = Stage()
        archive = {"volume_id": "v", "path": "Downloads/a.zip"}
        lay_out(on.hub, item("a", category="archive", source=archive, target={**archive, "path": "Archives/a.zip"}))
        on.hub.on("POST", f"{V1}/operations", {"job_id": "j1", "state": "queued"})
        on.hub.on("GET", "/api/v1/jobs/j1", job("j1", **ended))
        app = await on.open(ROUTE)
        await app.click("Unpack and sort")
        await app.until(lambda: app.shows(said))
        (asked,) = on.hub.bodies("POST", f"{V1}/operations")
        (step,) = asked["operations"]
        assert (step["op"], step["source"], step["target"], step["passes"], step["sort"]) == (
            "extract",
            "/home/anna/Downloads/a.zip",
            "/home/anna/Downloads/a",
            3,
            True,
        )
        on.hub.on("POST", f"{V1}/operations", {"job_id": "j2", "state": "queued"})
        done = {"plans": ["p2"], "problems": [], "left_packed": [{"path": "a/b.7z", "explanation": "It is locked."}]}
        on.hub.on("GET", "/api/v1/jobs/j2", job("j2", "done", result=done))
        await app.click("Unpack and sort")
        await app.until(lambda: app.shows("Show the plan"))
        assert app.shows("b.7z: It is locked.")
        assert not app.shows("Unpack and sort")

    run(scenario)
