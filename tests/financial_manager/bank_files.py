"""The statements of `bank_files*.toml`: as bytes, with what must be read from them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class BankFile(NamedTuple):
    """One file and what must be read from it: lines as "date amount", and the currency that the file tells."""

    name: str
    data: bytes
    expected: tuple[str, ...]
    currency: str | None


def _load() -> tuple[BankFile, ...]:
    paths = sorted(Path(__file__).parent.glob("bank_files*.toml"))
    told = [one for path in paths for one in tomllib.loads(path.read_text("utf-8"))["file"]]
    return tuple(
        BankFile(
            one["name"],
            one["text"].replace("\n", "\r\n" if one.get("crlf") else "\n").encode(one["encoding"]),
            tuple(one["expected"]),
            one.get("currency"),
        )
        for one in told
    )


FILES = _load()
