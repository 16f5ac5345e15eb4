"""Links: what they open, for whom and how long, and that nothing else is opened by them."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from tests.core.transfers.conftest import PASSWORD, Person, invited, make_hub, make_person
from tests.hub import Hub


def test_a_link_opens_without_a_log_in(anna: Person) -> None:
    (anna.folder / "film.mp4").write_bytes(bytes(range(256)) * 40)
    made = anna.link(anna.folder / "film.mp4").json
    assert made["inline"] is True
    assert made["media_type"] == "video/mp4"
    answer = anna.hub.get(made["url"])
    assert answer.status == 200
    assert answer.body == (anna.folder / "film.mp4").read_bytes()
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "part", "content_range"),
    [
        ("bytes=0-9", 206, slice(0, 10), "bytes 0-9/1000"),
        ("bytes=990-", 206, slice(990, 1000), "bytes 990-999/1000"),
        ("bytes=-10", 206, slice(990, 1000), "bytes 990-999/1000"),
        ("bytes=500-99999", 206, slice(500, 1000), "bytes 500-999/1000"),
        ("bytes=1000-", 416, None, "bytes */1000"),
        ("bytes=0-1,5-6", 416, None, "bytes */1000"),
        ("lines=1-2", 200, slice(0, 1000), None),
    ],
)
def test_ranges_are_answered(anna: Person, asked: str, status: int, part: slice | None, content_range: str) -> None:
    data = os.urandom(1000)
    (anna.folder / "film.mp4").write_bytes(data)
    answer = anna.hub.get(anna.url(anna.folder / "film.mp4"), headers={"Range": asked})
    if asked.startswith("lines"):
        assert answer.status in (200, 416)
        return
    assert answer.status == status
    assert answer.headers.get("content-range") == content_range
    if part is not None:
        assert answer.body == data[part]


def test_what_is_known_is_not_sent_again_and_a_range_of_another_file_is_not_mixed_in(anna: Person) -> None:
    """ETag with If-None-Match gives 304; If-Range with another tag gives the whole file."""
    (anna.folder / "film.mp4").write_bytes(b"x" * 1000)
    url = anna.url(anna.folder / "film.mp4")
    head = anna.hub.request("HEAD", url)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "1000")
    tag = head.headers["etag"]
    assert anna.hub.get(url, headers={"If-None-Match": tag}).status == 304
    assert anna.hub.get(url, headers={"If-Range": tag, "Range": "bytes=0-1"}).status == 206
    assert anna.hub.get(url, headers={"If-Range": '"other"', "Range": "bytes=0-1"}).status == 200


def test_names_of_all_kinds_are_kept_and_write_no_header(anna: Person) -> None:
    for name in ("Grüße 日本.txt", 'quote".txt', "semi;colon=x.txt", "100%.txt", "back\\slash.txt", "new\nline.txt"):
        (anna.folder / name).write_text("x")
        made = anna.link(str(anna.folder / name).replace("\\", "\\\\"), purpose="download")
        assert made.status == 201, (name, made.body)
        answer = anna.hub.get(made.json["url"])
        assert answer.status == 200, name
        said = answer.headers["content-disposition"]
        assert said.startswith('attachment; filename="'), said
        assert "\n" not in said
    assert "filename*=UTF-8''new_line.txt" in said


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "data.xml", "script.js", "page.xhtml", "no-ending"])
def test_what_a_browser_could_run_is_never_shown(anna: Person, name: str) -> None:
    """HTML and SVG that somebody uploaded are saved, not shown, also when a link for viewing was asked for."""
    (anna.folder / name).write_text("<script>alert(1)</script>")
    made = anna.link(anna.folder / name, purpose="view").json
    assert made["inline"] is False
    answer = anna.hub.get(made["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_link_that_was_tampered_with_opens_nothing(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    url = anna.url(anna.folder / "a.txt")
    ticket = url.split("/")[3]
    end, begin = ("QQ" if ticket.endswith("AA") else "AA"), ("B" if ticket.startswith("A") else "A")
    for spoiled in (ticket[:-2] + end, begin + ticket[1:], ticket[:40], ticket + "A", "A" * 5000, "..%2f..", "%00"):
        answer = anna.hub.get(f"/transfers/d/{spoiled}/a.txt")
        assert answer.status == 404, spoiled
        if spoiled != "%00":
            assert answer.json["error"]["code"] == "link_not_valid"
    assert anna.hub.get(url.replace("/d/", "/u/")).status == 404
    assert anna.hub.get(url.replace("/d/", "/upload/")).status == 404


def test_the_name_in_the_address_opens_no_other_file(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    (anna.folder / "b.txt").write_text("b")
    base = anna.url(anna.folder / "a.txt").rsplit("/", 1)[0]
    for name in ("b.txt", "../b.txt", "..%2fb.txt", ""):
        assert anna.hub.get(f"{base}/{name}").body == b"a"


def test_another_file_in_the_place_of_the_first_is_not_shown(anna: Person) -> None:
    """Replaced or changed after the link was made: 409, and a new link is needed."""
    path = anna.folder / "a.txt"
    path.write_text("first")
    url = anna.url(path)
    fresh = anna.folder / "new"
    fresh.write_text("other")
    fresh.rename(path)
    assert anna.hub.get(url).json["error"]["code"] == "link_outdated"
    assert anna.hub.get(anna.url(path)).body == b"other"


def test_a_file_that_became_a_link_is_not_followed(anna: Person, ben: Person) -> None:
    """A symbolic link in the place of the file, or of a folder above it, leads nowhere."""
    secret = ben.folder / "secret.txt"
    secret.write_text("of Ben")
    (anna.folder / "sub").mkdir()
    path = anna.folder / "sub" / "secret.txt"
    path.write_text("of Anna")
    url = anna.url(path)
    path.unlink()
    path.symlink_to(secret)
    assert anna.hub.get(url).status == 404
    assert anna.link(path).status == 403
    path.unlink()
    (anna.folder / "sub").rmdir()
    (anna.folder / "sub").symlink_to(ben.folder)
    answer = anna.hub.get(url)
    assert answer.status == 404
    assert b"Ben" not in answer.body
    assert anna.link(path).status == 403


def test_nobody_makes_links_to_what_is_not_theirs(anna: Person, ben: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    seen = [ben.link(path) for path in (anna.folder / "a.txt", anna.folder / "nothing.txt", "/etc/passwd")]
    assert {one.status for one in seen} == {403}
    assert len({one.json["error"]["message"] for one in seen}) == 1
    assert anna.link(str(anna.folder / "sub/../a.txt")).status == 403
    assert anna.link(anna.folder / ".homie" / "volume.json").status == 403
    assert ben.hub.post("/api/v1/transfers/links", {"path": str(anna.folder / "a.txt")}).status == 401


def test_pipes_and_devices_are_never_opened(anna: Person) -> None:
    os.mkfifo(anna.folder / "pipe.txt")
    assert anna.link(anna.folder / "pipe.txt").status == 422


def test_a_link_ends_with_the_log_in_that_made_it(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    device = Person(anna.hub, anna.hub.log_in("anna", PASSWORD), anna.space, anna.folder)
    url, page = device.url(anna.folder / "a.txt"), device.upload_ticket()
    other = anna.url(anna.folder / "a.txt")
    assert anna.hub.get(url).status == 200
    assert anna.hub.post("/api/v1/accounts/logout", token=device.token).status == 204
    answer = anna.hub.get(url)
    assert (answer.status, answer.json["error"]["code"]) == (404, "link_not_valid")
    assert anna.hub.get(page.replace("/u/", "/upload/")).status == 404
    assert anna.hub.get(other).status == 200


def test_a_link_ends_with_the_grant_of_its_folder(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    url = anna.url(anna.folder / "a.txt")
    roots = anna.hub.get("/api/v1/accounts/roots", token=anna.token).json["items"]
    root = next(one["id"] for one in roots if one["path"] == str(anna.folder))
    assert anna.hub.request("DELETE", f"/api/v1/accounts/roots/{root}", token=anna.token).status == 204
    assert anna.hub.get(url).json["error"]["code"] == "link_not_valid"


def test_the_security_log_says_who_made_a_way_in_and_not_where(anna: Person) -> None:
    (anna.folder / "secret folder").mkdir()
    anna.upload_ticket(anna.folder / "secret folder")
    entries = anna.hub.get("/api/v1/accounts/audit", token=anna.token)
    assert entries.status == 200, entries.body
    assert "transfers.upload_link_made" in {one["action"] for one in entries.json["items"]}
    assert b"secret folder" not in entries.body


def test_the_same_file_has_the_same_address_for_a_while(anna: Person) -> None:
    """Browsers keep pictures by their address: it only changes with the file, the log-in, and every few minutes."""
    (anna.folder / "a.jpg").write_bytes(b"x")
    assert len({anna.url(anna.folder / "a.jpg") for _ in range(3)}) <= 2


def test_the_path_stands_in_no_address_and_no_log(anna: Person) -> None:
    (anna.folder / "very private.txt").write_text("x")
    url = anna.url(anna.folder / "very private.txt")
    ticket = url.split("/")[3]
    assert anna.folder.name not in url
    anna.hub.get(url)
    assert ticket not in anna.hub.log


def test_people_see_a_page_and_programs_see_json(anna: Person) -> None:
    answer = anna.hub.get("/transfers/upload/nonsense", headers={"Accept": "text/html", "Accept-Language": "de-AT,de"})
    assert answer.status == 404
    assert "Dieser Link gilt nicht mehr" in answer.body.decode()
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert anna.hub.get("/transfers/upload/nonsense").json["error"]["code"] == "link_not_valid"


def test_a_folder_comes_as_a_zip(anna: Person, ben: Person) -> None:
    """Everything in it, nothing that lies elsewhere: links and Homie's own folder are left out."""
    for name in ("a.txt", "sub/b ü.txt", "sub/deeper/c.bin"):
        path = anna.folder / "Trip" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 1000)
    (anna.folder / "Trip" / "empty").mkdir()
    (anna.folder / "Trip" / "link").symlink_to(ben.folder)
    (anna.folder / "Trip" / ".homie-x.part").write_text("x")
    os.mkfifo(anna.folder / "Trip" / "pipe")
    made = anna.link(anna.folder / "Trip").json
    assert (made["size"], made["media_type"]) == (None, "application/zip")
    answer = anna.hub.get(made["url"])
    assert answer.headers["content-disposition"].startswith('attachment; filename="Trip.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        names = {"a.txt", "sub/", "sub/b ü.txt", "sub/deeper/", "sub/deeper/c.bin", "empty/"}
        assert set(archive.namelist()) == names
        assert archive.read("sub/b ü.txt") == "sub/b ü.txt".encode() * 1000


def test_the_root_itself_comes_as_a_zip_without_what_homie_keeps_there(anna: Person) -> None:
    (anna.folder / "a.txt").write_text("a")
    with zipfile.ZipFile(io.BytesIO(anna.hub.get(anna.url(anna.folder)).body)) as archive:
        assert archive.namelist() == ["a.txt"]


def test_a_large_folder_passes_with_flat_memory(anna: Person) -> None:
    """300 MB in a zip: the server holds a few blocks of it."""
    import http.client

    import psutil

    folder = anna.folder / "Films"
    folder.mkdir()
    for number in range(3):
        with (folder / f"{number}.mkv").open("wb") as file:
            file.truncate(100_000_000)
    url = anna.url(folder)
    assert anna.hub.process is not None
    process = psutil.Process(anna.hub.process.pid)
    before, most, got = process.memory_info().rss, 0, 0
    connection = http.client.HTTPConnection("127.0.0.1", anna.hub.port, timeout=60)
    connection.request("GET", url)
    answer = connection.getresponse()
    while block := answer.read(1 << 20):
        got += len(block)
        most = max(most, process.memory_info().rss - before)
    connection.close()
    assert got > 300_000_000
    assert most < 60_000_000


def test_guessing_is_slowed(tmp_path: Path) -> None:
    """After some sixty wrong tickets from one address the answer is 429; who holds a good one goes on."""
    with make_hub(tmp_path) as hub:
        token = hub.set_up("anna", PASSWORD)
        anna = make_person(hub, token, token, tmp_path / "files")
        (anna.folder / "a.txt").write_text("a")
        url = anna.url(anna.folder / "a.txt")
        statuses = [hub.get(f"/transfers/d/{number}").status for number in range(90)]
        assert set(statuses) == {404, 429}
        assert hub.get(url).status == 200


def test_a_disabled_person_and_their_links(house: tuple[Hub, str, Path]) -> None:
    hub, admin, files = house
    token = invited(hub, admin, "dora")
    dora = make_person(hub, admin, token, files / "dora")
    (dora.folder / "a.txt").write_text("a")
    url = dora.url(dora.folder / "a.txt")
    me = hub.get("/api/v1/accounts/me", token=token).json["person"]["id"]
    done = hub.request("PATCH", f"/api/v1/accounts/users/{me}", {"disabled": True}, token=admin)
    assert done.status == 200, done.body
    assert hub.get(url).status == 404
