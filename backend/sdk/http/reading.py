"""Read bodies and parameters strictly: what is ambiguous, malformed or unknown is refused with a clear reason.

JSON is taken from the raw bytes (RFC 8259 and I-JSON, RFC 7493): valid UTF-8 without lone surrogates, no NaN, no
duplicate names, no integer that a JavaScript client would round, no NUL (PostgreSQL cannot store it), at most 200
levels deep.
"""

from __future__ import annotations

import json
import math
from typing import Any

from flask import Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, MalformedRequest

MAX_SAFE_INTEGER = 2**53 - 1

_REMEDIES = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it: there is no such field here.",
    "string_type": "Send a text.",
    "int_type": "Send a whole number, without quotes.",
    "int_parsing": "Send a whole number.",
    "float_type": "Send a number, without quotes.",
    "bool_type": "Send true or false.",
    "bool_parsing": "Send true or false.",
    "list_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "model_attributes_type": "Send an object.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "Use at least {min_length} characters.",
    "too_long": "Send at most {max_length} entries.",
    "too_short": "Send at least {min_length} entries.",
    "greater_than_equal": "Use {ge} or more.",
    "less_than_equal": "Use {le} or less.",
    "greater_than": "Use more than {gt}.",
    "less_than": "Use less than {lt}.",
    "enum": "Use one of {expected}.",
    "literal_error": "Use one of {expected}.",
    "datetime_parsing": "Use an ISO 8601 time such as 2026-01-31T12:00:00Z.",
    "date_from_datetime_parsing": "Use an ISO 8601 date such as 2026-01-31.",
    "uuid_parsing": "Use an id that the API gave out.",
    "union_tag_invalid": "Use one of {expected_tags} for {discriminator}.",
    "union_tag_not_found": "Add {discriminator}: it says which kind of object this is.",
}


class UnsupportedMedia(HomieError):
    """The body is of another media type than the operation reads."""

    code, status, message = "unsupported_media_type", 415, "Send the body as application/json."


def read_body(request: Request, adapter: TypeAdapter[Any]) -> Any:
    """Return the JSON body as the declared type.

    Raises `UnsupportedMedia`, `MalformedRequest`, `InvalidInput`, or werkzeug's 413 for a body that is too large.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMedia()
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the body without Content-Encoding.")
    raw = request.get_data(cache=True)
    check_json(raw)
    try:
        return adapter.validate_json(raw, strict=True)
    except ValidationError as error:
        raise invalid_input(error, "body", from_json(raw)) from None
    except ValueError:
        raise MalformedRequest("The body is not valid JSON.") from None


def check_json(raw: bytes) -> None:
    """Raise `MalformedRequest` unless `raw` is unambiguous JSON (see the top of this file)."""
    try:
        tree = from_json(raw, allow_inf_nan=False)
        json.loads(raw, object_pairs_hook=_unique, parse_int=_safe_int, parse_float=_finite)
    except MalformedRequest:
        raise
    except (ValueError, RecursionError):
        raise MalformedRequest("The body is not valid JSON.") from None
    if b"\\u0000" in raw and _has_nul(tree):
        raise MalformedRequest("The body holds a NUL character, which no text may contain.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRequest("The body names a field twice.")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise MalformedRequest("The body holds a number that is too large.")
    return value


def _safe_int(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_SAFE_INTEGER:
        raise MalformedRequest("The body holds a whole number beyond 2^53, which clients cannot hold exactly.")
    return int(text)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(k) or _has_nul(v) for k, v in value.items())
    return isinstance(value, list) and any(_has_nul(v) for v in value)


def read_query(request: Request, model: type[BaseModel], lists: frozenset[str]) -> Any:
    """Return the query parameters as the declared model; lists are given by repeating the name."""
    values: dict[str, Any] = {}
    problems = []
    for name in request.args:
        given = request.args.getlist(name)
        if any("\0" in value for value in given) or "\0" in name:
            problems.append(FieldProblem(f"query.{name[:80]}", "Holds a NUL character.", "Remove it."))
        elif name in lists:
            values[name] = given
        elif len(given) > 1:
            problems.append(FieldProblem(f"query.{name[:80]}", "Was given more than once.", "Give it once."))
        else:
            values[name] = given[0]
    if problems:
        raise InvalidInput(fields=problems)
    return _read_texts(model, values, "query")


def read_path(values: dict[str, Any], model: type[BaseModel]) -> Any:
    """Return the path parameters as the declared model."""
    if any("\0" in value for value in values.values() if isinstance(value, str)):
        raise MalformedRequest("The address holds a NUL character.")
    return _read_texts(model, values, "path")


def _read_texts(model: type[BaseModel], values: dict[str, Any], place: str) -> Any:
    try:
        read = model.model_validate(values)
    except ValidationError as error:
        raise invalid_input(error, place) from None
    for name in type(read).model_fields:
        value = getattr(read, name)
        if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
            raise InvalidInput(fields=[FieldProblem(f"{place}.{name}", "Is too large.", "Use a number below 2^53.")])
    return read


def invalid_input(error: ValidationError, place: str, sent: Any = None) -> HomieError:
    """Translate pydantic's findings into `InvalidInput`, or `MalformedRequest` when it was not even JSON.

    With what was `sent`, fields are named as the caller wrote them, without the kind that pydantic puts in between.
    """
    found = error.errors(include_url=False, include_input=False)
    if found and found[0]["type"] == "json_invalid":
        return MalformedRequest("The body is not valid JSON.")
    return InvalidInput(fields=[_problem(item, place, sent) for item in found[:50]])


def _without_kinds(loc: tuple[int | str, ...], sent: Any) -> list[int | str]:
    """Leave out of a place what only says which one of several kinds of object was taken there."""
    way: list[int | str] = []
    for index, part in enumerate(loc):
        if isinstance(sent, dict):
            last = index == len(loc) - 1
            if not last and part not in sent and any(part == value for value in sent.values()):
                continue
            sent = sent.get(str(part))
        elif isinstance(sent, list) and isinstance(part, int) and part < len(sent):
            sent = sent[part]
        else:
            sent = None
        way.append(part)
    return way


def _problem(item: ErrorDetails, place: str, sent: Any) -> FieldProblem:
    name = ".".join([place, *(str(part)[:80] for part in _without_kinds(item["loc"], sent))])
    template = _REMEDIES.get(item["type"], "Correct it; the API description says what is accepted.")
    try:
        remedy = template.format(**item.get("ctx", {}))
    except (KeyError, IndexError):
        remedy = "Correct it; the API description says what is accepted."
    return FieldProblem(name, item["msg"].removeprefix("Value error, "), remedy)
