"""CAMT.052, .053 and .054 (ISO 20022), every version: elements are found by name, whatever the namespace."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from backend.financial_manager.statements.amounts import to_minor
from backend.financial_manager.statements.dates import in_our_time
from backend.financial_manager.statements.errors import AGAIN, StatementError, at_line
from backend.financial_manager.statements.limits import check_count, clip
from backend.financial_manager.statements.statement import Balance, Doubt, Entry, Statement, StatementFile
from backend.financial_manager.statements.xml_nodes import Node, read_xml

_MESSAGES = {
    "BkToCstmrAcctRpt": ("camt.052", "Rpt"),
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
}
_VERSION = re.compile(r"V[0-9]{2}$")
_DEEPEST = 4
"""How deep a message may lie: banks send it in a Document, some of those in an envelope."""
_PARTS = ("Stmt", "Rpt", "Ntfctn")
_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,12})?")
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_NO_BIC = ("NOTPROVIDED", "NOTAVAILABLE")


def looks_like_camt(head: str) -> bool:
    """Tell from the first characters whether this is a CAMT document."""
    return any(name in head for name in ("camt.05", "BkToCstmr"))


class _Entries:
    """Entries per statement, taken while the document is read so that long documents need little memory."""

    def __init__(self) -> None:
        self.found: list[list[Entry]] = []
        self._open: list[Entry] = []
        self._count = 0

    def take(self, node: Node, above: list[str]) -> bool:
        """Take a finished element; an entry is let go afterwards."""
        if node.name == "Ntry" and above and above[-1] in _PARTS:
            self._count += 1
            check_count(self._count)
            self._open.append(_entry(node))
            return True
        if node.name in _PARTS and above and _kind(above[-1]) in _MESSAGES:
            self.found.append(self._open)
            self._open = []
        return False


def read_camt(data: bytes, name: str) -> StatementFile:
    """Return the statements of a CAMT document. One `Ntry` is one entry, as it stands in the account."""
    entries = _Entries()
    root = read_xml(data, entries.take)
    message = _message(root)
    if message is None:
        raise StatementError(
            f"The file is XML, but no bank statement (its root is {root.name[:40]}).",
            remedy="Choose camt.053 at the bank.",
        )
    kind, part = _MESSAGES[_kind(message.name)]
    parts = list(message.all(part))
    if not parts or len(parts) != len(entries.found):
        raise StatementError(f"The file is {kind} without a single statement ({part} is missing).", remedy=AGAIN)
    found = [_statement(one, own) for one, own in zip(parts, entries.found, strict=True)]
    return StatementFile(kind, name, tuple(found), {"message": message.name})


def _kind(name: str) -> str:
    """Return the name of a message without the version that the first ones carry."""
    return _VERSION.sub("", name)


def _message(root: Node) -> Node | None:
    """Return the message of a document, in an envelope or bare; None where there is none."""
    level = [root]
    for _ in range(_DEEPEST):
        found = next((node for node in level if _kind(node.name) in _MESSAGES), None)
        if found is not None:
            return found
        level = [inner for node in level for inner in node.inside]
    return None


def _statement(node: Node, entries: list[Entry]) -> Statement:
    """Return one statement: account, balances, and the entries that were read on the way."""
    account = node.words("Acct/Id/IBAN") or node.words("Acct/Id/Othr/Id") or node.words("Acct/Id/PrtryAcct/Id")
    balances = [_balance(one) for one in node.all("Bal")]
    opening = next((b for kind in _OPENING for k, b in balances if k == kind), None)
    closing = next((b for kind in _CLOSING for k, b in reversed(balances) if k == kind), None)
    currency = node.words("Acct/Ccy") or next((e.currency for e in entries), None)
    currency = currency or next((b.currency for _, b in balances), None)
    doubts: list[Doubt] = []
    if opening and closing and opening.currency != closing.currency:
        doubts.append(Doubt("balances_differ", "The opening and the closing balance are in different currencies."))
    return Statement(account or None, currency or None, opening, closing, tuple(entries), tuple(doubts))


def _money(node: Node, holder: Node) -> tuple[int, str | None, Doubt | None]:
    """Return the signed amount of an element with `Amt` and `CdtDbtInd`, its currency, and a doubt if rounded."""
    amount = node.first("Amt")
    if amount is None or not _AMOUNT.fullmatch(amount.text.strip()):
        said = "" if amount is None else amount.text.strip()[:40]
        raise at_line(holder.line, f"The file has a {holder.name} without a readable amount ({said!r}).")
    sign = node.words("CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        raise at_line(
            holder.line,
            f"The file has a {holder.name} without credit or debit ({sign[:20]!r}).",
        )
    currency = (amount.attributes.get("Ccy") or "").strip().upper() or None
    text = amount.text.strip()
    minor, rounded = to_minor(Decimal(text), currency, where=f"line {holder.line}")
    doubt = Doubt("rounded", f"The bank says {text} {currency or ''}: rounded.".replace(" :", ":")) if rounded else None
    return (-minor if sign == "DBIT" else minor), currency, doubt


def _balance(node: Node) -> tuple[str, Balance]:
    """Return a balance with its kind ("OPBD")."""
    minor, currency, _ = _money(node, node)
    kind = node.words("Tp/CdOrPrtry/Cd") or node.words("Tp/CdOrPrtry/Prtry") or node.words("Tp/Cd")
    return kind, Balance(minor, currency, _day(node, "Dt"))


def _day(node: Node, name: str) -> date | None:
    """Return the day in a `Dt` or `DtTm` inside an element, None if there is none; refuses what is no date."""
    text = node.words(f"{name}/Dt") or node.words(f"{name}/DtTm")
    if not text:
        inner = node.first(name)
        text = inner.text.strip() if inner is not None else ""
    if not text:
        return None
    try:
        return in_our_time(date.fromisoformat(text[:10]))
    except ValueError as error:
        raise at_line(node.line, f"The file has a {name} that is no date ({text[:40]!r}).") from error


def _entry(node: Node) -> Entry:
    """Return one `Ntry`. `CdtDbtInd` is the direction as booked, also of a reversal: it is not turned again."""
    minor, currency, rounded = _money(node, node)
    doubts = [rounded] if rounded else []
    details = [one for batch in node.all("NtryDtls") for one in batch.all("TxDtls")] or list(node.all("TxDtls"))
    status = node.words("Sts/Cd") or node.words("Sts")
    if status in ("PDNG", "INFO", "FUTR"):
        doubts.append(Doubt("not_booked", f"The bank has not booked this yet ({status})."))
    if node.words("RvslInd") in ("true", "1"):
        doubts.append(Doubt("reversal", "This takes back an earlier booking."))
    if len(details) > 1:
        doubts.append(Doubt("batch", f"One booking for {len(details)} payments."))
    booked, valued = _day(node, "BookgDt"), _day(node, "ValDt")
    if booked is None and valued is None:
        doubts.append(Doubt("no_date", "The bank gives no date for this entry."))
    party = details[0] if len(details) == 1 else None
    name, iban = _party(party, outgoing=minor < 0) if party is not None else ("", "")
    return Entry(
        booked,
        valued,
        minor,
        currency,
        counterparty=clip(name),
        iban=iban.replace(" ", "")[:34],
        purpose=_purpose(node, details),
        bank_id=clip(node.words("AcctSvcrRef") or (party.words("Refs/AcctSvcrRef") if party is not None else "")),
        reference=clip(_reference(party) or node.words("NtryRef")),
        type_code=_type(node),
        doubts=tuple(doubts),
        line=node.line,
    )


def _party(details: Node, *, outgoing: bool) -> tuple[str, str]:
    """Return name and IBAN of the other side: who is paid when money goes out, who pays when it comes in."""
    role, ultimate = ("Cdtr", "UltmtCdtr") if outgoing else ("Dbtr", "UltmtDbtr")
    base = "RltdPties"
    name = next(
        (
            words
            for path in (f"{role}/Nm", f"{role}/Pty/Nm", f"{ultimate}/Nm", f"{ultimate}/Pty/Nm")
            if (words := details.words(f"{base}/{path}"))
        ),
        "",
    )
    return name, details.words(f"{base}/{role}Acct/Id/IBAN") or details.words(f"{base}/{role}Acct/Id/Othr/Id")


def _purpose(node: Node, details: list[Node]) -> str:
    """Return what the payment is for: remittance text, else the bank's own words."""
    texts: list[str] = []
    for one in details[:200]:
        for info in one.all("RmtInf"):
            texts += [part.text.strip() for part in info.all("Ustrd")]
            texts += [part.words("CdtrRefInf/Ref") for part in info.all("Strd")]
    if not any(texts):
        texts = [one.words("AddtlTxInf") for one in details[:200]]
    if not any(texts):
        texts = [node.words("AddtlNtryInf")]
    return clip(" ".join(text for text in texts if text))


def _reference(details: Node | None) -> str:
    """Return the reference that travels with the payment."""
    if details is None:
        return ""
    found = (details.words("Refs/EndToEndId"), details.words("Refs/MndtId"), details.words("Refs/InstrId"))
    return next((one for one in found if one and one not in _NO_BIC), "")


def _type(node: Node) -> str:
    """Return the bank transaction code ("PMNT/RCDT/ESCT", or the bank's own)."""
    codes = [node.words(f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "/".join(code for code in codes if code) or clip(node.words("BkTxCd/Prtry/Cd"))
