"""The orders that Homie gives a bank by FinTS, and what the answers say: accounts, balances, booked lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fints.formals import BankIdentifier, SupportedMessageTypes
from fints.models import SEPAAccount
from fints.segments.accounts import HKSPA1
from fints.segments.saldo import HKSAL5, HKSAL6, HKSAL7
from fints.segments.statement import HKCAZ1, HKKAZ5, HKKAZ6, HKKAZ7

from backend.financial_manager.banks.fints.library import Dialogue
from backend.financial_manager.banks.provider import (
    BankUnusable,
    RemoteAccount,
    told_amount,
    told_currency,
    told_id,
    told_text,
)

MOST_ACCOUNTS = 200
_BALANCES, _LINES = (HKSAL7, HKSAL6, HKSAL5), (HKKAZ7, HKKAZ6, HKKAZ5)


@dataclass(frozen=True, slots=True)
class BankNumber:
    """How a bank names one of its accounts."""

    iban: str
    bic: str
    number: str
    sub: str
    bank_code: str
    name: str
    currency: str

    @property
    def id(self) -> str:
        """Return by what the account is asked for: its IBAN, else its number."""
        return self.iban or f"{self.bank_code}/{self.number}/{self.sub}"

    def as_json(self) -> dict[str, str]:
        """Return what `BankNumber(**...)` makes again."""
        return asdict(self)

    def remote(self, bank: str) -> RemoteAccount:
        """Return the account as every provider tells it."""
        return RemoteAccount(self.id, self.id, self.name, self.currency, self.iban, bank)


@dataclass(frozen=True, slots=True)
class Booked:
    """Some booked lines as the bank sent them: MT940 (pieces of one text), or whole documents of CAMT."""

    mt940: bytes = b""
    camt: tuple[bytes, ...] = ()


def accounts_order(dialogue: Dialogue) -> Any | None:
    """Return the question for the IBANs, or None where the bank does not know it."""
    return HKSPA1() if dialogue.client.bpd.find_segment_first("HISPAS") is not None else None


def balance_order(dialogue: Dialogue, account: BankNumber) -> Any | None:
    """Return the question for a balance, or None where the bank does not know it."""
    order = _newest(dialogue, "HISALS", _BALANCES)
    return order(account=_account(order, account), all_accounts=False) if order is not None else None


def lines_order(dialogue: Dialogue, account: BankNumber, since: dt.date, until: dt.date, after: str | None) -> Any:
    """Return the question for what was booked; raises `BankUnusable` where the bank tells no lines by FinTS."""
    asked = {"all_accounts": False, "date_start": since, "date_end": until, "touchdown_point": after}
    order = _newest(dialogue, "HIKAZS", _LINES)
    if order is not None:
        return order(account=_account(order, account), **asked)
    camt = dialogue.client.bpd.find_segment_highest_version("HICAZS", (1,))
    if camt is None:
        raise BankUnusable("This bank tells no bookings by FinTS.")
    formats = SupportedMessageTypes(list(camt.parameter.supported_camt_formats))
    return HKCAZ1(account=_account(HKCAZ1, account), supported_camt_messages=formats, **asked)


def bank_name(dialogue: Dialogue) -> str:
    """Return what the bank calls itself; "" where it does not say."""
    bank = dialogue.client.bpa
    return told_text(str(bank.bank_name), 60) if bank is not None and bank.bank_name else ""


def told_accounts(dialogue: Dialogue, told: Any | None) -> list[BankNumber]:
    """Return the user's accounts: of the user's parameters, with what the answer to `accounts_order` adds."""
    sepa = {}
    for segment in told.find_segments("HISPA") if told is not None else ():
        for one in segment.accounts:
            if one.is_sepa:
                sepa[str(one.account_number), str(one.subaccount_number or "")] = one
    found: dict[str, BankNumber] = {}
    for segment in dialogue.client.upd.find_segments("HIUPD"):
        if (one := _of_parameters(segment, sepa)) is not None:
            found.setdefault(one.id, one)
    for (number, sub), other in sepa.items():
        code = str(other.bank_identifier.bank_code or "")
        one = BankNumber(_id(other.iban), _id(other.bic), number, sub, code, "", "EUR")
        if not any((known.number, known.sub) == (number, sub) for known in found.values()):
            found.setdefault(one.id, one)
    return list(found.values())[:MOST_ACCOUNTS]


def told_balance(told: Any) -> tuple[int, str, dt.date | None] | None:
    """Return the booked balance: minor units, currency, day; None where the answer has none."""
    segment = told.find_segment_first("HISAL")
    if segment is None:
        return None
    booked = segment.balance_booked
    nested = getattr(booked, "amount", None)
    amount = getattr(nested, "amount", nested)
    currency = told_currency(str(getattr(nested, "currency", None) or getattr(booked, "currency", "")))
    minor = told_amount(str(amount), currency) if currency is not None and amount is not None else None
    if minor is None or currency is None:
        return None
    day = booked.date if isinstance(booked.date, dt.date) else None
    return (-abs(minor) if booked.credit_debit.value == "D" else abs(minor)), currency, day


def told_lines(told: Any) -> Booked:
    """Return what is booked, without what is only expected."""
    mt940 = b"".join(bytes(one.statement_booked or b"") for one in told.find_segments("HIKAZ"))
    camt = [bytes(one) for part in told.find_segments("HICAZ") for one in part.statement_booked.camt_statements]
    return Booked(mt940, tuple(camt))


def _of_parameters(segment: Any, sepa: Mapping[tuple[str, str], Any]) -> BankNumber | None:
    """Return an account of the user's parameters; None for one that tells no bookings or has no known currency."""
    allowed = {str(one.transaction) for one in segment.allowed_transactions if one.transaction}
    currency = told_currency(str(segment.account_currency))
    where = segment.account_information
    if currency is None or where is None or not where.account_number or (allowed and not allowed & {"HKKAZ", "HKCAZ"}):
        return None
    number, sub = str(where.account_number), str(where.subaccount_number or "")
    more = sepa.get((number, sub))
    name = told_text(str(segment.account_product_name or segment.name_account_owner_1 or ""), 120)
    iban = _id(segment.iban) or (_id(more.iban) if more is not None else "")
    bic = _id(more.bic) if more is not None else ""
    return BankNumber(iban, bic, number, sub, str(where.bank_identifier.bank_code or ""), name, currency)


def _account(order: Any, account: BankNumber) -> Any:
    """Return an account in the form that an order wants."""
    kind = order._fields["account"].type
    if "iban" in kind._fields:
        told = SEPAAccount(account.iban, account.bic, account.number, account.sub, account.bank_code)
        return kind.from_sepa_account(told)
    where = {"account_number": account.number, "subaccount_number": account.sub}
    german = BankIdentifier.COUNTRY_ALPHA_TO_NUMERIC["DE"]
    if "bank_identifier" in kind._fields:
        return kind(bank_identifier=BankIdentifier(german, account.bank_code), **where)
    return kind(country_identifier=german, bank_code=account.bank_code, **where)


def _newest(dialogue: Dialogue, parameter: str, orders: tuple[Any, ...]) -> Any | None:
    known = {one.VERSION: one for one in orders}
    found = dialogue.client.bpd.find_segment_highest_version(parameter, known)
    return known[found.header.version] if found is not None else None


def _id(value: Any) -> str:
    return told_id(str(value), 34).replace(" ", "") if value else ""
