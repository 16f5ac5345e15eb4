"""What a provider is: something that builds a request whose bytes are known before it is sent, and sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Turn:
    """Be one message of a conversation; `role` is "user" or "model"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what is asked in the terms that all providers share; texts are final (redacted, fenced)."""

    name: str
    system: str
    turns: tuple[Turn, ...]
    schema: dict[str, Any]
    max_output_tokens: int


@dataclass(frozen=True, slots=True)
class Access:
    """Hold how a provider is reached: key, model and what was learned about it. `repr` hides the key."""

    model: str
    key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    plain_json: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Be a request ready to go: exactly these bytes leave the house, to exactly this address."""

    url: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """Be what came back, reduced to what counts. Token counts are the provider's own."""

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    truncated: bool = False


class Provider(Protocol):
    """Speak one wire format. Methods raise only `AiFailure` kinds; none of them touches a database."""

    name: str

    def prepare(self, question: Question, access: Access) -> Prepared:
        """Return the request that `send` would make; sends nothing."""
        ...

    def send(self, question: Question, access: Access, prepared: Prepared, timeout: float) -> Reply:
        """Send the prepared request and return the reply; refuses if the bytes would differ."""
        ...

    def models(self, access: Access, timeout: float) -> list[str]:
        """Return names of models that can answer such questions, the most suitable first."""
        ...

    def close(self) -> None:
        """Close connections."""
        ...
