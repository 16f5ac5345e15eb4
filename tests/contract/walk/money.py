"""What a household keeps in the Financial Manager, one row of each kind for everybody."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.financial_manager.bank_servers import serving as bank_server
from tests.financial_manager.bank_servers import simplefin_account

if TYPE_CHECKING:
    from tests.contract.walk.household import Household


def connect_banks(house: Household, strangers: Sequence[str]) -> None:
    """Give everybody a connected bank and a statement that waits in an inbox; afterwards no server answers."""
    base = "/api/v1/financial_manager"
    nowhere = "http://127.0.0.1:9"
    chosen: dict[str, Any] = {"allow_local_servers": True, "rates_address": nowhere, "inbox_settle_seconds": 0}
    chosen["enable_banking_address"] = nowhere
    house.want("carl", "PUT", "/api/v1/modules/financial_manager/settings", {"values": chosen})
    with bank_server() as server:
        server.simplefin_accounts = [simplefin_account("1.00")]
        for who in ("anna", *strangers):
            ids = house.ids if who == "anna" else house.own[who]
            server.tokens.add("token-1")
            made = house.want(who, "POST", f"{base}/bank-connections/simplefin", {"setup_token": server.setup_token})
            ids["bank_connection"], ids["bank_account"] = made["id"], made["accounts"][0]["id"]
            folder = house.folder / who / "Statements"
            folder.mkdir()
            (folder / "statement.csv").write_text(f"no statement of {who}\n")
            inbox = house.want(who, "POST", f"{base}/statement-inboxes", {"path": str(folder)})
            house.want(who, "POST", f"{base}/statement-inboxes/look")
            ids["statement_inbox"] = inbox["id"]
            ids["statement_seen"] = house.want(who, "GET", f"{base}/statements-seen")["items"][0]["id"]
    for who in ("anna", *strangers):  # the resident sees the new file too, and looks a few seconds later
        house.until(lambda who=who: _has_looked(house, who))


def _has_looked(house: Household, who: str) -> bool:
    jobs = house.want(who, "GET", "/api/v1/jobs?limit=100")["items"]
    return any(one["kind"] == "financial_manager.look_into_inboxes" and one["state"] == "done" for one in jobs)


def keep_money(house: Household, strangers: Sequence[str]) -> None:
    """Give Anna and the strangers accounts, an imported statement, a payee and a possible transfer."""
    base = "/api/v1/financial_manager"
    for who in ("anna", *strangers):
        ids = house.ids if who == "anna" else house.own[who]
        accounts = [house.want(who, "POST", f"{base}/accounts", {"name": f"{n} of {who}"})["id"] for n in "AB"]
        for account, amount in zip(accounts, ("-12,00", "12,00"), strict=True):
            data = f"Buchungstag;Auftraggeber;Betrag;Waehrung\n02.02.2026;Shop of {who};{amount};EUR\n".encode()
            body = {"account_id": account, "name": f"{who}.csv", "content": base64.b64encode(data).decode()}
            ids["import"] = house.want(who, "POST", f"{base}/imports", body)["id"]
        assert house.want(who, "GET", f"{base}/transfers")["items"]
        named = {"name": f"Friend of {who}", "written": [f"Shop of {who}"]}
        ids["payee"] = house.want(who, "POST", f"{base}/payees", named)["items"][0]["id"]
        ids["account"] = accounts[0]
        ids["category"] = house.want(who, "GET", f"{base}/categories")["items"][0]["id"]
        rule = {"name": "Shops", "conditions": [{"what": "text", "values": ["shop"]}], "action": {"tags": ["x"]}}
        ids["category_rule"] = house.want(who, "POST", f"{base}/category-rules", rule)["id"]
        ids["transaction"] = house.want(who, "GET", f"{base}/transactions")["items"][0]["id"]
        ids["attachment"] = _attached(house, who, ids["transaction"])
        _building(house, who, ids)
        comes = {"name": f"Rent of {who}", "cadence": "monthly", "amount_minor": -1, "due_on": "2026-02-01"}
        ids["recurring"] = house.want(who, "POST", f"{base}/recurring", {**comes, "account_id": ids["account"]})["id"]
        saved = {"name": f"Bicycle of {who}", "target_minor": 100_00}
        ids["goal"] = house.want(who, "POST", f"{base}/goals", saved)["id"]
        house.want(who, "POST", f"{base}/goals/{ids['goal']}/amounts", {"amount_minor": 1})
        ids["change"] = house.want(who, "GET", f"{base}/changes")["items"][0]["id"]
        _depot(house, who, ids)


def _attached(house: Household, who: str, transaction: str) -> str:
    """Put a receipt into somebody's folder and attach it; return the attachment's id."""
    receipt = house.folder / who / f"Receipt of {who}.txt"
    receipt.write_text(f"Paid by {who}\n")
    body = {"transaction_id": transaction, "path": str(receipt)}
    return str(house.want(who, "POST", "/api/v1/financial_manager/attachments", body)["id"])


def _depot(house: Household, who: str, ids: dict[str, str]) -> None:
    """Give somebody a depot with a security, its purchase, its dividend and its price."""
    base = "/api/v1/financial_manager"
    wanted = {"name": f"Depot of {who}", "kind": "depot", "country": "DE"}
    ids["depot"] = house.want(who, "POST", f"{base}/accounts", wanted)["id"]
    named = {"name": f"Shares of {who}", "isin": "AT0000743059"}
    ids["security"] = house.want(who, "POST", f"{base}/securities", named)["id"]
    of = {"depot_id": ids["depot"], "security_id": ids["security"], "amount_minor": 100_00}
    bought = {**of, "kind": "buy", "date": "2026-01-02", "quantity": "10"}
    ids["trade"] = house.want(who, "POST", f"{base}/trades", bought)["id"]
    house.want(who, "POST", f"{base}/trades", {**of, "kind": "dividend", "date": "2026-02-02"})
    source = {"address": "https://prices.invalid/{isin}", "date_path": "[*].d", "price_path": "[*].p"}
    house.want(who, "PUT", f"{base}/securities/{ids['security']}/price-source", source)
    price = {"date": "2026-02-03", "price": "11"}
    ids["price"] = house.want(who, "POST", f"{base}/securities/{ids['security']}/prices", price)["id"]


def _building(house: Household, who: str, ids: dict[str, str]) -> None:
    """Give somebody a house that is built, with one of everything."""
    base = "/api/v1/financial_manager/construction"

    def made(what: str, path: str, **body: Any) -> str:
        ids[what] = house.want(who, "POST", f"{base}/{path}", body)["id"]
        return ids[what]

    project = made("building", "projects", name=f"House of {who}")
    line = made("budget_line", "lines", project_id=project, cost_group="2", title=f"Shell of {who}")
    money = made("money_source", "sources", project_id=project, title=f"Loan of {who}", amount_minor=5)
    agreed = {"net_minor": 1_000_00, "cover_bp": 1000}
    contract = made("contract", "contracts", line_id=line, vendor=f"Builder of {who}", **agreed)
    made("change_order", "change-orders", contract_id=contract, title="Dormer", net_minor=1)
    day = "2026-02-01"
    bill = made("invoice", "invoices", contract_id=contract, number="1", date=day, net_to_date_minor=500_00)
    made("release", "releases", contract_id=contract, date=day, amount_minor=1, kind="cover")
    paid = house.want(
        who, "POST", f"{base}/invoices/{bill}/payments", {"amount_minor": 1, "date": day, "financing_id": money}
    )
    ids["building_payment"] = paid["payment"]["id"]
