"""Servers that speak SimpleFIN and Enable Banking at the wire, for tests: whole, or failing as banks do."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.local_server import QuietHandler, listening

APPLICATION = "0aa11bb2-0000-4000-8000-000000000001"
IBAN = "AT611904300234573201"
Reply = tuple[int, Any]


@cache
def key() -> Any:
    """Return the application's key."""
    return generate_private_key(65537, 2048)


def pem() -> str:
    return key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class BankServer:
    """Both protocols at one address. `fault`: "refused", "busy", "down", "rubbish", "slow"; `asked`: what was asked."""

    def __init__(self) -> None:
        self.address = ""
        self.fault = ""
        self.asked: list[str] = []
        self.tokens = {"token-1"}
        self.codes = {"code-1": "session-1", "code-2": "session-2"}
        self.sessions: set[str] = set()
        self.state = ""
        self.consents: list[dict[str, Any]] = []
        self.valid_until = "2026-05-01T00:00:00+00:00"
        self.simplefin_accounts: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.balance = "0.00"
        self.balance_told = {"balance_type": "CLBD", "reference_date": "2026-03-01"}
        self.balance_currency = "EUR"
        self.other_balances: list[dict[str, Any]] = []
        self.repeats_pages = False
        self.fails_once: Reply | None = None
        self.accounts: list[dict[str, Any]] = [
            {"account_id": {"iban": IBAN}, "identification_hash": "hash-1", "name": "Anna Muster", "currency": "EUR"}
        ]

    @property
    def setup_token(self) -> str:
        return base64.b64encode(f"{self.address}/simplefin/claim/token-1".encode()).decode()

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(f"{method} {parts.path}")
        faults: dict[str, Reply] = {
            "refused": (403, {"code": 403, "message": "no", "error": "EXPIRED_SESSION"}),
            "busy": (429, {"code": 429, "error": "ASPSP_RATE_LIMIT_EXCEEDED"}),
            "down": (503, b"maintenance"),
            "rubbish": (200, b"<html>"),
            "list": (200, []),
        }
        if self.fails_once is not None and method == "GET":
            failed, self.fails_once = self.fails_once, None
            return failed
        if self.fault in faults:
            return faults[self.fault]
        if parts.path.startswith("/simplefin"):
            return self._simplefin(method, parts.path, query, headers)
        if not self._knows(headers.get("Authorization", "")):
            return 401, {"code": 401, "error": "UNAUTHORIZED"}
        return self._enable_banking(method, parts.path.removeprefix("/eb/"), query, json.loads(body or b"null"))

    # ------------------------------------------------------------------ SimpleFIN

    def _simplefin(self, method: str, path: str, query: dict[str, str], headers: Any) -> Reply:
        if method == "POST" and path.startswith("/simplefin/claim/"):
            token = path.rpartition("/")[2]
            if token not in self.tokens:
                return 403, b"Forbidden"
            self.tokens.remove(token)
            return 200, self.address.replace("http://", "http://user:pass%3Aword@").encode() + b"/simplefin/access"
        if headers.get("Authorization") != "Basic " + base64.b64encode(b"user:pass:word").decode():
            return 403, b"Forbidden"
        first, last = (
            int(query.get(name, default)) for name, default in (("start-date", "0"), ("end-date", "9999999999"))
        )
        assert last - first <= 60 * 86400 or query.get("balances-only") == "1"
        accounts = [
            {**one, "transactions": [t for t in one["transactions"] if first <= t["posted"] < last or not t["posted"]]}
            for one in self.simplefin_accounts
        ]
        if query.get("balances-only"):
            accounts = [{**one, "transactions": []} for one in accounts]
        return 200, {"errors": [], "accounts": accounts}

    # ------------------------------------------------------------------ Enable Banking

    def _knows(self, authorization: str) -> bool:
        """Check the token as the API does: signed by the application's key, for this audience, not too old or long."""
        try:
            head, claims, signature = authorization.removeprefix("Bearer ").split(".")
            key().public_key().verify(_decoded(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
        except Exception:
            return False
        header, told = json.loads(_decoded(head)), json.loads(_decoded(claims))
        right = header == {"typ": "JWT", "alg": "RS256", "kid": APPLICATION}
        return right and told["aud"] == "api.enablebanking.com" and 0 < told["exp"] - told["iat"] <= 86400

    def _enable_banking(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        if path == "application":
            return 200, {"name": "Our home", "redirect_urls": ["https://home.example/banks"], "active": True}
        if path == "aspsps":
            validity = {"maximum_consent_validity": 90 * 86400, "psu_types": ["personal"]}
            names = {"AT": ["Testbank", "Anadi"], "DE": ["Sparkasse"]}.get(query["country"], [])
            return 200, {"aspsps": [{"name": name, "country": query["country"], **validity} for name in names]}
        if path == "auth":
            self.consents.append(body)
            self.state = body["state"]
            return 200, {"url": f"{self.address}/bank/yes?state={body['state']}", "authorization_id": "a1"}
        if method == "POST" and path == "sessions":
            session = self.codes.pop(body["code"], None)
            if session is None:
                return 422, {"code": 422, "error": "WRONG_AUTHORIZATION_CODE"}
            self.sessions.add(session)
            accounts = [{"uid": f"uid-{session}", **one} for one in self.accounts]
            return 200, {
                "session_id": session, "accounts": accounts, "aspsp": {"name": "Testbank", "country": "AT"},
                "access": {"valid_until": self.valid_until},
            }  # fmt: skip
        if method == "DELETE":
            self.sessions.discard(path.rpartition("/")[2])
            return 200, {"message": "OK"}
        return self._account(path, query)

    def _account(self, path: str, query: dict[str, str]) -> Reply:
        _, uid, what = path.split("/")
        if uid.removeprefix("uid-") not in self.sessions:
            return 401, {"code": 401, "error": "EXPIRED_SESSION"}
        if what == "balances":
            amount = {"currency": self.balance_currency, "amount": self.balance}
            told = {**self.balance_told, "balance_amount": amount}
            return 200, {"balances": [*self.other_balances, told]}
        first, last = query["date_from"], query["date_to"]
        rows = [one for one in self.lines if first <= (one["booking_date"] or one["value_date"]) <= last]
        at = int(query.get("continuation_key", "0"))
        if self.repeats_pages and at:
            return 200, {"transactions": rows[at : at + 2], "continuation_key": str(at)}
        more = {"continuation_key": str(at + 2)} if at + 2 < len(rows) else {"continuation_key": None}
        return 200, {"transactions": rows[at : at + 2], **more}


def booked(day: str, amount: str, who: str, reference: str | None, **more: Any) -> dict[str, Any]:
    """Return one line as Enable Banking tells it."""
    out = amount.startswith("-")
    return {
        "entry_reference": reference, "status": "BOOK", "booking_date": day, "value_date": day,
        "transaction_amount": {"currency": "EUR", "amount": amount.removeprefix("-")},
        "credit_debit_indicator": "DBIT" if out else "CRDT",
        "creditor": {"name": who} if out else {"name": "Anna Muster"},
        "debtor": {"name": "Anna Muster"} if out else {"name": who},
        "creditor_account": {"iban": None}, "debtor_account": None,
        "remittance_information": [f"to {who}", "thanks"], **more,
    }  # fmt: skip


def seconds(day: str) -> int:
    return int(dt.datetime.fromisoformat(day).replace(hour=12, tzinfo=dt.UTC).timestamp())


def simplefin_account(balance: str, *lines: tuple[str, str, str, str]) -> dict[str, Any]:
    """Return an account as SimpleFIN tells it; lines are (id, day, amount, text)."""
    return {
        "org": {"domain": "bank.example", "name": "Example Bank", "sfin-url": "https://bank.example/simplefin"},
        "id": "ACT-1", "name": "Checking", "currency": "USD", "balance": balance, "available-balance": "0.0",
        "balance-date": seconds("2026-03-01"), "extra": {},
        "transactions": [
            {"id": one, "posted": seconds(day), "amount": amount, "description": text}
            for one, day, amount, text in lines
        ],
    }  # fmt: skip


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def serving() -> Iterator[BankServer]:
    """Run the server."""
    found = BankServer()

    class Handler(QuietHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            status, said = found.answer(self.command, self.path, self.headers, self.rfile.read(length))
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.reply(status, data)

        do_GET = do_POST = do_DELETE = _do

    with listening(Handler) as address:
        found.address = address
        yield found
