"""The shapes every API speaks: strict input, declared output, pages with a cursor, and the one error body.

What checks a shape is built by pydantic when it is first used (`defer_build`), under a lock of pydantic's own: a hub
declares hundreds of shapes, and building them all was a third of the start of a module.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from backend.sdk.errors import FieldProblem, InvalidInput

T = TypeVar("T")
R = TypeVar("R")


class In(BaseModel):
    """Be the base of everything that is read from a request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True, defer_build=True)


class Out(BaseModel):
    """Be the base of everything that is answered; may be filled from rows and dataclasses by attribute."""

    model_config = ConfigDict(from_attributes=True, allow_inf_nan=False, defer_build=True)


class Page(Out, Generic[T]):
    """Carry one page of a list; `next_cursor` is None on the last one."""

    items: list[T]
    next_cursor: str | None = None


class PageQuery(In):
    """Ask for one page. Lists with filters derive their query from this."""

    limit: int = Field(50, ge=1, le=200, description="How many items at most.")
    cursor: str | None = Field(None, max_length=1000, description="`next_cursor` of the page before.")
    space: str | None = Field(None, max_length=64, description="Only this space (owner id).")

    def after(self, *types: type) -> tuple[Any, ...] | None:
        """Return the key of the last item of the page before, checked against `types`; None on the first page.

        Raises `InvalidInput` for a cursor that this list did not hand out.
        """
        if self.cursor is None:
            return None
        key = _decode(self.cursor)
        if len(key) != len(types) or not all(type(v) is t for v, t in zip(key, types, strict=True)):
            raise _bad_cursor()
        return tuple(key)


def page(rows: Sequence[R], limit: int, key: Callable[[R], tuple[Any, ...]]) -> Page[Any]:
    """Make a page of rows that were read with `limit + 1` in the order of `key` (keyset paging).

    `key` returns the JSON values that tell a row's place (`lambda r: (r.name, r.id)`); the next page is read with
    `where(tuple_(Row.name, Row.id) > query.after(str, str))`.
    """
    items = list(rows[:limit])
    more = len(rows) > limit and bool(items)
    return Page[Any].model_construct(items=items, next_cursor=_encode(key(items[-1])) if more else None)


def _encode(key: tuple[Any, ...]) -> str:
    raw = json.dumps(list(key), separators=(",", ":"), ensure_ascii=True).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        raise _bad_cursor() from None
    if not isinstance(key, list) or not all(map(_storable, key)):
        raise _bad_cursor()
    return key


def _storable(value: Any) -> bool:
    """Tell whether a database can compare with it: no number beyond 64 bits, no lone surrogate, no NUL."""
    if isinstance(value, str):
        return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _bad_cursor() -> InvalidInput:
    return InvalidInput(
        fields=[FieldProblem("query.cursor", "This is no cursor of this list.", "Start again without a cursor.")]
    )


class FieldProblemOut(Out):
    """Say what is wrong with one input field."""

    name: str
    problem: str
    remedy: str


class ErrorDetail(Out):
    """Hold one error: a code for programs, a message for people."""

    code: str
    message: str
    fields: list[FieldProblemOut]
    request_id: str


class ErrorOut(Out):
    """Be the body of every answer that is not a success."""

    error: ErrorDetail
