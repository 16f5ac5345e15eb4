"""A bank that speaks FinTS 3.0 with PIN and TAN at the wire, for tests: whole, or refusing and breaking as banks do.

Written from the wire format (HTTP POST, base64, segments that end with an apostrophe); it uses no library of FinTS.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest

from tests.local_server import QuietHandler, listening

BANK_CODE = "50010060"
IBAN = "DE89370400440532013000"
PIN, TAN, PRODUCT = "12345", "654321", "F1A2B3C4D5E6F7A8B9C0D1E2F"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 300


def need_fints() -> None:
    """Skip without the optional library, or fail where it must be there (scripts/test installs it)."""
    if find_spec("fints") is None:
        if os.environ.get("HOMIE_TEST_REQUIRE_FINTS"):
            pytest.fail("fints is not installed (requirements-dev.lock)")
        pytest.skip("fints is not installed (requirements-dev.lock)")


def escaped(text: str) -> str:
    return re.sub(r"([?+:'@])", r"?\1", text)


def _binary(data: bytes) -> bytes:
    return b"@%d@" % len(data) + data


class FintsBank:
    """The bank. Each switch says what it does: see `__init__`. `heard`: the orders of each message it got."""

    def __init__(self) -> None:
        self.address = ""
        self.heard: list[list[str]] = []
        self.pins: list[str] = []
        self.tans: list[str] = []
        self.tan_for: set[str] = {"HKIDN"}
        """Orders that need a TAN; HKIDN: the login."""
        self.app = False
        """TANs are a yes in the bank's app; `app_said_yes`: it was given."""
        self.app_said_yes = False
        self.wait_seconds = 0
        self.mechanisms = {"942": "mobileTAN"}
        self.media: list[str] = []
        self.challenge = "Bitte geben Sie die TAN f" + "\u00fc" + "r Ihre Anmeldung ein."
        self.picture = b""
        self.fault = ""
        """"locked", "aborted", "down", "rubbish", "huge", "silent": what happens in place of an answer."""
        self.pages: list[bytes] = []
        """MT940, page by page."""
        self.camt: bytes = b""
        """Told in place of MT940."""
        self.balance = ("C", "982,50", "20260301")
        self.hisal = 7
        self.repeats_pages = False
        self.dialogs = 0
        self._waiting: dict[str, str] = {}

    # ------------------------------------------------------------------ one message

    def answer(self, message: bytes) -> bytes:
        segments = _segments(message)
        orders = [one.split(":")[0] for one in segments]
        self.heard.append([one for one in orders if one not in _FRAME])
        head = next(one for one in segments if one.startswith("HNHBK")).split("+")
        dialog, number = head[3], head[4]
        if dialog == "0":
            self.dialogs += 1
            dialog = f"dialog{self.dialogs}"
        signature = next((one for one in segments if one.startswith("HNSHA")), "").split("+")
        pin, _, tan = signature[3].partition(":") if len(signature) > 3 else ("", "", "")
        self.pins.append(pin)
        body = self._body(segments, dialog, pin, tan)
        return _framed(dialog, number, body)

    def _body(self, segments: list[str], dialog: str, pin: str, tan: str) -> bytes:
        if self.fault == "locked":
            return _codes("HIRMG::2", "9942::PIN gesperrt", "9931::Ihr Zugang ist gesperrt")
        if self.fault == "aborted":
            return _codes("HIRMG::2", "9800::Dialog abgebrochen")
        if pin != PIN:
            return _codes("HIRMG::2", "9050::Die Nachricht enth\u00e4lt Fehler.") + _codes(
                "HIRMS::2:2", "9931::Anmeldename oder PIN ist falsch."
            )
        out = _codes("HIRMG::2", "0010::Nachricht entgegengenommen")
        tan_segment = next((one for one in segments if one.startswith("HKTAN")), None)
        wanted = self._wanted(segments)
        if tan_segment is not None and tan_segment.split("+")[1] in ("2", "S"):
            return out + self._take_tan(tan_segment, dialog, tan)
        if wanted and tan_segment is not None:
            self._waiting[dialog] = wanted
            parameters = self._parameters() if any(one.startswith("HKVVB") for one in segments) else b""
            return out + self._ask_tan(tan_segment, dialog) + parameters
        if tan_segment is not None:
            out += _codes(f"HIRMS::2:{_number(tan_segment)}", "3076::Starke Kundenauthentifizierung nicht notwendig.")
        for one in segments:
            out += self._one(one)
        return out

    def _wanted(self, segments: list[str]) -> str:
        weak = any(one.startswith("HKTAN") and one.split("+")[2:3] == ["HKTAB"] for one in segments)
        if weak or any(one.startswith(("HKSYN", "HKTAB")) for one in segments):
            return ""
        return next((one for one in segments if one.split(":")[0] in self.tan_for), "")

    def _ask_tan(self, segment: str, dialog: str) -> bytes:
        code = "3955::Bitte in der App freigeben" if self.app else "0030::Auftrag empfangen - TAN erforderlich"
        picture = b""
        if self.picture:
            kind = b"image/png"
            data = len(kind).to_bytes(2, "big") + kind + len(self.picture).to_bytes(2, "big") + self.picture
            picture = b"+" + _binary(data)
        asked = f"HITAN:5:7:{_number(segment)}+4++ref-{dialog}+{escaped(self.challenge)}".encode("latin-1")
        return _codes(f"HIRMS::2:{_number(segment)}", code) + asked + picture + b"'"

    def _take_tan(self, segment: str, dialog: str, tan: str) -> bytes:
        parts = segment.split("+")
        number, reference = _number(segment), parts[5]
        assert reference == f"ref-{dialog}", "the dialogue of the challenge is the one that goes on"
        self.tans.append(tan)
        if parts[1] == "S":
            if not self.app_said_yes:
                return _codes(f"HIRMS::2:{number}", "3956::Noch nicht freigegeben") + self._status(number, reference)
        elif tan != TAN:
            return _codes("HIRMG::2", "9050::Fehler") + _codes(f"HIRMS::2:{number}", "9941::Die TAN ist falsch.")
        waited = self._waiting.pop(dialog)
        done = _codes(f"HIRMS::2:{number}", "0020::Auftrag ausgef\u00fchrt.") + self._status(number, reference)
        return done + self._one(waited, number)

    def _status(self, number: str, reference: str) -> bytes:
        return f"HITAN:5:7:{number}+S++{reference}'".encode()

    # ------------------------------------------------------------------ orders

    def _one(self, segment: str, reference: str = "") -> bytes:
        kind, number = segment.split(":")[0], reference or _number(segment)
        if kind == "HKVVB" and not reference:
            return self._parameters()
        if kind == "HKIDN" and reference:
            return b""
        if kind == "HKSYN":
            return f"HISYN:5:4:{number}+system-1'".encode()
        if kind == "HKTAB":
            media = "".join(f"+A:1:::::::::::{escaped(one)}" for one in self.media)
            return f"HITAB:5:4:{number}+1{media}'".encode()
        if kind == "HKSPA":
            return f"HISPA:5:1:{number}+J:{IBAN}:COBADEFFXXX:532013000::280:{BANK_CODE}'".encode()
        if kind == "HKSAL":
            return self._balance(number)
        if kind == "HKKAZ":
            return self._lines(segment, number)
        if kind == "HKCAZ":
            return f"HICAZ:5:1:{number}+{IBAN}:COBADEFFXXX+camt+".encode() + _binary(self.camt) + b"'"
        return b""

    def _balance(self, number: str) -> bytes:
        sign, amount, day = self.balance
        amount = amount.rstrip("0")  # the format allows no zeros at the end
        if self.hisal == 5:
            return f"HISAL:5:5:{number}+532013000::280:{BANK_CODE}+Giro+EUR+{sign}:{amount}:EUR:{day}'".encode()
        return f"HISAL:5:7:{number}+{IBAN}:COBADEFFXXX+Giro+EUR+{sign}:{amount}:EUR:{day}'".encode()

    def _lines(self, segment: str, number: str) -> bytes:
        parts = segment.split("+")
        at = int(parts[6]) if len(parts) > 6 and parts[6] else 0
        if not self.pages:
            return _codes(f"HIRMS::2:{number}", "3010::Keine Ums\u00e4tze")
        out = b""
        if at + 1 < len(self.pages) or self.repeats_pages:
            after = at if self.repeats_pages and at else at + 1
            out = _codes(f"HIRMS::2:{number}", f"3040::Es liegen weitere Daten vor:{after}")
        return out + f"HIKAZ:5:7:{number}+".encode() + _binary(self.pages[min(at, len(self.pages) - 1)]) + b"'"

    def _parameters(self) -> bytes:
        """Tell what the bank can do, and what the user has (BPD and UPD)."""
        pin_tan = ":".join(
            f"{one}:{'J' if one in self.tan_for else 'N'}" for one in ("HKSPA", "HKSAL", "HKKAZ", "HKCAZ")
        )
        lines = (
            "HICAZS:15:1:4+1+1+1+365:J:N:urn?:iso?:std?:iso?:20022?:tech?:xsd?:camt.052.001.02'"
            if self.camt
            else "HIKAZS:15:7:4+1+1+1+365:J:N'"
        )
        need = 2 if self.media else 0
        ways = "".join(
            f":{code}:2:{'TECH' + code}:{'Decoupled' if self.app else 'mobileTAN'}:1.0:{name}:6:1:SMS:999:J:2:N:0:0"
            f":N:N:00:{need}:N:{max(1, len(self.media))}:60:{self.wait_seconds}:{self.wait_seconds}:J:N"
            for code, name in self.mechanisms.items()
        )
        told = (
            f"HIBPA:6:3:4+12+280:{BANK_CODE}+Musterbank+1+1+300+9999'"
            f"HISPAS:14:1:4+1+1+1+J:J:N'{lines}HISALS:16:{self.hisal}:4+1+1+1'HITABS:18:4:4+1+1+1'"
            f"HITANS:17:7:4+1+1+1+J:N:0{ways}'HIPINS:19:1:4+1+1+1+5:20:6:::{pin_tan}'"
            f"HIUPA:20:4:4+user+3+0'"
            f"HIUPD:21:6:4+532013000::280:{BANK_CODE}+{IBAN}+user+1+EUR+Erika Muster++Girokonto++"
            f"HKSPA:1+HKSAL:1+HKKAZ:1+HKCAZ:1'"
        )
        allowed = ":".join(self.mechanisms)
        codes = [f"3920::Zugelassene Verfahren:{allowed}"] if allowed else []
        return _codes("HIRMS::2:4", *codes, "0901::PIN g\u00fcltig.") + told.encode("latin-1")


_FRAME = ("HNHBK", "HNVSK", "HNVSD", "HNSHK", "HNSHA", "HNHBS")


def _number(segment: str) -> str:
    return segment.split(":")[1]


def _codes(head: str, *codes: str) -> bytes:
    return (head.replace("::", ":4:", 1) + "+" + "+".join(codes) + "'").encode("latin-1")


def _segments(message: bytes) -> list[str]:
    """Return the segments of a message, also those inside the "encrypted" part, as text with the escapes undone."""
    text = message.decode("latin-1")
    inner = re.search(r"HNVSD:999:1\+@(\d+)@", text)
    if inner is not None:
        data = text[inner.end() : inner.end() + int(inner[1])]
        text = text[: inner.start()] + data + text[inner.end() + int(inner[1]) + 1 :]
    return [re.sub(r"\?(.)", r"\1", one) for one in re.split(r"(?<!\?)'", text) if one]


def _framed(dialog: str, number: str, body: bytes) -> bytes:
    security = (
        f"HNVSK:998:3+PIN:1+998+1+1::0+1:20260301:120000+2:2:13:@8@00000000:5:1+280:{BANK_CODE}:user:V:0:0+0'"
    ).encode()
    inner = b"HNVSD:999:1+" + _binary(body) + b"'"
    end = f"HNHBS:6:1+{number}'".encode()
    size = len(security) + len(inner) + len(end) + len(dialog) + len(number) * 2 + len(dialog) + 40
    head = f"HNHBK:1:3+{size:012}+300+{dialog}+{number}+{dialog}:{number}'".encode()
    return head + security + inner + end


def mt940(*lines: tuple[str, str, str], opening: str = "0,00", closing: str = "0,00") -> bytes:
    """Return a statement of MT940; lines are (day as YYMMDD, amount with C or D, who)."""
    rows = [":20:STARTUMS", f":25:{BANK_CODE}/532013000", ":28C:0", f":60F:C260201EUR{opening}"]
    for day, amount, who in lines:
        rows += [f":61:{day}{day[2:]}{amount[0]}{amount[1:]}NMSCNONREF", f":86:166?00UEBERWEISUNG?20Danke?32{who}"]
    rows += [f":62F:C260228EUR{closing}", "-"]
    return ("\r\n" + "\r\n".join(rows) + "\r\n").encode("latin-1")


@contextmanager
def serving() -> Iterator[FintsBank]:
    """Run the bank."""
    bank = FintsBank()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            message = base64.b64decode(self.rfile.read(int(self.headers["Content-Length"])))
            status, data = 200, base64.b64encode(bank.answer(message))
            if bank.fault == "silent":
                self.close_connection = True
                return
            if bank.fault == "down":
                status, data = 503, b"maintenance"
            if bank.fault == "rubbish":
                data = b"<html>sorry</html>"
            if bank.fault == "huge":
                data = b"QUFB" * (1200 * 1024)
            self.reply(status, data)

    with listening(Handler) as address:
        bank.address = f"{address}/fints"
        yield bank
