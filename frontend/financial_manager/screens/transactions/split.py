"""The parts of a split transaction as the form holds them: a field for each amount, its category and its note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import FinancialManagerPartOut
from frontend.i18n import parse_amount
from frontend.kit import Form


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One part. `field`: the name of the amount's field in the form; `memo`: its note, which is kept as it is."""

    field: str
    category_id: str | None = None
    memo: str = ""


Parts = tuple[SplitPart, ...]


def parts_of(of: list[FinancialManagerPartOut]) -> Parts:
    """Return the parts of a transaction; their amounts lie in the fields "part0", "part1", ..."""
    return tuple(SplitPart(f"part{number}", one["category_id"], one["memo"]) for number, one in enumerate(of))


def left_over(form: Form, parts: Parts, total: int, currency: str) -> int:
    """Return what of `total` (minor units, no sign) no part has taken yet."""
    return total - sum(parse_amount(form[one.field], currency) or 0 for one in parts)


def parts_body(form: Form, parts: Parts, sign: int, currency: str) -> list[dict[str, Any]]:
    """Return the parts as they are sent; `sign`: -1 for what was spent. A part without an amount is none."""
    found = []
    for one in parts:
        if minor := parse_amount(form[one.field], currency):
            part: dict[str, Any] = {"amount_minor": sign * minor, "category_id": one.category_id}
            found.append(part | ({"memo": one.memo} if one.memo else {}))
    return found
