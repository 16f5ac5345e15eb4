"""A server that speaks the ECB's two files, for tests: whole, or failing in one of the ways of the internet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.local_server import QuietHandler, listening

Days = dict[str, dict[str, str]]


def daily(day: str, rates: dict[str, str]) -> bytes:
    """Return `eurofxref-daily.xml` as the ECB writes it."""
    cubes = "".join(f"\t\t\t<Cube currency='{code}' rate='{rate}'/>\n" for code, rate in rates.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n\t<gesmes:subject>Reference rates'
        "</gesmes:subject>\n\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>"
        "\n\t</gesmes:Sender>\n"
        f"\t<Cube>\n\t\t<Cube time='{day}'>\n{cubes}\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>"
    ).encode()


def history(days: Days) -> bytes:
    """Return `eurofxref-hist.zip`: the newest day first, a comma at the end of each line, N/A for what has no rate."""
    codes = sorted({code for rates in days.values() for code in rates} | {"SIT"})
    lines = ["Date," + ",".join(codes) + ","]
    for day in sorted(days, reverse=True):
        lines.append(f"{day}," + ",".join(days[day].get(code, "N/A") for code in codes) + ",")
    return zipped("\n".join(lines).encode())


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("eurofxref-hist.csv", data)
    return file.getvalue()


class EcbServer:
    """What was asked, and where."""

    def __init__(self, days: Days, fault: str) -> None:
        self.asked: list[str] = []
        self.days, self.fault = days, fault
        self.address = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if self.fault == "error":
            return 500, b"no"
        if self.fault == "html":
            return 200, b"<html>Maintenance</html>"
        if self.fault == "redirect":
            return 302, b""
        if path.endswith("daily.xml"):
            day = max(self.days)
            return 200, daily(day, self.days[day])
        return 200, zipped(b"0" * 20_000_000) if self.fault == "bomb" else history(self.days)


@contextmanager
def serving(days: Days, fault: str = "") -> Iterator[EcbServer]:
    """Run the server; with the fault "down" nothing listens at its address."""
    found = EcbServer(days, fault)

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            status, body = found.answer(self.path)
            self.reply(status, body, **({"Location": "/eurofxref-daily.xml?again"} if status == 302 else {}))

    with listening(Handler) as address:
        found.address = address
        if fault != "down":
            yield found
            return
    yield found
