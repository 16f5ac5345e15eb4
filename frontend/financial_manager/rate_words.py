"""Exchange rates in words."""

from __future__ import annotations

from decimal import Context

from frontend.api.generated.schemas import QuoteOut
from frontend.i18n import calendar_day, current_language, tr

_SIX = Context(prec=6)


def rate_text(quote: QuoteOut) -> str:
    """Say a rate, with six digits that count: 1 EUR = 1.1172 USD."""
    number = format(_SIX.create_decimal(quote["rate"]), "f")
    shown = number.replace(".", ",") if current_language() == "de" else number
    return f"1 {quote['source']} = {shown} {quote['target']}"


def rate_day(quote: QuoteOut) -> str:
    """Say of which day a rate is, and whether it is old."""
    day = calendar_day(quote["as_of"])
    return tr("As of {day}, more than a week old", day=day) if quote["stale"] else tr("As of {day}", day=day)
