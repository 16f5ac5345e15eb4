"""Series go where the household keeps them, named as it names them, with what belongs to them; and all is undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.series.matching import best_match, same_series
from backend.sdk.actor import Actor
from tests.command_line import homie, homie_json
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_plans_api import items_of, make_plan, snapshot


@pytest.fixture
def shelf(alice: Actor, tmp_path: Path) -> Path:
    """Give Alice a folder of series: one is named by "1x02", the other by "S01E02 - Title"."""
    home = tmp_path / "alice"
    for number in (1, 2, 3):
        write(home / f"Video/Serien/The Bureau (US)/Staffel 1/The Bureau (US) - 1x0{number}.mkv", b"x" * number)
        write(home / f"Video/Serien/Nordlicht/Season 02/Nordlicht.S02E0{number}.Ein.Wort.mkv", b"y" * number)
    return home / "Video" / "Serien"


def plan_of(hub: Hub, who: Actor, folder: Path, into: Path | None = None) -> dict[str, str]:
    """Plan a folder and return {name: target path} of everything in it, sidecars too."""
    plan = make_plan(hub, who, folder, **({"into": str(into)} if into else {}))
    found = {}
    for item in items_of(hub, who, plan["id"]):
        found[item["source"]["path"].rpartition("/")[2]] = item["target"]["path"]
    return found


def carry_out(hub: Hub, who: Actor, folder: Path, into: Path) -> str:
    """Plan, accept and execute; return the run's id."""
    plan = make_plan(hub, who, folder, into=str(into))
    client = hub.client(who)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.5})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    run: str = client.get(f"/plans/{plan['id']}").json["run_id"]
    return run


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Office (US)", "Office US", True),
        ("The Office (US)", "the.office.us", True),
        ("The Office (US)", "The Office (UK)", False),
        ("The Office", "The Office (US)", True),
        ("Law & Order", "Law and Order", True),
        ("Die Wächter", "Wachter", True),
        ("Marvel's Agents", "Marvels Agents", True),
        ("Station 9", "Station 8", False),
        ("Harbour Lights", "Harbor Lights", True),
        ("Dark", "Bark", False),
        ("Harbour Lights (2011)", "Harbour Lights", True),
    ],
)
def test_titles_are_the_same_series(one: str, other: str, same: bool) -> None:
    """Articles, accents, signs and years do not matter; countries and numbers do."""
    assert bool(same_series(one, other)) is same
    assert bool(same_series(other, one)) is same


def test_no_series_is_chosen_between_two_that_fit_equally() -> None:
    """ "The Office" could be either; the exact title wins over both."""
    assert best_match("The Office", ["The Office (US)", "The Office (UK)"]) is None
    assert best_match("The Office", ["The Office (US)", "The Office (UK)", "The Office"]) == "The Office"


def test_an_episode_goes_to_the_folder_that_was_named_for_its_series(
    hub: Hub, alice: Actor, tmp_path: Path, shelf: Path
) -> None:
    """What a person says by hand counts at once, for every way to write the title, also outside the folder planned."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "the.bureau.us.s01e04.720p.web.mkv")
    client = hub.client(alice)
    kept = client.post("/series", json={"title": "The Bureau (US)", "path": str(shelf / "The Bureau (US)")})
    assert kept.status_code == 201, kept.json
    assert kept.json["learned"] == "The Bureau (US) - {season}x{episode:00}"
    assert kept.json["path"] == str(shelf / "The Bureau (US)")
    (target,) = plan_of(hub, alice, inbox).values()
    assert target.startswith("Video/Serien/The Bureau (US)")
    assert target.endswith("/the.bureau.us.s01e04.720p.web.mkv")


def test_names_stay_while_nothing_is_switched_on(hub: Hub, alice: Actor, tmp_path: Path, shelf: Path) -> None:
    """Filing never renames unless the owner chose it."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "the.bureau.us.s01e04.720p.web.mkv")
    (target,) = plan_of(hub, alice, inbox, tmp_path / "alice").values()
    assert target == "Video/Serien/The Bureau (US)/Staffel 1/the.bureau.us.s01e04.720p.web.mkv"


def test_like_the_others_names_an_episode_as_its_series_does_and_sidecars_follow(
    hub: Hub, alice: Actor, tmp_path: Path, shelf: Path
) -> None:
    """Each series keeps its own way; subtitles, pictures and notes take the new name; an undo brings all names back."""
    home = tmp_path / "alice"
    inbox = home / "Inbox"
    stem = "the.bureau.us.s01e04.720p.web"
    for ending in (".mkv", ".en.srt", ".de.forced.srt", ".nfo", "-thumb.jpg"):
        write(inbox / (stem + ending), ending.encode())
    write(inbox / "Nordlicht S02E04 - Zwei Wörter.mkv")
    hub.client(alice).patch("/naming", json={"like_others": True})
    planned = plan_of(hub, alice, inbox, home)
    bureau = "Video/Serien/The Bureau (US)/Staffel 1/The Bureau (US) - 1x04"
    assert planned[stem + ".mkv"] == bureau + ".mkv"
    assert planned["Nordlicht S02E04 - Zwei Wörter.mkv"] == (
        "Video/Serien/Nordlicht/Season 02/Nordlicht.S02E04.Zwei.Wörter.mkv"
    )
    before = snapshot(home)
    run = carry_out(hub, alice, inbox, home)
    for ending in (".mkv", ".en.srt", ".de.forced.srt", ".nfo", "-thumb.jpg"):
        assert (home / (bureau + ending)).read_bytes() == ending.encode(), ending
    hub.client(alice).post(f"/runs/{run}/undo", json={})
    hub.jobs.run_all()
    assert snapshot(home) == before


def test_a_template_names_films_and_episodes(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """With a template on, names come from it; other kinds keep theirs."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "the.silver.coast.1994.1080p.bluray.mkv")
    write(inbox / "harbour.lights.s02e05.the.ferry.720p.mkv")
    hub.client(alice).patch("/naming", json={"templates": {"film": {"on": True}}})
    planned = plan_of(hub, alice, inbox)
    assert planned["the.silver.coast.1994.1080p.bluray.mkv"].endswith("/The Silver Coast (1994).mkv")
    assert planned["harbour.lights.s02e05.the.ferry.720p.mkv"].endswith("/harbour.lights.s02e05.the.ferry.720p.mkv")


def test_a_series_of_its_own_way(hub: Hub, alice: Actor, tmp_path: Path, shelf: Path) -> None:
    """A pattern of the series beats the general choice, and "keep" leaves its names alone."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "the.bureau.us.s01e04.mkv")
    client = hub.client(alice)
    client.patch("/naming", json={"templates": {"episode": {"on": True}}})
    body = {"title": "The Bureau (US)", "path": str(shelf / "The Bureau (US)"), "naming": "pattern"}
    missing = client.post("/series", json=body)
    assert missing.status_code == 422
    row = client.post("/series", json=body | {"pattern": "{title} {season}.{episode:00}"}).json
    assert row["example"] == "The Bureau (US) 1.02"
    (target,) = plan_of(hub, alice, inbox).values()
    assert target.endswith("/The Bureau (US) 1.04.mkv")
    client.patch(f"/series/{row['id']}", json={"naming": "keep"})
    (target,) = plan_of(hub, alice, inbox).values()
    assert target.endswith("/the.bureau.us.s01e04.mkv")


def test_a_series_is_listed_changed_and_forgotten(hub: Hub, alice: Actor, tmp_path: Path, shelf: Path) -> None:
    """By title, in pages; a series named twice is one; forgetting moves no file."""
    client = hub.client(alice)
    for title in ("Zebra Street", "Harbour Lights", "The Bureau (US)"):
        client.post("/series", json={"title": title, "path": str(shelf / "The Bureau (US)")})
    client.post("/series", json={"title": "harbour lights", "path": str(shelf / "Nordlicht")})
    first = client.get("/series", query_string={"limit": 2}).json
    rest = client.get("/series", query_string={"limit": 2, "cursor": first["next_cursor"]}).json
    titles = [row["title"] for row in first["items"] + rest["items"]]
    assert titles == ["Harbour Lights", "The Bureau (US)", "Zebra Street"]
    (found,) = client.get("/series", query_string={"q": "harb"}).json["items"]
    assert found["folder"].endswith("Nordlicht")
    before = snapshot(shelf)
    assert client.delete(f"/series/{found['id']}").status_code == 204
    assert client.delete(f"/series/{found['id']}").status_code == 404
    assert snapshot(shelf) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "---", "path": "{shelf}"}, "body.title"),
        ({"title": "Harbour", "path": "{shelf}", "naming": "pattern", "pattern": "{title}"}, "body.pattern"),
        ({"title": "Harbour", "path": "{shelf}", "pattern": "{season}{episode}/x"}, "body.pattern"),
        ({"title": "Harbour", "path": "relative/place"}, "body.path"),
    ],
)
def test_a_bad_request_names_the_field_and_changes_nothing(
    hub: Hub, alice: Actor, shelf: Path, body: dict[str, Any], field: str
) -> None:
    """One clear error each."""
    client = hub.client(alice)
    answer = client.post("/series", json={k: str(v).replace("{shelf}", str(shelf)) for k, v in body.items()})
    assert answer.status_code in (403, 422), answer.json
    assert field in [one["name"] for one in answer.json["error"]["fields"]]
    assert client.get("/series").json["items"] == []


def test_another_persons_series_and_choices_are_not_ones_own(
    hub: Hub, alice: Actor, bob: Actor, tmp_path: Path, shelf: Path
) -> None:
    """Bob's naming is off though Alice's is on, and he cannot point a series at her folder."""
    client, stranger = hub.client(alice), hub.client(bob)
    client.patch("/naming", json={"like_others": True, "templates": {"film": {"template": "{title}", "on": True}}})
    theirs = stranger.get("/naming").json
    assert theirs["like_others"] is False
    assert not any(one["on"] for one in theirs["templates"])
    answer = stranger.post("/series", json={"title": "The Bureau", "path": str(shelf / "The Bureau (US)")})
    assert answer.status_code == 403


def test_the_command_names_lists_and_forgets(tmp_path: Path) -> None:
    """`homie series set`, `list`, `forget`, with and without JSON; a bad pattern changes nothing."""
    folder = tmp_path / "Serien" / "Nordlicht"
    folder.mkdir(parents=True)
    kept = homie_json(tmp_path, "series", "set", "Nordlicht", folder, "--pattern", "{title}.{season}x{episode:00}")
    assert (kept["path"], kept["naming"]) == (str(folder), "pattern")
    refused = homie_json(tmp_path, "series", "set", "Nordlicht", folder, "--pattern", "{title}", expect=1)
    assert refused["error"]["fields"]
    (listed,) = homie_json(tmp_path, "series", "list", "nord")["items"]
    assert listed == kept
    assert str(folder) in homie(tmp_path, "series", "list")
    assert homie_json(tmp_path, "series", "forget", "nordlicht") == {"forgotten": "Nordlicht"}
    assert homie_json(tmp_path, "series", "list")["items"] == []
    homie(tmp_path, "series", "forget", "nordlicht", expect=1)


def test_a_bare_number_is_understood_by_the_folders_above_it(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """ "05.mkv" in a season's folder of a messy download goes to its series, with the season's folder."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Harbour Lights" / "Season 2" / "05.mkv", b"five")
    write(inbox / "Harbour Lights" / "Season 2" / "notes.docx", b"n")
    plan = make_plan(hub, alice, inbox, deep=True)
    found = {one["source"]["path"]: one["target"]["path"] for one in items_of(hub, alice, plan["id"])}
    target = next(target for source, target in found.items() if source.endswith("05.mkv"))
    assert "/Harbour Lights/" in target
    assert "02/" in target
