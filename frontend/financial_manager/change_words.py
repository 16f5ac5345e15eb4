"""Say of a step of the ledger what it did."""

from __future__ import annotations

import re
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ChangeOut
from frontend.financial_manager.category_names import SHIPPED
from frontend.financial_manager.depot_words import trade_name
from frontend.financial_manager.money_words import pair_reason, with_days
from frontend.i18n import money, tr, trn

_COUNTED = re.compile(r"(\d+) transactions")
_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})$")
_TRADE = re.compile(r"(opening|buy|sell|dividend|cost adjustment|fee|split|transfer out|transfer in)\b ?(.*)")


def change_title(change: ChangeOut) -> str:
    """Say what a step did, in a sentence."""
    name = _name(change)
    if change["undoes"] is not None:
        return tr("Taken back: {what}", what=name) if name else tr("A change was taken back")
    if not name:
        plain = {
            "transfer.confirm": tr("Two bookings are one transfer"),
            "transfer.reject": tr("Two bookings are no transfer"),
            "budget.set_several": tr("Budgets set"),
            "budget.copy": tr("Budgets taken from the month before"),
            "rule.apply": tr("The rules decided about what is booked"),
        }
        return plain.get(change["kind"], tr("The ledger was changed"))
    kind = change["kind"]
    return _ledger_title(kind, name) or _planning_title(kind, name) or _composed(kind, name)


def _ledger_title(kind: str, name: str) -> str:
    """Say what a step on accounts, categories, payees, transactions or statements did; "" for another kind."""
    return {
        "account.create": tr("Account added: {name}", name=name),
        "account.change": tr("Account changed: {name}", name=name),
        "account.reconcile": tr("Account reconciled or unlocked: {name}", name=name),
        "account.delete": tr("Account deleted: {name}", name=name),
        "category.create": tr("Category added: {name}", name=name),
        "category.change": tr("Category changed: {name}", name=name),
        "category.delete": tr("Category deleted: {name}", name=name),
        "category.ask": tr("Filed as the AI said: {name}", name=name),
        "payee.name": tr("Named: {name}", name=name),
        "payee.rename": tr("Renamed: {name}", name=name),
        "transaction.create": tr("Entered: {name}", name=name),
        "transaction.change": tr("Transaction changed: {name}", name=name),
        "transaction.delete": tr("Transactions deleted: {name}", name=name),
        "transaction.categorise": tr("Filed: {name}", name=name),
        "transfer.confirm": tr("Taken for a transfer: {name}", name=name),
        "transfer.reject": tr("Taken for no transfer: {name}", name=name),
        "import": tr("Statement imported: {name}", name=name),
        "statement.import": tr("Statement imported: {name}", name=name),
        "import.book_line": tr("Booked after all: {name}", name=name),
        "import.same_line": tr("It was there already: {name}", name=name),
        "price.enter": tr("Price entered: {name}", name=name),
        "price.import": tr("Prices imported: {name}", name=name),
        "price.fetch": tr("Prices fetched: {name}", name=name),
        "price_source.set": tr("Source of prices chosen: {name}", name=name),
        "price_source.delete": tr("Source of prices taken away: {name}", name=name),
    }.get(kind, "")


def _planning_title(kind: str, name: str) -> str:
    """Say what a step on budgets, rules, goals, names, files or settings did; "" for another kind."""
    return {
        "budget.set": tr("Budget set: {name}", name=name),
        "budget.end": tr("Budget ended: {name}", name=name),
        "budget.set_several": tr("Budgets set: {name}", name=name),
        "budget.copy": tr("Budgets taken from the month before: {name}", name=name),
        "rule.place": tr("Rule moved: {name}", name=name),
        "rule.apply": tr("Filed by a rule: {name}", name=name),
        "goal.put_aside": tr("Put aside for {name}", name=name),
        "payee.merge": tr("Payees merged: {name}", name=name),
        "payee.forget": tr("No longer written so: {name}", name=name),
        "payee.delete": tr("Payee deleted: {name}", name=name),
        "tag.rename": tr("Tag renamed: {name}", name=name),
        "tag.remove": tr("Tag taken away: {name}", name=name),
        "attachment.add": tr("File added: {name}", name=name),
        "attachment.remove": tr("File taken away: {name}", name=name),
        "settings.change": tr("Settings changed: {name}", name=name),
        "inbox.add": tr("Statement inbox added: {name}", name=name),
        "inbox.remove": tr("Statement inbox removed: {name}", name=name),
    }.get(kind, "")


def _composed(kind: str, name: str) -> str:
    """Say what a step did by the thing that it is about and what was done to it."""
    about, _, done = kind.rpartition(".")
    thing = {
        "rule": tr("Rule"),
        "security": tr("Security"),
        "trade": tr("Trade"),
        "price": tr("Price"),
        "recurring": tr("Recurring payment"),
        "goal": tr("Goal"),
        "building.project": tr("Building project"),
        "building.line": tr("Line of the building budget"),
        "building.contract": tr("Contract"),
        "building.change_order": tr("Change of a contract"),
        "building.invoice": tr("Invoice"),
        "building.release": tr("Release of money held back"),
        "building.source": tr("Money for building"),
        "building.payment": tr("Payment"),
    }.get(about)
    if thing is None:
        return tr("Changed: {name}", name=name)
    return {
        "create": tr("{thing} added: {name}", thing=thing, name=name),
        "change": tr("{thing} changed: {name}", thing=thing, name=name),
        "delete": tr("{thing} deleted: {name}", thing=thing, name=name),
        "pay": tr("{thing} paid: {name}", thing=thing, name=name),
        "enter": tr("{thing} added: {name}", thing=thing, name=name),
        "confirmed": tr("{thing} confirmed: {name}", thing=thing, name=name),
        "dismissed": tr("{thing} dismissed: {name}", thing=thing, name=name),
    }.get(done, tr("Changed: {name}", name=name))


def _name(change: ChangeOut) -> str:
    """Return a step's title in the person's language: what the hub puts together, and names of shipped categories."""
    title, about = change["title"], change["kind"].partition(".")[0]
    if counted := _COUNTED.match(title):
        count = int(counted[1])
        title = trn("{n} transaction", "{n} transactions", count) + title[counted.end() :]
    if about == "transfer":
        return pair_reason(title)
    if about == "trade" and (found := _TRADE.match(title)):
        return with_days(f"{trade_name(found[1].replace(' ', '_'))} {found[2]}".strip())
    if about == "building" and (found := _AMOUNT.search(title)):
        minor = int(found[1].replace(".", ""))  # the hub writes every digit that the currency has
        title = title[: found.start()] + money(minor, found[2])
    before, sign, category = title.rpartition(": ")
    if (about in ("category", "budget") or sign) and category in SHIPPED:
        title = f"{before}{sign}{SHIPPED[category]()}"
    return with_days(title)


def change_icon(change: ChangeOut) -> Any:
    """Return the picture of a step."""
    if change["undoes"] is not None:
        return ft.Icons.UNDO
    return {
        "account": ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        "budget": ft.Icons.SAVINGS_OUTLINED,
        "building": ft.Icons.HOME_WORK_OUTLINED,
        "category": ft.Icons.SELL_OUTLINED,
        "import": ft.Icons.UPLOAD_FILE_OUTLINED,
        "payee": ft.Icons.BADGE_OUTLINED,
        "price": ft.Icons.SHOW_CHART,
        "tag": ft.Icons.LABEL_OUTLINE,
        "attachment": ft.Icons.ATTACH_FILE,
        "inbox": ft.Icons.MOVE_TO_INBOX_OUTLINED,
        "settings": ft.Icons.SETTINGS_OUTLINED,
        "recurring": ft.Icons.AUTORENEW,
        "goal": ft.Icons.SAVINGS_OUTLINED,
        "rule": ft.Icons.RULE,
        "security": ft.Icons.SHOW_CHART,
        "statement": ft.Icons.UPLOAD_FILE_OUTLINED,
        "trade": ft.Icons.SHOW_CHART,
        "transaction": ft.Icons.RECEIPT_LONG_OUTLINED,
        "transfer": ft.Icons.SWAP_HORIZ,
    }.get(change["kind"].partition(".")[0], ft.Icons.HISTORY)
