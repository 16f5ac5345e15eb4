"""Gemini at the wire: whatever it does, people get an answer and are told who gave it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from backend.core.ai.settings import AiConfig
from backend.sdk.actor import Actor
from backend.sdk.ai import AiSource
from tests.core.ai.conftest import TASK, Hub, local_choice, payload_of
from tests.core.ai.wire_servers import BAD_KEY, Fault, WireServer, google_error, retry_info

BUSY = google_error(429, "RESOURCE_EXHAUSTED", "quota", retry_info("2s"))
GOOD = json.dumps({"filings": [{"file": "i1", "folder": "c1", "reason": "fits"}]})


def test_a_structured_answer_is_checked_and_turned_back_into_ids(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Ids, tokens, cost and model arrive; the wire carries aliases and a schema that allows nothing else."""
    hub.agree(anna)
    payload = payload_of("invoice.pdf", "beach.jpg")
    answer = hub.ai.run(anna, TASK, payload, local_choice(payload))
    assert (answer.source, answer.model, answer.notice) == (AiSource.GEMINI, "gemini-2.5-flash", None)
    assert [(f.file, f.folder) for f in answer.value.filings] == [
        ("secret-file-id-0", "/srv/family/Invoices"),
        ("secret-file-id-1", "/srv/family/Invoices"),
    ]
    assert (answer.input_tokens, answer.output_tokens) == (100, 25)
    assert answer.cost_micro_usd == 30 + 63  # 100 x 0.30 + 25 x 2.50 USD per million, rounded up
    (sent,) = gemini.questions
    schema = sent.json["generationConfig"]["responseJsonSchema"]
    filing = schema["$defs"]["Filing"]["properties"]
    assert filing["file"]["enum"] == ["i1", "i2"]
    assert filing["folder"]["enum"] == ["c1", "c2"]
    assert b"secret-file-id" not in sent.raw
    assert b"/srv/family" not in sent.raw


FAULTS: dict[str, tuple[list[Fault], str]] = {
    "server errors": ([Fault(status=503, body=google_error(503, "UNAVAILABLE"))] * 3, "problem of its own"),
    "not json": ([Fault(raw=b"{nope")] * 3, "problem of its own"),
    "json of another kind": ([Fault(raw=b"[1, 2]")], "declined"),
    "an html page": ([Fault(status=502, raw=b"<html>bad gateway</html>")] * 3, "problem of its own"),
    "connection dropped": ([Fault(drop=True)] * 3, ""),
    "rate limited": ([Fault(status=429, body=google_error(429, "RESOURCE_EXHAUSTED"))] * 3, "too many requests"),
    "blocked": ([Fault(blocked=True)], "declined"),
    "safety stop": ([Fault(text="", finish="SAFETY")], "declined"),
    "empty answer": ([Fault(text="")], "declined"),
    "no candidates": ([Fault(raw=b"{}")], "declined"),
    "truncated twice": ([Fault(text='{"filings": [{"fi', finish="MAX_TOKENS")] * 2, "incomplete"),
    "wrong types twice": ([Fault(text='{"filings": "all"}')] * 2, "could not be used"),
    "prose twice": ([Fault(text="Sure! I would file it under Invoices.")] * 2, "could not be used"),
    "a choice that was not offered": (
        [Fault(text=json.dumps({"filings": [{"file": "i1", "folder": "/etc", "reason": ""}]}))] * 2,
        "could not be used",
    ),
    "refused request": ([Fault(status=400, body=google_error(400, "INVALID_ARGUMENT"))], "refused the request"),
    "redirect": ([Fault(status=302, headers={"Location": "http://127.0.0.1:1/"})], "refused the request"),
    "wrong key": ([Fault(status=400, body=BAD_KEY)], "refused the API key"),
    "forbidden": ([Fault(status=403, body=google_error(403, "PERMISSION_DENIED"))], "refused the API key"),
    "compressed bomb": ([Fault(raw=b"x", headers={"Content-Encoding": "gzip"})] * 3, "problem of its own"),
    "endless answer": ([Fault(raw=b" " * (3 << 20))] * 3, "problem of its own"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_the_flow_goes_on_locally_and_says_so(case: str, hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Each fault of the provider ends in the local answer with a sentence for people; the ledger knows the reason."""
    gemini.script, wording = list(FAULTS[case][0]), FAULTS[case][1]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    answer = hub.ai.run(anna, TASK, payload, local_choice(payload))
    assert answer.source is AiSource.LOCAL
    assert answer.value.filings[0].reason == "local"
    assert answer.notice is not None
    assert wording in answer.notice
    assert answer.notice.endswith("; the local engine decided.")
    assert gemini.script == []
    assert len(hub.ai.ledger.usage(anna)) == 1


def test_no_answer_in_time_is_a_local_answer(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """A provider that hangs costs at most the time of the call."""
    gemini.script = [Fault(hang=True)] * 3
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    answer = hub.ai.run(anna, replace(TASK, timeout=0.3), payload, local_choice(payload))
    assert answer.notice == "Gemini did not answer in time; the local engine decided."


def test_nothing_listening_is_a_local_answer(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """The internet may be away."""
    hub.agree(anna)
    hub.config = AiConfig(gemini_base_url="http://127.0.0.1:1")
    other, payload = hub.service(), payload_of("invoice.pdf")
    answer = other.run(anna, TASK, payload, local_choice(payload))
    other.close()
    assert answer.notice == "Gemini could not be reached; the local engine decided."


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault(status=429, body=BUSY), 2.0),
        (Fault(status=429, body=google_error(429, "RESOURCE_EXHAUSTED"), headers={"Retry-After": "3"}), 3.0),
        (Fault(status=500, body=google_error(500, "INTERNAL")), 0.5),
    ],
)
def test_a_retry_waits_as_long_as_the_provider_asks(
    fault: Fault, wait: float, hub: Hub, gemini: WireServer, anna: Actor
) -> None:
    """RetryInfo and Retry-After are honoured, otherwise the wait grows from half a second."""
    gemini.script = [fault]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    assert hub.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.GEMINI
    assert hub.slept == [wait]
    assert len(gemini.questions) == 2


def test_a_long_wait_is_not_waited_for_but_the_provider_is_left_alone(
    hub: Hub, gemini: WireServer, anna: Actor
) -> None:
    """Asked to wait 10 minutes, we answer locally now and send nothing for 10 minutes, then try once."""
    gemini.script = [Fault(status=429, body=google_error(429, "RESOURCE_EXHAUSTED", "q", retry_info("600s")))]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    ask = lambda: hub.ai.run(anna, TASK, payload, local_choice(payload))  # noqa: E731
    assert ask().source is AiSource.LOCAL
    hub.clock.advance(500)
    assert "left alone" in (ask().notice or "")
    assert hub.ai.status(anna, "file_organizer").state == "paused"
    assert hub.slept == []
    assert len(gemini.questions) == 1
    hub.clock.advance(101)
    assert ask().source is AiSource.GEMINI


def test_a_failing_provider_is_paused_tried_once_and_trusted_again(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Three failed calls open the circuit; after the pause one call decides."""
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    ask = lambda: hub.ai.run(anna, TASK, payload, local_choice(payload))  # noqa: E731
    gemini.script = [Fault(status=500)] * 9
    for _ in range(3):
        ask()
    seen = len(gemini.questions)
    assert "left alone" in (ask().notice or "")
    assert len(gemini.questions) == seen == 9
    hub.clock.advance(61)
    assert ask().source is AiSource.GEMINI
    assert ask().source is AiSource.CACHE


@pytest.mark.parametrize(
    "first",
    [
        Fault(text='{"filings": [{"file": "i1"', finish="MAX_TOKENS"),
        Fault(text='{"filings": [{"file": 1, "folder": "c1", "reason": "x"}]}'),
        Fault(text=json.dumps({"filings": [{"file": "i1", "folder": "c9", "reason": "x"}]})),
    ],
)
def test_an_unusable_answer_is_repaired_once(first: Fault, hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """The model is told what was wrong and answers again; both rounds are counted."""
    gemini.script = [first]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    answer = hub.ai.run(anna, TASK, payload, local_choice(payload))
    assert answer.source is AiSource.GEMINI
    assert answer.input_tokens == 200
    assert [c["role"] for c in gemini.questions[1].json["contents"]] == ["user", "model", "user"]


def test_a_code_fence_around_the_answer_does_no_harm(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Models wrap JSON in fences although they are told not to."""
    gemini.script = [Fault(text=f"```json\n{GOOD}\n```")]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    assert hub.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.GEMINI
    assert len(gemini.questions) == 1


def test_the_callers_own_check_counts_like_the_schema(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """A value that the module refuses is repaired once and then dropped."""
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    answer = hub.ai.run(anna, TASK, payload, local_choice(payload), check=lambda value: "One folder is wrong.")
    assert answer.source is AiSource.LOCAL
    assert "One folder is wrong." in gemini.questions[1].json["contents"][2]["parts"][0]["text"]


def test_an_unknown_model_is_replaced_by_a_suitable_one_and_remembered(
    hub: Hub, gemini: WireServer, anna: Actor
) -> None:
    """The newest finished flash is found by listing, used at once, and known to the next process."""
    gemini.known_models = ["gemini-4.0-pro", "gemini-3.5-flash-lite", "gemini-3.1-flash", "gemini-3.5-flash"]
    generate = {"supportedGenerationMethods": ["generateContent"]}
    gemini.extra_models = [
        {"name": "models/gemini-9-flash-image", **generate},
        {"name": "models/gemini-4-flash-preview", **generate},
        {"name": "models/gemini-5-flash", "supportedGenerationMethods": ["countTokens"]},
    ]
    hub.agree(anna)
    first, second = payload_of("invoice.pdf"), payload_of("beach.jpg")
    assert hub.ai.run(anna, TASK, first, local_choice(first)).model == "gemini-3.5-flash"
    other = hub.service()
    assert other.run(anna, TASK, second, local_choice(second)).model == "gemini-3.5-flash"
    other.close()
    assert [r.path.rpartition("/")[2] for r in gemini.requests if r.method == "POST"] == [
        "gemini-2.5-flash:generateContent",
        "gemini-3.5-flash:generateContent",
        "gemini-3.5-flash:generateContent",
    ]


def test_a_schema_that_is_too_large_for_gemini_travels_as_text(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Many folders make a schema with "too many states": asked again in plain JSON mode, checked all the same."""
    message = "The specified schema produces a constraint that has too many states for serving."
    gemini.script = [Fault(status=400, body=google_error(400, "INVALID_ARGUMENT", message))]
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    assert hub.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.GEMINI
    again = gemini.questions[1].json
    assert "responseJsonSchema" not in again["generationConfig"]
    assert '"enum": ["c1", "c2"]' in json.dumps(again["systemInstruction"]).replace('\\"', '"')


def test_without_any_suitable_model_the_local_engine_decides(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """A key that may only embed is no reason to fail."""
    gemini.known_models = []
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    answer = hub.ai.run(anna, TASK, payload, local_choice(payload))
    assert answer.notice == "Gemini has no suitable model; the local engine decided."


def test_a_refused_key_is_not_tried_again_until_it_changes(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """One refusal is enough, for every process; the status says what to do; a new key works at once."""
    hub.ai.keys.put("gemini", "a-wrong-key-1234567890")
    hub.agree(anna)
    payload = payload_of("invoice.pdf")
    other = hub.service()
    for service in (hub.ai, hub.ai, other):
        answer = service.run(anna, TASK, payload, local_choice(payload))
        assert answer.notice is not None
        assert "refused the API key" in answer.notice
    other.close()
    assert len(gemini.requests) == 1
    assert hub.ai.status(anna, "file_organizer").state == "key_refused"
    hub.ai.keys.put("gemini", gemini.key)
    assert hub.ai.run(anna, TASK, payload, local_choice(payload)).source is AiSource.GEMINI
