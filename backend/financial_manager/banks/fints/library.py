"""One dialogue with a bank, message by message, whose state can be kept and resumed. Imports the optional `fints`.

The library builds, signs and reads messages. What is sent and when is decided here: it is asked over `Outgoing`
(checked address, bounded answer and time), never twice, and nothing is sent any more after a refusal. Its own way to
keep a dialogue uses pickle; here its few numbers are kept as JSON.
"""

from __future__ import annotations

import base64
import html
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import bleach
from fints.client import FinTS3PinTanClient, NeedTANResponse
from fints.formals import Language2, SynchronizationMode, SystemIDStatus, TANMediaClass4, TANMediaType2
from fints.message import FinTSInstituteMessage, MessageDirection
from fints.parser import FinTSParserWarning
from fints.segments.auth import HKIDN2, HKTAB4, HKTAB5, HKVVB3
from fints.segments.dialog import HIRMG2, HIRMS2, HKEND1, HKSYN3

from backend.financial_manager.banks.provider import BankRefused, BankUnusable, told_text
from backend.sdk.errors import HomieError
from backend.sdk.outgoing import Outgoing

ONE_STEP = "999"
MOST_BYTES = 4 * 1024 * 1024
"""Size of one message of a bank at most; the whole of a fetch has its own bound."""
REFUSALS = ("9340", "9910", "9930", "9931", "9941", "9942", "9943", "9951", "3938")
"""Codes that speak of PIN, TAN or a lock (FinTS 3.0, codes of answers): the login is not tried again."""
_NEEDS_TAN, _NEEDS_APP, _NOT_YET = "0030", "3955", "3956"
_MORE = "3040"
_PICTURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}
_MOST_PICTURE = 200_000


@dataclass(frozen=True, slots=True)
class Access:
    """What a login needs. `client`: what the library knows of bank and user since the last time, base64."""

    bank_code: str
    address: str
    user_name: str
    customer_id: str
    pin: str
    product: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A TAN that the bank wants. `app`: it waits for a yes in the bank's app; `picture`: base64."""

    reference: str
    text: str
    picture: str = ""
    app: bool = False


class Line:
    """The way to the bank's server; after a failure it stays shut."""

    def __init__(self, outgoing: Outgoing, address: str) -> None:
        self._outgoing = outgoing
        self.url = address
        self.strict = True
        self.login = True
        self.failure: HomieError | None = None

    def send(self, message: Any) -> Any:
        """Send a message of the library and return the bank's; raises `FAILURES`."""
        if self.failure is not None:
            raise self.failure
        try:
            return self._sent(message)
        except HomieError as error:
            self.failure = error
            raise

    def _sent(self, message: Any) -> Any:
        content = base64.b64encode(message.render_bytes())
        answer = self._outgoing.ask(
            "POST", self.url, headers={"Content-Type": "text/plain"}, content=content, again=False
        )
        if answer.status != 200 or len(answer.body) > MOST_BYTES:
            raise BankUnusable()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FinTSParserWarning)
                told = FinTSInstituteMessage(segments=base64.b64decode(answer.body))
        except Exception:  # whatever the reader of a library says of another's bytes
            raise BankUnusable() from None
        self._check(told)
        return told

    def _check(self, told: Any) -> None:
        """Refuse what the bank refuses: words about the login always, other errors where they are not expected."""
        found = [(code, text) for code, text in codes(told) if code.startswith("9") or code in REFUSALS]
        refused = [text for code, text in found if code in REFUSALS]
        if refused or (found and self.strict and self.login):
            words = (refused or [text for _, text in found])[0].rstrip(".")
            raise BankRefused(f"The bank refuses: {words}.")
        if found and self.strict:
            words = found[-1][1].rstrip(".")
            raise BankUnusable(f"The bank says: {words}.")


def codes(told: Any) -> Iterator[tuple[str, str]]:
    """Yield the codes of an answer, with their words."""
    for kind in (HIRMG2, HIRMS2):
        for segment in told.find_segments(kind):
            for one in segment.responses:
                yield str(one.code), told_text(str(one.text), 200)


class Dialogue:
    """One dialogue: begun, answered, kept, resumed, ended."""

    def __init__(self, outgoing: Outgoing, access: Access) -> None:
        self.client = FinTS3PinTanClient(
            access.bank_code, access.user_name, access.pin, access.address,
            customer_id=access.customer_id or None, product_id=access.product, product_version="1.0",
            from_data=base64.b64decode(access.client) if access.client else None,
        )  # fmt: skip
        self.client.connection.session.close()
        self.line = self.client.connection = Line(outgoing, access.address)
        self._dialog: Any = None

    # ------------------------------------------------------------------ keeping

    @property
    def known(self) -> str:
        """Return what is known of bank and user, base64: no PIN."""
        return base64.b64encode(self.client.deconstruct(including_private=True)).decode()

    def kept(self) -> dict[str, Any]:
        """Return the numbers by which the bank knows the dialogue."""
        numbers = self._dialog.next_message_number
        return {
            "id": self._dialog.dialog_id,
            "sent": numbers[MessageDirection.FROM_CUSTOMER],
            "told": numbers[MessageDirection.FROM_INSTITUTE],
        }

    def resume(self, kept: dict[str, Any]) -> None:
        """Go on where `kept` was."""
        self._open()
        self._dialog.dialog_id = kept["id"]
        self._dialog.next_message_number = {
            MessageDirection.FROM_CUSTOMER: kept["sent"],
            MessageDirection.FROM_INSTITUTE: kept["told"],
        }

    # ------------------------------------------------------------------ getting to know the bank

    def introduce(self) -> None:
        """Ask for a system id, the bank's parameters and the ways of TANs, where they are not known yet."""
        if self.client.system_id != "0":
            return
        self.client.set_tan_mechanism(ONE_STEP)
        self.line.strict = False  # banks complain here that a TAN is missing, and tell what is needed all the same
        self._open()
        told = self._send(*self._hello(), HKSYN3(SynchronizationMode.NEW_SYSTEM_ID))
        system = told.find_segment_first("HISYN")
        if system is None:
            self.line.strict = True
            self.line._check(told)
            raise BankUnusable()
        self.client.system_id = system.system_id
        if not any(code.startswith("9") for code, _ in codes(told)):
            self.end()
        self.line.strict = True

    def mechanisms(self) -> list[tuple[str, str]]:
        """Return the ways of TANs that the user has and Homie knows, (code, the bank's name of it)."""
        return [
            (str(code), told_text(str(one.name), 60))
            for code, one in self.client.get_tan_mechanisms().items()
            if code != ONE_STEP and one.tan_process == "2"
        ]

    def use_mechanism(self, code: str) -> None:
        """Make TANs this way."""
        self.client.set_tan_mechanism(code)

    def needs_medium(self) -> bool:
        """Tell whether the bank wants to know the device for the TAN, and none was chosen."""
        chosen = self.client.get_current_tan_mechanism()
        return (
            chosen in self.client.get_tan_mechanisms()
            and self.client.is_tan_media_required()
            and self.client.selected_tan_medium is None
        )

    def media(self) -> list[str]:
        """Ask for the names of the user's devices; none where the bank tells them only after a TAN."""
        self.line.strict = False
        self.client.selected_tan_medium = ""
        if self.begin("HKTAB") is not None or any(code.startswith("9") for code, _ in self._last):
            self.line.strict = True
            return []
        highest = self.client.bpd.find_segment_highest_version("HITABS", (4, 5))
        order = HKTAB5 if highest is not None and highest.header.version == 5 else HKTAB4
        told = self._send(order(tan_media_type=TANMediaType2.ALL, tan_media_class=str(TANMediaClass4.ALL)))
        names = [
            told_text(one.tan_medium_name, 32)
            for segment in told.find_segments("HITAB")
            for one in segment.tan_media_list
            if one.tan_medium_name
        ]
        self.end()
        self.line.strict = True
        return list(dict.fromkeys(names))

    def use_medium(self, name: str) -> None:
        """Make TANs with this device."""
        self.client.selected_tan_medium = name

    # ------------------------------------------------------------------ the dialogue itself

    def begin(self, purpose: str = "HKIDN") -> Challenge | None:
        """Log in; returns the TAN that is wanted, or None where none is. `purpose`: HKTAB for what needs no TAN."""
        self._open()
        self.line.login = True
        hello = self._hello()
        tan = self._tan(SimpleNamespace(header=SimpleNamespace(type=purpose)))
        told = self._send(*hello, *([tan] if tan is not None else []))
        return self._challenge(told)

    def order(self, segment: Any) -> tuple[Any, Challenge | None]:
        """Send an order; returns the answer, or the TAN that is wanted for it."""
        self.line.login = False
        needs = self._asks(lambda: self.client._need_twostep_tan_for_segment(segment))
        tan = self._tan(segment) if needs else None
        told = self._send(segment, *([tan] if tan is not None else []))
        return told, self._challenge(told)

    def answer(self, challenge: Challenge, tan: str) -> tuple[Any, Challenge | None]:
        """Give a TAN, or ask whether the app was answered; returns the answer, or the challenge that still waits."""
        self.line.login = True
        process = "S" if challenge.app else "2"
        asked = SimpleNamespace(task_reference=challenge.reference)
        segment = self._asks(lambda: self.client._get_tan_segment(None, process, asked))
        self.client._pending_tan = None if challenge.app else tan
        told = self._send(segment)
        waits = challenge.app and any(code == _NOT_YET for code, _ in self._last)
        return told, challenge if waits else self._challenge(told)

    def wait_seconds(self, *, first: bool) -> int:
        """Return how long the bank wants to be left alone before it is asked for a yes in its app."""
        chosen = self.client.get_tan_mechanisms().get(self.client.get_current_tan_mechanism())
        name = "wait_before_first_poll" if first else "wait_before_next_poll"
        return min(60, max(0, int(getattr(chosen, name, None) or 0)))

    def end(self) -> None:
        """Say goodbye; whatever the bank answers, the dialogue is over."""
        self.line.strict = False
        with suppress(HomieError):
            self._send(HKEND1(self._dialog.dialog_id))
        self.line.strict = True

    # ------------------------------------------------------------------ inside

    def _open(self) -> None:
        self._dialog = self.client._new_dialog(lazy_init=True)
        self._dialog.open, self._dialog.need_init, self._dialog.lazy_init = True, False, False
        self._last: list[tuple[str, str]] = []

    def _hello(self) -> list[Any]:
        one = self.client
        return [
            HKIDN2(one.bank_identifier, one.customer_id, one.system_id, SystemIDStatus.ID_NECESSARY),
            HKVVB3(one.bpd_version, one.upd_version, Language2.DE, one.product_name, one.product_version),
        ]

    def _tan(self, segment: Any) -> Any | None:
        """Return the segment that offers a TAN for another one; None where TANs are not made in two steps."""
        if self.client.get_current_tan_mechanism() not in self.client.get_tan_mechanisms():
            return None
        return self._asks(lambda: self.client._get_tan_segment(segment, "4"))

    def _send(self, *segments: Any) -> Any:
        told = self._asks(lambda: self._dialog.send(*segments, internal_send=True))
        self._last = list(codes(told))
        return told

    def _asks(self, work: Any) -> Any:
        """Do what the library does; whatever it raises becomes one of `FAILURES`."""
        try:
            return work()
        except HomieError:
            raise
        except Exception:
            raise self.line.failure or BankUnusable() from None

    def _challenge(self, told: Any) -> Challenge | None:
        wanted = {code for code, _ in self._last} & {_NEEDS_TAN, _NEEDS_APP}
        if not wanted:
            return None
        asked = told.find_segment_first("HITAN")
        if asked is None or not asked.task_reference:
            raise BankUnusable()
        app = _NEEDS_APP in wanted
        asked.challenge = asked.challenge or ""
        words, matrix = _told_challenge(asked)
        text = html.unescape(bleach.clean(words.replace("<br>", " "), tags=[], strip=True))
        return Challenge(str(asked.task_reference), told_text(text, 1000), _picture(matrix), app)


def more_from(told: Any) -> str | None:
    """Return where the bank's answer goes on, or None at its end."""
    for segment in told.find_segments(HIRMS2):
        for one in segment.responses:
            if one.code == _MORE and one.parameters and one.parameters[0]:
                return str(one.parameters[0])
    return None


def _told_challenge(asked: Any) -> tuple[str, Any]:
    """Return the bank's words and what the picture is made of; a code that cannot be read leaves the words."""
    try:
        found = NeedTANResponse(None, asked)
    except Exception:  # the library takes each short code for a flickering one
        return str(asked.challenge), None
    return str(found.challenge), found.challenge_matrix


def _picture(matrix: Any) -> str:
    """Return the picture of a challenge as base64, where it is one that is safe to show."""
    if not matrix:
        return ""
    kind, data = matrix
    begins = _PICTURES.get(str(kind))
    right = begins is not None and bytes(data[: len(begins)]) == begins and len(data) <= _MOST_PICTURE
    return base64.b64encode(data).decode() if right else ""
