"""`homie money house`: a house kept from the command line, each command as a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import homie

WORDS = "This pays all of it, less 1140.00 EUR of Skonto."


@pytest.mark.slow
def test_a_household_builds_from_the_command_line(tmp_path: Path) -> None:
    """Begin, plan, order, change, invoice, pay by a booking with Skonto and a loan, see the status, undo."""

    def house(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", "house", *words, expect=expect)

    def told(*words: str) -> Any:
        return json.loads(house(*words, "--json"))

    assert "No building projects" in house("projects")
    assert "House is begun." in house("begin", "House", "--finish", "2026-12-31")
    house("line", "2.D", "Timber", "--estimate", "125000", "--document", "Photos/2026-02 frame")
    timber = told("line", "2.D", "timber", "--quote", "121500", "--awarded")
    assert (timber["estimate_minor"], timber["quote_minor"], timber["awarded"]) == (125_000_00, 121_500_00, True)
    assert timber["documents"] == ["Photos/2026-02 frame"]
    assert told("line", "3", "Timber", "--estimate", "1")["id"] != timber["id"]
    assert told("line", "4", "Timber", "--was", "3")["cost_group"] == "4"
    assert "There is no Timber in 3." in house("line", "5", "Timber", "--was", "3", expect=1)
    assert told("status")["status"]["lines"][0]["cost_group"] == "2.D"
    house("line", "4", "Timber", "--estimate", "0")
    house("line", "9", "Reserve", "--estimate", "20000", "--reserve")
    agreed = ("--skonto", "3", "--skonto-days", "14", "--cover", "5", "--liability", "2", "--until", "2029-11-30")
    assert "Several are called timber" in house("contract", "timber", "Holzbau Huber", "1", expect=1)
    assert "Holzbau Huber" in house("contract", timber["id"], "Holzbau Huber", "100000", *agreed)
    assert "Dormer is asked for." in house("change", "Holzbau Huber", "Dormer", "4321.50")
    assert "Dormer is approved." in house("change", "Holzbau Huber", "Dormer", "4321.50", "--approved", "2026-03-01")
    house("change", "Holzbau Huber", "Cheaper door", "-100")
    house("source", "Tranche 1", "80000", "--kind", "loan")
    house("invoice", "Holzbau Huber", "TR1", "33333.33", "--on", "2026-04-10")
    assert "2026-05-10        38000.00 EUR  Holzbau Huber TR1, 1140.00 less up to 2026-04-24" in house("open")
    homie(tmp_path, "money", "open", "Giro")
    added = homie(tmp_path, "money", "add", "Giro", "-36860", "Huber", "--on", "2026-04-20", "--json")
    booking = json.loads(added)["id"]
    assert f" 85%  Holzbau Huber TR1: {WORDS}" in house("suggest", booking)
    paying = ("pay", "TR1", "--booking", booking, "--from", "Tranche 1")
    assert house(*paying, "--dry-run").strip() == f"Nothing was entered. {WORDS}"
    assert house(*paying).strip() == f"Paid. {WORDS}"
    total = told("status")["status"]["total"]
    names = ("committed", "pending", "invoiced", "paid", "skonto", "retained", "open", "forecast")
    assert [total[f"{name}_minor"] for name in names] == [
        125_185_80, -120_00, 40_000_00, 36_860_00, 1_140_00, 2_000_00, 0, 145_000_00,
    ]  # fmt: skip
    table = house("status", "--lines")
    assert "2 Shell" in table
    assert "2.D Timber" in table
    assert "Reserve: 185.80 of 20000.00 used up, 19814.20 left." in table
    assert "43140.00 of 80000.00 left  Tranche 1 (loan)" in house("financing")
    assert "36860.00 of 145000.00 EUR paid" in house("projects")
    released = told("release", "Holzbau Huber", "500", "--kind", "cover", "--on", "2026-05-01")
    assert released["amount_minor"] == 500_00
    assert "This pays all of it." in house("pay", released["id"], "500", "--on", "2026-05-02")
    assert "Holzbau Huber" in homie(tmp_path, "money", "undo")
    assert "Nothing is open." not in house("open")
    assert "There is none called Mason. You have: Holzbau Huber." in house("invoice", "Mason", "1", "1", expect=1)
    assert "x is no percent." in house("contract", timber["id"], "Mason", "1", "--vat", "x", expect=1)
    assert "no cost group of this project" in house("line", "X", "x", expect=1)


@pytest.mark.slow
def test_a_line_stands_in_its_own_cost_group_only(tmp_path: Path) -> None:
    """Groups "1" and "10" of one's own have nothing to do with each other."""

    def house(*words: str) -> str:
        return homie(tmp_path, "money", "house", *words)

    house("begin", "Barn", "--scheme", "own")
    house("line", "1", "Floor", "--estimate", "1")
    house("line", "10", "Roof", "--estimate", "2")
    table = house("status", "--lines")
    assert (table.count("1 Floor"), table.count("10 Roof")) == (1, 1)
