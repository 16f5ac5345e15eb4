"""How a table was corrected is remembered for the account, and used for its next file with the same heading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.command_line import homie
from tests.financial_manager.conftest import Household

MARCH = b"Date,Description,Amount,Points\n03/04/2026,Shop,12.50,125\n05/04/2026,Cafe,4.00,40\n"
MAY = b"Date,Description,Amount,Points\n01/05/2026,Bakery,3.00,30\n02/05/2026,Cafe,5.00,50\n"


def shown(preview: Any) -> list[tuple[str, int]]:
    assert preview.status_code == 200, preview.text
    return [(row["date"], row["amount_minor"]) for row in preview.json["rows"]]


def test_a_correction_holds_for_the_next_file_of_the_same_heading(household: Household, anna: Actor) -> None:
    """Month first, signs turned: said once, used again; another account and another heading know nothing of it."""
    card, other = household.account(anna, "Card"), household.account(anna, "Other")
    layout = {"order": "mdy", "sign": "turned"}
    corrected = household.look(anna, card["id"], MARCH, layout=layout)
    assert shown(corrected) == [("2026-03-04", -12_50), ("2026-05-04", -4_00)]
    assert corrected.json["table"]["chosen"] is True
    plain = household.look(anna, card["id"], MARCH)
    assert plain.json["table"]["chosen"] is False  # looking remembers nothing
    assert household.book(anna, card["id"], MARCH, layout=layout).status_code == 201
    later = household.look(anna, card["id"], MAY)
    assert shown(later) == [("2026-01-05", -3_00), ("2026-02-05", -5_00)]
    assert later.json["table"]["chosen"] is True
    assert household.look(anna, other["id"], MAY).json["table"]["chosen"] is False
    renamed = MAY.replace(b"Points", b"Bonus")
    assert household.look(anna, card["id"], renamed).json["table"]["chosen"] is False


def test_another_column_is_the_amount(household: Household, anna: Actor) -> None:
    """The person says that the points are the money: they are, and nothing is guessed any more."""
    card = household.account(anna, "Card")
    layout = {"columns": {"amount": 3, "purpose": 1, "counterparty": -1}, "order": "dmy", "sign": "as_written"}
    told = household.look(anna, card["id"], MARCH, layout=layout)
    assert shown(told) == [("2026-04-03", 125_00), ("2026-04-05", 40_00)]
    assert told.json["rows"][0]["purpose"] == "Shop"
    assert told.json["table"]["columns"]["amount"] == 3


def test_what_was_learned_goes_when_the_import_is_taken_back(household: Household, anna: Actor) -> None:
    card = household.account(anna, "Card")
    made = household.book(anna, card["id"], MARCH, layout={"order": "mdy"}).json
    assert household.look(anna, card["id"], MAY).json["table"]["chosen"] is True
    household.client(anna).post(f"/imports/{made['id']}/undo")
    assert household.look(anna, card["id"], MAY).json["table"]["chosen"] is False


@pytest.mark.parametrize(
    "layout",
    [
        {"order": "ydm"}, {"sign": "minus"}, {"columns": {"amount": 99}}, {"columns": {"amount": 1000}},
        {"columns": {"owner": 1}}, {"columns": {"amount": 1}}, {"columns": {"booking_date": -2}},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_not_remembered(household: Household, anna: Actor, layout: Any) -> None:
    """No such order, sign, role or column; a column of words as the amount."""
    card = household.account(anna, "Card")
    answer = household.book(anna, card["id"], MARCH, layout=layout)
    assert answer.status_code == 422, answer.text
    assert household.lines(anna) == []
    assert household.look(anna, card["id"], MARCH).json["table"]["chosen"] is False


def test_a_correction_from_the_command_line(tmp_path: Path) -> None:
    """Columns by their heading; remembered; a heading that is not there is told with those that are."""
    path = tmp_path / "card.csv"
    path.write_bytes(MARCH)
    homie(tmp_path, "money", "open", "Card")
    bad = homie(tmp_path, "money", "import", str(path), "--account", "Card", "--column", "amount=Total", expect=1)
    assert "Points" in bad
    said = ("--column", "amount=Amount", "--dates", "mdy", "--turn-signs")
    assert "2 booked" in homie(tmp_path, "money", "import", str(path), "--account", "Card", *said)
    path.write_bytes(MAY)
    assert "2026-01-05" in homie(tmp_path, "money", "import", str(path), "--account", "Card", "--dry-run")
