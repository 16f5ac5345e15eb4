"""What tokens cost: a table as data, in millionths of a US dollar per 1,000 tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

Price = tuple[int, int]
"""(input, output) per 1,000 tokens."""


def shipped_prices() -> dict[str, Price]:
    """Return the table that comes with Homie."""
    raw = json.loads(files("backend.core.ai").joinpath("prices.json").read_text())
    return {name: (int(pair[0]), int(pair[1])) for name, pair in raw["models"].items()}


class PriceTable:
    """Know the price of a model: the household's own entries first, then the shipped ones, longest prefix wins.

    A server inside the house costs nothing. An unknown model of a paid provider is counted at the highest
    price, so that a budget errs on the careful side; `known` is False then.
    """

    def __init__(self, own: Mapping[str, Price] | None = None) -> None:
        self._prices = {**shipped_prices(), **(own or {})}
        self._own = dict(own or {})

    def cost(self, provider: str, model: str, input_tokens: int, output_tokens: int) -> tuple[int, bool]:
        """Return (micro US dollars rounded up, whether the price is known)."""
        price, known = self._price(provider, model)
        return -(-(input_tokens * price[0] + output_tokens * price[1]) // 1000), known

    def _price(self, provider: str, model: str) -> tuple[Price, bool]:
        table = self._prices if provider == "gemini" else self._own
        fits = [name for name in table if name != "*" and model.startswith(name)]
        if fits:
            return table[max(fits, key=len)], True
        if provider == "gemini":
            return self._prices["*"], False
        return self._own.get("*", (0, 0)), True
