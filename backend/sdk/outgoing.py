"""Ask a server outside the house, when a person wants it: checked address, bounded answer, bounded time.

    outgoing = Outgoing()
    answer = outgoing.ask("GET", "https://bank.example/accounts", headers={"Authorization": "Bearer ..."})
    answer.status, answer.body

Rules: https only; the name is resolved here and the checked address is the one that is connected to, so that a second
look-up cannot lead into the house; no redirects, no proxy of the environment; answers are cut at a size and a time.
A question is asked again only where the network failed, after a while; never because of what a server answered, since
a login that is tried again and again is locked by the bank.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from backend.sdk.addresses import Address, address_allowed
from backend.sdk.errors import FieldProblem, InvalidInput, Unavailable

MOST_BYTES = 32 * 1024 * 1024
CONNECT_SECONDS = 10.0
_ENCODINGS = ("", "identity", "gzip", "deflate")


class AddressRefused(InvalidInput):
    """The address is not one that Homie asks: not https, no name, or inside the house."""

    code, message = "address_refused", "Homie does not ask this address."


class ServerUnreachable(Unavailable):
    """The server did not answer, or not in time."""

    code, message = "server_unreachable", "The server does not answer. Try again later."


class AnswerUnusable(Unavailable):
    """The answer is too large, or not what was asked for."""

    code, message = "answer_unusable", "The answer of the server cannot be used."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `headers` have lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the body as JSON; raises `AnswerUnusable` where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise AnswerUnusable() from None


class Outgoing:
    """Ask servers. `allow_local`: also plain http and addresses of the house (tests, trials; an installation's choice).

    `seconds`: how long one attempt may take; `attempts`: how often a question is asked while the network fails.
    """

    def __init__(
        self,
        *,
        allow_local: bool = False,
        seconds: float = 60.0,
        attempts: int = 3,
        most_bytes: int = MOST_BYTES,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allow_local = allow_local
        self._seconds = seconds
        self._attempts = attempts
        self._most_bytes = most_bytes
        self._sleep = sleep

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        again: bool = True,
    ) -> Answer:
        """Return the answer, whatever its status. `body`: sent as JSON; `content`: sent as it is, in place of a body.

        `again`: it may be asked twice without harm.

        Raises `AddressRefused`, `ServerUnreachable`, `AnswerUnusable`.
        """
        parts = self.checked(url)
        attempts = self._attempts if again else 1
        for number in range(1, attempts + 1):
            try:
                return self._once(method, parts, dict(headers or {}), auth, body, content)
            except (httpx.ConnectError, httpx.TimeoutException, httpx.NetworkError, OSError, UnicodeError):
                if number == attempts:
                    raise ServerUnreachable() from None
                self._sleep(2.0 ** (number - 1))
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, zlib.error):
                raise AnswerUnusable() from None
        raise AssertionError("unreachable")

    def checked(self, url: str, field_name: str = "body.address") -> httpx.URL:
        """Return an address that may be asked; raises `AddressRefused`, naming the field, for any other."""
        try:
            parts = httpx.URL(url)
            right = bool(parts.host) and (parts.scheme == "https" or (self._allow_local and parts.scheme == "http"))
        except (httpx.InvalidURL, ValueError, UnicodeError):
            right = False
        if not right or parts.userinfo:
            problem = "This is no address that begins with https://."
            raise AddressRefused(fields=[FieldProblem(field_name, problem, "Copy the address once more.")])
        return parts

    def _once(
        self,
        method: str,
        url: httpx.URL,
        headers: dict[str, str],
        auth: tuple[str, str] | None,
        body: Any,
        content: bytes | None,
    ) -> Answer:
        deadline = time.monotonic() + self._seconds
        address = self._address(url)
        port = f":{url.port}" if url.port is not None else ""
        sent = {"Accept-Encoding": "gzip", "User-Agent": "Homie", **headers, "Host": f"{url.host}{port}"}
        timeout = httpx.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        transport = httpx.HTTPTransport(retries=0, trust_env=False)
        with (
            httpx.Client(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method, url.copy_with(host=str(address)), headers=sent, json=body, content=content,
                auth=httpx.BasicAuth(*auth) if auth is not None else None, extensions={"sni_hostname": url.host},
            ) as response,
        ):  # fmt: skip
            if response.headers.get("content-encoding", "").lower() not in _ENCODINGS:
                raise AnswerUnusable()
            chunks, size = [], 0
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > self._most_bytes:
                    raise AnswerUnusable("The answer of the server is too large.")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the time of the call is over")
                chunks.append(chunk)
            return Answer(response.status_code, b"".join(chunks), dict(response.headers))

    def _address(self, url: httpx.URL) -> Address:
        """Return the address that the name means now; raises `AddressRefused` for one inside the house."""
        port = url.port or (443 if url.scheme == "https" else 80)
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(address_allowed(one, allow_private=self._allow_local) for one in addresses):
            problem = "This address leads into a private network."
            raise AddressRefused(fields=[FieldProblem("body.address", problem, "Use the public address.")])
        return addresses[0]
