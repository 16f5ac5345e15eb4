"""One error root for the whole hub, and the one JSON shape that leaves it.

    HomieError                      code            status
    ├── InvalidInput                invalid_input      422   fields say what is wrong and how to mend it
    ├── MalformedRequest            malformed_request  400   not JSON, wrong media type, bad header
    ├── NotAuthenticated            not_authenticated  401
    ├── NotAllowed                  not_allowed        403   known caller, missing right (never used to hide a row)
    ├── NotFound                    not_found          404   absent, or another owner's: never told apart
    ├── Conflict                    conflict           409   the state changed, or the same key was used differently
    ├── PayloadTooLarge             payload_too_large  413
    ├── RateLimited                 rate_limited       429   retry_after seconds
    ├── Unavailable                 unavailable        503   module stopped, database away, drive away
    └── InternalError               internal_error     500   everything unforeseen; details only in the log

Each module derives its own `<Noun><Problem>` errors from these in its `errors.py` and gives them a `code` of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Say what is wrong with one input field and what to do about it.

    `name` is a dotted path in the request ("body.folder", "query.limit") or the option's name on the command line.
    """

    name: str
    problem: str
    remedy: str = ""


class HomieError(Exception):
    """Be the root of every error that Homie raises on purpose; safe to show to people."""

    code: str = "internal_error"
    status: int = 500
    message: str = "Something went wrong inside Homie. The details are in the log."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: tuple[FieldProblem, ...] | list[FieldProblem] = (),
        retry_after: float | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.code = code or type(self).code
        self.fields = tuple(fields)
        self.retry_after = retry_after
        super().__init__(self.message)

    def as_json(self, request_id: str) -> dict[str, Any]:
        """Return the one error body of the API: `{"error": {code, message, fields, request_id}}`."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "fields": [{"name": f.name, "problem": f.problem, "remedy": f.remedy} for f in self.fields],
                "request_id": request_id,
            }
        }


class InvalidInput(HomieError):
    """The input is understood but not acceptable; `fields` names each culprit with its remedy."""

    code, status, message = "invalid_input", 422, "Some of the values are not valid."


class MalformedRequest(HomieError):
    """The request itself cannot be read (not JSON, wrong media type, bad header)."""

    code, status, message = "malformed_request", 400, "The request could not be read."


class NotAuthenticated(HomieError):
    """Nobody is logged in, or the token is unknown, expired or revoked."""

    code, status, message = "not_authenticated", 401, "Please log in."


class NotAllowed(HomieError):
    """The caller is known but lacks the right; never used to hide another owner's row (that is `NotFound`)."""

    code, status, message = "not_allowed", 403, "You are not allowed to do this."


class NotFound(HomieError):
    """The thing does not exist for this caller: absent and another owner's are the same answer."""

    code, status, message = "not_found", 404, "This does not exist."


class Conflict(HomieError):
    """The state changed underneath the caller, or an idempotency key was reused for another request."""

    code, status, message = "conflict", 409, "This conflicts with what is there now."


class PayloadTooLarge(HomieError):
    """The body is larger than this operation accepts."""

    code, status, message = "payload_too_large", 413, "The request is too large."


class RateLimited(HomieError):
    """Too many requests; `retry_after` says after how many seconds to try again."""

    code, status, message = "rate_limited", 429, "Too many requests. Please wait a moment."


class Unavailable(HomieError):
    """A part that is needed is not there now (module stopped, database or drive away)."""

    code, status, message = "unavailable", 503, "This is not available right now."


class InternalError(HomieError):
    """Something unforeseen; the message never carries details, the log does."""
