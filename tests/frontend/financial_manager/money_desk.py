"""One window on the Financial Manager's screens, over a hub at the wire with a small ledger."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.financial_manager.routes import ROUTES
from frontend.kit import SessionContext, Viewport
from frontend.kit.context import ViewportContext
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, event, page

API = "/api/v1/financial_manager"


def account(id_: str = "a1", name: str = "Giro", **more: Any) -> dict[str, Any]:
    facts = {"kind": "bank", "currency": "EUR", "iban": "", "institution": "", "note": "", "version": 3}
    when = {"opening_minor": 0, "opening_date": None, "reconciled_through": None, "closed_on": None}
    return {"id": id_, "name": name, **facts, **when, "balance_minor": 123450, "bookings": 2, "last": None, **more}


def category(id_: str, title: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    facts = {"key": "", "direction": "expense", "tax_purpose": "", "hidden": False, "version": 1}
    return {"id": id_, "title": title, "parent_id": parent, **facts, **more}


def part(amount: int = -1234, category_id: str | None = None, **more: Any) -> dict[str, Any]:
    facts = {"currency": "EUR", "account_id": None, "memo": "", "source": "", "confidence": 0.0, "reason": ""}
    return {"amount_minor": amount, "category_id": category_id, **facts, **more}


def transaction(id_: str = "t1", amount: int = -1234, **more: Any) -> dict[str, Any]:
    facts = {"account_id": "a1", "currency": "EUR", "planned": False, "payee": "", "counterparty": "Billa"}
    rest = {"purpose": "", "iban": "", "note": "", "tags": [], "batch_id": None, "version": 1, "value_date": None}
    parts = [part(amount)]
    return {"id": id_, "date": "2026-03-04", "amount_minor": amount, "parts": parts, **facts, **rest, **more}


def waiting(id_: str = "t1", *categories: str, **more: Any) -> dict[str, Any]:
    offered = [{"category_id": one, "confidence": 0.5} for one in categories]
    return {"transaction": transaction(id_, **more), "suggestions": offered, "reason": ""}


def change(id_: str = "s1", kind: str = "transaction.create", title: str = "Billa", **more: Any) -> dict[str, Any]:
    facts = {"at": "2026-03-04T10:00:00Z", "user_id": "u1", "undoes": None, "undone": False, "rows": []}
    undo = {"can_undo": not more.get("undone", False), "import_id": None}
    return {"id": id_, "kind": kind, "title": title, **facts, **undo, **more}


def changed(table: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    facts = {"currency": "EUR", "subject": "", "of_account": False, "names": {}}
    return {"table_name": table, "row_id": "r1", "before": before, "after": after, **facts, **more}


def batch(id_: str = "b1", **more: Any) -> dict[str, Any]:
    facts = {"account_id": "a1", "account": "Giro", "file_name": "March.csv", "format": "csv", "currency": "EUR"}
    counts = {"rows": 3, "added": 2, "duplicates": 1, "left_out": 0}
    when = {"first": "2026-03-01", "last": "2026-03-31", "at": "2026-03-31T10:00:00Z", "undone_at": None}
    return {"id": id_, **facts, **counts, **when, **more}


def preview(**more: Any) -> dict[str, Any]:
    bank = dict.fromkeys(
        ("opening_minor", "closing_date", "proof_holds", "proof_difference_minor", "ledger_minor", "difference_minor")
    )
    counts = {"new": 1, "known": 0, "twins": 0, "left_out": 0}
    facts = {"account_id": "a1", "file_name": "March.csv", "file_hash": "h1", "format": "csv", "currency": "EUR"}
    when = {"first": "2026-03-01", "last": "2026-03-31", "opening_date": None, "opening_minor": None}
    rest = {
        "doubts": [],
        "bank": bank | {"closing_minor": None},
        "booked_before": False,
        "table": None,
        "rows": [line()],
    }
    return {**facts, **when, **counts, **rest, **more}


def line(position: int = 0, fate: str = "new", **more: Any) -> dict[str, Any]:
    facts = {"line": 2, "date": "2026-03-04", "amount_minor": -1234, "counterparty": "Billa", "purpose": ""}
    return {"position": position, "fate": fate, **facts, "text": "", "reasons": [], "twin_id": None, **more}


CATEGORIES = [
    category("g1", "Food and drink", key="food"),
    category("c1", "Groceries", "g1", key="food.groceries"),
    category("c2", "Restaurants", "g1", key="food.restaurants"),
    category("c3", "Rent", "g1"),
]


def ledger(hub: FakeHub) -> FakeHub:
    """Let the hub answer for one account, a few categories, and nothing else yet."""
    hub.on("GET", f"{API}/accounts", {"items": [account()]})
    hub.on("GET", f"{API}/categories", {"items": CATEGORIES})
    hub.on("GET", f"{API}/accounts/a1/coverage", {"spans": [], "gaps": []})
    for empty in ("transactions", "transactions/inbox", "imports", "changes"):
        hub.on("GET", f"{API}/{empty}", page())
    hub.on("GET", f"{API}/budgets", {"items": [], "beside": [], "people": []})
    for none in ("transfers", "attachments", "budgets/proposals", "category-rules", "payees", "tags"):
        hub.on("GET", f"{API}/{none}", {"items": []})
    nothing = {"currency": "EUR", "left_minor": 0, "paid": [], "items": []}
    hub.on("GET", f"{API}/construction/suggestions", nothing)
    hub.on("GET", f"{API}/settings", {"currency": "EUR", "country": "AT"})
    hub.on("GET", f"{API}/reports/months", {"items": []})
    hub.on("GET", f"{API}/reports/net-worth", {"items": []})
    hub.on("GET", f"{API}/folders", {"path": None, "parent": None, "writable": False, "items": []})
    return hub


async def open_at(hub: FakeHub, route: str, **options: Any) -> tuple[Headless, Session]:
    """Open one of the screens; return the window and its session."""
    session = Session(Surroundings(hub.connection(), Keepers(), MemoryStorage()), KeyListeners())
    session.transport.tokens = hub.signed_in()
    window = Headless(route=f"/financial_manager{route}", **options)
    viewport = Viewport()
    viewport.resize(window.page.width, window.page.height)
    routes = [ft.Route(path=f"financial_manager/{one.path}".rstrip("/"), component=one.component) for one in ROUTES]
    routes.sort(key=lambda one: (one.path or "").count(":"))

    @ft.component
    def Window() -> ft.Control:
        return SessionContext(session, lambda: ViewportContext(viewport, lambda: ft.Router(routes)))

    await window.show(Window)
    await window.settle(0.1)  # the router renders its first place twice
    return window, session


async def somebody_changes(window: Headless, session: Session) -> None:
    """Let the window hear that the ledger was changed, and read anew."""
    session.socket.feed("event", event("financial_manager.ledger_changed", "e9", "a-9"))
    await window.settle(0.3)
