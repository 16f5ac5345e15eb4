"""The written client is today's, and complete."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from backend.cli import homie
from frontend.api import client_writer
from frontend.api.client_writer import Types, named, operations_of
from frontend.api.errors import ApiError
from frontend.api.generated import HomieApi
from tests.frontend.wire import FakeHub

HERE = Path(client_writer.__file__).parent / "generated"


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    answer = CliRunner().invoke(homie, ["openapi"])
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_the_committed_client_is_todays(tmp_path: Path) -> None:
    """Regenerating gives the committed files, byte for byte: run scripts/write-api-client after changing the API."""
    client_writer.write_client(document(), tmp_path)
    written = {one.name: one.read_text("utf-8") for one in tmp_path.glob("*.py")}
    assert written == {one.name: one.read_text("utf-8") for one in HERE.glob("*.py")}


def test_writing_is_deterministic(tmp_path: Path) -> None:
    """The same document in another order gives the same bytes."""
    shuffled = json.loads(json.dumps(document()))
    shuffled["paths"] = dict(reversed(shuffled["paths"].items()))
    shuffled["components"]["schemas"] = dict(reversed(shuffled["components"]["schemas"].items()))
    client_writer.write_client(document(), tmp_path / "one")
    client_writer.write_client(shuffled, tmp_path / "two")
    for one in (tmp_path / "one").glob("*.py"):
        assert one.read_text("utf-8") == (tmp_path / "two" / one.name).read_text("utf-8"), one.name


async def _call_all() -> set[tuple[str, str]]:
    hub = FakeHub()
    api = hub.api()
    templates = {}
    for operation in operations_of(document()):
        pattern = re.sub(r"{\w+}", "[^/]+", operation.path)
        templates[operation.method, pattern] = operation
    for namespace, members in vars(api).items():
        if namespace == "transport":
            continue
        for name, method in inspect.getmembers(members, callable):
            if name.startswith("_"):
                continue
            needed: dict[str, Any] = {}
            for one in inspect.signature(method).parameters.values():
                if one.default is inspect.Parameter.empty:
                    needed[one.name] = {} if one.name == "body" else "x/y"
            hub.answers.clear()
            called = method(**needed)
            with suppress(ApiError):  # the fake hub has nothing; what counts is what was asked
                if inspect.isasyncgen(called):
                    async for _ in called:
                        pass
                else:
                    await called
    reached = set()
    for asked in hub.asked:
        path = asked.url.raw_path.decode().split("?")[0]
        for (verb, pattern), operation in templates.items():
            if asked.method == verb and re.fullmatch(pattern, path):
                reached.add((operation.method, operation.path))
    return reached


def test_every_operation_has_a_method_that_reaches_it() -> None:
    """Calling every method of the client asks for every operation of the document, with the id as one segment."""
    assert asyncio.run(_call_all()) >= {(one.method, one.path) for one in operations_of(document())}


def test_names_are_unique_in_their_namespace() -> None:
    """No two operations of a namespace become the same method."""
    by_namespace: dict[str, list[Any]] = {}
    for one in operations_of(document()):
        by_namespace.setdefault(one.namespace, []).append(one)
    for namespace, operations in by_namespace.items():
        names = [name for name, _ in named(operations)]
        assert len(set(names)) == len(names), namespace


def test_names_are_the_functions() -> None:
    """`api.accounts.login`, `api.jobs.list_jobs` and `api.file_organizer.create_plan` are there."""
    api = HomieApi(FakeHub().transport())
    for method in (api.accounts.login, api.jobs.list_jobs, api.file_organizer.create_plan, api.accounts.show_setup):
        assert inspect.iscoroutinefunction(method)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "str"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "int | None"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Page_JobOut_"}}, "list[JobOutPage]"),
        ({"enum": ["a", "b"], "type": "string"}, "Literal['a', 'b']"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "dict[str, float]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"const": "move", "type": "string"}, "Literal['move']"),
        ({"$ref": "#/components/schemas/file_organizer.RunOut"}, "FileOrganizerRunOut"),
    ],
)
def test_types_say_what_schemas_say(schema: dict[str, Any], kind: str) -> None:
    """Each kind of schema becomes the Python type that says the same."""
    assert Types({}).of(schema) == kind


def test_ids_cannot_leave_their_segment() -> None:
    """An id with slashes or dots stays one segment: nothing asks for another operation."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/jobs/../accounts/me", {"id": "x"})

    async def ask() -> httpx.Request:
        await hub.api().jobs.get_job("../accounts/me")
        return hub.asked[-1]

    assert asyncio.run(ask()).url.raw_path == b"/api/v1/jobs/..%2Faccounts%2Fme"
