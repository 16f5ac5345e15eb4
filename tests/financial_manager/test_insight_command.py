"""`homie money recurring|forecast|goals|news|report`: each command as a process of its own."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from backend.financial_manager.recurring.cadence import add_months
from tests.command_line import homie


def bank_file(folder: Path, today: dt.date) -> Path:
    """Write seven months of rent up to last month, a salary, and a shop."""
    rows = []
    for number in range(7, 0, -1):
        month = add_months(today.replace(day=1), -number)
        rows += [(month, "Hausverwaltung Huber", "-800,00"), (month.replace(day=15), "Muster GmbH", "2850,00")]
        rows.append((month.replace(day=(number * 7) % 27 + 1), "BILLA DANKT", f"-{number * 13},90"))
    text = "".join(f"{day:%d.%m.%Y};{who};{amount};EUR\n" for day, who, amount in rows)
    path = folder / "bank.csv"
    path.write_text(f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{text}")
    return path


@pytest.mark.slow
def test_a_household_looks_ahead_from_the_command_line(tmp_path: Path) -> None:
    """From a bank's file to rent that is found, confirmed and forecast, a goal, news, and a spreadsheet."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    def told(*words: str) -> Any:
        return json.loads(money(*words, "--json"))

    today = dt.datetime.now(dt.UTC).date()
    money("open", "Giro")
    money("import", str(bank_file(tmp_path, today)), "--account", "Giro")
    found = {one["name"]: one for one in told("recurring")["items"]}
    rent = next(name for name in found if "Huber" in name)
    assert "[?]" in money("recurring")
    assert any(line.startswith(found[rent]["next_on"]) and rent in line for line in money("recurring").splitlines())
    assert "7 bookings, one each month." in money("recurring", "show", rent)
    assert "[?]" not in money("recurring", "confirm", rent).splitlines()[0]
    assert "Rent" in money("recurring", "change", rent, "--rename", "Rent", "--amount", "-820")
    due = add_months(today, 1).isoformat()
    assert "Gym" in money("recurring", "add", "Giro", "-30", "Gym", "--due", due)
    assert "There is none called Nobody." in money("recurring", "dismiss", "Nobody", expect=1)
    expected = told("forecast", "--months", "6")["expected"]
    assert {-820_00, 2_850_00, -30_00} <= {one["amount_minor"] for one in expected}
    assert "The lowest point is" in money("forecast", "--days")
    assert "[dismissed]" in money("recurring", "dismiss", "Gym").splitlines()[0]
    assert "Gym" not in money("recurring")
    until = add_months(today, 12).isoformat()
    assert "You are on track." in money("goals", "add", "Bicycle", "1200", "--until", until)
    assert "200.00 of 1200.00 EUR" in money("goals", "put", "Bicycle", "200")
    assert "Bicycle" in money("goals")
    assert "were spent" in money("news", "--month", add_months(today, -1).isoformat()[:7])
    since = add_months(today, -8).isoformat()
    assert "Huber" in money("report", "payees", "--since", since)
    book = tmp_path / "years.xlsx"
    assert "is written" in money("report", "years", "--since", since, "--output", str(book))
    assert zipfile.is_zipfile(book)
    assert "none of .csv, .xlsx, .pdf" in money("report", "years", "--output", str(tmp_path / "x.txt"), expect=1)
    assert "is written" in money("report", "years", "--output", str(tmp_path / "x.pdf"))
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.slow
def test_what_is_late_and_days_of_no_household_break_no_command(tmp_path: Path) -> None:
    """A planned booking of last week counts tomorrow, also where each day is printed; an odd year is told in words."""
    today = dt.datetime.now(dt.UTC).date()
    homie(tmp_path, "money", "open", "Giro")
    late = (today - dt.timedelta(days=7)).isoformat()
    homie(tmp_path, "money", "add", "Giro", "-12.50", "Late bill", "--planned", "--on", late)
    (line,) = [one for one in homie(tmp_path, "money", "forecast", "--days").splitlines() if "Late bill" in one]
    assert line.split() == [late, "-12.50", "-12.50", "EUR", "Late", "bill"]
    for month in ("0001-01", "9999-12"):
        assert "not in any household's time" in homie(tmp_path, "money", "news", "--month", month, expect=1)
    asked = ("money", "report", "news", "--until", "9999-12-31")
    assert "not in any household's time" in homie(tmp_path, *asked, expect=1)
