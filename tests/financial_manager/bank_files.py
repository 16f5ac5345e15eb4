"""The statements of `bank_files.toml`: as bytes, with what must be read from them."""

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
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(
        BankFile(
            one["name"],
            one["text"].replace("\n", "\r\n" if one.get("crlf") else "\n").encode(one["encoding"]),
            tuple(one["expected"]),
            one.get("currency"),
        )
        for one in told["file"]
    )


FILES = _load()
