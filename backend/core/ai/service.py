"""The AI service: agreed? -> known already? -> affordable? -> ask -> check -> book; otherwise the local engine.

Whatever goes wrong on the way, the caller gets an answer: the module's own, with a sentence that says why.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from backend.core.ai.breaker import Breaker
from backend.core.ai.cache import AnswerCache
from backend.core.ai.conversation import Conversation, Surroundings
from backend.core.ai.errors import AiFailure, AnswerUnusable, KeyRefused, ModelUnknown, NotAsked
from backend.core.ai.estimate import Tally
from backend.core.ai.household import HouseholdStore, Standing
from backend.core.ai.keys import KeyStore
from backend.core.ai.known import ItemAnswers, KnownItems
from backend.core.ai.ledger import Booking, Ledger, would_pass
from backend.core.ai.prompt import Prompt, build_prompt
from backend.core.ai.providers import Access, Provider
from backend.core.ai.redaction import Redactor
from backend.core.ai.settings import PROVIDER_TITLES, AiConfig, HouseholdAi
from backend.core.secrets import SecretBox
from backend.sdk.actor import Actor
from backend.sdk.ai import AiAnswer, AiEstimate, AiPayload, AiPreview, AiSource, AiStatus, AiTask, Redaction
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.ids import NewId

T = TypeVar("T", bound=BaseModel)

_DAY = 86_400.0
_UNFORESEEN = "The AI provider's answer could not be processed; the local engine decided."


class CoreAiService:
    """Implement `backend.sdk.ai.AiService` for the whole hub; one per process."""

    def __init__(
        self,
        db: Database,
        box: SecretBox,
        clock: Clock,
        new_id: NewId,
        config: AiConfig | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        log: Any = None,
    ) -> None:
        self.config = config or AiConfig()
        self.household = HouseholdStore(db, clock)
        self.keys = KeyStore(db, box, clock)
        self.cache = AnswerCache(db, clock)
        self.ledger = Ledger(db, clock, new_id)
        self.breaker = Breaker(clock, self.config)
        self._around = Surroundings(self.config, clock, self.breaker, sleep, jitter)
        self._clock = clock
        self._fence_key = box.derive("ai-fence")
        self._purged_at = clock.monotonic()
        self._log = log or structlog.get_logger("homie.ai")

    @functools.cached_property
    def providers(self) -> Mapping[str, Provider]:
        """Hold the providers by name; made on first use, most processes never ask one, and HTTP is much to import."""
        from backend.core.ai.gemini import GeminiProvider
        from backend.core.ai.openai_compatible import OpenAiCompatibleProvider

        return {"gemini": GeminiProvider(self.config), "openai": OpenAiCompatibleProvider(self.config)}

    def run(
        self,
        actor: Actor,
        task: AiTask[T],
        payload: AiPayload,
        local: Callable[[], T],
        check: Callable[[T], str | None] | None = None,
    ) -> AiAnswer[T]:
        """Return an answer for the space that `actor` writes to; see `backend.sdk.ai.AiService.run`."""
        if len(payload.items) > task.max_items:
            raise ValueError(f"{task.name} takes at most {task.max_items} items; use payload.batches()")
        notice: str | None
        try:
            return self._ask(actor, task, payload, check)
        except NotAsked as reason:
            notice = None if reason.quiet else reason.notice
        except AiFailure as failure:
            self._log.warning("ai call failed", task=task.name, kind=failure.kind, provider=failure.provider)
            notice = failure.notice
        except Exception as problem:
            # The type only: the text of an unforeseen error may hold what was asked.
            self._log.error("ai call broke", task=task.name, error=type(problem).__name__)
            notice = _UNFORESEEN
        return AiAnswer(local(), AiSource.LOCAL, notice=notice)

    def preview(self, actor: Actor, task: AiTask[Any], payload: AiPayload) -> AiPreview:
        """Return the exact request that `run` would send for this payload; sends nothing."""
        standing = self.household.standing(actor, task.module)
        provider = self._provider(standing.settings)
        if provider is None:
            return AiPreview(False, "No AI provider is chosen; nothing leaves the house.", "none")
        status = self._status(actor, standing)
        access = self._access(standing, key=None)
        known = self._known_items(actor, task, payload, standing, access, None) if status.ready else None
        left = known.left if known is not None and known.left.items else payload
        prompt = self._prompt(task, left, standing)
        if not access.model:
            access = replace(access, model="(the server's first model)")
        prepared = provider.prepare(prompt.question, access)
        reason = status.text
        all_known = (known is not None and not known.left.items) or (
            task.answers is None and self._cached(actor, prompt, standing, access, None) is not None
        )
        if status.ready and all_known:
            status, reason = replace(status, ready=False), "The answer is known already; nothing would be sent."
        return AiPreview(
            would_send=status.ready,
            reason=reason,
            provider=provider.name,
            model=access.model,
            url=prepared.url,
            body=prepared.body.decode(),
            hidden=prompt.redactor.hidden,
            estimated_input_tokens=prompt.estimated_input_tokens,
        )

    def estimate(self, actor: Actor, task: AiTask[Any], payloads: Sequence[AiPayload]) -> AiEstimate:
        """Return what `run` would take for these payloads; see `backend.sdk.ai.AiService.estimate`."""
        standing = self.household.standing(actor, task.module)
        settings = standing.settings
        total = Tally(items=sum(len(payload.items) for payload in payloads))
        if settings.provider not in PROVIDER_TITLES or settings.provider == "none":
            text = "No AI provider is chosen; nothing leaves the house."
            return AiEstimate(False, text, "none", items=total.items, cost_micro_usd=0)
        status, access = self._status(actor, standing), self._access(standing, key=None)
        for payload in payloads:
            known = self._known_items(actor, task, payload, standing, access, None)
            left = known.left if known is not None else payload
            if left.items:
                total.add(self._prompt(task, left, standing), len(left.items))
        return total.estimate(status, settings, self.ledger.household_month(), access.model)

    def status(self, actor: Actor, module: str) -> AiStatus:
        """Tell how AI stands for this module in the space that `actor` writes to."""
        return self._status(actor, self.household.standing(actor, module))

    def test_connection(self, timeout: float = 15.0) -> list[str]:
        """Return the models of the chosen provider; raises an `AiFailure` that says what is wrong. Sends no content."""
        settings = self.household.settings()
        provider = self._provider(settings)
        if provider is None:
            raise NotAsked("off", "No AI provider is chosen yet")
        key = self.keys.get(provider.name)
        if provider.name == "gemini" and key is None:
            raise NotAsked("no_key", _no_key_text())
        try:
            models = provider.models(Access(settings.model or "", key, settings.base_url), timeout)
        except KeyRefused:
            self._refuse_key(provider.name, key)
            raise
        self.breaker.succeeded(provider.name)
        return models

    def model_in_use(self) -> str | None:
        """Return the model that would be asked now; None where none was chosen or found yet."""
        settings = self.household.settings()
        standing = Standing(settings, False, self.household.learned(settings.provider))
        return self._access(standing, key=None).model or None

    def key_state(self, provider: str) -> tuple[bool, bool]:
        """Tell whether a key is stored for a provider, and whether the provider refused it."""
        known = self.keys.known().get(provider)
        refused = self.household.learned(provider).refused_fingerprint
        return known is not None, known is not None and known == refused

    def warm_up(self) -> None:
        """Drop what is past its retention and import what a call will need (0.8 s for Gemini); call before serving."""
        self.purge()
        provider = self.household.settings().provider
        if provider != "none":
            self._log.debug("ready to ask", providers=list(self.providers))
        if provider == "gemini":
            import google.genai

            self._log.debug("gemini ready", version=google.genai.__version__)

    def purge(self) -> int:
        """Drop sent requests and remembered answers past their retention; returns how many. Due at least daily."""
        self._purged_at = self._clock.monotonic()
        return self.ledger.purge(self.household.settings())

    def close(self) -> None:
        """Close connections."""
        for provider in self.__dict__.get("providers", {}).values():
            provider.close()

    # ------------------------------------------------------------------ inside

    def _provider(self, settings: HouseholdAi) -> Provider | None:
        """Return who is asked; None where nobody is chosen, without importing what could ask."""
        return None if settings.provider == "none" else self.providers.get(settings.provider)

    def _ask(
        self, actor: Actor, task: AiTask[T], payload: AiPayload, check: Callable[[T], str | None] | None
    ) -> AiAnswer[T]:
        standing = self.household.standing(actor, task.module)
        settings = standing.settings
        provider = self._provider(settings)
        if provider is None or not standing.opted_in or not payload.items:
            raise NotAsked("off", "AI is off for this module in this space", quiet=True)
        access = self._access(standing, key=None)
        known = self._known_items(actor, task, payload, standing, access, check)
        if known is not None and not known.left.items:
            return AiAnswer(known.joined(None), AiSource.CACHE, model=known.model, known_items=len(payload.items))
        prompt = self._prompt(task, known.left if known is not None else payload, standing)
        if prompt.estimated_input_tokens > task.max_input_tokens:
            raise NotAsked("too_large", "There was too much text for one question")
        if known is None and (found := self._cached(actor, prompt, standing, access, check)) is not None:
            return found
        access = self._admitted(standing, provider)
        answer = self._converse(actor, prompt, standing, provider, access, check)
        if known is None:
            return answer
        self._remember(actor, standing, answer.model or "", lambda key: known.write(answer.value, key))
        count = len(payload.items) - len(known.left.items)
        return replace(answer, value=known.joined(answer.value), known_items=count)

    def _known_items(
        self,
        actor: Actor,
        task: AiTask[T],
        payload: AiPayload,
        standing: Standing,
        access: Access,
        check: Callable[[T], str | None] | None,
    ) -> KnownItems | None:
        """Return what was answered before about single items; None for tasks that are remembered as a whole."""
        if task.answers is None or not payload.items:
            return None
        settings = standing.settings
        answers = ItemAnswers(task, payload, Redactor(self._level(task, standing), settings.names))
        key = self._cache_key(standing, access.model)
        texts = self.cache.get_many(actor, answers.keys(key), timedelta(days=settings.cache_days))
        entries, left = answers.read({name: text for name, (text, _) in texts.items()}, key)
        if check is not None and entries and check(answers.joined(entries, None)):
            entries, left = [], payload
        return KnownItems(answers, entries, left, next((model for _, model in texts.values()), None))

    def _converse(
        self,
        actor: Actor,
        prompt: Prompt[T],
        standing: Standing,
        provider: Provider,
        access: Access,
        check: Callable[[T], str | None] | None,
    ) -> AiAnswer[T]:
        settings, task = standing.settings, prompt.task
        if self._clock.monotonic() - self._purged_at > _DAY:
            self.purge()
        deadline = self._clock.monotonic() + task.timeout
        call_id = self.ledger.reserve(actor, _booking(prompt, provider.name, access.model), settings)
        talk = Conversation(
            provider,
            access,
            prompt,
            check,
            self._around,
            lambda prepared: self.ledger.log_payload(actor, call_id, provider.name, prepared, settings.payload_days),
            lambda now: self._learn(provider.name, settings.base_url, now),
            deadline,
        )
        outcome = "broken"
        try:
            value, text = talk.value()
            outcome = "answered"
        except AiFailure as failure:
            outcome = failure.kind
            if isinstance(failure, KeyRefused):
                self._refuse_key(provider.name, access.key)
            raise
        finally:
            cost = self.ledger.settle(actor, call_id, outcome, talk.access.model, talk.spent, settings)
        if task.answers is None:
            self._remember(actor, standing, talk.access.model, lambda key: {key(prompt.content_hash): text})
        return AiAnswer(
            value,
            AiSource(provider.name),
            model=talk.access.model,
            input_tokens=talk.spent.input_tokens,
            output_tokens=talk.spent.output_tokens,
            cost_micro_usd=cost,
            call_id=call_id,
        )

    def _prompt(self, task: AiTask[T], payload: AiPayload, standing: Standing) -> Prompt[T]:
        redactor = Redactor(self._level(task, standing), standing.settings.names)
        return build_prompt(task, payload, redactor, self._fence_key)

    @staticmethod
    def _level(task: AiTask[Any], standing: Standing) -> Redaction:
        return max(task.redaction, standing.settings.redaction)

    def _access(self, standing: Standing, key: str | None) -> Access:
        settings, learned = standing.settings, standing.learned
        model = learned.model or settings.model
        if not model and settings.provider == "gemini":
            model = self.config.gemini_model
        return Access(model or "", key, settings.base_url, learned.plain_json)

    def _cached(
        self,
        actor: Actor,
        prompt: Prompt[T],
        standing: Standing,
        access: Access,
        check: Callable[[T], str | None] | None,
    ) -> AiAnswer[T] | None:
        """Return the kept answer if it still passes every check."""
        settings = standing.settings
        key = self._cache_key(standing, access.model)(prompt.content_hash)
        found = self.cache.get(actor, key, timedelta(days=settings.cache_days))
        if found is None:
            return None
        try:
            value = prompt.read(found[0])
        except AnswerUnusable:
            return None
        if check is not None and check(value):
            return None
        return AiAnswer(value, AiSource.CACHE, model=found[1])

    def _cache_key(self, standing: Standing, model: str) -> Callable[[str], str]:
        settings = standing.settings
        return lambda content: self.cache.key(content, settings.provider, model, settings.base_url or "")

    def _remember(
        self, actor: Actor, standing: Standing, model: str, answers: Callable[[Callable[[str], str]], dict[str, str]]
    ) -> None:
        """Keep answers; failing to (another process was first) must not cost the answer itself."""
        try:
            if said := answers(self._cache_key(standing, model)):
                self.cache.put_many(actor, said, model)
        except Exception as problem:
            self._log.warning("ai answer not remembered", error=type(problem).__name__)

    def _admitted(self, standing: Standing, provider: Provider) -> Access:
        """Return how to reach the provider, or raise why it is not asked now."""
        key, title = self.keys.get(provider.name), PROVIDER_TITLES[provider.name]
        if provider.name == "gemini" and key is None:
            raise NotAsked("no_key", _no_key_text(), provider=provider.name)
        if standing.learned.refused_fingerprint == self.keys.fingerprint(key or ""):
            raise KeyRefused(title)
        if not self.breaker.admit(provider.name):
            raise NotAsked("paused", _paused_text(title), provider=provider.name)
        access = self._access(standing, key)
        return access if access.model else self._first_model(standing, provider, access)

    def _first_model(self, standing: Standing, provider: Provider, access: Access) -> Access:
        """Find the model of a server for which none was chosen, and remember it."""
        try:
            models = provider.models(access, 10.0)
        except AiFailure as failure:
            if failure.counts:
                self.breaker.failed(provider.name, failure.retry_after)
            if isinstance(failure, KeyRefused):
                self._refuse_key(provider.name, access.key)
            raise
        if not models:
            raise ModelUnknown(PROVIDER_TITLES[provider.name])
        access = replace(access, model=models[0])
        self._learn(provider.name, standing.settings.base_url, access)
        return access

    def _learn(self, provider: str, base_url: str | None, access: Access) -> None:
        self._log.info("ai provider: learned", provider=provider, model=access.model, plain_json=access.plain_json)
        self.household.learn(provider, endpoint=base_url or "", model=access.model, plain_json=access.plain_json)

    def _refuse_key(self, provider: str, key: str | None) -> None:
        self.household.key_refused(provider, self.keys.fingerprint(key or ""))

    def _status(self, actor: Actor, standing: Standing) -> AiStatus:
        settings = standing.settings
        if settings.provider == "none":
            return AiStatus(False, "off", "No AI provider is chosen; the local engine decides.", "none")
        title, model = PROVIDER_TITLES[settings.provider], self._access(standing, None).model or None

        def stopped(state: str, text: str) -> AiStatus:
            return AiStatus(False, state, text, settings.provider, model)

        if not standing.opted_in:
            return stopped("not_opted_in", "This space has not agreed to AI for this module; nothing is sent.")
        known = self.keys.known().get(settings.provider)
        current = known or self.keys.fingerprint("")
        if settings.provider == "gemini" and known is None:
            return stopped("no_key", _no_key_text() + ".")
        if standing.learned.refused_fingerprint == current:
            return stopped("key_refused", f"{KeyRefused(title).message}.")
        if self.breaker.paused_for(settings.provider) > 0:
            return stopped("paused", _paused_text(title) + ".")
        if would_pass(self.ledger.household_month(), settings):
            return stopped("budget_used", "This month's AI budget is used up.")
        return AiStatus(True, "ready", f"{title} is asked; the request is shown here.", settings.provider, model)


def _booking(prompt: Prompt[Any], provider: str, model: str) -> Booking:
    """Return the most that a call can use: the question and one round of repair."""
    task = prompt.task
    return Booking(
        module=task.module,
        task=task.name,
        provider=provider,
        model=model,
        items=len(prompt.ids["items"]),
        max_input_tokens=2 * prompt.estimated_input_tokens + task.max_output_tokens,
        max_output_tokens=2 * task.max_output_tokens,
        subject=prompt.subject[:120],
    )


def _no_key_text() -> str:
    return "Gemini has no API key yet (an admin can enter one in the AI settings)"


def _paused_text(title: str) -> str:
    return f"{title} did not answer several times and is left alone for a while"
