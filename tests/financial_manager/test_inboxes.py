"""Statement inboxes: read by themselves, booked only beyond doubt, never twice; the files are never changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from backend.core.jobs.database import open_jobs_database
from backend.core.jobs.service import JobService
from backend.core.jobs.store import JobStore
from backend.financial_manager.finances import Finances
from backend.financial_manager.inboxes.watch import AGAIN, InboxWatch
from backend.financial_manager.settings import FinancialManagerSettings
from backend.sdk.actor import Actor
from backend.sdk.db import DatabaseBusy
from tests.financial_manager.conftest import Household

IBAN = "AT611904300234573201"


def statement(*rows: tuple[str, str, str], opening: int = 0) -> bytes:
    """Return a table with a balance on each line, the newest first, as banks write it; amounts in cents."""
    lines, balance = [], opening
    for day, who, cents in rows:
        balance += int(cents)
        amount, held = (f"{number / 100:.2f}".replace(".", ",") for number in (int(cents), balance))
        lines.append(f"{IBAN};{day};{who};{amount};EUR;{held}")
    head = "Auftragskonto;Buchungsdatum;Empfänger;Betrag;Währung;Saldo"
    return ("\n".join([head, *reversed(lines)]) + "\n").encode()


FIRST = (("03.02.2026", "Muster GmbH", "200000"), ("04.02.2026", "Shop", "-5000"))
LATER = (*FIRST, ("05.02.2026", "Bakery", "-700"))


@pytest.fixture
def watched(household: Household, anna: Actor, tmp_path: Path) -> Path:
    """Open a folder to Anna and make it a statement inbox; nothing has to lie still first."""
    household.ctx.settings = FinancialManagerSettings(inbox_settle_seconds=0)
    household.app.finances = Finances(household.ctx)
    folder = tmp_path / "bank"
    folder.mkdir()
    household.roots.grant("anna", folder)
    made = household.client(anna).post("/statement-inboxes", json={"path": str(folder)})
    assert made.status_code == 201, made.text
    return folder


def look(household: Household, actor: Actor) -> dict[str, int]:
    answer = household.client(actor).post("/statement-inboxes/look")
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json
    return found


def seen(household: Household, actor: Actor, state: str = "waiting") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        household.client(actor).get("/statements-seen", query_string={"state": state}).json["items"]
    )
    return found


def test_a_statement_beyond_doubt_is_booked_once(household: Household, anna: Actor, watched: Path) -> None:
    """Also one in a folder below; looked at again, copied, renamed, overlapping: nothing is there twice."""
    giro = household.account(anna, "Giro", iban=IBAN)
    (watched / "2026").mkdir()
    file = watched / "2026" / "february.csv"
    file.write_bytes(statement(*FIRST))
    before = file.stat()
    assert look(household, anna) == {"booked": 1, "waiting": 0, "known": 0, "settling": 0, "away": 0}
    assert household.balance(anna, giro["id"]) == 1_950_00
    assert look(household, anna)["booked"] == 0
    (watched / "copy.csv").write_bytes(file.read_bytes())
    file.rename(watched / "moved.csv")
    assert sum(look(household, anna).values()) == 0
    (watched / "longer.csv").write_bytes(statement(*LATER))
    assert look(household, anna)["booked"] == 1
    assert household.balance(anna, giro["id"]) == 1_943_00
    assert len(household.lines(anna)) == 3
    after = (watched / "moved.csv").stat()
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (before.st_mtime_ns, before.st_size, before.st_ino)
    assert seen(household, anna) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hello world\nno statement at all\n", ""),
        (statement(*FIRST).replace(b"1950,00", b"1951,00"), ""),
        (b"Auftragskonto;Buchungsdatum;Betrag;Waehrung\nAT611904300234573201;03.02.2026;-5,00;EUR\n", "by a balance"),
        (statement(*FIRST).replace(IBAN.encode(), b"DE89370400440532013000"), "not known to which account"),
        (b"", ""),
        (b"\x00" * 4000, ""),
    ],
    ids=["no statement", "balance wrong", "no balance", "another account", "empty", "zeros"],
)
def test_whatever_is_in_doubt_waits_for_a_person(
    household: Household, anna: Actor, watched: Path, data: bytes, why: str
) -> None:
    """Nothing is booked, Home says so, and the reason is told."""
    household.account(anna, "Giro", iban=IBAN)
    (watched / "february.csv").write_bytes(data)
    assert look(household, anna)["waiting"] == 1
    (one,) = seen(household, anna)
    assert one["reason"]
    assert why in one["reason"]
    assert one["path"] == str(watched / "february.csv")
    assert household.lines(anna) == []
    assert [a.count for a in household.app.attention(anna) if a.kind == "financial_manager.statements"] == [1]
    assert look(household, anna)["waiting"] == 0


SAVINGS = "DE89370400440532013000"


def of_two_accounts(*, savings: int = 40_00) -> bytes:
    """Return an MT940 file with a statement of the current account and one of the savings; amounts in cents."""
    parts = []
    for iban, moved in ((IBAN, 2000_00), (SAVINGS, savings)):
        held = f"{moved / 100:.2f}".replace(".", ",")
        parts += [
            ":20:START", f":25:{iban}", ":28C:2/1", ":60F:C260201EUR0,00", f":61:2602030203C{held}NTRFNONREF",
            ":86:Muster GmbH", f":62F:C260228EUR{held}", "-",
        ]  # fmt: skip
    return "\r\n".join([*parts, ""]).encode()


def test_a_file_of_several_accounts_is_booked_into_each(household: Household, anna: Actor, watched: Path) -> None:
    """As banks give one file for all of them: whose they are is known, and each balance proves its lines."""
    giro, savings = household.account(anna, "Giro", iban=IBAN), household.account(anna, "Savings", iban=SAVINGS)
    (watched / "all.sta").write_bytes(of_two_accounts())
    assert look(household, anna)["booked"] == 1
    assert [household.balance(anna, one["id"]) for one in (giro, savings)] == [2000_00, 40_00]
    assert seen(household, anna) == []
    assert len(household.lines(anna)) == 2
    (watched / "copy.sta").write_bytes(of_two_accounts())
    assert sum(look(household, anna).values()) == 0


def test_nothing_of_a_file_is_booked_where_one_of_its_accounts_is_in_doubt(
    household: Household, anna: Actor, watched: Path
) -> None:
    """It waits for the account that a person has to look at, and after that for the other one's lines."""
    giro, savings = household.account(anna, "Giro", iban=IBAN), household.account(anna, "Savings", iban=SAVINGS)
    wrong = of_two_accounts().replace(b":62F:C260228EUR40,00", b":62F:C260228EUR41,00")
    (watched / "all.sta").write_bytes(wrong)
    assert look(household, anna)["waiting"] == 1
    assert household.lines(anna) == []
    (one,) = seen(household, anna)
    assert one["account_id"] == savings["id"]
    assert household.book(anna, savings["id"], wrong, "all.sta").status_code == 201
    (one,) = seen(household, anna)
    assert (one["account_id"], one["reason"]) == (
        giro["id"], "It also holds lines of Giro, which are not booked yet.",
    )  # fmt: skip
    assert household.book(anna, giro["id"], wrong, "all.sta").status_code == 201
    assert seen(household, anna) == []
    assert [household.balance(anna, one["id"]) for one in (giro, savings)] == [2000_00, 40_00]


def test_a_file_with_lines_of_an_account_that_nobody_knows_waits(
    household: Household, anna: Actor, watched: Path
) -> None:
    """They would be left out; once a person has booked the known ones, the file waits no more."""
    giro = household.account(anna, "Giro", iban=IBAN)
    (watched / "all.sta").write_bytes(of_two_accounts())
    assert look(household, anna)["waiting"] == 1
    (one,) = seen(household, anna)
    assert one["account_id"] == giro["id"]
    assert SAVINGS in one["reason"]
    assert household.book(anna, giro["id"], of_two_accounts(), "all.sta").status_code == 201
    assert seen(household, anna) == []


def test_a_file_that_was_replaced_waits_no_more(household: Household, anna: Actor, watched: Path) -> None:
    """A download that was cut off and done again: what waited is gone from its place, and only the whole one counts."""
    giro = household.account(anna, "Giro", iban=IBAN)
    file = watched / "february.csv"
    file.write_bytes(statement(*FIRST)[:-30])
    assert look(household, anna)["waiting"] == 1
    file.write_bytes(statement(*FIRST))
    assert look(household, anna)["booked"] == 1
    assert seen(household, anna) == []
    assert [a.count for a in household.app.attention(anna) if a.kind == "financial_manager.statements"] == []
    assert household.balance(anna, giro["id"]) == 1_950_00


def test_a_gap_between_two_statements_is_a_doubt(household: Household, anna: Actor, watched: Path) -> None:
    """The bank's balance does not follow from the ledger's: somebody has to look."""
    giro = household.account(anna, "Giro", iban=IBAN)
    (watched / "a.csv").write_bytes(statement(*FIRST))
    look(household, anna)
    (watched / "c.csv").write_bytes(statement(("20.02.2026", "Rent", "-10000"), opening=150000))
    assert look(household, anna)["waiting"] == 1
    assert household.balance(anna, giro["id"]) == 1_950_00
    assert "Homie would hold" in seen(household, anna)[0]["reason"]


def test_a_waiting_statement_is_booked_by_hand_or_left(household: Household, anna: Actor, watched: Path) -> None:
    """Booked from its path it waits no more; left, it can be taken up again; a booked one cannot be left."""
    giro = household.account(anna, "Giro")
    (watched / "a.csv").write_bytes(statement(*FIRST))
    look(household, anna)
    (one,) = seen(household, anna)
    client = household.client(anna)
    assert client.patch(f"/statements-seen/{one['id']}", json={"left": True}).json["state"] == "left"
    assert seen(household, anna) == []
    client.patch(f"/statements-seen/{one['id']}", json={"left": False})
    booked = client.post("/imports", json={"account_id": giro["id"], "path": one["path"]})
    assert booked.status_code == 201, booked.text
    assert seen(household, anna) == []
    (now,) = seen(household, anna, "booked")
    assert (now["batch_id"], now["undone"]) == (booked.json["id"], False)
    assert client.patch(f"/statements-seen/{one['id']}", json={"left": True}).status_code == 409
    assert client.patch(f"/statements-seen/{one['id']}", json={"left": None}).status_code == 422


def test_an_import_that_was_taken_back_stays_so(household: Household, anna: Actor, watched: Path) -> None:
    household.account(anna, "Giro", iban=IBAN)
    (watched / "a.csv").write_bytes(statement(*FIRST))
    look(household, anna)
    (batch,) = household.client(anna).get("/imports").json["items"]
    household.client(anna).post(f"/imports/{batch['id']}/undo")
    (watched / "again.csv").write_bytes(statement(*FIRST))
    assert sum(look(household, anna).values()) == 0
    assert household.lines(anna) == []
    assert seen(household, anna, "booked")[0]["undone"] is True


def test_a_file_that_is_still_written_is_let_alone(household: Household, anna: Actor, watched: Path) -> None:
    household.account(anna, "Giro", iban=IBAN)
    household.ctx.settings = FinancialManagerSettings(inbox_settle_seconds=600)
    household.app.finances = Finances(household.ctx)
    household.__dict__.pop("api", None)
    (watched / "a.csv").write_bytes(statement(*FIRST))
    assert look(household, anna)["settling"] == 1
    assert household.lines(anna) == []


def test_links_and_hidden_files_are_never_followed(
    household: Household, anna: Actor, watched: Path, tmp_path: Path
) -> None:
    household.account(anna, "Giro", iban=IBAN)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_bytes(statement(*FIRST))
    (watched / "link.csv").symlink_to(outside / "secret.csv")
    (watched / "folder").symlink_to(outside)
    (watched / ".hidden.csv").write_bytes(statement(*FIRST))
    assert sum(look(household, anna).values()) == 0


def test_inboxes_are_ones_own_and_lie_in_opened_folders(
    household: Household, anna: Actor, ben: Actor, watched: Path, tmp_path: Path
) -> None:
    """Not opened: refused. Inside or above another: refused. Another person sees, removes and reads nothing of it."""
    client = household.client(anna)
    assert client.post("/statement-inboxes", json={"path": str(tmp_path)}).status_code == 403
    (watched / "sub").mkdir()
    assert client.post("/statement-inboxes", json={"path": str(watched / "sub")}).status_code == 409
    (one,) = client.get("/statement-inboxes").json["items"]
    assert one["path"] == str(watched)
    assert household.client(ben).get("/statement-inboxes").json["items"] == []
    assert household.client(ben).delete(f"/statement-inboxes/{one['id']}").status_code == 404
    (watched / "a.csv").write_bytes(b"no statement")
    look(household, anna)
    (file,) = seen(household, anna)
    assert household.client(ben).patch(f"/statements-seen/{file['id']}", json={"left": True}).status_code == 404
    assert seen(household, ben) == []
    assert client.delete(f"/statement-inboxes/{one['id']}").status_code == 204
    assert client.get("/statement-inboxes").json["items"] == []
    step = client.get("/changes").json["items"][0]
    client.post(f"/changes/{step['id']}/undo")
    assert len(client.get("/statement-inboxes").json["items"]) == 1


def test_a_folder_that_was_taken_back_is_away(household: Household, anna: Actor, watched: Path) -> None:
    household.roots.take_back("anna")
    assert look(household, anna)["away"] == 1
    assert household.client(anna).get("/statement-inboxes").json["items"][0]["path"] is None


class Noted:
    """Take down what is asked of the jobs."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def enqueue(self, actor: Actor, kind: str, *_: Any, **__: Any) -> Any:
        self.asked.append((actor.owner_id, kind))
        return SimpleNamespace(id=str(len(self.asked)))


def test_the_watcher_asks_once_when_something_came_and_is_quiet(
    household: Household, anna: Actor, watched: Path
) -> None:
    noted = Noted()
    household.ctx.jobs = noted  # type: ignore[assignment]
    watch = InboxWatch(household.ctx)
    assert [watch.tick() for _ in range(3)] == [0, 1, 0]
    (watched / "a.csv").write_bytes(statement(*FIRST))
    assert [watch.tick() for _ in range(4)] == [0, 1, 0, 0]
    assert set(noted.asked) == {("anna", "financial_manager.look_into_inboxes")}


def test_a_look_that_failed_is_asked_for_again(
    household: Household, anna: Actor, watched: Path, tmp_path: Path
) -> None:
    """After a while and until one succeeds, though nothing in the folder has changed; then never again."""
    jobs_db = open_jobs_database(tmp_path / "jobs.db")
    jobs_db.create_all()
    household.ctx.jobs, store = JobService(jobs_db, household.clock), JobStore(jobs_db, household.clock)
    watch = InboxWatch(household.ctx)
    assert [watch.tick() for _ in range(3)] == [0, 1, 0]
    for _ in range(2):
        job = store.claim("worker")
        assert job is not None
        store.fail(job, "the disk was full", retry=False)
        assert watch.tick() == 0
        household.clock.advance(AGAIN + 1)
        assert [watch.tick() for _ in range(3)] == [1, 0, 0]
    job = store.claim("worker")
    assert job is not None
    store.finish(job, None)
    for _ in range(3):
        household.clock.advance(AGAIN + 1)
        assert watch.tick() == 0
    jobs_db.close()


def test_a_statement_is_booked_by_the_next_look_when_the_database_was_busy(
    household: Household, anna: Actor, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was claimed, its booking found no turn: the claim is let go, and nobody has to look at it by hand."""
    household.account(anna, "Giro", iban=IBAN)
    (watched / "february.csv").write_bytes(statement(*FIRST))
    looking, db = household.finances.looking, household.ctx.db
    if db.kind != "sqlite":
        pytest.skip("SQLite's lock")
    db.store.dispose()
    event.listen(db.store.writer, "connect", lambda dbapi, _: dbapi.execute("PRAGMA busy_timeout=100"))
    book, let_go = looking._book, looking._let_go
    with closing(sqlite3.connect(db.store.path, isolation_level=None, check_same_thread=False)) as other:

        def busy(*given: Any) -> Any:
            other.execute("BEGIN IMMEDIATE")
            return book(*given)

        def free(*given: Any) -> None:
            other.execute("ROLLBACK")
            let_go(*given)

        monkeypatch.setattr(looking, "_book", busy)
        monkeypatch.setattr(looking, "_let_go", free)
        with pytest.raises(DatabaseBusy):
            looking.look(anna)
        monkeypatch.undo()
    assert seen(household, anna) == []
    assert looking.look(anna).booked == 1
    assert household.client(anna).get("/imports").json["items"]
