"""A transaction as the form holds it: what the fields begin with, what is wrong, what is sent of what was typed."""

from __future__ import annotations

from typing import Any, Literal

from frontend.api.generated.schemas import AccountOut, TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_error
from frontend.financial_manager.screens.parts.day_field import day_error
from frontend.financial_manager.screens.transactions.split import Parts, left_over, parts_body, parts_of
from frontend.i18n import parse_amount, parse_day, plain_amount, today, tr, typed_day
from frontend.kit import Form

EXPENSE, INCOME, TRANSFER = "expense", "income", "transfer"
Shape = Literal["single", "split", "transfer", "fixed"]
TEXTS = ("counterparty", "purpose", "note")


def shape_of(transaction: TransactionOut) -> Shape:
    """Tell how the form shows a transaction's parts; "fixed": it cannot, and leaves its money as it is."""
    parts, own = transaction["parts"], transaction["currency"]
    if any(one["currency"] != own for one in parts):
        return "fixed"
    if len(parts) == 1:
        return "transfer" if parts[0]["account_id"] else "single"
    minus = transaction["amount_minor"] < 0
    plain = all(
        one["account_id"] is None and one["amount_minor"] and (one["amount_minor"] < 0) == minus for one in parts
    )
    return "split" if plain else "fixed"


def transaction_values(transaction: TransactionOut | None, account: AccountOut | None) -> dict[str, str]:
    """Return what the fields begin with, those of the parts of a split too."""
    if transaction is None:
        return {"direction": EXPENSE, "account": account["id"] if account else "", "day": typed_day(today())}
    shape, parts = shape_of(transaction), transaction["parts"]
    minor = transaction["amount_minor"]
    found = {
        "direction": TRANSFER if shape == "transfer" else INCOME if minor > 0 else EXPENSE,
        "sign": "1" if minor > 0 else "-1",
        "account": transaction["account_id"],
        "other": (parts[0]["account_id"] or "") if shape == "transfer" else "",
        "amount": plain_amount(abs(minor), transaction["currency"]),
        "category": (parts[0]["category_id"] or "") if shape == "single" and parts else "",
        "day": typed_day(transaction["date"]),
        **{name: str(transaction[name]) for name in TEXTS},  # type: ignore[literal-required]
    }
    if shape == "split":
        found |= {f"part{n}": plain_amount(abs(one["amount_minor"]), one["currency"]) for n, one in enumerate(parts)}
    return found


def first_parts(transaction: TransactionOut) -> Parts:
    """Return the parts that a transaction's form begins with; none unless it is a split that the form can show."""
    return parts_of(transaction["parts"]) if shape_of(transaction) == "split" else ()


def sign_of(form: Form) -> int:
    """Return the sign of the amount: what came in is positive. A transfer keeps the side that it was seen from."""
    if form["direction"] == TRANSFER:
        return 1 if form["sign"] == "1" else -1
    return 1 if form["direction"] == INCOME else -1


def transaction_errors(
    form: Form, ledger: LedgerProvider, parts: Parts, of: TransactionOut | None = None
) -> dict[str, str]:
    """Return what is wrong with what was typed, by field; the hub checks the rest. `of`: what is being changed."""
    said = {"day": day_error(form["day"])}
    if of is None or shape_of(of) != "fixed":
        said |= _money_errors(form, ledger, parts, of)
    return {name: text for name, text in said.items() if text}


def _money_errors(form: Form, ledger: LedgerProvider, parts: Parts, of: TransactionOut | None) -> dict[str, str]:
    account = ledger.account(form["account"])
    if account is None:
        return {"account": tr("Choose an account.")}
    currency = account["currency"]
    said = {"amount": amount_error(form["amount"], currency)}
    minor = parse_amount(form["amount"], currency)
    untouched = of is not None and form["amount"] == transaction_values(of, None)["amount"]
    if minor is not None and minor <= 0 and not untouched:
        said["amount"] = tr("Type it without a minus; choose above whether it was spent.")
    if form["direction"] == TRANSFER:
        other = ledger.account(form["other"])
        if other is None and (of is None or form["other"] != transaction_values(of, None)["other"]):
            said["other"] = tr("Choose the other account.")
        elif form["other"] == form["account"]:
            said["other"] = tr("It is the same account. Choose another one.")
        elif other is not None and other["currency"] != currency and not form["by_rate"]:
            said["arrives"] = amount_error(form["arrives"], other["currency"])
    elif parts and not said["amount"] and left_over(form, parts, minor or 0, currency):
        said["parts"] = tr("The parts do not add up to the whole amount.")
    return said


def transaction_body(form: Form, ledger: LedgerProvider, parts: Parts) -> Any:
    """Return what is sent of a new transaction; what was typed was found right."""
    account, day = ledger.account(form["account"]), parse_day(form["day"])
    assert account is not None
    assert day is not None
    minor = sign_of(form) * (parse_amount(form["amount"], account["currency"]) or 0)
    texts = {name: form[name].strip() for name in TEXTS}
    found: dict[str, Any] = {"account_id": account["id"], "date": day.isoformat(), "amount_minor": minor, **texts}
    if form["direction"] == TRANSFER:
        return found | {"parts": [_moved(form, ledger, account, minor)]}
    if parts:
        return found | {"parts": parts_body(form, parts, sign_of(form), account["currency"])}
    return found | {"category_id": form["category"] or None}


def transaction_changes(form: Form, ledger: LedgerProvider, parts: Parts, of: TransactionOut) -> dict[str, Any]:
    """Return what differs from what was loaded, and nothing else; what was typed was found right."""
    first = transaction_values(of, None)
    found: dict[str, Any] = {name: form[name].strip() for name in TEXTS if form[name] != first[name]}
    day = parse_day(form["day"])
    if day is not None and day.isoformat() != of["date"]:
        found["date"] = day.isoformat()
    account = ledger.account(form["account"])
    if account is None or shape_of(of) == "fixed":
        return found
    if account["id"] != of["account_id"]:
        found["account_id"] = account["id"]
    minor = of["amount_minor"]
    same = all(form[name] == first[name] for name in ("amount", "direction"))
    if not same or account["currency"] != of["currency"]:
        minor = sign_of(form) * (parse_amount(form["amount"], account["currency"]) or 0)
    if minor != of["amount_minor"]:
        found["amount_minor"] = minor
    return found | _changed_parts(form, ledger, account, parts, of, minor)


def _changed_parts(
    form: Form, ledger: LedgerProvider, account: AccountOut, parts: Parts, of: TransactionOut, minor: int
) -> dict[str, Any]:
    """Return the parts where they differ; an only part follows the amount by itself, and keeps its note."""
    shape, first = shape_of(of), transaction_values(of, None)
    memo = of["parts"][0]["memo"] if len(of["parts"]) == 1 else ""
    if form["direction"] == TRANSFER:
        kept = all(form[name] == first.get(name, "") for name in ("other", "account", "arrives", "by_rate"))
        same = shape == "transfer" and kept
        return {} if same else {"parts": [_moved(form, ledger, account, minor, memo)]}
    if parts:
        found = parts_body(form, parts, sign_of(form), account["currency"])
        loaded = parts_body(Form(first), first_parts(of), -1 if of["amount_minor"] < 0 else 1, of["currency"])
        return {} if shape == "split" and found == loaded else {"parts": found}
    if shape == "single" and form["category"] == first["category"]:
        return {}
    category = form["category"] or None
    if memo and shape == "single":
        return {"parts": [{"amount_minor": minor, "category_id": category, "memo": memo}]}
    return {"category_id": category}


def _moved(form: Form, ledger: LedgerProvider, account: AccountOut, minor: int, memo: str = "") -> dict[str, Any]:
    """Return the part of a transfer."""
    part: dict[str, Any] = {"amount_minor": minor, "account_id": form["other"]}
    if memo:
        part["memo"] = memo
    other = ledger.account(form["other"])
    if other is not None and other["currency"] != account["currency"]:
        if form["by_rate"]:
            return part | {"by_rate": True}
        arrives = parse_amount(form["arrives"], other["currency"]) or 0
        part["other_minor"] = -arrives if minor > 0 else arrives
    return part
