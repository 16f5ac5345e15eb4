"""Cost groups by scheme: ÖNORM B 1801-1 (0 to 9), DIN 276:2018 (100 to 800), or names of one's own.

A line may stand deeper than its group: "2.D" and "2D" are of group 2 (ÖNORM), "334" is of group 300 (DIN).
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_OENORM = re.compile(r"[0-9]([.]?[0-9A-Z]{1,4}){0,3}")
_DIN = re.compile(r"[1-8][0-9]{2}([.][0-9]{1,3})?")


class Scheme(enum.StrEnum):
    """Say which numbers the cost groups of a project have."""

    OENORM = "oenorm"
    DIN276 = "din276"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class CostGroup:
    """One group with its labels."""

    code: str
    title_en: str
    title_de: str


@dataclass(frozen=True, slots=True)
class CostSum:
    """A named total over neighbouring groups, from the first to the last."""

    key: str
    first: str
    last: str
    title_en: str
    title_de: str

    def holds(self, group: str) -> bool:
        """Tell whether a group counts in this total."""
        return self.first <= group <= self.last


@dataclass(frozen=True, slots=True)
class CostScheme:
    """The groups and totals of one scheme, in their order."""

    scheme: Scheme
    groups: tuple[CostGroup, ...]
    sums: tuple[CostSum, ...]

    def title(self, code: str) -> CostGroup:
        """Return a group by its code; one that the scheme does not name is called by its code."""
        return next((one for one in self.groups if one.code == code), CostGroup(code, code, code))


@cache
def scheme_of(scheme: Scheme) -> CostScheme:
    """Return a scheme from the data file."""
    data = tomllib.loads(files(__package__).joinpath("cost_groups.toml").read_text("utf-8"))[scheme.value]
    groups = [CostGroup(code, text["en"], text["de"]) for code, text in data["groups"].items()]
    sums = [CostSum(one["key"], one["first"], one["last"], one["en"], one["de"]) for one in data.get("sums", [])]
    return CostScheme(scheme, tuple(sorted(groups, key=lambda one: one.code)), tuple(sums))


def is_code(scheme: Scheme, code: str) -> bool:
    """Tell whether a code can stand in a scheme; own ones are any words."""
    if scheme is Scheme.OENORM:
        return _OENORM.fullmatch(code) is not None
    if scheme is Scheme.DIN276:
        return _DIN.fullmatch(code) is not None
    return bool(code.strip())


def group_of(scheme: Scheme, code: str) -> str:
    """Return the group that a code belongs to: "2" of "2.D", "300" of "334", an own one itself."""
    if scheme is Scheme.OENORM:
        return code[:1]
    return f"{code[:1]}00" if scheme is Scheme.DIN276 else code


def in_order(scheme: Scheme, codes: Iterable[str]) -> list[str]:
    """Return the scheme's own groups and those named besides, each once, in order."""
    return sorted({*(one.code for one in scheme_of(scheme).groups), *codes})
