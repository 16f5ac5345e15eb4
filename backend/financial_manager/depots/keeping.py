"""Look rows of depots up in the acting space, and say what is wrong with what somebody enters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, inspect, select

from backend.financial_manager.currencies import check_currency
from backend.financial_manager.depots.models import Security, SecurityTrade, TradeKind
from backend.financial_manager.errors import SecurityMissing, TradeMissing
from backend.financial_manager.ledger.accounts import country_of, find_account
from backend.financial_manager.ledger.models import AccountKind, UserAccount
from backend.financial_manager.ledger.openings import check_open
from backend.financial_manager.securities.isin import valid_isin
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput

_MONEY = {"amount_minor", "currency", "fx_rate"}
TAKES: dict[TradeKind, set[str]] = {
    TradeKind.OPENING: {"quantity", "acquired", *_MONEY},
    TradeKind.BUY: {"quantity", "fees_minor", *_MONEY},
    TradeKind.SELL: {"quantity", "fees_minor", "withheld_minor", "surcharge_minor", *_MONEY},
    TradeKind.DIVIDEND: {"foreign_withheld_minor", "withheld_minor", "surcharge_minor", "country", *_MONEY},
    TradeKind.COST_ADJUSTMENT: {
        "sign", "income_minor", "foreign_withheld_minor", "withheld_minor", "surcharge_minor", *_MONEY,
    },
    TradeKind.FEE: set(_MONEY),
    TradeKind.SPLIT: {"split_new", "split_old"},
    TradeKind.TRANSFER_OUT: {"quantity", "transfer"},
    TradeKind.TRANSFER_IN: {"quantity", "transfer"},
}  # fmt: skip
"""Which columns a kind of trade uses, beside day, depot, security, note and cash booking."""
PLAIN: dict[str, Any] = {
    "quantity": None, "acquired": None, "amount_minor": 0, "currency": "", "fx_rate": None, "fees_minor": 0,
    "withheld_minor": 0, "surcharge_minor": 0, "foreign_withheld_minor": 0, "income_minor": 0, "sign": 1, "country": "",
    "split_new": None, "split_old": None, "transfer": "", "sequence": 0, "note": "", "security_id": None,
    "transaction_id": None,
}  # fmt: skip
"""What columns hold where there is nothing to say, or where a kind does not use them."""
_ALWAYS = {"sequence", "note", "security_id", "transaction_id"}
_NEEDED = {"quantity", "split_new", "transfer"}


def find_security(session: OwnedSession, security_id: str, field: str = "") -> Security:
    """Return a security of the acting space; raises `SecurityMissing`, naming `field` where one is given."""
    query = select(Security).where(Security.owner_id == session.actor.owner_id, Security.id == security_id)
    found = session.scalars(query).first()
    if found is None:
        problem = FieldProblem(field, "This security does not exist.", "Choose one of your securities.")
        raise SecurityMissing(fields=[problem] if field else [])
    return found


def find_trade(session: OwnedSession, trade_id: str) -> SecurityTrade:
    """Return a trade of the acting space; raises `TradeMissing`."""
    query = select(SecurityTrade).where(SecurityTrade.owner_id == session.actor.owner_id, SecurityTrade.id == trade_id)
    found = session.scalars(query).first()
    if found is None:
        raise TradeMissing()
    return found


def find_depot(session: OwnedSession, depot_id: str, field: str) -> UserAccount:
    """Return a depot; raises `AccountMissing`, and `InvalidInput` for an account that is none."""
    account = find_account(session, depot_id, field)
    if account.kind != AccountKind.DEPOT.value:
        told = f"{account.name} is no depot."
        raise InvalidInput(fields=[FieldProblem(field, told, "Choose an account of the kind depot.")])
    return account


def check_stays_depot(session: OwnedSession, account: UserAccount) -> None:
    """Refuse another kind than depot for an account on which trades stand."""
    if account.kind == AccountKind.DEPOT.value:
        return
    query = select(SecurityTrade.id).where(
        SecurityTrade.owner_id == session.actor.owner_id, SecurityTrade.depot_id == account.id
    )
    with session.no_autoflush:
        traded = session.scalars(query.limit(1)).first()
    if traded is not None:
        told = f"Trades stand on {account.name}, so it stays a depot."
        raise InvalidInput(fields=[FieldProblem("body.kind", told, "Delete or move its trades first.")])


def check_depot(session: OwnedSession, account: UserAccount) -> None:
    """Refuse what trades on an account that is being changed do not allow: another kind, or a closing before them."""
    check_stays_depot(session, account)
    if inspect(account).attrs.closed_on.history.has_changes():
        check_last_trade(session, account)


def check_last_trade(session: OwnedSession, account: UserAccount) -> None:
    """Refuse to close a depot before its last trade."""
    if account.closed_on is None:
        return
    query = select(func.count(), func.max(SecurityTrade.date)).where(
        SecurityTrade.owner_id == session.actor.owner_id,
        SecurityTrade.depot_id == account.id,
        SecurityTrade.date > account.closed_on,
    )
    with session.no_autoflush:
        count, last = session.execute(query).one()
    if count:
        told = f"{count} trades of {account.name} are after this day."
        remedy = f"Choose {last.isoformat()} or a later day, or move or delete these trades first."
        raise InvalidInput(fields=[FieldProblem("body.closed_on", told, remedy)])


def check_day_open(row: SecurityTrade, depot: UserAccount) -> None:
    """Refuse to put a trade behind the closing of its depot; one that is there can still be mended."""
    now = inspect(row).attrs
    if now.date.history.has_changes() or now.depot_id.history.has_changes():
        check_open([depot], row.date)


def check_security(session: OwnedSession, row: Security) -> None:
    """Refuse a wrong ISIN, an unknown currency, and what another security is called already."""
    if row.isin and not valid_isin(row.isin):
        told = FieldProblem("body.isin", "This ISIN is not right.", "Copy its twelve signs from the bank once more.")
        raise InvalidInput(fields=[told])
    if row.country:
        row.country = country_of(row.country)
    check_currency(row.currency)
    query = select(Security).where(Security.owner_id == session.actor.owner_id, Security.id != row.id)
    with session.no_autoflush:
        for other in session.scalars(query):
            if other.label.casefold() == row.label.casefold():
                field = "body.isin" if row.isin else "body.symbol" if row.symbol else "body.name"
                told = FieldProblem(field, f"{other.name} has it already.", "Use that security, or another word.")
                raise InvalidInput(fields=[told])


def check_nulls(values: Mapping[str, Any], empty: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a change with what null means for each; raises `InvalidInput` where it means nothing."""
    wrong = [name for name, value in values.items() if value is None and name not in empty]
    if wrong:
        told = "This cannot be empty."
        raise InvalidInput(
            fields=[FieldProblem(f"body.{name}", told, "Leave it out, or give a value.") for name in wrong]
        )
    return {name: empty[name] if value is None else value for name, value in values.items()}


def check_values(row: SecurityTrade) -> None:
    """Refuse values that a kind of trade does not have, and the lack of those that it needs."""
    takes = TAKES[TradeKind(row.kind)]
    problems = []
    for name, empty in PLAIN.items():
        value = getattr(row, name)
        if name not in takes | _ALWAYS and name != "currency" and value is not None and value != empty:
            told = "This kind of trade has no such value."
            problems.append(FieldProblem(f"body.{name}", told, "Leave it empty, or choose another kind."))
        if name in takes and name in _NEEDED and not value:
            problems.append(FieldProblem(f"body.{name}", "This kind of trade needs this value.", "Enter it."))
    if row.security_id is None and row.kind != TradeKind.FEE.value:
        told = "Only a fee belongs to no security."
        problems.append(FieldProblem("body.security_id", told, "Choose the security."))
    if problems:
        raise InvalidInput(fields=problems)
    check_currency(row.currency)
