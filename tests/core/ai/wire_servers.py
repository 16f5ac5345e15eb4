"""Local HTTP servers that speak the wire formats of Gemini and of OpenAI-compatible servers, with faults on demand."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answerer = Callable[[dict[str, Any]], Any]
_DATA = re.compile(r"(DATA-[0-9a-f]{24})\n(.*)\n\1", re.DOTALL)


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.raw) if self.raw else {}


@dataclass
class Fault:
    """One scripted reply instead of the normal one; the fields that are set win in this order."""

    hang: bool = False
    drop: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    text: str | None = None
    finish: str | None = None
    blocked: bool = False


def google_error(code: int, status: str, message: str = "fault", *details: dict[str, Any]) -> dict[str, Any]:
    """The error body of Google's APIs."""
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def retry_info(delay: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


BAD_KEY = google_error(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
)


def data_in(text: str) -> dict[str, Any]:
    """The fenced document of a request's text."""
    found = _DATA.search(text)
    assert found, text
    document: dict[str, Any] = json.loads(found.group(2))
    return document


def first_choices(data: dict[str, Any]) -> dict[str, Any]:
    """Answer a filing question by the first folder for every item."""
    folder = data["choices"]["folders"][0]["id"]
    return {"filings": [{"file": i["id"], "folder": folder, "reason": "looks right"} for i in data["items"]]}


class WireServer:
    """A server with its record of requests, its script of faults and its answer function."""

    flavour = "gemini"

    def __init__(self, answer: Answerer = first_choices) -> None:
        self.requests: list[Recorded] = []
        self.script: list[Fault] = []
        self.answer = answer
        self.key = "the-valid-key-of-this-test"
        self.known_models = ["gemini-2.5-flash"]
        self.extra_models: list[dict[str, Any]] = []
        self.schemas_supported = True
        self.gate = threading.Event()
        self.together = 0
        self._all_here = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None: ...

            def do_GET(self) -> None:
                outer.handle(self)

            def do_POST(self) -> None:
                outer.handle(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None: ...

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def questions(self) -> list[Recorded]:
        """The requests that carried content (not lists of models)."""
        return [request for request in self.requests if request.method == "POST"]

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def handle(self, http: BaseHTTPRequestHandler) -> None:
        raw = http.rfile.read(int(http.headers.get("Content-Length") or 0))
        self.requests.append(Recorded(http.command, http.path, {k.lower(): v for k, v in http.headers.items()}, raw))
        if self.together and http.command == "POST":
            if len(self.questions) >= self.together:
                self._all_here.set()
            self._all_here.wait(60)
        fault = self.script.pop(0) if self.script and http.command == "POST" else None
        if fault and fault.hang:
            self.gate.wait(60)
        if fault and (fault.hang or fault.drop):
            http.close_connection = True
            http.connection.close()
            return
        status, headers, body = self.reply(http, json.loads(raw) if raw else {}, fault)
        http.send_response(status)
        for name, value in headers.items():
            http.send_header(name, value)
        http.send_header("Content-Length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)

    def reply(
        self, http: BaseHTTPRequestHandler, asked: dict[str, Any], fault: Fault | None
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {"Content-Type": "application/json", **(fault.headers if fault else {})}
        if fault and fault.raw is not None:
            return fault.status or 200, headers, fault.raw
        if fault and fault.status:
            return fault.status, headers, json.dumps(fault.body or {}).encode()
        status, body = self.normal(http, asked, fault)
        return status, headers, json.dumps(body).encode()

    def normal(self, http: BaseHTTPRequestHandler, asked: dict[str, Any], fault: Fault | None) -> tuple[int, Any]:
        """Speak Gemini."""
        if http.headers.get("x-goog-api-key") != self.key:
            return 400, BAD_KEY
        if http.command == "GET":
            actions = {"supportedGenerationMethods": ["generateContent"]}
            models = [{"name": f"models/{name}", **actions} for name in self.known_models]
            return 200, {"models": [*models, *self.extra_models]}
        model = re.fullmatch(r"/v1beta/models/(.+):generateContent", http.path)
        if not model or model.group(1) not in self.known_models:
            return 404, google_error(404, "NOT_FOUND", "models/x is not found for API version v1beta")
        if fault and fault.blocked:
            return 200, {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}}
        text = fault.text if fault and fault.text is not None else self._answer(_gemini_text(asked))
        candidate = {
            "content": {"role": "model", "parts": [{"text": text}]},
            "finishReason": (fault and fault.finish) or "STOP",
            "index": 0,
        }
        usage = {"promptTokenCount": 100, "candidatesTokenCount": 20, "thoughtsTokenCount": 5, "totalTokenCount": 125}
        return 200, {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model.group(1)}

    def _answer(self, text: str) -> str:
        value = self.answer(data_in(text))
        return value if isinstance(value, str) else json.dumps(value)


class OpenAiWireServer(WireServer):
    """Speak `/v1/chat/completions` as Ollama and llama.cpp do."""

    flavour = "openai"

    def normal(self, http: BaseHTTPRequestHandler, asked: dict[str, Any], fault: Fault | None) -> tuple[int, Any]:
        if self.key and http.headers.get("authorization") != f"Bearer {self.key}":
            return 401, {"error": {"message": "Invalid API key", "type": "invalid_request_error"}}
        if http.path == "/v1/models":
            return 200, {"object": "list", "data": [{"id": n, "object": "model"} for n in self.known_models]}
        if http.path != "/v1/chat/completions":
            return 404, {"error": {"message": "no such path"}}
        if asked["model"] not in self.known_models:
            return 404, {"error": {"message": f'model "{asked["model"]}" not found, try pulling it first'}}
        if asked["response_format"]["type"] == "json_schema" and not self.schemas_supported:
            return 400, {"error": {"message": "response_format.type must be one of text, json_object"}}
        question = next(m["content"] for m in asked["messages"] if m["role"] == "user")
        text = fault.text if fault and fault.text is not None else self._answer(question)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": "" if fault and fault.blocked else text},
            "finish_reason": (fault and fault.finish) or "stop",
        }
        usage = {"prompt_tokens": 90, "completion_tokens": 30, "total_tokens": 120}
        return 200, {"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage}


def _gemini_text(asked: dict[str, Any]) -> str:
    text: str = asked["contents"][0]["parts"][0]["text"]
    return text


@contextmanager
def serving(server: WireServer) -> Iterator[WireServer]:
    try:
        yield server
    finally:
        server.close()
