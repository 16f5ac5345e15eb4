"""SimpleFIN (https://www.simplefin.org/protocol.html): a setup token becomes an address that tells accounts and lines.

The address holds user and password: it is the secret. Asked are days of at most `DAYS_AT_ONCE`; nothing else is sent.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import httpx

from backend.financial_manager.banks.provider import (
    MOST_LINES,
    TOO_MANY,
    BankBusy,
    BankRefused,
    BankUnusable,
    Fetched,
    Opened,
    RemoteAccount,
    Secret,
    short_id,
    told_amount,
    told_currency,
    told_day,
    told_id,
    told_text,
)
from backend.financial_manager.statements import Entry
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.outgoing import Answer, Outgoing

DAYS_AT_ONCE = 59
_TOKEN = "body.setup_token"  # nosec B105: the name of a field
_MOST_ACCOUNTS = 200


class SimpleFin:
    """Ask SimpleFIN bridges."""

    id = "simplefin"
    title = "SimpleFIN"
    unattended = True

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing

    def claim(self, setup_token: str) -> Secret:
        """Trade a setup token for its address, which works once; raises `InvalidInput` for what is no token."""
        try:
            claim = base64.b64decode("".join(setup_token.split()), validate=True).decode("ascii")
        except (ValueError, binascii.Error):
            problem = FieldProblem(_TOKEN, "This is no setup token.", "Copy it whole from the SimpleFIN page.")
            raise InvalidInput(fields=[problem]) from None
        self._outgoing.checked(claim, _TOKEN)
        answer = self._outgoing.ask("POST", claim, headers={"Content-Length": "0"}, again=False)
        if answer.status == 403:
            remedy = "Make a new one. If you did not use it yourself, disable it there."
            raise InvalidInput(fields=[FieldProblem(_TOKEN, "This token was used already.", remedy)])
        if answer.status != 200 or len(answer.body) > 4000:
            raise BankUnusable()
        secret = {"address": answer.body.decode("utf-8", "replace").strip()}
        _split(self._outgoing, secret)
        return secret

    def accounts(self, secret: Secret) -> Opened:
        """Return the accounts that the address tells by now; some may have been added since it was claimed."""
        found, doubts = self._accounts(secret, {"balances-only": "1"})
        accounts = tuple(one.account for one in found)
        banks = sorted({one.institution for one in accounts if one.institution})
        return Opened(", ".join(banks)[:120], secret, accounts, doubts=doubts)

    def fetch(self, secret: Secret, accounts: Sequence[str], since: dt.date, until: dt.date) -> list[Fetched]:
        """Return what is booked on accounts, window by window."""
        found: dict[str, Fetched] = {}
        for first, last in _windows(since, until):
            asked = {"start-date": str(_seconds(first)), "end-date": str(_seconds(last + dt.timedelta(days=1)))}
            some, doubts = self._accounts(secret, asked)
            for one in some:
                if one.account.external_id not in accounts:
                    continue
                before = found.get(one.account.external_id)
                known = {entry.bank_id for entry in before.entries} if before else set()
                fresh = tuple(entry for entry in one.entries if _is_fresh(entry, known, first, last))
                entries = (*(before.entries if before else ()), *fresh)
                many = (TOO_MANY,) if len(entries) > MOST_LINES else ()
                told = tuple(dict.fromkeys((*(before.doubts if before else ()), *one.doubts, *doubts, *many)))
                found[one.account.external_id] = Fetched(one.account, entries[:MOST_LINES], told)
        return list(found.values())

    def leave(self, secret: Secret) -> None:
        """Forget the address; SimpleFIN has no way to say goodbye but on its own page."""

    def _accounts(self, secret: Secret, query: dict[str, str]) -> tuple[list[Fetched], tuple[str, ...]]:
        address, user = _split(self._outgoing, secret)
        answer = self._outgoing.ask("GET", str(httpx.URL(f"{address}/accounts", params=query)), auth=user)
        told = _told(answer)
        problems = told.get("errors")
        doubts = (
            tuple(f"{self.title}: {told_text(one, 300)}" for one in problems[:5]) if isinstance(problems, list) else ()
        )
        rows = told.get("accounts")
        if not isinstance(rows, list):
            raise BankUnusable()
        return [one for row in rows[:_MOST_ACCOUNTS] if (one := _account(row)) is not None], doubts


def _is_fresh(entry: Entry, known: Collection[str], first: dt.date, last: dt.date) -> bool:
    """Tell whether a line was not told in an earlier window: by its id, or without one by its day."""
    if entry.bank_id:
        return entry.bank_id not in known
    return entry.date is not None and first <= entry.date <= last


def _split(outgoing: Outgoing, secret: Secret) -> tuple[str, tuple[str, str]]:
    """Return the address without its user, and the user; raises `BankUnusable` for what is no such address."""
    try:
        whole = httpx.URL(secret["address"])
    except (httpx.InvalidURL, ValueError):
        raise BankUnusable() from None
    plain = whole.copy_with(username=None, password=None, userinfo=b"")
    outgoing.checked(str(plain))
    return str(plain).rstrip("/"), (whole.username, whole.password)


def _told(answer: Answer) -> dict[str, Any]:
    if answer.status in (401, 402, 403):
        raise BankRefused()
    if answer.status == 429:
        raise BankBusy()
    told = answer.json() if answer.status == 200 else None
    if not isinstance(told, dict):
        raise BankUnusable()
    return told


def _account(row: Any) -> Fetched | None:
    """Return one account with its lines; None for one without an id or in no currency that Homie knows."""
    account_id = told_id(row.get("id")) if isinstance(row, dict) else ""
    if not account_id:
        return None
    currency = told_currency(row.get("currency"))
    if currency is None:
        return None
    org = row.get("org") if isinstance(row.get("org"), dict) else {}
    account = RemoteAccount(
        external_id=account_id, stable_id=account_id, name=told_text(row.get("name"), 120), currency=currency,
        institution=told_text((org or {}).get("name") or (org or {}).get("domain"), 120),
        balance_minor=told_amount(row.get("balance"), currency), balance_on=told_day(row.get("balance-date")),
    )  # fmt: skip
    lines = row.get("transactions")
    entries, unread = [], 0
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and (line.get("pending") is True or line.get("posted") == 0):
            continue
        entry = _entry(line, currency)
        unread += entry is None
        if entry is not None:
            entries.append(entry)
    doubts = (f"{unread} lines of the bank could not be read.",) if unread else ()
    return Fetched(account, tuple(entries), doubts)


def _entry(line: Any, currency: str) -> Entry | None:
    if not isinstance(line, dict):
        return None
    day, amount = told_day(line.get("posted")), told_amount(line.get("amount"), currency)
    if day is None or amount is None:
        return None
    payee, text, memo = (told_text(line.get(name)) for name in ("payee", "description", "memo"))
    purpose = " ".join(dict.fromkeys(one for one in (text if payee else "", memo) if one))
    return Entry(
        day, told_day(line.get("transacted_at")), amount, currency, payee or text, purpose=purpose,
        bank_id=short_id(line.get("id")),
    )  # fmt: skip


def _windows(since: dt.date, until: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    while since <= until:
        last = min(until, since + dt.timedelta(days=DAYS_AT_ONCE - 1))
        yield since, last
        since = last + dt.timedelta(days=1)


def _seconds(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
