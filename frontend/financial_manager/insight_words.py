"""Words for what looks ahead and back: how often, states, sentences of the hub with amounts as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import flet as ft

from frontend.api.generated.schemas import RecurringOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import reason_words, with_days
from frontend.i18n import calendar_day, minor_digits, money, month_name, tr

_AMOUNT = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?) ([A-Z]{3})\b")
_MONTH = re.compile(r"\b(\d{4}-\d\d)(?![-\d])")
CADENCES = ("weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly")


def how_often(cadence: str) -> str:
    """Say how often something comes."""
    return {
        "weekly": tr("Every week"),
        "fortnightly": tr("Every two weeks"),
        "monthly": tr("Every month"),
        "quarterly": tr("Every three months"),
        "half_yearly": tr("Every six months"),
        "yearly": tr("Every year"),
    }.get(cadence, tr("Again and again"))


def sentence(text: str, ledger: LedgerProvider) -> str:
    """Return a sentence of the hub in the person's language, with amounts, days and months as people write them."""
    said = with_days(reason_words(text, ledger))
    said = _AMOUNT.sub(lambda found: _money(found[1], found[2]), said)
    return _MONTH.sub(lambda found: month_name(f"{found[1]}-01"), said)


def _money(number: str, currency: str) -> str:
    return money(int(Decimal(number).scaleb(minor_digits(currency))), currency)


def next_words(one: RecurringOut, today: str) -> str:
    """Say when it is due next, that it is late, or that it has ended."""
    if one["state"] == "dismissed":
        return tr("Dismissed")
    if one["next_on"] is None:
        return tr("Has ended")
    day = calendar_day(one["next_on"])
    return tr("Was due on {day}", day=day) if one["next_on"] < today else tr("Next on {day}", day=day)


def event_icon(kind: str) -> Any:
    """Return the picture of why money is expected to move."""
    return {
        "recurring": ft.Icons.AUTORENEW,
        "planned": ft.Icons.EVENT_OUTLINED,
        "booked": ft.Icons.EVENT_AVAILABLE_OUTLINED,
        "building": ft.Icons.HOME_WORK_OUTLINED,
        "draw": ft.Icons.REQUEST_QUOTE_OUTLINED,
        "opening": ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED,
    }.get(kind, ft.Icons.EVENT_OUTLINED)


def told_icon(kind: str) -> Any:
    """Return the picture of a piece of news."""
    return {
        "total": ft.Icons.SUMMARIZE_OUTLINED,
        "category_up": ft.Icons.TRENDING_UP,
        "category_down": ft.Icons.TRENDING_DOWN,
        "income_up": ft.Icons.TRENDING_UP,
        "income_down": ft.Icons.TRENDING_DOWN,
        "new_payee": ft.Icons.PERSON_ADD_ALT,
        "new_recurring": ft.Icons.AUTORENEW,
        "price": ft.Icons.PRICE_CHANGE_OUTLINED,
        "missing_income": ft.Icons.REPORT_GMAILERRORRED,
        "large": ft.Icons.SHOPPING_BAG_OUTLINED,
    }.get(kind, ft.Icons.INFO_OUTLINE)
