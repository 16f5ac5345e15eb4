"""One API operation: what was declared, and the fixed order in which a request is answered.

size -> who -> right -> limit -> space -> parameters -> body -> idempotency -> the function -> declared output
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin, get_type_hints

from flask import Response, request
from pydantic import BaseModel, TypeAdapter, ValidationError

from backend.sdk.actor import Actor
from backend.sdk.errors import (
    FieldProblem,
    InternalError,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    RateLimited,
)
from backend.sdk.http.context import SPACE_HEADER, actor_or_none, current_request, has_sudo, services
from backend.sdk.http.idempotency import KeyScope, StoredResponse, keep_answer, release_key
from backend.sdk.http.reading import read_body, read_path, read_query

AUTH_CHOICES = ("user", "admin", "sudo", "admin+sudo", "none")


class SudoRequired(NotAllowed):
    """The password must be given again before this is done."""

    code = "sudo_required"
    message = "Please confirm your password first."


class Shape:
    """Hold the declared type of a body or an answer; what checks it is built for the first request, not at the start.

    A hub declares hundreds of them, and a household uses some.
    """

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._adapter: TypeAdapter[Any] | None = None

    def adapter(self) -> TypeAdapter[Any]:
        """Return what checks and writes the type."""
        if self._adapter is None:
            if isinstance(self._kind, type) and issubclass(self._kind, BaseModel):
                self._kind.model_rebuild()  # the adapter takes over what the model has built, and builds nothing twice
            self._adapter = TypeAdapter(self._kind)
        return self._adapter


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold one declared operation; `answer` runs it."""

    id: str
    rule: str
    method: str
    fn: Callable[..., Any]
    returns: type[BaseModel] | None
    status: int
    auth: str
    limit: str | None
    idempotent: bool
    errors: tuple[int, ...]
    max_body: int | None
    path: type[BaseModel] | None
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    lists: frozenset[str]
    body_shape: Shape | None = field(repr=False, default=None)
    out_shape: Shape | None = field(repr=False, default=None)

    @classmethod
    def declare(cls, group: str, rule: str, method: str, fn: Callable[..., Any], **options: Any) -> Operation:
        """Read the function's annotations (`path`, `query`, `body`) and the decorator's options."""
        hints = get_type_hints(fn, include_extras=True)
        returns, query, body = options.get("returns"), hints.get("query"), hints.get("body")
        if options["auth"] not in AUTH_CHOICES:
            raise ValueError(f"auth must be one of {AUTH_CHOICES}")
        return cls(
            id=f"{group}_{fn.__name__}",
            rule=rule,
            method=method,
            fn=fn,
            path=hints.get("path"),
            query=query,
            body=body,
            lists=_list_fields(query),
            body_shape=Shape(body) if body else None,
            out_shape=Shape(returns) if returns else None,
            **options,
        )

    def answer(self, path_values: dict[str, Any]) -> Response:
        """Answer the current request."""
        request.max_content_length = self.max_body or services().max_body_bytes
        actor = self._authorize()
        self._limit(actor)
        arguments = self._read(path_values)
        key = request.headers.get("Idempotency-Key")
        if self.idempotent and key is not None and actor is not None:
            return self._once(actor, key, arguments)
        return self._run(arguments)

    def _authorize(self) -> Actor | None:
        actor = actor_or_none()
        if self.auth == "none":
            return actor
        if actor is None:
            raise NotAuthenticated()
        if "admin" in self.auth and not actor.is_admin:
            raise NotAllowed("Only an admin of this household may do this.")
        if "sudo" in self.auth and not has_sudo():
            raise SudoRequired()
        if chosen := request.headers.get(SPACE_HEADER):
            actor = actor.acting_in(chosen)
        if self.query and "space" in self.query.model_fields and (only := request.args.get("space")):
            actor = actor.only_in(only)
        request.environ["homie.actor"] = actor
        return actor

    def _limit(self, actor: Actor | None) -> None:
        limiter = services().limiter
        if limiter is None or self.limit is None:
            return
        who = actor.user_id if actor else ""
        # One IPv6 household has 2^64 addresses: the platform says which of them count as one.
        where = request.environ.get("homie.limit_key") or current_request().ip
        wait = limiter.take(f"{self.id}|{who}|{where}", self.limit)
        if wait > 0:
            raise RateLimited(retry_after=wait)

    def _read(self, path_values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.path:
            found["path"] = read_path(path_values, self.path)
        if self.query:
            found["query"] = read_query(request, self.query, self.lists)
        if self.body_shape:
            found["body"] = read_body(request, self.body_shape.adapter())
        return found

    def _once(self, actor: Actor, key: str, arguments: dict[str, Any]) -> Response:
        store = services().idempotency
        if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
            problem = "Must be 1 to 200 printable ASCII characters."
            raise InvalidInput(fields=[FieldProblem("header.Idempotency-Key", problem, "Send a random UUID.")])
        if store is None:
            return self._run(arguments)
        scope = KeyScope(actor.owner_id, actor.user_id, self.id, key)
        known = store.begin(scope, _request_hash())
        if known is not None:
            replay = Response(known.body, known.status, content_type=known.content_type)
            replay.headers["Idempotency-Replayed"] = "true"
            return replay
        try:
            response = self._run(arguments)
        except BaseException:
            release_key(store, scope)
            raise
        stored = StoredResponse(response.status_code, response.get_data(), response.content_type or "")
        keep_answer(store, scope, stored)
        return response

    def _run(self, arguments: dict[str, Any]) -> Response:
        result = self.fn(**arguments)
        if isinstance(result, Response):
            return result
        if self.out_shape is None:
            return Response(status=self.status)
        adapter = self.out_shape.adapter()
        try:
            checked = adapter.validate_python(result, from_attributes=True)
            body = adapter.dump_json(checked)
        except (ValidationError, ValueError) as error:
            # Never the caller's fault, and its text may hold stored values: log where, not what.
            problems = _places(error)
            raise InternalError() from OutputMismatch(self.id, problems)
        return Response(body, self.status, mimetype="application/json")


class OutputMismatch(Exception):
    """An operation returned something else than it declared."""

    def __init__(self, operation: str, problems: list[str]) -> None:
        super().__init__(f"{operation} returned something else than declared: {', '.join(problems)}")


def _places(error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return [type(error).__name__]
    return [f"{'.'.join(map(str, e['loc']))} ({e['type']})" for e in error.errors(include_input=False)[:10]]


def _request_hash() -> str:
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{request.method} {request.full_path}\0".encode("utf-8", "surrogatepass"))
    digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def _list_fields(query: type[BaseModel] | None) -> frozenset[str]:
    if query is None:
        return frozenset()
    return frozenset(name for name, f in query.model_fields.items() if _is_list(f.annotation))


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    if origin in (list, set, tuple, frozenset):
        return True
    return any(_is_list(part) for part in get_args(annotation) if part is not type(None))
