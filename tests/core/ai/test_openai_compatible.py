"""A server of one's own (Ollama, llama.cpp) at the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.ai.base_url import checked_base_url
from backend.core.ai.settings import AiConfig
from backend.sdk.actor import Actor
from backend.sdk.ai import AiSource
from backend.sdk.errors import InvalidInput
from tests.core.ai.conftest import TASK, Hub, local_choice, payload_of
from tests.core.ai.wire_servers import Fault, WireServer


@pytest.fixture
def home(tmp_path: Path, local_server: WireServer, anna: Actor, installation_engine: str) -> Iterator[Hub]:
    """A hub whose household runs its own server; Anna has agreed."""
    hub = Hub(tmp_path, AiConfig())
    hub.choose(provider="openai", base_url=local_server.url)
    hub.agree(anna)
    yield hub
    hub.close()


def test_a_server_of_ones_own_answers_without_key_and_without_cost(
    home: Hub, local_server: WireServer, anna: Actor
) -> None:
    """Its first chat model is found by listing and remembered; structured output by schema; nothing to pay."""
    local_server.known_models = ["nomic-embed-text", "llama3.2:3b"]
    payload, second = payload_of("invoice.pdf"), payload_of("beach.jpg")
    answer = home.ai.run(anna, TASK, payload, local_choice(payload))
    assert (answer.source, answer.model, answer.cost_micro_usd) == (AiSource.OPENAI, "llama3.2:3b", 0)
    assert (answer.input_tokens, answer.output_tokens) == (90, 30)
    assert answer.value.filings[0].folder == "/srv/family/Invoices"
    home.ai.run(anna, TASK, second, local_choice(second))
    assert [r.path for r in local_server.requests] == ["/v1/models", *["/v1/chat/completions"] * 2]
    asked = local_server.questions[0].json["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["schema"]["$defs"]["Filing"]["properties"]["folder"]["enum"] == ["c1", "c2"]


def test_a_server_without_schemas_is_asked_in_plain_json_from_then_on(
    home: Hub, local_server: WireServer, anna: Actor
) -> None:
    """The first refusal is remembered; the schema then travels as text and the answer is checked all the same."""
    local_server.schemas_supported = False
    payload, second = payload_of("invoice.pdf"), payload_of("beach.jpg")
    assert home.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.OPENAI
    assert home.ai.run(anna, TASK, second, local_choice(second)).source is AiSource.OPENAI
    kinds = [r.json["response_format"]["type"] for r in local_server.questions]
    assert kinds == ["json_schema", "json_object", "json_object"]
    assert '"enum"' in local_server.questions[1].json["messages"][0]["content"]


FAULTS: dict[str, list[Fault]] = {
    "server error": [Fault(status=500, body={"error": {"message": "out of memory"}})] * 3,
    "not json": [Fault(raw=b"<html>")] * 3,
    "json of another kind": [Fault(raw=b'{"choices": []}')] * 3,
    "choices of another kind": [Fault(raw=b'{"choices": ["x"]}')] * 3,
    "a list": [Fault(raw=b"[]")] * 3,
    "busy": [Fault(status=429, headers={"Retry-After": "1"})] * 3,
    "prose twice": [Fault(text="I would say Invoices")] * 2,
    "cut off twice": [Fault(text='{"filings": [', finish="length")] * 2,
    "filtered": [Fault(finish="content_filter")],
    "empty": [Fault(blocked=True)],
    "redirect to elsewhere": [Fault(status=307, headers={"Location": "http://169.254.169.254/latest"})],
    "dropped": [Fault(drop=True)] * 3,
}


@pytest.mark.parametrize("case", FAULTS)
def test_the_flow_goes_on_locally_and_says_so(case: str, home: Hub, local_server: WireServer, anna: Actor) -> None:
    """Each fault of the server ends in the local answer with a sentence for people."""
    local_server.script = list(FAULTS[case])
    payload = payload_of("invoice.pdf")
    answer = home.ai.run(anna, TASK, payload, local_choice(payload))
    assert answer.source is AiSource.LOCAL
    assert answer.notice is not None
    assert answer.notice.endswith("; the local engine decided.")
    assert local_server.script == []


def test_a_wrong_key_is_not_tried_again(home: Hub, local_server: WireServer, anna: Actor) -> None:
    """Also a missing key counts as refused, until one is entered."""
    local_server.key = "needed-here"
    payload = payload_of("invoice.pdf")
    for _ in range(2):
        assert "refused the API key" in (home.ai.run(anna, TASK, payload, local_choice(payload)).notice or "")
    assert len(local_server.requests) == 1
    home.ai.keys.put("openai", "needed-here")
    assert home.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.OPENAI


def test_an_unknown_model_is_replaced_by_one_that_is_there(home: Hub, local_server: WireServer, anna: Actor) -> None:
    """The admin's model was removed from the server."""
    home.choose(provider="openai", base_url=local_server.url, model="gone:7b")
    payload = payload_of("invoice.pdf")
    assert home.ai.run(anna, TASK, payload, local_choice(payload)).model == "llama3.2:3b"


def test_the_preview_is_what_is_sent(home: Hub, local_server: WireServer, anna: Actor) -> None:
    """Byte for byte, also for the server of one's own."""
    home.choose(provider="openai", base_url=local_server.url, model="llama3.2:3b")
    payload = payload_of("invoice äöü \ud83d.pdf", "a\u202eb.txt")
    preview = home.ai.preview(anna, TASK, payload)
    assert local_server.requests == []
    assert preview.would_send
    home.ai.run(anna, TASK, payload, local_choice(payload))
    assert local_server.questions[0].raw == (preview.body or "").encode()
    assert json.loads(preview.body or "")["model"] == "llama3.2:3b"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://nas:11434", "http://nas:11434"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080"),
        ("https://ai.example/llm/v1", "https://ai.example/llm"),
    ],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    """With or without `/v1` and slash."""
    assert checked_base_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "nas:11434",
        "ftp://nas",
        "http://",
        "http://user:pw@nas",
        "http://nas/?x=1",
        "file:///etc/passwd",
        "http://[",
        "http://nas:99999",
    ],
)
def test_what_is_no_plain_address_is_refused_with_a_remedy(given: str) -> None:
    """The error names the field and shows how to write it."""
    with pytest.raises(InvalidInput) as caught:
        checked_base_url(given)
    assert caught.value.fields[0].name == "body.base_url"
    assert "http://" in caught.value.fields[0].remedy
