"""Whose turn it is to ask a bank: a process that was killed holds none, one that lives does, another machine's may."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import psutil
import pytest

from backend.financial_manager.banks import holder
from backend.financial_manager.banks.holder import is_gone, new_turn
from backend.financial_manager.banks.models import BankConnection
from backend.financial_manager.banks.provider import BankAsking
from backend.financial_manager.banks.turns import LEASE, take_turn
from backend.sdk.ids import new_id

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def of_another() -> subprocess.Popen[str]:
    """Start a process that tells a turn of its own and waits."""
    code = (
        "from backend.financial_manager.banks.holder import new_turn\nprint(new_turn('12345678'), flush=True)\ninput()"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def busy(turn: str) -> BankConnection:
    return BankConnection(state="ready", clock=False, asked=[], busy_by=turn, busy_until=NOW + LEASE / 2)


def test_the_turn_of_a_killed_process_is_free_at_once() -> None:
    """While it lives nobody else asks; killed, the next one need not wait for the end of the turn."""
    process = of_another()
    assert process.stdout is not None
    turn = process.stdout.readline().strip()
    assert len(turn) <= 36
    assert not is_gone(turn)
    with pytest.raises(BankAsking):
        take_turn(busy(turn), new_turn(new_id()), NOW, unattended=False)
    process.kill()
    process.communicate()
    assert is_gone(turn)
    assert take_turn(busy(turn), new_turn(new_id()), NOW, unattended=False)


def test_what_is_not_sure_is_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of an older Homie, of another machine, and where no kernel tells; another process of the same number is."""
    mine = new_turn(new_id())
    machine, pid, began, end = mine.split(".")
    assert not is_gone(mine)
    for other in ("", str(new_id()), "a.b.c.d", f"ffffff.{pid}.1.{end}", f"{machine}.{pid}.0.{end}"):
        assert not is_gone(other), other
    assert is_gone(f"{machine}.{pid}.{int(began) + 1}.{end}")
    assert pid == str(os.getpid())

    def unknowable(pid: int) -> int | None:
        raise psutil.AccessDenied(pid)

    monkeypatch.setattr(holder, "began", unknowable)
    assert not is_gone(f"{machine}.{pid}.{int(began) + 1}.{end}")
