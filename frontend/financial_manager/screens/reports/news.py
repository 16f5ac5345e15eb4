"""What changed in a month, in words; each sentence leads to what it speaks of."""

from __future__ import annotations

from urllib.parse import quote

import flet as ft

from frontend.api.generated.schemas import ToldOut
from frontend.financial_manager.insight_provider import NewsProvider
from frontend.financial_manager.insight_words import sentence, told_icon
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import month_name, tr
from frontend.kit import Tile, caption, error_state, navigate, section, tile_group

ROOT = "/financial_manager"


@ft.component
def News(month: str, currency: str, ledger: LedgerProvider) -> ft.Control:
    """Tell of one month what concerns one currency."""
    news = use_money(NewsProvider, lambda one: one.show(month), [month])
    told = news.told
    name = tr("What changed in {month}", month=month_name(month))
    if told is None or told["month"] != month:
        if news.error is not None and news.state != "loading":
            return section(name, error_state(news.error, news.load))
        return section(name, caption(tr("Comparing with the months before")))
    items = [one for one in told["items"] if one["currency"] == currency]
    if not items:
        return section(name, caption(tr("Nothing to tell of this month.")))
    return section(name, tile_group([_tile(one, month, ledger) for one in items]))


def _tile(one: ToldOut, month: str, ledger: LedgerProvider) -> Tile:
    place = f"{ROOT}/transactions?month={month}"
    if one["transaction_id"]:
        place = f"{ROOT}/transactions/{one['transaction_id']}"
    elif one["recurring_id"]:
        place = f"{ROOT}/recurring/{one['recurring_id']}"
    elif one["category_id"]:
        place += f"&category={one['category_id']}"
    elif one["words"]:
        place += f"&words={quote(one['words'])}"
    tone = "warn" if one["kind"] in ("missing_income", "price") else "neutral"
    return Tile(sentence(one["text"], ledger), "", told_icon(one["kind"]), lambda: navigate(place), tone=tone)
