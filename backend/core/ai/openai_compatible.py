"""Any server that speaks `/v1/chat/completions`: Ollama, llama.cpp, vLLM, or one on the internet.

The address is set by an admin, so it may be inside the house; it is checked here (shape) and in `wire`
(where it leads).
"""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from backend.core.ai.errors import (
    AiFailure,
    AnswerBlocked,
    KeyRefused,
    ModelUnknown,
    ProviderBusy,
    ProviderFailed,
    ProviderTimeout,
    RequestRefused,
    StructureUnsupported,
)
from backend.core.ai.providers import Access, Prepared, Question, Reply
from backend.core.ai.retry import seconds_to_wait
from backend.core.ai.settings import PROVIDER_TITLES, AiConfig
from backend.core.ai.wire import ClientsByThread, exchange, guarded_client, wrapped_errors

_TITLE = PROVIDER_TITLES["openai"]
_STRUCTURE_WORDS = re.compile(r"response_format|json_schema|schema|grammar|structured", re.IGNORECASE)
_NO_CHAT = re.compile(r"embed|whisper|tts|rerank|moderation|dall-e|clip", re.IGNORECASE)


class OpenAiCompatibleProvider:
    """Ask a chat completion server for structured answers; plain JSON mode where it knows no schemas."""

    name = "openai"

    def __init__(self, config: AiConfig) -> None:
        self._clients = ClientsByThread(lambda: guarded_client(config, allow_private=True))

    def prepare(self, question: Question, access: Access) -> Prepared:
        """Return the request that `send` would make."""
        body = json.dumps(_body(question, access), ensure_ascii=False, separators=(",", ":")).encode()
        return Prepared(_url(access, "chat/completions"), body)

    def send(self, question: Question, access: Access, prepared: Prepared, timeout: float) -> Reply:
        """Send the prepared request and return the reply."""
        with exchange(timeout, expected=prepared.body), wrapped_errors(_TITLE):
            response = self._clients.get().post(prepared.url, content=prepared.body, headers=_headers(access))
        if response.status_code != 200:
            raise _failure(response, structured=not access.plain_json)
        return _reply(_json(response), access.model)

    def models(self, access: Access, timeout: float) -> list[str]:
        """Return the models of the server, those made for chat first."""
        with exchange(timeout), wrapped_errors(_TITLE):
            response = self._clients.get().get(_url(access, "models"), headers=_headers(access))
        if response.status_code != 200:
            raise _failure(response, structured=False)
        entries = _json(response).get("data")
        names = (
            [e["id"] for e in entries if isinstance(e, dict) and isinstance(e.get("id"), str)]
            if isinstance(entries, list)
            else []
        )
        return sorted(names, key=lambda name: bool(_NO_CHAT.search(name)))

    def close(self) -> None:
        """Close connections."""
        self._clients.close()


def _url(access: Access, path: str) -> str:
    return f"{access.base_url}/v1/{path}"


def _headers(access: Access) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if access.key:
        headers["Authorization"] = f"Bearer {access.key}"
    return headers


def _body(question: Question, access: Access) -> dict[str, Any]:
    system = question.system
    response_format: dict[str, Any] = {
        "type": "json_schema",
        "json_schema": {"name": question.name, "schema": question.schema, "strict": True},
    }
    if access.plain_json:
        system += "\n\nThe JSON schema of your answer:\n" + json.dumps(question.schema, ensure_ascii=False)
        response_format = {"type": "json_object"}
    roles = {"user": "user", "model": "assistant"}
    return {
        "model": access.model,
        "messages": [
            {"role": "system", "content": system},
            *({"role": roles[turn.role], "content": turn.text} for turn in question.turns),
        ],
        "temperature": 0,
        "max_tokens": question.max_output_tokens,
        "stream": False,
        "response_format": response_format,
    }


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as problem:
        raise ProviderFailed(_TITLE) from problem
    if not isinstance(body, dict):
        raise ProviderFailed(_TITLE)
    return body


def _reply(body: dict[str, Any], model: str) -> Reply:
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ProviderFailed(_TITLE)
    text, finish = message.get("content"), choice.get("finish_reason")
    if not isinstance(text, str) or finish == "content_filter" or (not text.strip() and finish != "length"):
        raise AnswerBlocked(_TITLE)
    found = body.get("usage")
    usage = found if isinstance(found, dict) else {}
    return Reply(
        text=text,
        model=model,
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        truncated=finish == "length",
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _failure(response: httpx.Response, *, structured: bool) -> AiFailure:
    code = response.status_code
    if code in (401, 403):
        return KeyRefused(_TITLE)
    if code == 429:
        return ProviderBusy(_TITLE, retry_after=seconds_to_wait([response.headers.get("retry-after")]))
    if code in (408, 504):
        return ProviderTimeout(_TITLE)
    text = response.text[:4000]
    if structured and code in (400, 422, 500, 501) and _STRUCTURE_WORDS.search(text):
        return StructureUnsupported(_TITLE)
    if code == 404 or (code == 400 and re.search(r"model.{0,200}(not found|does not exist)", text, re.DOTALL)):
        return ModelUnknown(_TITLE)
    return ProviderFailed(_TITLE) if code >= 500 else RequestRefused(_TITLE)
