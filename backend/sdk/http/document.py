"""Finish OpenAPI documents: what the collecting library leaves open, and the merge of several APIs into one."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from backend.sdk.http.context import SPACE_HEADER
from backend.sdk.http.operation import Operation

REF = "#/components/schemas/"


def error_answer(status: int) -> dict[str, Any]:
    """Return the documented answer of an error status (0: any other)."""
    phrase = HTTPStatus(status).phrase if status else "Any other error"
    return {
        "description": phrase,
        "content": {"application/json": {"schema": {"$ref": f"{REF}ErrorOut"}}},
    }


def finish_document(collected: Mapping[str, Any], mount: str, operations: Mapping[str, Operation]) -> dict[str, Any]:
    """Return a copy with server, headers and operation details filled in."""
    document = copy.deepcopy(dict(collected))
    document["servers"] = [{"url": mount or "/"}]
    for item in document.get("paths", {}).values():
        for entry in item.values():
            if isinstance(entry, dict) and entry.get("operationId") in operations:
                _finish_operation(entry, operations[entry["operationId"]])
    return document


def _finish_operation(entry: dict[str, Any], operation: Operation) -> None:
    entry.pop("deprecated", None)
    if operation.auth == "none":
        entry["security"] = []
    entry["description"] = str(entry.get("description", "")).replace("<br/>", "\n").strip()
    if not entry["description"]:
        entry.pop("description")
    parameters = entry.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "query" and parameter["name"] in operation.lists:
            parameter.update(style="form", explode=True)
    if operation.auth != "none":
        about = "Space to write to; the private space if absent."
        parameters.append(_header(SPACE_HEADER, about, 64))
    if operation.idempotent:
        about = "Repeating a request with the same key gives the same answer and does the work once."
        parameters.append(_header("Idempotency-Key", about, 200))
    if "sudo" in operation.auth:
        entry["x-homie-sudo"] = True


def _header(name: str, about: str, longest: int) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": "^[ -~]+$"}
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


def merge_documents(
    title: str, version: str, documents: Iterable[tuple[str, Mapping[str, Any]]], *, server: str = "/"
) -> dict[str, Any]:
    """Return one document of several `(module id, document)`: absolute paths, no two meanings of one schema name."""
    merged: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "paths": {},
        "tags": [],
        "components": {"schemas": {}, "securitySchemes": {}},
    }
    for module_id, original in documents:
        document = _rename_clashes(module_id, original, merged["components"]["schemas"])
        prefix = document["servers"][0]["url"].rstrip("/")
        for path, item in document.get("paths", {}).items():
            for entry in item.values():
                if isinstance(entry, dict) and "operationId" in entry:
                    entry["operationId"] = f"{module_id}_{entry['operationId']}"
            merged["paths"][prefix + path] = item
        components = document.get("components", {})
        merged["components"]["schemas"].update(components.get("schemas", {}))
        merged["components"]["securitySchemes"].update(components.get("securitySchemes") or {})
        known = {tag["name"] for tag in merged["tags"]}
        merged["tags"] += [tag for tag in document.get("tags", []) if tag["name"] not in known]
    return merged


def _rename_clashes(module_id: str, original: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    schemas = original.get("components", {}).get("schemas", {})
    clashes = {name for name, schema in schemas.items() if name in known and known[name] != schema}
    text = json.dumps(original)
    for name in clashes:
        text = text.replace(f'"{REF}{name}"', f'"{REF}{module_id}.{name}"')
    document: dict[str, Any] = json.loads(text)
    if clashes:
        renamed = document["components"]["schemas"]
        document["components"]["schemas"] = {
            (f"{module_id}.{name}" if name in clashes else name): schema for name, schema in renamed.items()
        }
    return document
