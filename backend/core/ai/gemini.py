"""Gemini through google-genai: imported on first use, synchronous, one attempt per request, everything checked here.

The request is built by the SDK against a transport that only notes the bytes (`prepare`); `send` lets the
SDK build it again and the transport refuses any difference. So the preview and the payload log show what
really leaves.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from typing import Any

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

_API = "https://generativelanguage.googleapis.com"
_TITLE = PROVIDER_TITLES["gemini"]
_UNSUITABLE = re.compile(r"image|tts|audio|live|embed|vision|robotics|computer|learnlm|gemma|aqa")
_UNFINISHED = re.compile(r"exp|preview|thinking")


class GeminiProvider:
    """Ask Gemini for structured answers."""

    name = "gemini"

    def __init__(self, config: AiConfig) -> None:
        self._config = config
        # Only an address that the machine's owner set may be inside the house.
        self._clients = ClientsByThread(
            lambda: guarded_client(config, allow_private=config.gemini_base_url is not None)
        )
        self._sdks: dict[tuple[int, str], Any] = {}

    def prepare(self, question: Question, access: Access) -> Prepared:
        """Return the request that `send` would make; sends nothing."""
        with exchange(60.0, capture=True) as noted, _sdk_errors():
            self._generate(question, access)
        return Prepared(noted.url, noted.body)

    def send(self, question: Question, access: Access, prepared: Prepared, timeout: float) -> Reply:
        """Send the prepared request and return the reply."""
        with exchange(timeout, expected=prepared.body), _sdk_errors():
            return _reply(self._generate(question, access), access.model)

    def models(self, access: Access, timeout: float) -> list[str]:
        """Return the models that generate text, the most suitable (a finished, recent flash) first."""
        with exchange(timeout), _sdk_errors():
            found = [
                str(model.name).removeprefix("models/")
                for model in self._sdk(access).models.list(config={"page_size": 200})
                if "generateContent" in (model.supported_actions or [])
            ]
        return sorted((name for name in found if not _UNSUITABLE.search(name)), key=_preference)

    def close(self) -> None:
        """Close connections."""
        self._sdks.clear()
        self._clients.close()

    def _generate(self, question: Question, access: Access) -> Any:
        from google.genai import types

        # Sorting needs no long thoughts; they are paid for as output. Only this family lets them be turned off.
        can_be_quick = access.model.startswith("gemini-2.5-flash")
        quick = types.ThinkingConfig(thinking_budget=0) if can_be_quick else None
        system = question.system
        if access.plain_json:
            system += "\n\nThe JSON schema of your answer:\n" + json.dumps(question.schema, ensure_ascii=False)
        return self._sdk(access).models.generate_content(
            model=access.model,
            contents=[types.Content(role=turn.role, parts=[types.Part(text=turn.text)]) for turn in question.turns],
            config=types.GenerateContentConfig(
                system_instruction=system,
                temperature=0.0,
                max_output_tokens=question.max_output_tokens,
                response_mime_type="application/json",
                response_json_schema=None if access.plain_json else question.schema,
                thinking_config=quick,
                automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            ),
        )

    def _sdk(self, access: Access) -> Any:
        """Return the SDK's client of this native thread and key."""
        from google import genai
        from google.genai import types

        key = access.key or "no-key"
        slot = (threading.get_native_id(), hashlib.sha256(key.encode()).hexdigest())
        sdk = self._sdks.get(slot)
        if sdk is None:
            sdk = self._sdks[slot] = genai.Client(
                vertexai=False,
                api_key=key,
                http_options=types.HttpOptions(
                    base_url=self._config.gemini_base_url or _API,
                    api_version="v1beta",
                    httpx_client=self._clients.get(),
                    # The SDK's own retries ignore Retry-After and RetryInfo; ours do not.
                    retry_options=types.HttpRetryOptions(attempts=1),
                ),
            )
        return sdk


def _reply(response: Any, model: str) -> Reply:
    usage = response.usage_metadata
    feedback = response.prompt_feedback
    candidate = (response.candidates or [None])[0]
    if candidate is None or (feedback is not None and feedback.block_reason):
        raise AnswerBlocked(_TITLE)
    parts = (candidate.content.parts or []) if candidate.content else []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    finish = getattr(candidate.finish_reason, "value", candidate.finish_reason) or "STOP"
    if finish not in ("STOP", "MAX_TOKENS", "FINISH_REASON_UNSPECIFIED") or (not text and finish == "STOP"):
        raise AnswerBlocked(_TITLE)
    return Reply(
        text=text,
        model=model,
        input_tokens=(usage and usage.prompt_token_count) or 0,
        output_tokens=((usage and usage.candidates_token_count) or 0) + ((usage and usage.thoughts_token_count) or 0),
        truncated=finish == "MAX_TOKENS",
    )


@contextlib.contextmanager
def _sdk_errors() -> Iterator[None]:
    """Turn the four kinds of errors of the SDK into ours; their texts may hold content and stay inside."""
    from google.genai import errors

    try:
        with wrapped_errors(_TITLE):
            yield
    except AiFailure:
        raise
    except errors.APIError as problem:
        raise _failure(problem) from problem
    except (json.JSONDecodeError, ValueError, TypeError, AttributeError, KeyError) as problem:
        # An answer that does not speak the protocol surfaces anywhere in the SDK's conversion.
        raise ProviderFailed(_TITLE) from problem


def _failure(problem: Any) -> AiFailure:
    code = int(problem.code or 0)
    details = _details(problem.details)
    if code in (401, 403) or "API_KEY_INVALID" in {d.get("reason") for d in details}:
        return KeyRefused(_TITLE)
    if code == 400 and "api key not valid" in str(problem.message).lower():
        return KeyRefused(_TITLE)
    if code == 400 and re.search(r"schema|too many states", str(problem.message), re.IGNORECASE):
        return StructureUnsupported(_TITLE)  # Gemini limits how many choices a schema may hold
    if code == 404:
        return ModelUnknown(_TITLE)
    if code == 429:
        headers = getattr(problem.response, "headers", None) or {}
        hints = [headers.get("retry-after"), *(d.get("retryDelay") for d in details)]
        return ProviderBusy(_TITLE, retry_after=seconds_to_wait(hints))
    if code in (408, 504):
        return ProviderTimeout(_TITLE)
    return ProviderFailed(_TITLE) if code >= 500 else RequestRefused(_TITLE)


def _details(body: Any) -> list[dict[str, Any]]:
    error = body.get("error") if isinstance(body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _preference(name: str) -> tuple[bool, int, tuple[float, ...], int, str]:
    """Order models: finished ones, then flash before flash-lite before others, newer first, plain names first."""
    kind = 1 if "flash-lite" in name else 0 if "flash" in name else 2
    version = tuple(-float(number) for number in re.findall(r"\d+(?:\.\d+)?", name)[:1])
    return (bool(_UNFINISHED.search(name)), kind, version, len(name), name)
