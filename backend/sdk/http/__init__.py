"""Typed HTTP APIs: functions with pydantic annotations become a WSGI application and an OpenAPI 3.1 document.

This package alone imports the library behind it, so that the library can be exchanged.
"""

from backend.sdk.http.api import Api, Group
from backend.sdk.http.context import (
    SESSION_COOKIE,
    SPACE_HEADER,
    CurrentRequest,
    HttpServices,
    Limiter,
    actor_or_none,
    current_actor,
    current_request,
)
from backend.sdk.http.document import merge_documents
from backend.sdk.http.files import send_file
from backend.sdk.http.idempotency import (
    IdempotencyInProgress,
    IdempotencyKeyReused,
    IdempotencyStore,
    KeyScope,
    MemoryIdempotencyStore,
    StoredResponse,
    check_replay,
)
from backend.sdk.http.models import In, Out, Page, PageQuery, page
from backend.sdk.http.operation import SudoRequired
from backend.sdk.http.responses import SECURITY_HEADERS, ErrorJson

__all__ = [
    "SECURITY_HEADERS",
    "SESSION_COOKIE",
    "SPACE_HEADER",
    "Api",
    "CurrentRequest",
    "ErrorJson",
    "Group",
    "HttpServices",
    "IdempotencyInProgress",
    "IdempotencyKeyReused",
    "IdempotencyStore",
    "In",
    "KeyScope",
    "Limiter",
    "MemoryIdempotencyStore",
    "Out",
    "Page",
    "PageQuery",
    "StoredResponse",
    "SudoRequired",
    "actor_or_none",
    "check_replay",
    "current_actor",
    "current_request",
    "merge_documents",
    "page",
    "send_file",
]
