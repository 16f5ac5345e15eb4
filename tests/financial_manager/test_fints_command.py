"""`homie money bank fints`: each step of the bank answered from the command line; secrets are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from backend.cli.context import open_platform
from tests.command_line import ROOT
from tests.financial_manager.fints_server import BANK_CODE, IBAN, PIN, PRODUCT, TAN, need_fints, serving


def money(folder: Path, *words: str, typed: str = "", expect: int = 0) -> Any:
    """Run a command with what a person types; returns its JSON."""
    environment = os.environ | {"HOMIE_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", "money", *words, "--json"],
        cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == expect, (done.stdout, done.stderr)
    return json.loads(done.stdout if done.stdout.strip() else done.stderr[done.stderr.index("{") :])


def test_a_german_bank_from_the_command_line(tmp_path: Path) -> None:
    """Product id, login, TAN, link, fetch by PIN; a bad bank code is named, an answer to nothing is refused."""
    need_fints()
    with open_platform(tmp_path / "data") as platform:
        platform.apps.set_settings("financial_manager", {"allow_local_servers": True})
    with serving() as bank:
        bank.balance = ("C", "0,", "20260301")
        missing = money(tmp_path, "bank", "fints", BANK_CODE, bank.address, "erika", typed=f"{PIN}\n", expect=1)
        assert missing["error"]["code"] == "bank_key_missing"
        bad = money(tmp_path, "bank", "fints-product", "no-id", expect=1)
        assert bad["error"]["fields"][0]["name"] == "PRODUCT"
        assert money(tmp_path, "bank", "fints-product", PRODUCT) == {"product": PRODUCT}
        wrong = money(tmp_path, "bank", "fints", "5001", bank.address, "erika", typed=f"{PIN}\n", expect=1)
        assert wrong["error"]["fields"][0]["name"] == "BANK_CODE"
        assert bank.heard == []
        begun = money(tmp_path, "bank", "fints", BANK_CODE, bank.address, "erika", typed=f"{PIN}\n")
        assert (begun["state"], begun["step"]["kind"]) == ("new", "tan")
        assert money(tmp_path, "bank", "answer", begun["id"], typed=f"{TAN}\n") == {"items": [], "step": None}
        (one,) = money(tmp_path, "bank", "list")["items"]
        assert (one["state"], one["accounts"][0]["iban"]) == ("ready", IBAN)
        money(tmp_path, "bank", "link", one["accounts"][0]["id"], "--open")
        bank.tan_for = set()
        assert money(tmp_path, "bank", "fetch")["step"]["kind"] == "pin"
        (done,) = money(tmp_path, "bank", "answer", one["id"], typed=f"{PIN}\n")["items"]
        assert (done["added"], done["difference_minor"]) == (0, 0)
        over = money(tmp_path, "bank", "answer", one["id"], typed="1\n", expect=1)
        assert over["error"]["code"] == "bank_step_over"
        again = money(tmp_path, "bank", "login", one["id"], "--keep-pin", typed=f"{PIN}\n")
        assert (again["state"], again["step"]) == ("ready", None)
