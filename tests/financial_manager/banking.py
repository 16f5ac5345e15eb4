"""A household with a bank that it may ask: connect it, fetch from it, open its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backend.core.secrets import ModuleSealer, SecretBox
from backend.financial_manager.finances import Finances
from backend.financial_manager.settings import FinancialManagerSettings
from backend.sdk.actor import Actor
from tests.financial_manager.bank_servers import (
    APPLICATION,
    BankServer,
    pem,
    serving,
    simplefin_account,
)
from tests.financial_manager.conftest import Household


@pytest.fixture
def bank(household: Household) -> Iterator[BankServer]:
    """Give a bank that the household may ask."""
    with serving() as server:
        household.ctx.sealer = ModuleSealer(SecretBox(b"k" * 32), "financial_manager")
        household.ctx.settings = FinancialManagerSettings(
            allow_local_servers=True, enable_banking_address=f"{server.address}/eb"
        )
        household.app.finances = Finances(household.ctx)
        household.__dict__.pop("api", None)
        yield server


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def simplefin(household: Household, actor: Actor, bank: BankServer) -> dict[str, Any]:
    bank.simplefin_accounts = [
        simplefin_account(
            "70.00", ("t1", "2025-12-20", "100.00", "Salary"), ("t2", "2026-02-10", "-25.00", "Shop"),
            ("t3", "2026-02-28", "-5.00", "Coffee"),
        )
    ]  # fmt: skip
    body = {"setup_token": bank.setup_token}
    found: dict[str, Any] = ok(household.client(actor).post("/bank-connections/simplefin", json=body), 201)
    return found


def consent(household: Household, actor: Actor, bank: BankServer, code: str = "code-1") -> dict[str, Any]:
    """Connect Testbank by Enable Banking, as a person does."""
    client = household.client(actor)
    ok(client.put("/bank-key", json={"application": APPLICATION, "private_key": pem()}))
    body = {"bank": "Testbank", "country": "AT", "redirect": "https://home.example/banks"}
    begun = ok(client.post("/bank-connections/enable-banking", json=body), 201)
    assert begun["connection"]["state"] == "new"
    address = f"https://home.example/banks?state={bank.state}&code={code}"
    done: dict[str, Any] = ok(
        client.post(f"/bank-connections/{begun['connection']['id']}/consent", json={"address": address})
    )
    return done


def fetch(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    return household.client(actor).post(f"/bank-connections/{connection['id']}/fetch")


def opened(household: Household, actor: Actor, connection: dict[str, Any], at: int = 0) -> str:
    """Open an account of the ledger for the bank's; return its id."""
    remote = connection["accounts"][at]["id"]
    found: str = ok(household.client(actor).post(f"/bank-accounts/{remote}/open"), 201)["account_id"]
    return found


def shown(household: Household, actor: Actor, connection: dict[str, Any]) -> Any:
    return ok(household.client(actor).get(f"/bank-connections/{connection['id']}"))
