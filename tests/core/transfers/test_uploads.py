"""Uploads by tus 1.0.0: parts, offsets, checksums, names, isolation; nothing is overwritten, nothing half is shown."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import threading
from pathlib import Path

import pytest

from tests.core.runtime.conftest import eventually
from tests.core.transfers.conftest import PART, PASSWORD, TUS, Person, encoded, grant, invited, make_hub, make_person
from tests.hub import Answer, Hub


def code(answer: Answer) -> str:
    return str(answer.json["error"]["code"])


def parts_of(person: Person) -> list[Path]:
    folder = person.folder / ".homie" / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def shown(person: Person) -> set[str]:
    return {path.name for path in person.folder.iterdir()} - {".homie"}


def test_the_server_says_what_it_speaks(anna: Person) -> None:
    for where in ("/api/v1/transfers/uploads", anna.upload_ticket()):
        answer = anna.hub.request("OPTIONS", where)
        assert answer.status == 204
        assert answer.headers["tus-version"] == "1.0.0"
        extensions = set(answer.headers["tus-extension"].split(","))
        assert extensions == {"creation", "creation-with-upload", "expiration", "checksum", "termination"}
        assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")


def test_a_file_arrives_in_parts_and_gets_its_name_at_the_end(anna: Person) -> None:
    data = os.urandom(300_000)
    where = anna.begun("film.mkv", len(data), lastModified="1700000000000")
    assert anna.offset(where) == 0
    assert anna.send(where, 0, data[:100_000]).headers["upload-offset"] == "100000"
    assert shown(anna) == set()
    assert anna.offset(where) == 100_000
    last = anna.send(where, 100_000, data[100_000:])
    assert (last.status, last.headers["upload-offset"]) == (204, "300000")
    assert last.headers["x-homie-saved-as"] == "film.mkv"
    assert last.headers["tus-resumable"] == "1.0.0"
    path = anna.folder / "film.mkv"
    assert path.read_bytes() == data
    assert path.stat().st_mtime == 1_700_000_000
    assert path.stat().st_mode & 0o777 == anna.folder.stat().st_mode & 0o666
    assert parts_of(anna) == []
    assert anna.offset(where) == 300_000
    shown_upload = anna.hub.get(where, token=anna.token).json
    assert (shown_upload["state"], shown_upload["path"]) == ("finished", "film.mkv")


def test_the_first_part_may_come_with_the_beginning(anna: Person) -> None:
    given = f"filename {encoded('a.txt')},folder {encoded(str(anna.folder))}"
    headers = TUS | {"Upload-Length": "5", "Upload-Metadata": given, "Content-Type": PART}
    answer = anna.hub.post("/api/v1/transfers/uploads", b"hello", headers=headers, token=anna.token)
    assert (answer.status, answer.headers["upload-offset"]) == (201, "5")
    assert (anna.folder / "a.txt").read_text() == "hello"


def test_an_empty_file_is_there_at_once(anna: Person) -> None:
    answer = anna.begin("empty.txt", 0)
    assert answer.status == 201
    assert (anna.folder / "empty.txt").read_bytes() == b""


def test_nothing_is_overwritten(anna: Person) -> None:
    (anna.folder / "Letter.TXT").write_text("there before")
    for _ in range(3):
        anna.send(anna.begun("letter.txt", 3), 0, b"new")
    assert shown(anna) == {"Letter.TXT", "letter (2).txt", "letter (3).txt", "letter (4).txt"}
    assert (anna.folder / "Letter.TXT").read_text() == "there before"


def test_two_uploads_of_one_name_at_once_both_arrive(anna: Person) -> None:
    wheres = [anna.begun("same.bin", 4) for _ in range(6)]
    threads = [threading.Thread(target=anna.send, args=(w, 0, b"%04d" % n)) for n, w in enumerate(wheres)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.read_bytes() for path in anna.folder.glob("same*.bin")} == {b"%04d" % n for n in range(6)}


@pytest.mark.parametrize(
    ("sent", "saved"),
    [
        ("12:30 Uhr?.jpg", "12_30 Uhr_.jpg"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a/b.txt", "a_b.txt"),
        (".homie", "_.homie"),
        ("con.txt", "_con.txt"),
        ("dots...", "dots"),
        ("u\u0308ber.txt", "über.txt"),
        ("x" * 300 + ".jpeg", "x" * 250 + ".jpeg"),
        ("tab\there.txt", "tab_here.txt"),
    ],
)
def test_names_are_made_possible_instead_of_refused(anna: Person, sent: str, saved: str) -> None:
    answer = anna.send(anna.begun(sent, 1), 0, b"x")
    assert answer.status == 204, answer.body
    assert shown(anna) == {saved}


def test_a_folder_of_files_keeps_its_shape_and_cannot_climb_out(anna: Person) -> None:
    (anna.folder / "trip").mkdir()
    (anna.folder / "blocked").write_text("a file")
    for relative in ("Trip/a.txt", "Trip/day 1/b.txt", "blocked/c.txt"):
        assert anna.send(anna.begun("x", 1, relativePath=relative), 0, b"x").status == 204
    assert (anna.folder / "trip" / "a.txt").exists()
    assert (anna.folder / "trip" / "day 1" / "b.txt").exists()
    assert (anna.folder / "blocked (2)" / "c.txt").exists()
    for bad in ("../a.txt", "a/../../b.txt", "/".join(["d"] * 40), "/"):
        assert anna.begin("x", 1, relativePath=bad).status == 400, bad


def test_a_link_in_the_place_of_a_folder_is_not_followed(anna: Person, ben: Person) -> None:
    """Made after the upload began: the files of the other stay as they are."""
    (anna.folder / "sub").mkdir()
    where = anna.begun("a.txt", 2, folder=anna.folder / "sub")
    nested = anna.begun("a.txt", 1, relativePath="deep/a.txt")
    (anna.folder / "sub").rmdir()
    (anna.folder / "sub").symlink_to(ben.folder)
    (anna.folder / "deep").symlink_to(ben.folder)
    before = sorted(ben.folder.iterdir())
    assert anna.send(where, 0, b"xx").status in (403, 404)
    assert anna.send(nested, 0, b"x").status == 204
    assert (anna.folder / "deep (2)" / "a.txt").exists()
    assert sorted(ben.folder.iterdir()) == before
    assert anna.begin("a.txt", 2, folder=anna.folder / "sub").status == 403


def test_what_does_not_follow_the_protocol_is_refused(anna: Person) -> None:
    uploads, where = "/api/v1/transfers/uploads", anna.begun("a.txt", 10)
    good = {"Upload-Offset": "0", "Content-Type": PART}

    def patch(**headers: str | None) -> tuple[int, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**TUS, **good, **named}.items() if value is not None}
        answer = anna.hub.request("PATCH", where, b"12345", headers=sent, token=anna.token)
        return answer.status, code(answer)

    assert patch(Tus_Resumable=None) == (412, "tus_version_not_known")
    assert patch(Tus_Resumable="0.2.2") == (412, "tus_version_not_known")
    assert patch(Content_Type="application/json") == (415, "unsupported_media_type")
    assert patch(Upload_Offset=None) == (400, "upload_refused")
    assert patch(Upload_Offset="-1") == (400, "upload_refused")
    assert patch(Upload_Offset="3") == (409, "upload_offset_mismatch")
    assert patch(Upload_Checksum="md5 abc") == (400, "upload_refused")
    assert anna.offset(where) == 0
    for headers in (
        {},
        {"Upload-Length": "x"},
        {"Upload-Length": "5", "Upload-Metadata": "filename !!"},
        {"Upload-Length": "5", "Upload-Metadata": f"folder {encoded(str(anna.folder))}"},
        {"Upload-Defer-Length": "1"},
        {"Upload-Length": "9" * 30},
    ):
        answer = anna.hub.post(uploads, headers=TUS | headers, token=anna.token)
        assert (answer.status, code(answer)) == (400, "upload_refused"), headers
        assert answer.headers["tus-resumable"] == "1.0.0"


def test_a_damaged_part_is_not_kept(anna: Person) -> None:
    data = b"0123456789"
    where = anna.begun("a.txt", 10)
    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
    right = base64.b64encode(hashlib.sha1(data[:5]).digest()).decode()
    refused = anna.send(where, 0, data[:5], **{"Upload-Checksum": f"sha1 {wrong}"})
    assert (refused.status, code(refused)) == (460, "checksum_mismatch")
    assert anna.offset(where) == 0
    assert anna.send(where, 0, data[:5], **{"Upload-Checksum": f"sha1 {right}"}).headers["upload-offset"] == "5"
    strong = base64.b64encode(hashlib.sha256(data[5:]).digest()).decode()
    assert anna.send(where, 5, data[5:], **{"Upload-Checksum": f"sha256 {strong}"}).status == 204
    assert (anna.folder / "a.txt").read_bytes() == data


def test_more_than_was_announced_is_not_taken(anna: Person) -> None:
    where = anna.begun("a.txt", 3)
    answer = anna.send(where, 0, b"123456")
    assert (answer.status, code(answer)) == (413, "upload_too_large")
    assert anna.send(where, 3, b"").status == 204
    assert (anna.folder / "a.txt").read_bytes() == b"123"


def test_a_part_without_a_length_is_taken_as_it_comes(anna: Person) -> None:
    """A body in chunks, as a proxy may send it."""
    where = anna.begun("a.bin", 700_000)
    connection = http.client.HTTPConnection("127.0.0.1", anna.hub.port, timeout=30)
    headers = TUS | {"Upload-Offset": "0", "Content-Type": PART, "Authorization": f"Bearer {anna.token}"}
    connection.request("PATCH", where, iter([b"x" * 100_000] * 7), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "700000")
    connection.close()
    assert (anna.folder / "a.bin").stat().st_size == 700_000


class Stalled:
    """A connection that sends a part and then nothing more, as a phone out of reach."""

    def __init__(self, person: Person, where: str, size: int, first: bytes) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", person.hub.port, timeout=30)
        self.connection.putrequest("PATCH", where)
        for name, value in (TUS | {"Upload-Offset": "0", "Content-Type": PART, "Content-Length": str(size)}).items():
            self.connection.putheader(name, value)
        self.connection.putheader("Authorization", f"Bearer {person.token}")
        self.connection.endheaders()
        self.connection.send(first)

    def close(self) -> None:
        self.connection.close()


def written(person: Person) -> int:
    return max((path.stat().st_size for path in parts_of(person)), default=0)


def test_one_connection_sends_and_whoever_asks_takes_over(anna: Person) -> None:
    """A second part at once is 423; asking for the offset ends the dead connection, with what it brought."""
    where = anna.begun("a.bin", 2_000_000)
    dead = Stalled(anna, where, 2_000_000, b"a" * 1_100_000)
    eventually(lambda: written(anna) >= 1_000_000)
    answer = anna.send(where, 0, b"b" * 10)
    assert (answer.status, code(answer)) == (423, "upload_locked")
    offset = anna.offset(where)
    assert 1_000_000 <= offset <= 1_100_000
    assert anna.send(where, offset, b"a" * (2_000_000 - offset)).status == 204
    assert (anna.folder / "a.bin").read_bytes() == b"a" * 2_000_000
    dead.close()


def test_a_cut_connection_loses_only_what_was_in_the_air(anna: Person) -> None:
    where = anna.begun("a.bin", 5_000_000)
    sender = Stalled(anna, where, 5_000_000, b"a" * 3_000_000)
    eventually(lambda: written(anna) >= 2_500_000)
    sender.close()
    assert anna.offset(where) >= 2_500_000


def test_an_upload_can_be_given_up(anna: Person) -> None:
    where = anna.begun("a.bin", 10)
    anna.send(where, 0, b"12345")
    assert len(parts_of(anna)) == 1
    assert anna.hub.request("DELETE", where, headers=TUS, token=anna.token).status == 204
    assert parts_of(anna) == []
    assert anna.hub.request("HEAD", where, headers=TUS, token=anna.token).status == 404
    assert code(anna.send(where, 5, b"12345")) == "upload_not_known"
    done = anna.begun("b.bin", 1)
    anna.send(done, 0, b"x")
    assert anna.hub.request("DELETE", done, token=anna.token).status == 204
    assert (anna.folder / "b.bin").exists()


def test_while_it_is_sent_an_upload_can_be_given_up(anna: Person) -> None:
    where = anna.begun("a.bin", 2_000_000)
    dead = Stalled(anna, where, 2_000_000, b"a" * 1_000_000)
    eventually(lambda: written(anna) >= 500_000)
    assert anna.hub.request("DELETE", where, token=anna.token).status == 204
    assert parts_of(anna) == []
    dead.close()


def test_uploads_of_others_are_as_unknown_as_none(anna: Person, ben: Person) -> None:
    where, nowhere = anna.begun("a.txt", 10), "/api/v1/transfers/uploads/01900000-0000-7000-8000-000000000000"
    for method, headers in (
        ("HEAD", TUS),
        ("GET", {}),
        ("DELETE", TUS),
        ("PATCH", TUS | {"Upload-Offset": "0", "Content-Type": PART}),
    ):
        body = b"0123456789" if method == "PATCH" else None
        theirs, absent = (
            anna.hub.request(method, one, body, headers=headers, token=ben.token) for one in (where, nowhere)
        )
        assert theirs.status == absent.status == 404, method
        if method != "HEAD":
            assert code(theirs) == code(absent) == "upload_not_known"
        through = anna.hub.request(method, f"{ben.upload_ticket()}/{where.rsplit('/', 1)[-1]}", body, headers=headers)
        assert through.status == (405 if method == "GET" else 404)
    assert anna.hub.request("HEAD", where, headers=TUS).status == 401
    assert anna.offset(where) == 0
    listed = anna.hub.get("/api/v1/transfers/uploads", token=ben.token).json["items"]
    assert where.rsplit("/", 1)[-1] not in {one["id"] for one in listed}


def test_members_of_one_space_do_not_touch_each_others_uploads(house: tuple[Hub, str, Path]) -> None:
    """The finished file is everybody's; the upload is its sender's."""
    hub, admin, files = house
    spaces = hub.get("/api/v1/accounts/spaces", token=admin).json["items"]
    home = next(one["id"] for one in spaces if one["kind"] == "household")
    made = hub.post("/api/v1/accounts/invitations", {"new_account": True, "space_id": home}, token=admin)
    body = {"code": made.json["code"], "name": "emil", "password": PASSWORD}
    token = hub.post("/api/v1/accounts/invitations/accept", body).json["tokens"]["access_token"]
    grant(hub, admin, home, files / "shared")
    sender, other = Person(hub, admin, home, files / "shared"), Person(hub, token, home, files / "shared")
    where = sender.begun("a.txt", 2)
    assert hub.request("HEAD", where, headers=TUS, token=token).status == 404
    assert other.send(where, 0, b"no").status == 404
    assert sender.send(where, 0, b"ok").status == 204
    assert hub.get(other.url(files / "shared" / "a.txt")).body == b"ok"
    upload = hub.get(where, token=admin).json
    assert upload["owner_id"] == home


def test_an_upload_ticket_leads_into_its_folder_only(anna: Person) -> None:
    """Whatever the client says; and it opens no file and no other upload of the same person."""
    (anna.folder / "in").mkdir()
    ticket = anna.upload_ticket(anna.folder / "in")
    given = f"filename {encoded('a.txt')},folder {encoded(str(anna.folder))}"
    headers = TUS | {"Upload-Length": "1", "Upload-Metadata": given}
    made = anna.hub.post(ticket, headers=headers)
    assert made.status == 201
    assert made.headers["location"].startswith(ticket)
    sent = TUS | {"Upload-Offset": "0", "Content-Type": PART}
    assert anna.hub.request("PATCH", made.headers["location"], b"x", headers=sent).status == 204
    assert (anna.folder / "in" / "a.txt").exists()
    elsewhere = anna.begun("b.txt", 1).rsplit("/", 1)[-1]
    assert anna.hub.request("HEAD", f"{ticket}/{elsewhere}", headers=TUS).status == 404
    assert anna.hub.get(ticket.replace("/u/", "/d/")).status == 404
    overridden = sent | {"X-HTTP-Method-Override": "PATCH"}
    second = anna.hub.post(ticket, headers=headers).headers["location"]
    assert anna.hub.post(second, b"y", headers=overridden).status == 204


def test_a_folder_that_may_only_be_read_takes_nothing(house: tuple[Hub, str, Path], admin: Person) -> None:
    hub, token, files = house
    grant(hub, token, admin.space, files / "read-only", writable=False)
    reader = Person(hub, token, admin.space, files / "read-only")
    assert (reader.begin("a.txt", 1).status, code(reader.begin("a.txt", 1))) == (409, "drive_read_only")
    asked = {"folder": str(reader.folder)}
    assert hub.post("/api/v1/transfers/upload_links", asked, token=token).status == 409


def test_access_that_ends_ends_the_upload(house: tuple[Hub, str, Path]) -> None:
    """Also in the middle of a part: the connection is ended, and nothing more is taken."""
    hub, admin, files = house
    token = invited(hub, admin, "frida")
    frida = make_person(hub, admin, token, files / "frida")
    where = frida.begun("a.bin", 2_000_000)
    dead = Stalled(frida, where, 2_000_000, b"a" * 1_000_000)
    eventually(lambda: written(frida) >= 500_000)
    assert hub.post("/api/v1/accounts/logout", token=token).status == 204
    dead.connection.sock.settimeout(20)
    answer = dead.connection.getresponse()
    assert answer.status >= 400
    dead.close()
    assert frida.send(where, 0, b"x").status == 401


def test_too_many_begun_uploads_are_refused(house: tuple[Hub, str, Path]) -> None:
    hub, admin, files = house
    gustav = make_person(hub, admin, invited(hub, admin, "gustav"), files / "gustav")
    for _ in range(200):
        assert gustav.begin("a", 1).status == 201
    answer = gustav.begin("a", 1)
    assert (answer.status, code(answer)) == (409, "uploads_too_many")


def test_the_devices_of_the_space_hear_of_it(anna: Person) -> None:
    mine = {"X-Homie-Space": anna.space}
    since = anna.hub.get("/api/v1/events", token=anna.token, headers=mine).json["cursor"]
    done = anna.begun("a.txt", 1)
    anna.send(done, 0, b"x")
    given_up = anna.begun("b.txt", 1)
    anna.hub.request("DELETE", given_up, token=anna.token)
    events = anna.hub.get(f"/api/v1/events?after={since}", token=anna.token, headers=mine).json["items"]
    ids = {done.rsplit("/", 1)[-1]: "finished", given_up.rsplit("/", 1)[-1]: "cancelled"}
    heard = [(one["name"], one["payload"]["upload_id"]) for one in events if one["name"].startswith("transfers.")]
    for upload, end in ids.items():
        names = [name for name, which in heard if which == upload]
        assert names == ["transfers.upload_started", f"transfers.upload_{end}"]


def test_the_list_is_paged_and_shows_ones_own(anna: Person) -> None:
    for number in range(3):
        anna.begun(f"{number}.bin", 1)
    first = anna.hub.get("/api/v1/transfers/uploads?limit=2&live=true", token=anna.token).json
    assert [one["name"] for one in first["items"]] == ["2.bin", "1.bin"]
    rest = f"/api/v1/transfers/uploads?limit=2&live=true&cursor={first['next_cursor']}"
    assert anna.hub.get(rest, token=anna.token).json["items"][0]["name"] == "0.bin"


def test_a_page_of_a_foreign_origin_uploads_nothing(anna: Person) -> None:
    """A ticket that leaked is still no use to a page elsewhere."""
    given = f"filename {encoded('a.txt')}"
    headers = TUS | {"Upload-Length": "1", "Upload-Metadata": given, "Origin": "https://evil.example"}
    assert anna.hub.post(anna.upload_ticket(), headers=headers).status == 403


def test_a_hub_that_is_killed_in_the_middle_goes_on_where_its_drive_stands(tmp_path: Path) -> None:
    """kill -9 while parts arrive: the offset counts bytes that are on the drive, and the file arrives whole."""
    data = os.urandom(150_000_000)
    with make_hub(tmp_path) as hub:
        token = hub.set_up("anna", PASSWORD)
        anna = make_person(hub, token, token, tmp_path / "files")
        where = anna.begun("film.mkv", len(data))
        sender = Stalled(anna, where, len(data), data[:120_000_000])
        eventually(lambda: written(anna) >= 110_000_000)
        hub.kill()
        sender.close()
        hub.start()
        offset = anna.offset(where)
        assert 64 << 20 <= offset <= 120_000_000
        assert parts_of(anna)[0].read_bytes()[:offset] == data[:offset]
        assert anna.send(where, offset, data[offset:]).status == 204
        assert (anna.folder / "film.mkv").read_bytes() == data
        assert shown(anna) == {"film.mkv"}


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_a_full_drive_says_so_keeps_what_came_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    from tests.file_organizer.execution.test_drives import mounted

    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=4m", "tmpfs"), make_hub(tmp_path) as hub:
        token = hub.set_up("anna", PASSWORD)
        anna = make_person(hub, token, token, tmp_path / "small")
        answer = anna.begin("huge.bin", 50_000_000)
        assert (answer.status, code(answer)) == (507, "drive_full")
        where = anna.begun("a.bin", 3_000_000)
        (anna.folder / "in the way").write_bytes(b"x" * 2_500_000)
        answer = anna.send(where, 0, b"a" * 3_000_000)
        assert (answer.status, code(answer)) == (507, "drive_full")
        offset = anna.offset(where)
        assert 1_000_000 < offset < 2_000_000
        (anna.folder / "in the way").unlink()
        assert anna.send(where, offset, b"a" * (3_000_000 - offset)).status == 204
        assert (anna.folder / "a.bin").read_bytes() == b"a" * 3_000_000


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_a_drive_that_is_away_gets_nothing_into_its_empty_folder(tmp_path: Path) -> None:
    import subprocess

    from tests.file_organizer.execution.test_drives import mounted

    point = tmp_path / "stick"
    with make_hub(tmp_path) as hub:
        token = hub.set_up("anna", PASSWORD)
        with mounted(point, "-t", "tmpfs", "-o", "size=8m", "tmpfs"):
            anna = make_person(hub, token, token, point)
            (point / "b.txt").write_text("b")
            where, url = anna.begun("a.bin", 10), anna.url(point / "b.txt")
            subprocess.run(["umount", "-l", str(point)], check=True)
            answer = anna.send(where, 0, b"0123456789")
            assert (answer.status, code(answer)) == (503, "drive_away")
            assert code(anna.hub.get(url)) == "drive_away"
            assert list(point.iterdir()) == []
