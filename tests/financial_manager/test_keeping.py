"""What the ledger survives: kill -9 of an import, a fresh migration, the export and the erasure of one person."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import backend.financial_manager
from backend.financial_manager.base import Base
from backend.sdk.actor import Actor
from backend.sdk.db import Database, migrate, schema_differences
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_building import Site
from tests.financial_manager.test_importing import FEBRUARY
from tests.financial_manager.test_ledger import category, enter
from tests.postgres_server import PostgresServer

REVISIONS = Path(backend.financial_manager.__file__).parent / "migrations"
LINES = 4000


def homie(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the command line on a household of its own."""
    environment = {**os.environ, "HOMIE_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "backend.cli", "money", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(folder: Path, *words: str) -> str:
    process = homie(folder, *words)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out


@pytest.mark.slow
def test_an_import_that_is_killed_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """kill -9 at moments all over it; afterwards the same file goes in, once."""
    path = tmp_path / "bank.csv"
    rows = "".join(f"{n % 28 + 1:02}.02.2026;Shop {n};-{n},00;EUR\n" for n in range(1, LINES + 1))
    path.write_text(f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{rows}")
    told(tmp_path, "open", "Giro")
    started = time.monotonic()
    told(tmp_path, "import", str(path), "--account", "Giro")
    whole = time.monotonic() - started
    told(tmp_path, "undo")
    moments = 8 if os.environ.get("HOMIE_TEST_FULL") else 3
    for number in range(moments):
        process = homie(tmp_path, "import", str(path), "--account", "Giro")
        time.sleep(whole * (0.4 + 0.55 * number / moments))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = len(json.loads(told(tmp_path, "list", "--limit", "10000", "--json"))["items"])
        assert found in (0, LINES)
        if found:
            told(tmp_path, "undo")
    assert "4000 booked" in told(tmp_path, "import", str(path), "--account", "Giro")
    assert "4000 were there already" in told(tmp_path, "import", str(path), "--account", "Giro")


def test_the_migrations_make_the_tables_of_the_code(
    engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A fresh database that was migrated differs in nothing from what the code declares."""
    target: str | Path = tmp_path / "fresh.db"
    if engine_kind == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_schema()
    db = Database(target, Base, name="financial_manager")
    try:
        migrate(REVISIONS, db)
        assert schema_differences(db) == []
    finally:
        db.close()


def test_one_person_is_exported_and_erased_without_the_other(
    household: Household, anna: Actor, ben: Actor, tmp_path: Path
) -> None:
    """Everything of Anna's is in the export, nothing of Ben's; erased, nothing is left of her, and all of him."""
    for actor in (anna, ben):
        giro = household.account(actor, f"Giro of {actor.user_id}")
        household.book(actor, giro["id"], FEBRUARY)
        enter(household, actor, giro, -1_00, category_id=category(household, actor, "food.groceries"))
        site = Site(household, actor, vendor=f"Builder of {actor.user_id}")
        invoice = site.invoice("1", "2026-02-01", 1_00)
        loan = site.post("sources", {"project_id": site.project, "title": "Loan", "amount_minor": 1})["id"]
        site.post(f"invoices/{invoice['id']}/payments", {"amount_minor": 1, "date": "2026-02-01", "financing_id": loan})
        site.post("change-orders", {"contract_id": site.contract, "title": "Door", "net_minor": 1})
        held = {"contract_id": site.contract, "date": "2026-02-01", "amount_minor": 1, "kind": "cover"}
        site.post("releases", held)
        household.client(actor).post("/payees", json={"name": f"Payee of {actor.user_id}", "written": ["cafe sperl"]})
    household.app.export_owner("anna", tmp_path / "export")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "export").rglob("*") if path.is_file())
    assert "Giro of anna" in text
    assert "Payee of anna" in text
    assert "Builder of anna" in text
    assert "of ben" not in text
    before = household.lines(ben)
    household.app.erase_owner("anna")
    assert household.lines(anna) == []
    assert household.client(anna).get("/accounts").json["items"] == []
    assert household.client(anna).get("/changes").json["items"] == []
    assert household.client(anna).get("/construction/projects").json["items"] == []
    assert household.lines(ben) == before
