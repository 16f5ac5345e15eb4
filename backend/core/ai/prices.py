"""What tokens cost: a table as data, in millionths of a US dollar per 1,000 tokens."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from backend.core.ai.settings import HouseholdAi

Price = tuple[int, int]
"""(input, output) per 1,000 tokens."""

_HOME_NAMES = (".local", ".lan", ".home", ".home.arpa", ".internal", ".localhost")


def shipped_prices() -> dict[str, Price]:
    """Return the table that comes with Homie."""
    raw = json.loads(files("backend.core.ai").joinpath("prices.json").read_text())
    return {name: (int(pair[0]), int(pair[1])) for name, pair in raw["models"].items()}


class PriceTable:
    """Know the price of a model: the household's own entries first, then the shipped ones, longest prefix wins.

    A server inside the house costs nothing, unless the household says otherwise. Any other unknown model is counted at
    the highest price, so that a budget errs on the careful side; it is not `known` then, and nobody is told a figure.
    """

    def __init__(self, own: Mapping[str, Price] | None = None, *, in_house: bool = True) -> None:
        self._prices = {**shipped_prices(), **(own or {})}
        self._own = dict(own or {})
        self._in_house = in_house

    @classmethod
    def of(cls, settings: HouseholdAi) -> PriceTable:
        """Return the table of a household."""
        return cls(settings.prices, in_house=is_in_house(settings.base_url))

    def cost(self, provider: str, model: str, input_tokens: int, output_tokens: int) -> tuple[int, bool]:
        """Return (micro US dollars rounded up, whether the price is known)."""
        price, known = self.price(provider, model)
        return -(-(input_tokens * price[0] + output_tokens * price[1]) // 1000), known

    def price(self, provider: str, model: str) -> tuple[Price, bool]:
        """Return (price per 1,000 tokens, whether it is known); a price that nobody knows is the highest."""
        table = self._prices if provider == "gemini" else self._own
        fits = [name for name in table if name != "*" and model.startswith(name)]
        if fits:
            return table[max(fits, key=len)], True
        if provider != "gemini" and "*" in self._own:
            return self._own["*"], True
        if provider != "gemini" and self._in_house:
            return (0, 0), True
        return self._prices["*"], False


def is_in_house(base_url: str | None) -> bool:
    """Tell whether an address lies in the household's own network, by its look: nothing is asked for."""
    host = (urlsplit(base_url or "").hostname or "").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_HOME_NAMES)
    return address.is_private or address.is_loopback or address.is_link_local
