"""Words about artificial intelligence that every module needs: who is asked, and what it costs."""

from __future__ import annotations

from frontend.i18n import tr

MICRO = 1_000_000


def provider_name(provider: str) -> str:
    """Return the name of a provider as people know it."""
    return {"gemini": "Google Gemini", "openai": tr("the AI server of this household")}.get(provider, provider)


def dollars(micro_usd: int) -> str:
    """Write millionths of a US dollar as an amount that is not rounded to nothing."""
    amount = micro_usd / MICRO
    if amount and amount < 0.01:
        return tr("less than 1 US cent")
    return tr("{amount} US dollars", amount=f"{amount:.2f}")
