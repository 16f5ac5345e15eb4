"""Enable Banking (https://enablebanking.com/docs/api/reference/): European banks by PSD2, with one's own application.

The household registers an application there and keeps its key. A person says yes at the bank; the address to which the
bank then leads holds a code, which becomes a session. The consent ends after a while and is given again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from backend.financial_manager.banks.jwt import signed
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
from backend.sdk.clock import Clock
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.outgoing import Answer, Outgoing

MOST_PAGES = 200
_ENDED = ("EXPIRED_SESSION", "CLOSED_SESSION", "REVOKED_SESSION", "SESSION_DOES_NOT_EXIST", "EXPIRED_AUTHORIZATION")
_NO_OTHER_STATUS = (None, "", "BOOK")
"""Only what is booked is asked for: a line without a status is."""
_CLOSING = ("CLBD", "ITBD", "XPCD", "CLAV", "ITAV")
"""Kinds of balances of ISO 20022, the one that is wanted most first."""
_BOOKED = ("CLBD", "ITBD")
"""Those that hold what is booked and nothing else."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that can be connected. `consent_days`: how long a consent may last at most."""

    name: str
    country: str
    consent_days: int


@dataclass(frozen=True, slots=True)
class Application:
    """The household's application. `redirects`: the addresses to which banks may lead back."""

    name: str
    redirects: tuple[str, ...]


class EnableBanking:
    """Ask Enable Banking. `address`: of its API."""

    id = "enable_banking"
    title = "Enable Banking"
    unattended = True

    def __init__(self, outgoing: Outgoing, clock: Clock, address: str) -> None:
        self._outgoing = outgoing
        self._clock = clock
        self._address = address.rstrip("/")

    def application(self, secret: Secret) -> Application:
        """Return what Enable Banking knows of the application; raises `BankRefused` for a wrong id or key."""
        told = self._ask(secret, "GET", "application")
        urls = told.get("redirect_urls")
        redirects = tuple(told_text(one, 500) for one in urls[:20]) if isinstance(urls, list) else ()
        return Application(told_text(told.get("name"), 120), redirects)

    def banks(self, secret: Secret, country: str) -> list[Bank]:
        """Return the banks of a country (ISO 3166) that can be connected, by name."""
        rows = self._ask(secret, "GET", f"aspsps?{urlencode({'country': country, 'psu_type': 'personal'})}").get(
            "aspsps"
        )
        if not isinstance(rows, list):
            raise BankUnusable()
        found = [
            Bank(told_text(row.get("name"), 120), country, _days_of(row.get("maximum_consent_validity")))
            for row in rows[:5000]
            if isinstance(row, dict) and told_text(row.get("name"))
        ]
        return sorted(found, key=lambda one: one.name.casefold())

    def begin(self, secret: Secret, bank: Bank, redirect: str, state: str) -> str:
        """Return the address at which a person says yes to the bank."""
        until = self._clock.now() + dt.timedelta(days=bank.consent_days)
        body = {
            "access": {"valid_until": until.isoformat(timespec="seconds")},
            "aspsp": {"name": bank.name, "country": bank.country},
            "state": state,
            "redirect_url": redirect,
            "psu_type": "personal",
        }
        url = told_id(self._ask(secret, "POST", "auth", body).get("url"), 4000)
        if not url:
            raise BankUnusable()
        return str(self._outgoing.checked(url))

    def finish(self, secret: Secret, code: str) -> Opened:
        """Turn the code that the bank gave into a session with its accounts; a code works once."""
        told = self._ask(secret, "POST", "sessions", {"code": code})
        session, rows = told_id(told.get("session_id")), told.get("accounts")
        if not session or not isinstance(rows, list):
            raise BankUnusable()
        aspsp, access = told.get("aspsp"), told.get("access")
        title = told_text(aspsp.get("name"), 120) if isinstance(aspsp, dict) else ""
        found = tuple(one for row in rows[:200] if (one := _account(row, title)) is not None)
        until = _moment(access.get("valid_until")) if isinstance(access, dict) else None
        return Opened(title or self.title, {**secret, "session_id": session}, found, until)

    def accounts(self, secret: Secret) -> None:
        """Return nothing: which accounts are told is what a person agreed to."""

    def fetch(self, secret: Secret, accounts: Sequence[str], since: dt.date, until: dt.date) -> list[Fetched]:
        """Return what is booked on accounts, page by page, each with its balance."""
        return [self._fetch_one(secret, uid, since, until) for uid in accounts]

    def leave(self, secret: Secret) -> None:
        """End the consent at Enable Banking."""
        if "session_id" in secret:
            self._ask(secret, "DELETE", f"sessions/{quote(secret['session_id'], safe='')}")

    def _fetch_one(self, secret: Secret, uid: str, since: dt.date, until: dt.date) -> Fetched:
        place = f"accounts/{quote(uid, safe='')}"
        balances = self._ask(secret, "GET", f"{place}/balances").get("balances")
        query = {"date_from": since.isoformat(), "date_to": until.isoformat(), "transaction_status": "BOOK"}
        entries, unread, key, seen = list[Entry](), 0, "", set[str]()
        for _ in range(MOST_PAGES):
            asked = {**query, **({"continuation_key": key} if key else {})}
            told = self._ask(secret, "GET", f"{place}/transactions?{urlencode(asked)}")
            rows = told.get("transactions")
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and row.get("status") not in _NO_OTHER_STATUS:
                    continue
                entry = _entry(row)
                unread += entry is None
                if entry is not None:
                    entries.append(entry)
            key = told_id(told.get("continuation_key"), 4000)
            if not key or key in seen or len(entries) >= MOST_LINES:
                break
            seen.add(key)
        doubts = [f"{unread} lines of the bank could not be read."] if unread else []
        if key and len(entries) >= MOST_LINES:
            doubts.append(TOO_MANY)
        elif key in seen:
            doubts.append("The bank told the same lines again and again; some may be missing.")
        return Fetched(_balance(uid, balances, _unit_of(entries)), tuple(entries), tuple(doubts))

    def _ask(self, secret: Secret, method: str, path: str, body: Any = None) -> dict[str, Any]:
        token = signed(secret["application_id"], secret["private_key"], int(self._clock.now().timestamp()))
        answer = self._outgoing.ask(
            method, f"{self._address}/{path}", headers={"Authorization": f"Bearer {token}"}, body=body,
            again=method == "GET",
        )  # fmt: skip
        return _told(answer)


def code_of(address: str, state: str) -> str:
    """Return the code in the address to which the bank led; raises `InvalidInput` for another one, or a refusal."""
    try:
        query = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        query = {}
    code, found, error = (query.get(name, [""])[0] for name in ("code", "state", "error"))
    if error:
        refused = FieldProblem("body.address", "The bank says that you did not agree.", "Begin again.")
        raise InvalidInput(fields=[refused])
    if not code or found != state:
        problem = "This is not the address to which the bank led you for this connection."
        remedy = "Copy the whole address from the browser after you agreed at the bank."
        raise InvalidInput(fields=[FieldProblem("body.address", problem, remedy)])
    return code


def _told(answer: Answer) -> dict[str, Any]:
    try:
        told = answer.json()
    except Exception:
        told = None
    if answer.status == 200 and isinstance(told, dict):
        return told
    error = told.get("error") if isinstance(told, dict) else None
    if answer.status in (401, 403) or error in _ENDED:
        raise BankRefused()
    if answer.status == 429:
        raise BankBusy()
    raise BankUnusable()


def _account(row: Any, bank: str) -> RemoteAccount | None:
    """Return one account of a session; None without an id or in no currency that Homie knows."""
    uid = told_id(row.get("uid")) if isinstance(row, dict) else ""
    if not uid:
        return None
    currency = told_currency(row.get("currency"))
    if currency is None:
        return None
    named = row.get("account_id")
    iban = told_text(named.get("iban"), 34).replace(" ", "") if isinstance(named, dict) else ""
    stable = told_text(row.get("identification_hash"), 200) or iban or uid
    name = told_text(row.get("name") or row.get("product") or row.get("details"), 120)
    return RemoteAccount(uid, stable, name, currency, iban, bank)


def _unit_of(entries: Sequence[Entry]) -> str | None:
    """Return the currency of most lines; None where there are none."""
    told = Counter(entry.currency for entry in entries)
    return told.most_common(1)[0][0] if told else None


def _balance(uid: str, rows: Any, unit: str | None) -> RemoteAccount:
    """Return an account with the balance that says most: what is booked, before what is expected.

    `unit`: the currency of its lines; some banks tell a balance in each currency.
    """
    found: dict[tuple[bool, str], RemoteAccount] = {}
    for row in rows if isinstance(rows, list) else ():
        amount = row.get("balance_amount") if isinstance(row, dict) else None
        currency = told_currency(amount.get("currency")) if isinstance(amount, dict) else None
        minor = told_amount(amount.get("amount"), currency) if currency and isinstance(amount, dict) else None
        if currency is not None and minor is not None:
            day = told_day(row.get("reference_date"))
            kind = str(row.get("balance_type"))
            told = RemoteAccount(
                uid, "", "", currency, balance_minor=minor, balance_on=day, balance_booked=kind in _BOOKED
            )
            found.setdefault((currency == unit, kind), told)
    wanted = [(own, kind) for own in (True, False) for kind in _CLOSING]
    return next((found[one] for one in wanted if one in found), RemoteAccount(uid, "", "", ""))


def _entry(row: Any) -> Entry | None:
    if not isinstance(row, dict):
        return None
    amount = row.get("transaction_amount")
    currency = told_currency(amount.get("currency")) if isinstance(amount, dict) else None
    minor = told_amount(amount.get("amount"), currency) if currency and isinstance(amount, dict) else None
    day = told_day(row.get("booking_date")) or told_day(row.get("transaction_date"))
    value = told_day(row.get("value_date"))
    sign = {"DBIT": -1, "CRDT": 1}.get(str(row.get("credit_debit_indicator")))
    if minor is None or sign is None or (day or value) is None:
        return None
    side = "creditor" if sign < 0 else "debtor"
    who, account = row.get(side), row.get(f"{side}_account")
    texts = row.get("remittance_information")
    purpose = " ".join(told_text(one) for one in texts[:20]) if isinstance(texts, list) else ""
    return Entry(
        day or value, value, sign * abs(minor), currency,
        told_text(who.get("name"), 200) if isinstance(who, dict) else "",
        iban=told_text(account.get("iban"), 34).replace(" ", "") if isinstance(account, dict) else "",
        purpose=purpose.strip()[:4000], bank_id=short_id(row.get("entry_reference")),
        reference=told_text(row.get("reference_number"), 120),
    )  # fmt: skip


def _days_of(seconds: Any) -> int:
    """Return the days of a consent (90 where nothing is said, at most 180 by PSD2)."""
    days = seconds // 86400 if isinstance(seconds, int) and not isinstance(seconds, bool) else 90
    return max(1, min(180, days))


def _moment(value: Any) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            return moment if moment is None else moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
