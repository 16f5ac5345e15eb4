"""The module's settings: defaults of the installation; each owner may override theirs (`module_data`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ECB = "https://www.ecb.europa.eu/stats/eurofxref"
"""Where the European Central Bank publishes its reference rates."""


class OwnerSettings(BaseModel):
    """What one owner may choose."""

    model_config = ConfigDict(extra="forbid")

    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$", description="The household's own currency.")
    country: Literal["AT", "DE", "XX"] = Field(default="AT", description="Whose taxes are meant; XX: another country.")


class FinancialManagerSettings(BaseModel):
    """What the installation decides; an administrator sets it by `PUT /modules/financial_manager/settings`."""

    model_config = ConfigDict(extra="forbid")

    defaults: OwnerSettings = Field(default_factory=OwnerSettings)
    rates_address: str = Field(default=ECB, max_length=500, description="Where new exchange rates are asked for.")
    enable_banking_address: str = Field(
        default="https://api.enablebanking.com", max_length=500, description="The address of Enable Banking."
    )
    inbox_settle_seconds: float = Field(
        default=5.0, ge=0, le=3600, description="How long a statement must have been left alone before it is read."
    )
    allow_local_servers: bool = Field(
        default=False, description="Ask also servers inside the house and without https: for trials only."
    )
