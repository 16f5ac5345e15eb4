"""A house as it stands after the shell, made through the API: budget, contracts, invoices, payments, money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Want = Callable[..., Any]
M = "/financial_manager"
C = f"{M}/construction"


def kept_house(want: Want) -> dict[str, str]:
    """Build a timber house on the ÖNORM's groups; return what stands for the placeholders of the routes.

    The second invoice of the carpenter is open, and a bank line of the account "Building" fits it.
    """
    today = dt.date.today()

    def day(number: int) -> str:
        return (today + dt.timedelta(days=number)).isoformat()

    house = want("POST", f"{C}/projects", {"name": "Timber house", "finish_on": day(200)})["id"]

    def line(group: str, title: str, estimate: int, **more: Any) -> str:
        body = {"project_id": house, "cost_group": group, "title": title, "estimate_minor": estimate * 100, **more}
        return str(want("POST", f"{C}/lines", body)["id"])

    def contract(of: str, vendor: str, net: int, **more: Any) -> str:
        body = {"line_id": of, "vendor": vendor, "net_minor": net * 100, "vat_bp": 2000, **more}
        return str(want("POST", f"{C}/contracts", body)["id"])

    def invoice(of: str, number: str, when: int, net: int, kind: str = "partial") -> str:
        body = {"contract_id": of, "number": number, "date": day(when), "net_to_date_minor": net * 100, "kind": kind}
        return str(want("POST", f"{C}/invoices", body)["id"])

    ground = line("0", "Plot in Gallneukirchen", 90_000, awarded=True)
    timber = line("2.D", "Timber frame with roof, insulated", 125_000, quote_minor=121_500_00, awarded=True)
    line("2.A", "Foundation slab", 28_000)
    line("3", "Heating, water, ventilation", 60_000, quote_minor=63_800_00)
    line("4", "Windows and doors", 42_000)
    line("7", "Architect", 24_000)
    line("9", "Reserve", 20_000, contingency=True)
    bought = contract(ground, "Notary Dr. Berger", 90_000, vat_bp=0, title="Purchase of the plot")
    deed = invoice(bought, "K 17/26", -90, 90_000, "final")
    terms = {"skonto_bp": 300, "skonto_days": 14, "cover_bp": 500, "liability_bp": 200, "liability_until": day(1200)}
    frame = contract(timber, "Holzbau Huber GmbH", 100_000, title="Timber frame", signed_on=day(-80), **terms)
    body = {"contract_id": frame, "title": "Dormer", "net_minor": 4_321_50, "approved_on": day(-20)}
    change = want("POST", f"{C}/change-orders", body)["id"]
    want("POST", f"{C}/change-orders", {"contract_id": frame, "title": "Gutters in copper", "net_minor": 1_200_00})
    first = invoice(frame, "TR-2026-1", -40, 33_333)
    second = invoice(frame, "TR-2026-2", -5, 71_234)
    account = {"name": "Building", "opening_minor": 150_000_00, "opening_date": day(-100)}
    giro = want("POST", f"{M}/accounts", account)["id"]
    loan = {"project_id": house, "kind": "loan", "title": "Loan, first part", "amount_minor": 80_000_00}
    tranche = want("POST", f"{C}/sources", loan)["id"]
    own = {"project_id": house, "title": "Savings", "amount_minor": 140_000_00}
    want("POST", f"{C}/sources", own)
    late = {"project_id": house, "kind": "subsidy", "title": "Subsidy for wood", "amount_minor": 15_000_00}
    want("POST", f"{C}/sources", {**late, "available_on": day(260)})
    want("POST", f"{C}/invoices/{deed}/payments", {"amount_minor": 90_000_00, "date": day(-85)})
    want(
        "POST", f"{C}/invoices/{first}/payments",
        {"amount_minor": 36_859_63, "date": day(-30), "financing_id": tranche},
    )  # fmt: skip
    booking = {
        "account_id": giro, "date": day(-1), "amount_minor": -41_911_50, "counterparty": "HUBER HOLZBAU GMBH",
        "purpose": "TR-2026-2",
    }  # fmt: skip
    due = want("GET", f"{C}/projects/{house}/status")["contracts"]
    open_claim = next(one for order in due for one in order["claims"] if one["id"] == second)
    booking["amount_minor"] = -(open_claim["open_minor"] - open_claim["skonto_minor"])
    paid_by = want("POST", f"{M}/transactions", booking)["id"]
    release = want(
        "POST", f"{C}/releases", {"contract_id": frame, "date": day(-2), "amount_minor": 500_00, "kind": "cover"}
    )["id"]
    return {
        ":house_id": house, ":line_id": timber, ":contract_id": frame, ":house_change_id": str(change),
        ":invoice_id": second, ":release_id": str(release), ":source_id": str(tranche), "booking": str(paid_by),
    }  # fmt: skip
