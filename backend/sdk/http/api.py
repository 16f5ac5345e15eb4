"""Declare APIs by typed functions; the OpenAPI 3.1 document and the WSGI application follow from them."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response
from pydantic import BaseModel
from werkzeug.routing import Rule

from backend.sdk.http.context import SESSION_COOKIE
from backend.sdk.http.document import error_answer, finish_document
from backend.sdk.http.models import ErrorOut
from backend.sdk.http.operation import Operation
from backend.sdk.http.responses import install

if TYPE_CHECKING:
    from flask_openapi.blueprint import APIBlueprint

F = TypeVar("F", bound=Callable[..., Any])

SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
}


class Group:
    """Collect operations under one prefix; usable before any `Api` exists.

    ```python
    folders = Group("folders", url_prefix="/folders", tag="Folders")

    @folders.get("/<folder_id>", returns=FolderOut, errors=[404])
    def get_folder(path: FolderPath) -> FolderOut:
        "Show one folder."
    ```

    Options of every method: `returns` (type of the answer), `status`, `auth` ("user", "admin", "sudo", "admin+sudo",
    "none"), `limit` ("20/minute", per person and address), `idempotent` (honours `Idempotency-Key`), `errors` (further
    statuses, for the document), `max_body` (bytes).
    """

    def __init__(self, name: str, *, url_prefix: str = "", tag: str | None = None) -> None:
        self.name = name
        self.url_prefix = url_prefix
        self.tag = tag or name.replace("_", " ").capitalize()
        self.operations: list[Operation] = []

    def get(self, rule: str = "", **options: Any) -> Callable[[F], F]:
        """Declare a read."""
        return self._declare("GET", rule, options)

    def post(self, rule: str = "", **options: Any) -> Callable[[F], F]:
        """Declare a creation or an action (status 201 unless said otherwise when it returns something)."""
        return self._declare("POST", rule, options)

    def put(self, rule: str = "", **options: Any) -> Callable[[F], F]:
        """Declare a replacement."""
        return self._declare("PUT", rule, options)

    def patch(self, rule: str = "", **options: Any) -> Callable[[F], F]:
        """Declare a partial change."""
        return self._declare("PATCH", rule, options)

    def delete(self, rule: str = "", **options: Any) -> Callable[[F], F]:
        """Declare a removal."""
        return self._declare("DELETE", rule, options)

    def _declare(self, method: str, rule: str, given: dict[str, Any]) -> Callable[[F], F]:
        returns: type[BaseModel] | None = given.pop("returns", None)
        created = 201 if method == "POST" else 200
        options: dict[str, Any] = {
            "returns": returns,
            "status": given.pop("status", created if returns else 204),
            "auth": given.pop("auth", "user"),
            "limit": given.pop("limit", None),
            "idempotent": given.pop("idempotent", False),
            "errors": tuple(given.pop("errors", ())),
            "max_body": given.pop("max_body", None),
        }
        if given:
            raise TypeError(f"unknown options: {', '.join(given)}")

        def decorate(fn: F) -> F:
            self.operations.append(Operation.declare(self.name, rule, method, fn, **options))
            return fn

        return decorate


class Api:
    """Be one module's API: groups of operations as a WSGI application with its own OpenAPI document."""

    def __init__(
        self,
        module_id: str,
        title: str,
        version: str,
        *,
        mount: str | None = None,
        groups: Iterable[Group] = (),
    ) -> None:
        self.module_id = module_id
        self.title = title
        self.version = version
        self.mount = f"/api/v1/{module_id}" if mount is None else mount
        self.groups: list[Group] = list(groups)

    def group(self, name: str, *, url_prefix: str = "", tag: str | None = None) -> Group:
        """Return a new group that belongs to this API."""
        group = Group(name, url_prefix=url_prefix, tag=tag)
        self.groups.append(group)
        return group

    def include(self, *groups: Group) -> Api:
        """Add groups that were made elsewhere."""
        self.groups.extend(groups)
        return self

    @functools.cached_property
    def wsgi(self) -> Flask:
        """Return the WSGI application; built once, groups cannot be added afterwards."""
        app = Flask(f"homie.{self.module_id}", static_folder=None)
        app.url_rule_class = _ReadRule
        app.url_map.strict_slashes = False
        app.url_map.merge_slashes = False
        install(app)
        _check_schema_names(self.groups)
        for group in self.groups:
            for number, operation in enumerate(group.operations):
                rule, name = group.url_prefix + operation.rule or "/", f"{group.name}.{number}.{operation.fn.__name__}"
                app.add_url_rule(rule, name, _view(operation), methods=[operation.method])
        app.add_url_rule("/openapi.json", "openapi_document", lambda: self.openapi())
        return app

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document; paths are relative to `servers[0].url`."""
        operations = {op.id: op for group in self.groups for op in group.operations}
        return finish_document(self._described, self.mount, operations)

    @functools.cached_property
    def _described(self) -> dict[str, Any]:
        """Return what flask-openapi collects; apart from the application, because it costs half a second to collect.

        Most hubs are never asked for it, so the library too is imported here.
        """
        from flask_openapi.models.info import Info
        from flask_openapi.openapi import OpenAPI

        app = OpenAPI(
            f"homie.{self.module_id}",
            info=Info(title=self.title, version=self.version),
            security_schemes=SECURITY_SCHEMES,
            validation_error_model=ErrorOut,
            doc_ui=False,
            static_folder=None,
        )
        app.openapi_version = "3.1.0"
        for group in self.groups:
            app.register_api(_blueprint(group))
        return app.api_doc


class _ReadRule(Rule):
    """A rule that reads addresses; what writes them is compiled when it is first asked for, which nobody does here.

    Werkzeug compiles it for each rule at once: a tenth of a second for an API of 180 operations.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(_ReadRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build


def _check_schema_names(groups: Iterable[Group]) -> None:
    """Refuse two types of one name in one API: the document would describe one of them twice and the other never."""
    known: dict[str, type[BaseModel]] = {}
    for operation in (operation for group in groups for operation in group.operations):
        for top in (operation.body, operation.returns):
            for model in _models_in(top, set()):
                if known.setdefault(model.__name__, model) is not model:
                    told = f"another schema of this API is called {model.__name__}; rename one"
                    raise TypeError(f"{operation.id}: {told}")


def _models_in(annotation: Any, seen: set[Any]) -> Iterator[type[BaseModel]]:
    """Give every model that an annotation speaks of, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models_in(field.annotation, seen)
    for part in typing.get_args(annotation):
        yield from _models_in(part, seen)


def _blueprint(group: Group) -> APIBlueprint:
    from flask_openapi.blueprint import APIBlueprint
    from flask_openapi.models.tag import Tag

    blueprint = APIBlueprint(
        group.name,
        f"homie.{group.name}",
        url_prefix=group.url_prefix or None,
        abp_tags=[Tag(name=group.tag)],
    )
    for operation in group.operations:
        _route(blueprint, operation)
    return blueprint


def _view(operation: Operation) -> Callable[..., Response]:
    """Return what answers a request; reading and checking is ours (operation.py)."""

    @functools.wraps(operation.fn)
    def view(**path_values: Any) -> Response:
        return operation.answer(path_values)

    return view


def _route(blueprint: APIBlueprint, operation: Operation) -> None:
    view = _view(operation)  # never called here: flask-openapi collects the document from its annotations
    view.__delay_validate_request__ = True  # type: ignore[attr-defined]
    view.__dict__.pop("view", None)
    responses: dict[Any, Any] = {str(operation.status): operation.returns}
    for status in _documented_errors(operation):
        responses[str(status)] = error_answer(status)
    responses["default"] = error_answer(0)
    security: list[Any] = [] if operation.auth == "none" else [{"bearer": []}, {"cookie": []}]
    register = getattr(blueprint, operation.method.lower())
    options: dict[str, Any] = {"operation_id": operation.id, "responses": responses, "security": security}
    register(operation.rule, **options)(view)


def _documented_errors(operation: Operation) -> list[int]:
    found = {*operation.errors, 405, 422, 429}
    if operation.body:
        found |= {400, 413, 415}
    if operation.auth != "none":
        found.add(401)
    if operation.auth not in ("none", "user"):
        found.add(403)
    if operation.idempotent:
        found.add(409)
    return sorted(found)
