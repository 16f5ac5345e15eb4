"""Why a provider's answer could not be used. None of these reaches a module: each becomes a notice.

AiFailure                   the root; `notice` is a sentence for people, `kind` goes to the ledger
├── ProviderTimeout         counts against the provider (circuit breaker), worth a retry
├── ProviderUnreachable     counts, worth a retry
├── ProviderFailed          counts (5xx, an answer that is no JSON), worth a retry
├── ProviderBusy            counts (429), worth a retry after `retry_after`
├── RequestRefused          4xx that a retry cannot mend
├── KeyRefused              wrong key: no call until the key changes
├── ModelUnknown            another model is looked for
├── AnswerBlocked           the provider declined or sent nothing
├── AnswerTruncated         cut off at the token limit; repaired once
├── AnswerUnusable          not JSON, wrong types, or a choice that was not offered; repaired once
└── NotAsked                nothing was sent: switched off, no agreement, no key, budget used, paused

PayloadMissing (NotFound) is what people hear who ask for a request that is not in their record.
"""

from __future__ import annotations

from backend.sdk.errors import NotFound, Unavailable


class AiFailure(Unavailable):
    """Be the root of all reasons; `{provider}` in a notice is replaced by the provider's name."""

    code = "ai_failed"
    kind = "failed"
    retryable = False
    counts = False
    notice_text = "{provider} could not answer"

    def __init__(self, provider: str = "The AI provider", *, retry_after: float | None = None) -> None:
        self.provider = provider
        super().__init__(self.reason(provider), code=type(self).code, retry_after=retry_after)

    def reason(self, provider: str) -> str:
        """Return what happened, without a full stop."""
        return self.notice_text.format(provider=provider)

    @property
    def notice(self) -> str:
        """Return what people are told when the local engine decided instead."""
        return f"{self.message}; the local engine decided."


class ProviderTimeout(AiFailure):
    """No complete answer within the time of the call."""

    kind, retryable, counts = "timeout", True, True
    notice_text = "{provider} did not answer in time"


class ProviderUnreachable(AiFailure):
    """No connection (refused, no route, name not found, TLS)."""

    kind, retryable, counts = "unreachable", True, True
    notice_text = "{provider} could not be reached"


class ProviderFailed(AiFailure):
    """The provider itself has a problem (5xx, or an answer that does not speak its own protocol)."""

    kind, retryable, counts = "provider_error", True, True
    notice_text = "{provider} had a problem of its own"


class ProviderBusy(AiFailure):
    """Too many requests or quota used; `retry_after` seconds if the provider said so."""

    kind, retryable, counts = "rate_limited", True, True
    notice_text = "{provider} is receiving too many requests"


class RequestRefused(AiFailure):
    """The provider refused this very request; asking again would not help."""

    kind = "refused"
    notice_text = "{provider} refused the request"


class StructureUnsupported(RequestRefused):
    """The server does not know structured output by schema; asked again with plain JSON mode."""


class KeyRefused(AiFailure):
    """The key is wrong, revoked or lacks the right; nothing is sent until it is changed."""

    kind = "key_refused"
    notice_text = "{provider} refused the API key (please enter a valid one in the AI settings)"


class ModelUnknown(AiFailure):
    """The provider does not have (any more) the model that was asked for."""

    kind = "model_unknown"
    notice_text = "{provider} has no suitable model"


class AnswerBlocked(AiFailure):
    """The provider declined to answer, or sent an empty answer."""

    kind = "blocked"
    notice_text = "{provider} declined to answer"


class AnswerTruncated(AiFailure):
    """The answer was cut off at the token limit."""

    kind = "truncated"
    notice_text = "{provider}'s answer was incomplete"


class AnswerUnusable(AiFailure):
    """The answer is not what was asked for; `problem` tells the model (never people) what is wrong."""

    kind = "unusable"
    notice_text = "{provider}'s answer could not be used"

    def __init__(self, provider: str = "The AI provider", *, problem: str = "It was not valid JSON.") -> None:
        super().__init__(provider)
        self.problem = problem


class NotAsked(AiFailure):
    """Nothing was sent. `quiet`: an agreed state (switched off), which needs no notice."""

    def __init__(self, kind: str, text: str, *, quiet: bool = False, provider: str = "none") -> None:
        self.text = text
        super().__init__(provider)
        self.kind = kind
        self.quiet = quiet

    def reason(self, provider: str) -> str:
        """Return the given text."""
        return self.text


class PayloadMissing(NotFound):
    """No such request in the record of the caller's spaces."""

    code, message = "ai_payload_missing", "This request is not in the record."
