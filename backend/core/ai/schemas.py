"""What the AI operations read and answer. A key goes in and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from backend.core.ai.settings import ProviderName
from backend.sdk.http import In, Out

Provider = Literal["gemini", "openai"]
Name = Annotated[str, Field(min_length=1, max_length=100)]
MODEL_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.:/@+\-]*$"
MODULE_ID = r"^[a-z][a-z0-9_]{0,63}$"


class PriceIn(In):
    """Say what a model costs, in millionths of a US dollar per 1,000 tokens (1 USD per million tokens is 1000)."""

    input: int = Field(ge=0, le=10_000_000)
    output: int = Field(ge=0, le=10_000_000)


class AiSettingsIn(In):
    """Replace the household's AI settings."""

    provider: ProviderName = Field(description="`none` keeps everything in the house.")
    model: str | None = Field(
        None, max_length=200, pattern=MODEL_NAME, description="Model to ask; found by itself if empty."
    )
    base_url: str | None = Field(None, max_length=400, description="Address of your own AI server (`openai` only).")
    redaction: Literal["none", "standard", "strict"] = Field("standard", description="How much is hidden.")
    names: list[Name] = Field(default_factory=list, max_length=200, description="Names to hide in every request.")
    monthly_budget_micro_usd: int | None = Field(
        2_000_000, ge=0, le=10**12, description="Most that a month may cost; millionths of a US dollar."
    )
    monthly_tokens: int | None = Field(None, ge=0, le=10**12, description="Most tokens in a month.")
    payload_days: int = Field(30, ge=0, le=3650, description="Days that the payload log is kept; 0 keeps none.")
    cache_days: int = Field(90, ge=0, le=3650, description="Days that answers are remembered.")
    prices: dict[Name, PriceIn] = Field(
        default_factory=dict, max_length=200, description="Prices by model name prefix."
    )


class KeyState(Out):
    """Tell whether a key is stored, and whether the provider refused it; never the key."""

    provider: Provider
    stored: bool
    refused: bool


class PriceOut(Out):
    """Show a price."""

    input: int
    output: int


class AiSettingsOut(Out):
    """Show the household's AI settings."""

    provider: ProviderName
    model: str | None
    base_url: str | None
    redaction: Literal["none", "standard", "strict"]
    names: list[str]
    monthly_budget_micro_usd: int | None
    monthly_tokens: int | None
    payload_days: int
    cache_days: int
    prices: dict[str, PriceOut]
    model_price: PriceOut | None = Field(
        description="What the model in use costs, as far as Homie knows; set it yourself under `prices`."
    )
    keys: list[KeyState]


class ProviderPath(In):
    """Name a provider."""

    provider: Provider


class AiKeyIn(In):
    """Carry a provider's key; it is encrypted at once and cannot be read back."""

    key: SecretStr = Field(min_length=1, max_length=500)


class ConnectionOut(Out):
    """Tell whether the provider can be reached with the stored settings; `text` is for people."""

    ok: bool
    text: str
    models: list[str]


class ModelsOut(Out):
    """List the models that the provider offers for such questions, the most suitable first."""

    models: list[str]


class PayloadPath(In):
    """Name one sent request."""

    id: str = Field(min_length=1, max_length=64, description="Its id.")


class ModulePath(In):
    """Name a module."""

    module: str = Field(pattern=MODULE_ID)


class OptInIn(In):
    """Agree to (or withdraw from) AI for one module of this space."""

    enabled: bool


class OptInOut(Out):
    """Show one module's agreement and how AI stands for it; `state` is for programs, `text` for people."""

    module: str
    enabled: bool
    ready: bool
    state: str
    text: str
    provider: str
    model: str | None


class OptInsOut(Out):
    """Show the agreements of this space."""

    items: list[OptInOut]


class CallOut(Out):
    """Show one entry of the ledger. `pending`: under way, or its process died."""

    id: str
    owner_id: str
    module: str
    task: str
    subject: str
    provider: str
    model: str
    outcome: str
    requests: int
    items: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    cost_known: bool
    started_at: datetime
    finished_at: datetime | None


class MonthOut(Out):
    """Sum up one month."""

    month: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int


class UsageOut(Out):
    """Show what AI cost, by month for your spaces; admins also see the household's month against its budget."""

    months: list[MonthOut]
    household_month: MonthOut | None
    monthly_budget_micro_usd: int | None
    monthly_tokens: int | None


class PayloadOut(Out):
    """Show one request exactly as it left the house, with what the call that it belongs to came to.

    Tokens and cost are those of the whole call (`requests` of them, with retries and a round of repair).
    """

    id: str
    owner_id: str
    call_id: str
    module: str
    task: str
    subject: str = Field(description="What the module asked for, as its own address ('plans/<id>'); may be empty.")
    provider: str
    model: str
    outcome: str
    requests: int
    item_count: int
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int | None = Field(description="Millionths of a US dollar; null where no price is known.")
    url: str
    body: str
    sent_at: datetime
