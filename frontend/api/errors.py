"""What a call to the hub can end with, as the app sees it.

ApiError        the hub said no: code, message, fields and remedy come from its one error shape
├── Offline     nobody answered: no network, hub down, or the answer came too late
└── LoggedOut   this device is no longer logged in; the person has to log in again
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """Say why a call failed. `fields` maps each refused input ("body.name") to words, `remedies` to what to do."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        remedies: Mapping[str, str] | None = None,
        request_id: str = "",
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})
        self.remedies: dict[str, str] = dict(remedies or {})
        self.request_id = request_id
        self.status = status
        self.retry_after = retry_after
        """Seconds after which it is worth trying again, where the hub says so."""

    @property
    def remedy(self) -> str:
        """Return what to do about it: the first field's remedy, or nothing."""
        return next((text for text in self.remedies.values() if text), "")

    @property
    def needs_sudo(self) -> bool:
        """Tell whether the hub wants the password again first."""
        return self.code == "sudo_required"

    def field(self, name: str) -> str | None:
        """Return the words for one input by its last name ("name" finds "body.name"), or None."""
        return next((text for path, text in self.fields.items() if path.rsplit(".", 1)[-1] == name), None)


class Offline(ApiError):
    """Nobody answered. What the person did is not lost: the caller still has it and can try again."""

    def __init__(self, code: str = "offline") -> None:
        super().__init__(code, "Homie cannot be reached.")


class LoggedOut(ApiError):
    """This device is no longer logged in."""

    def __init__(self, code: str = "not_authenticated", request_id: str = "") -> None:
        super().__init__(code, "Please log in.", status=401, request_id=request_id)


def error_from(status: int, body: Any, retry_after: float | None = None) -> ApiError:
    """Read the hub's `{"error": {...}}`; an answer of another shape (a proxy's page) becomes a general error."""
    found = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(found.get("code"), str):
        if status in (502, 503, 504):
            return Offline("bad_gateway")
        return ApiError("unexpected_answer", "Homie answered in an unexpected way.", status=status)
    fields, remedies = {}, {}
    for one in found.get("fields") or ():
        if isinstance(one, Mapping) and isinstance(one.get("name"), str):
            fields[one["name"]] = str(one.get("problem", ""))
            remedies[one["name"]] = str(one.get("remedy", ""))
    return ApiError(
        found["code"],
        str(found.get("message", "")),
        fields=fields,
        remedies=remedies,
        request_id=str(found.get("request_id", "")),
        status=status,
        retry_after=retry_after,
    )
