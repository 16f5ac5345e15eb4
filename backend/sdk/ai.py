"""AI for modules: say what you want chosen, hand over your own local answer, and show people the notice.

    class Filing(BaseModel):
        file: Annotated[str, FromItems()]
        folder: Annotated[str, FromChoices("folders")]
        reason: str = Field(max_length=200)

    class Filings(BaseModel):
        filings: list[Filing]

    TASK = AiTask(module="file_organizer", name="choose_folders", result=Filings, system="...")
    folders = [AiChoice(folder.id, folder.label) for folder in known]
    payload = AiPayload([AiItem(row.id, {"name": row.name}) for row in rows], {"folders": folders})
    answer = ctx.ai.run(actor, TASK, payload, local=lambda: engine.choose(rows))

`run` never raises for anything that a provider does: the local answer is used and `answer.notice` says why.
The model sees neither ids nor paths: items and choices travel as short aliases, and whatever it answers in
a field marked `FromItems`/`FromChoices` is checked against the payload and turned back. It can only choose.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from backend.sdk.actor import Actor

T = TypeVar("T", bound=BaseModel)

ITEMS = "items"
"""The name of the choice group that holds the payload's own items."""


class Redaction(enum.IntEnum):
    """Say how much is hidden before anything leaves the house; the stricter of task and household counts.

    NONE      nothing; only sensible for a server inside the house
    STANDARD  e-mail addresses, IBANs, card and phone numbers, long numbers, the names the household gave
    STRICT    STANDARD, and every remaining digit becomes 0
    """

    NONE = 0
    STANDARD = 1
    STRICT = 2


class AiSource(enum.StrEnum):
    """Say who answered. `CACHE`: a provider answered the very same question of the same space before."""

    LOCAL = "local"
    CACHE = "cache"
    GEMINI = "gemini"
    OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class FromChoices:
    """Mark a `str`, `str | None` or `list[str]` field that must hold ids of a choice group of the payload."""

    group: str

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Leave a mark in the JSON schema that the service replaces with the allowed aliases."""
        schema = handler(core_schema)
        schema["choices_of"] = self.group
        return schema


def FromItems() -> FromChoices:
    """Mark a field whose value must be the id of one of the payload's items."""
    return FromChoices(ITEMS)


@dataclass(frozen=True, slots=True)
class AiItem:
    """Describe one thing to decide about. `data` holds JSON values, all untrusted text for the model."""

    id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AiChoice:
    """Offer one possible answer; `label` is what the model reads, `id` is what comes back."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class AiPayload:
    """Hold what one call is about. `facts` are JSON values for all items, untrusted like the items.

    `subject`: what the module asks for ("plans/<id>"), for the record of calls; it is never sent and no part of the
    question. The app opens it below the module's own address.
    """

    items: Sequence[AiItem]
    choices: Mapping[str, Sequence[AiChoice]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""

    def batches(self, size: int) -> Iterator[AiPayload]:
        """Yield payloads of at most `size` items each, with the same choices and facts."""
        for start in range(0, len(self.items), size):
            yield replace(self, items=self.items[start : start + size])

    def allowed(self, group: str) -> frozenset[str]:
        """Return the ids that a field marked with `group` may hold."""
        if group == ITEMS:
            return frozenset(item.id for item in self.items)
        return frozenset(choice.id for choice in self.choices.get(group, ()))


@dataclass(frozen=True, slots=True)
class AiTask(Generic[T]):
    """Define one kind of question; a constant of the module.

    `module`: whose opt-in counts. `version`: raise it when the prompt changes, so that cached answers go.
    `max_output_tokens`, `max_input_tokens`: the budget of one call. `redaction`: the least that is hidden.
    `timeout`: seconds for one call, its retries included.
    `answers`: the result's only field, a list with one entry (or more) for each item, each with a field marked
    `FromItems`; the answers are then remembered item by item, so that a file that was asked about is not sent again
    because another one came beside it. `output_tokens_per_item`: what an answer usually takes, for estimates.
    """

    module: str
    name: str
    result: type[T]
    system: str
    version: int = 1
    max_items: int = 40
    max_input_tokens: int = 16_000
    max_output_tokens: int = 4_096
    redaction: Redaction = Redaction.STANDARD
    timeout: float = 30.0
    answers: str | None = None
    output_tokens_per_item: int = 60


@dataclass(frozen=True, slots=True)
class AiAnswer(Generic[T]):
    """Carry a value and where it came from.

    `notice`: a sentence to show to people when the provider they chose did not decide.
    `cost_micro_usd`: millionths of a US dollar; 0 for cache and local, None without a known price.
    `call_id`: the entry in the ledger, for "show what was sent".
    `known_items`: how many of the items were answered from memory, without being sent.
    """

    value: T
    source: AiSource
    model: str | None = None
    notice: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro_usd: int | None = 0
    call_id: str | None = None
    known_items: int = 0

    @property
    def is_local(self) -> bool:
        """Tell whether the module's own engine decided."""
        return self.source is AiSource.LOCAL


@dataclass(frozen=True, slots=True)
class AiPreview:
    """Show what one call would send.

    `body` is the exact JSON text of the request; None when nothing can be sent.
    `would_send` tells whether a run now would really send it, `reason` says why not. `hidden` counts what was
    redacted, by kind ("email": 2).
    """

    would_send: bool
    reason: str
    provider: str
    model: str | None = None
    url: str | None = None
    body: str | None = None
    hidden: Mapping[str, int] = field(default_factory=dict)
    estimated_input_tokens: int = 0


@dataclass(frozen=True, slots=True)
class AiEstimate:
    """Say beforehand what questions would take.

    `items`: how many there are, `known_items` of them answered from memory for nothing; `calls`: requests to the
    provider. Tokens are careful guesses (three bytes each); `most_output_tokens` is what the tasks allow at the utmost.
    Money in millionths of a US dollar: None where no price is known, 0 for a server in the house;
    `price_per_million`: (input, output) per million tokens in the same unit.
    `budget_left_micro_usd`: what is left of the household's month; None without a limit.
    """

    would_send: bool
    reason: str
    provider: str
    model: str | None = None
    items: int = 0
    known_items: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    most_output_tokens: int = 0
    cost_micro_usd: int | None = None
    most_cost_micro_usd: int | None = None
    price_per_million: tuple[int, int] | None = None
    budget_left_micro_usd: int | None = None


@dataclass(frozen=True, slots=True)
class AiStatus:
    """Say how AI stands for one space and module: `ready` means that a provider would be asked now.

    `state`: off, not_opted_in, no_key, key_refused, paused, budget_used, ready. `text` is for
    people.
    """

    ready: bool
    state: str
    text: str
    provider: str
    model: str | None = None


class AiService(Protocol):
    """Answer tasks: by a provider where household and space agreed to it, otherwise by the local engine."""

    def run(
        self,
        actor: Actor,
        task: AiTask[T],
        payload: AiPayload,
        local: Callable[[], T],
        check: Callable[[T], str | None] | None = None,
    ) -> AiAnswer[T]:
        """Return an answer for the space that `actor` writes to.

        `local` is called at most once, whenever no provider's answer can be used. `check` returns what is
        wrong with a provider's value in words for the model (or None); a second wrong answer is dropped.
        Raises `ValueError` for a payload with more than `task.max_items` items (use `payload.batches`).
        Never call it in a unit of work of a database: it may wait for the network.
        """
        ...

    def preview(self, actor: Actor, task: AiTask[Any], payload: AiPayload) -> AiPreview:
        """Return the exact request that `run` would send for this payload; sends nothing."""
        ...

    def estimate(self, actor: Actor, task: AiTask[Any], payloads: Sequence[AiPayload]) -> AiEstimate:
        """Return what `run` would take for these payloads, one call each; sends nothing."""
        ...

    def status(self, actor: Actor, module: str) -> AiStatus:
        """Tell how AI stands for this module in the space that `actor` writes to."""
        ...


class NoAi:
    """Answer everything with the local engine; for tests and for a hub without AI."""

    def run(
        self,
        actor: Actor,
        task: AiTask[T],
        payload: AiPayload,
        local: Callable[[], T],
        check: Callable[[T], str | None] | None = None,
    ) -> AiAnswer[T]:
        """Return the local answer."""
        return AiAnswer(local(), AiSource.LOCAL)

    def preview(self, actor: Actor, task: AiTask[Any], payload: AiPayload) -> AiPreview:
        """Return that nothing would be sent."""
        return AiPreview(False, "AI providers are off.", "none")

    def estimate(self, actor: Actor, task: AiTask[Any], payloads: Sequence[AiPayload]) -> AiEstimate:
        """Return that nothing would be sent."""
        count = sum(len(payload.items) for payload in payloads)
        return AiEstimate(False, "AI providers are off.", "none", items=count, cost_micro_usd=0)

    def status(self, actor: Actor, module: str) -> AiStatus:
        """Return that AI is off."""
        return AiStatus(False, "off", "AI providers are off; the local engine decides.", "none")
