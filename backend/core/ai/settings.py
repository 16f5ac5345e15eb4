"""The two kinds of settings of AI: what the machine's owner fixes at start, and what the household's admin chooses."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.sdk.ai import Redaction

ProviderName = Literal["none", "gemini", "openai"]
PROVIDER_TITLES: dict[str, str] = {"gemini": "Gemini", "openai": "The AI server", "none": "No provider"}


class AiConfig(BaseModel):
    """Hold what is fixed at start (`HOMIE_AI__...`); times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gemini_base_url: str | None = Field(
        None, description="Another address for the Gemini API (a gateway of your own, or a test server)."
    )
    gemini_model: str = Field("gemini-2.5-flash", description="Model to try first when the admin has not chosen one.")
    connect_timeout: float = Field(5.0, gt=0, description="Longest wait for a connection.")
    attempts: int = Field(3, ge=1, le=10, description="Requests per call, where a retry makes sense.")
    first_delay: float = Field(0.5, ge=0, description="Wait before the first retry; doubles after that.")
    longest_delay: float = Field(
        8.0, ge=0, description="Longest wait before a retry; a provider that asks for more is left alone."
    )
    max_answer_bytes: int = Field(2 << 20, ge=1024, description="Largest answer that is read.")
    failures_before_pause: int = Field(3, ge=1, description="Failures in a row before a provider is paused.")
    first_pause: float = Field(60.0, gt=0, description="First pause; doubles while the provider stays away.")
    longest_pause: float = Field(1800.0, gt=0, description="Longest pause.")


class HouseholdAi(BaseModel):
    """Hold what an admin chooses for the household; stored as one row."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    provider: ProviderName = "none"
    model: str | None = None
    base_url: str | None = None
    redaction: Redaction = Redaction.STANDARD
    names: tuple[str, ...] = ()
    monthly_budget_micro_usd: int | None = 2_000_000
    monthly_tokens: int | None = None
    payload_days: int = 30
    cache_days: int = 90
    prices: dict[str, tuple[int, int]] = Field(default_factory=dict)
