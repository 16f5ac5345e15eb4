"""Whatever is sent to any operation: no 5xx, the declared status, the declared body; and nothing without a log-in."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from schemathesis.checks import not_a_server_error  # isort: skip
from tests.contract.conftest import House

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

ENDS_THE_SESSION = re.compile(r"/accounts/(logout|password|devices)|/accounts/people|/owners/")
"""Operations that would log our own caller out or erase them; their own tests cover them."""

NOT_OURS = {401, 429}
"""Throttled log-ins and limits: right answers, but they say nothing about the operation."""


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def problems_of(operation: Any, house: House, examples: int, mode: GenerationMode) -> str:
    """Send generated requests to one operation; return what went wrong first, or nothing."""
    headers = {"Authorization": f"Bearer {house.anna}"}

    @seed(20_261_123)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        response = case.call(headers=headers, timeout=60)
        if response.status_code not in NOT_OURS and not _outside_is_away(response):
            case.validate_response(response, checks=CHECKS)

    try:
        ask()
    except BaseExceptionGroup as group:
        return f"{operation.method.upper()} {operation.path}: {[str(error)[:600] for error in group.exceptions]}"
    except Unsatisfiable:
        return ""  # nothing about this operation can be wrong: it takes no input
    except Exception as error:
        return f"{operation.method.upper()} {operation.path}: {str(error)[:600]}"
    return ""


def _outside_is_away(response: Any) -> bool:
    """Tell whether an operation that asks a server outside says, in Homie's words, that it does not answer."""
    told = response.json() if response.status_code == 503 else {}
    return str(told.get("error", {}).get("code", "")).endswith("_unreachable")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_breaks_an_operation(house: House, mode: GenerationMode) -> None:
    """Requests that follow the document, and requests that do not.

    A bounded sample per operation; HOMIE_TEST_EXAMPLES raises it for a nightly run.
    """
    paths = {path: item for path, item in house.document["paths"].items() if not ENDS_THE_SESSION.search(path)}
    schema = schemathesis.openapi.from_dict({**house.document, "paths": paths})
    schema.config.update(base_url=house.hub.url)
    examples = int(os.environ.get("HOMIE_TEST_EXAMPLES", "6"))
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 50
    found = [problem for operation in operations if (problem := problems_of(operation, house, examples, mode))]
    assert not found, "\n\n".join(found)


def test_the_whole_document_is_valid(house: House) -> None:
    validate(house.document)
    assert house.document["openapi"] == "3.1.0"
    ids = [operation["operationId"] for _, _, operation in house.operations()]
    assert len(ids) == len(set(ids))


def test_every_operation_is_described(house: House) -> None:
    for method, path, operation in house.operations():
        assert operation.get("summary"), (method, path)
        assert operation["tags"], (method, path)
        assert "default" in operation["responses"], (method, path)


def test_without_a_log_in_every_protected_operation_answers_401(house: House) -> None:
    """Deny by default: only the operations that say so may be called by anybody."""
    open_to_all = set()
    for method, path, operation in house.operations():
        if not operation["security"]:
            open_to_all.add(f"{method} {path}")
            continue
        address = re.sub(r"{\w+}", "x", path)
        answer = house.hub.request(method, address, {} if "requestBody" in operation else None)
        assert answer.status == 401, (method, path, answer.status)
    assert open_to_all == {
        "GET /api/v1/server",
        "GET /api/v1/accounts/setup",
        "POST /api/v1/accounts/setup",
        "POST /api/v1/accounts/login",
        "POST /api/v1/accounts/refresh",
        "POST /api/v1/accounts/invitations/accept",
        "POST /api/v1/accounts/password/reset",
    }
