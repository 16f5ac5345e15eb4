"""A valid body for every operation, made from the document; what the schema cannot say is written down here."""

from __future__ import annotations

import base64
from typing import Any

from tests.contract.walk.household import NOWHERE, PASSWORD, Household, Operation

STATEMENT = base64.b64encode(b"Buchungstag;Auftraggeber;Betrag;Waehrung\n02.02.2026;Shop;-1,00;EUR\n").decode()
CATEGORY_RULE: dict[str, Any] = {
    "name": "Shops",
    "conditions": [{"what": "text", "values": ["shop"]}],
    "action": {"tags": ["x"]},
}

PRICES = base64.b64encode(b"date;isin;price;currency\n2026-02-03;AT0000743059;11.00;EUR\n").decode()
PRICE_SOURCE = {"address": "https://prices.invalid/{isin}", "date_path": "[*].d", "price_path": "[*].p"}

SPECIAL: dict[str, dict[str, Any]] = {
    "POST /api/v1/file_organizer/plans/{plan_id}/accept": {"everything": True},
    "POST /api/v1/file_organizer/plans/{plan_id}/reject": {"everything": True},
    "PATCH /api/v1/file_organizer/plans/{plan_id}/items/{item_id}": {"decision": "reject"},
    "PATCH /api/v1/accounts/users/{id}": {"disabled": True},
    "POST /api/v1/file_organizer/plans": {"path": "/nowhere"},
    "POST /api/v1/file_organizer/series": {"title": "x", "path": "/nowhere"},
    "POST /api/v1/file_organizer/projects": {"path": "/nowhere"},
    "POST /api/v1/file_organizer/operations": {"operations": [{"op": "trash", "source": "/nowhere"}]},
    "POST /api/v1/file_organizer/duplicates/searches": {"paths": ["/nowhere"]},
    "POST /api/v1/file_organizer/clean/searches/{clean_id}/leave": {
        "item_ids": ["01900000-0000-7000-8000-000000000000"]
    },
    "POST /api/v1/file_organizer/clean/searches": {"paths": ["/nowhere"]},
    "PATCH /api/v1/file_organizer/duplicates/groups/{group_id}": {"leave": True},
    "POST /api/v1/file_organizer/ai/preview": {"path": "/nowhere"},
    "POST /api/v1/file_organizer/ai/estimate": {"path": "/nowhere"},
    "PUT /api/v1/file_organizer/ai/folders": {"path": "/nowhere", "rule": "nothing"},
    "POST /api/v1/file_organizer/plans/{plan_id}/other-ideas": {"item_ids": [NOWHERE]},
    "POST /api/v1/file_organizer/learned/why": {"names": ["a.pdf"]},
    "POST /api/v1/file_organizer/learned/forget-everything": {"confirm": True},
    "POST /api/v1/file_organizer/learned/import": {
        "document": {"format": "homie-memory", "version": 1, "exported_at": "2026-01-01T00:00:00Z", "lessons": []}
    },
    "POST /api/v1/file_organizer/undo/file": {"path": "/nowhere"},
    "POST /api/v1/file_organizer/rules": {
        "name": "Papers",
        "body": {
            "conditions": [{"what": "extension", "values": ["pdf"]}],
            "action": {"do": "move", "folder": {"path": "Papers"}},
        },
    },
    "POST /api/v1/file_organizer/rules/try": {
        "body": {"conditions": [{"what": "extension", "values": ["pdf"]}], "action": {"do": "trash"}},
    },
    "POST /api/v1/file_organizer/rules/import": {"text": "rules: []"},
    "PATCH /api/v1/file_organizer/rules/{id}": {"enabled": False},
    "POST /api/v1/file_organizer/watched": {"path": "/nowhere"},
    "PATCH /api/v1/file_organizer/watched/{id}": {"paused": False},
    "POST /api/v1/file_organizer/drives/{id}/answer": {"decision": "copy"},
    "POST /api/v1/file_organizer/trash/restore": {"ids": ["nothing"]},
    "POST /api/v1/file_organizer/trash/empty": {"everything": True},
    "POST /api/v1/financial_manager/category-rules": CATEGORY_RULE,
    "POST /api/v1/financial_manager/category-rules/try": {"rule": CATEGORY_RULE},
    "PUT /api/v1/financial_manager/category-rules/{id}": {"rule": CATEGORY_RULE},
    "POST /api/v1/financial_manager/imports": {"account_id": NOWHERE, "content": STATEMENT},
    "POST /api/v1/financial_manager/imports/preview": {"account_id": NOWHERE, "content": STATEMENT},
    "POST /api/v1/financial_manager/construction/invoices/{id}/payments": {"amount_minor": 1, "date": "2026-02-01"},
    "POST /api/v1/financial_manager/construction/invoices/{id}/payments/preview": {
        "amount_minor": 1,
        "date": "2026-02-01",
    },
    "POST /api/v1/financial_manager/construction/releases/{id}/payments/preview": {
        "amount_minor": 1,
        "date": "2026-02-01",
    },
    "POST /api/v1/financial_manager/construction/releases/{id}/payments": {"amount_minor": 1, "date": "2026-02-01"},
    "POST /api/v1/financial_manager/prices/import": {"content": PRICES},
    "PUT /api/v1/financial_manager/securities/{id}/price-source": PRICE_SOURCE,
    "POST /api/v1/financial_manager/securities/{id}/prices": {"date": "2026-02-04", "price": "12"},
    "POST /api/v1/financial_manager/statement-inboxes": {"path": "/nowhere"},
    "PATCH /api/v1/financial_manager/bank-accounts/{id}": {"account_id": None},
    "POST /api/v1/financial_manager/bank-connections/fints": {
        "bank_code": "50010060",
        "address": "https://127.0.0.1/fints",
        "user_name": "x",
        "pin": "12345",
    },
    "POST /api/v1/financial_manager/recurring-notices/dismiss": {"ids": [NOWHERE]},
    "POST /api/v1/financial_manager/imports/{id}/decide": {"position": 0, "book": False},
    "PUT /api/v1/financial_manager/bank-connections/{id}/clock": {"on": False},
    "POST /api/v1/financial_manager/trades": {
        "kind": "buy",
        "depot_id": NOWHERE,
        "security_id": NOWHERE,
        "date": "2026-02-05",
        "quantity": "1",
        "amount_minor": 1_00,
    },
    "POST /api/v1/financial_manager/trades/transfers": {
        "from_depot_id": NOWHERE,
        "to_depot_id": NOWHERE,
        "security_id": NOWHERE,
        "quantity": "1",
        "date": "2026-02-05",
    },
    "POST /api/v1/financial_manager/depots/what-if": {
        "depot_id": NOWHERE,
        "security_id": NOWHERE,
        "quantity": "1",
        "price": "1",
    },
    "POST /api/v1/financial_manager/payees": {"name": "x", "written": ["x"]},
    "POST /api/v1/financial_manager/payees/{id}/forget": {"written": ["x"]},
    "PUT /api/v1/financial_manager/budgets/several": {
        "month": "2026-01-01",
        "items": [{"category_id": NOWHERE, "amount_minor": 1}],
    },
    "POST /api/v1/financial_manager/recurring": {
        "name": "x",
        "account_id": NOWHERE,
        "cadence": "monthly",
        "amount_minor": -1,
        "due_on": "2026-02-01",
    },
    "POST /api/v1/financial_manager/goals/{id}/amounts": {"amount_minor": 1},
    "POST /api/v1/financial_manager/transactions/categorise": {"ids": [NOWHERE]},
    "POST /api/v1/financial_manager/transactions/delete": {"ids": [NOWHERE]},
    "POST /api/v1/accounts/login": {"name": "nobody", "password": PASSWORD},
}
"""Bodies whose meaning a schema does not carry (one of several fields, a choice that matters)."""


def valid_body(house: Household, operation: Operation, path: str) -> dict[str, Any] | None:
    """Return a body that passes the schema of the operation, or None when it takes none."""
    schema = house.body_schema(operation)
    if schema is None:
        return None
    if operation.path.endswith("/erase"):
        return {"confirm": path.split("/")[-2], "replace_backups": False}
    if operation.name in SPECIAL:
        return dict(SPECIAL[operation.name])
    return _object(house, schema)


def _object(house: Household, schema: dict[str, Any]) -> dict[str, Any]:
    wanted = schema.get("required", [])
    return {name: _value(house, sub) for name, sub in schema.get("properties", {}).items() if name in wanted}


def _value(house: Household, schema: dict[str, Any]) -> Any:
    schema = house.resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return _value(house, schema["anyOf"][0])
    kind = schema.get("type")
    if kind == "string":
        if schema.get("format") == "date":
            return "2026-01-01"
        return "x" * max(1, schema.get("minLength", 1))
    if kind == "array":
        return []
    if kind == "object":
        return _object(house, schema)
    least = schema.get("minimum", 0)
    return {"integer": int(least), "number": least, "boolean": False}.get(str(kind))
