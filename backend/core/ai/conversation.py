"""One call to a provider: retries that honour what it asks for, another model if need be, one round of repair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from backend.core.ai.breaker import Breaker
from backend.core.ai.errors import (
    AiFailure,
    AnswerTruncated,
    AnswerUnusable,
    ModelUnknown,
    ProviderTimeout,
    StructureUnsupported,
)
from backend.core.ai.ledger import Spent
from backend.core.ai.prompt import Prompt
from backend.core.ai.providers import Access, Prepared, Provider, Question, Reply, Turn
from backend.core.ai.settings import PROVIDER_TITLES, AiConfig
from backend.sdk.clock import Clock

T = TypeVar("T", bound=BaseModel)
_REPEATED_ANSWER = 8_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Lend a conversation what it needs from outside; `jitter` returns 0..1."""

    config: AiConfig
    clock: Clock
    breaker: Breaker
    sleep: Callable[[float], None]
    jitter: Callable[[], float]


@dataclass(slots=True)
class Conversation(Generic[T]):
    """Lead one question to a checked value, or to the reason why there is none.

    `before_send` is told the exact request first (the payload log), `learned` what turned out about the provider.
    """

    provider: Provider
    access: Access
    prompt: Prompt[T]
    check: Callable[[T], str | None] | None
    around: Surroundings
    before_send: Callable[[Prepared], None]
    learned: Callable[[Access], None]
    deadline: float
    spent: Spent = field(default_factory=Spent)
    _looked_for_model: bool = False

    def value(self) -> tuple[T, str]:
        """Return the checked value and the text it was read from."""
        reply = self._reply(self.prompt.question)
        try:
            return self._read(reply), reply.text
        except (AnswerUnusable, AnswerTruncated) as problem:
            question = _repair(self.prompt.question, reply, problem)
        reply = self._reply(question)
        return self._read(reply), reply.text

    def _read(self, reply: Reply) -> T:
        title = PROVIDER_TITLES[self.provider.name]
        try:
            value = self.prompt.read(reply.text)
        except AnswerUnusable as problem:
            if reply.truncated:
                raise AnswerTruncated(title) from problem
            raise AnswerUnusable(title, problem=problem.problem) from problem
        wrong = self.check(value) if self.check else None
        if wrong:
            raise AnswerUnusable(title, problem=wrong)
        return value

    def _reply(self, question: Question) -> Reply:
        """Ask until there is a reply or no use in asking again; the breaker hears about the outcome once."""
        attempt = 0
        while True:
            try:
                reply = self._send(question)
            except StructureUnsupported:
                if self.access.plain_json:
                    raise
                self._learn(replace(self.access, plain_json=True))
            except ModelUnknown:
                self._look_for_model()
            except AiFailure as failure:
                attempt += 1
                if not self._wait(failure, attempt):
                    if failure.counts:
                        self.around.breaker.failed(self.provider.name, failure.retry_after)
                    raise
            else:
                self.around.breaker.succeeded(self.provider.name)
                self.spent.input_tokens += reply.input_tokens
                self.spent.output_tokens += reply.output_tokens
                return reply

    def _send(self, question: Question) -> Reply:
        prepared = self.provider.prepare(question, self.access)
        left = self.deadline - self.around.clock.monotonic()
        if left <= 0:
            raise ProviderTimeout(PROVIDER_TITLES[self.provider.name])
        self.before_send(prepared)
        self.spent.requests += 1
        return self.provider.send(question, self.access, prepared, left)

    def _wait(self, failure: AiFailure, attempt: int) -> bool:
        """Wait before another attempt; False if there should be none."""
        config = self.around.config
        if not failure.retryable or attempt >= config.attempts:
            return False
        grown = min(config.first_delay * 2 ** (attempt - 1), config.longest_delay)
        delay = max(failure.retry_after or 0.0, grown * (0.5 + self.around.jitter() / 2))
        if delay > config.longest_delay or self.around.clock.monotonic() + delay >= self.deadline:
            return False
        self.around.sleep(delay)
        return True

    def _look_for_model(self) -> None:
        title = PROVIDER_TITLES[self.provider.name]
        if self._looked_for_model:
            raise ModelUnknown(title)
        self._looked_for_model = True
        left = max(0.1, self.deadline - self.around.clock.monotonic())
        found = [name for name in self.provider.models(self.access, left) if name != self.access.model]
        if not found:
            raise ModelUnknown(title)
        self._learn(replace(self.access, model=found[0]))

    def _learn(self, access: Access) -> None:
        self.access = access
        self.learned(access)


def _repair(question: Question, reply: Reply, problem: AiFailure) -> Question:
    """Return the question again with the unusable answer and what was wrong with it."""
    if isinstance(problem, AnswerUnusable):
        wrong = f"Your answer cannot be used: {problem.problem} Answer again, exactly by the schema."
    else:
        wrong = "Your answer was cut off at the length limit. Answer again, with the shortest texts possible."
    turns = (Turn("model", reply.text[:_REPEATED_ANSWER] or "{}"), Turn("user", wrong))
    return replace(question, turns=(*question.turns, *turns))
