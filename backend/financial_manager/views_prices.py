"""What sources of prices, and asking them, look like on the wire."""

from __future__ import annotations

from backend.financial_manager.depots.price_sources import FetchDone, Fetched, SourceShown
from backend.financial_manager.price_feeds.presets import Preset
from backend.financial_manager.schemas import SaidOut
from backend.financial_manager.schemas_price_sources import (
    FetchedPricesOut,
    PriceFeedOut,
    PriceFetchOut,
    PriceSourceOut,
    RefusedPriceOut,
)

MOST_REFUSED = 20
_ROW = (
    "security_id", "preset", "symbol", "format", "address", "date_path", "price_path", "currency_path", "date_form",
    "decimal", "currency", "version",
)  # fmt: skip


def feed_out(one: Preset) -> PriceFeedOut:
    """Return a feed that comes with Homie."""
    return PriceFeedOut(
        id=one.id,
        title=one.title,
        about=SaidOut.model_validate(one.about),
        symbol=None if one.symbol is None else SaidOut.model_validate(one.symbol),
        source=one.source,
        host=one.feed.host,
        address=one.feed.address,
    )


def source_out(one: SourceShown) -> PriceSourceOut:
    """Return a security's source with what would be asked."""
    return PriceSourceOut(
        **{name: getattr(one.row, name) for name in _ROW},
        security=one.security.name,
        title=one.title,
        host=one.host,
        asks=one.address,
        problem=one.problem,
    )


def fetch_out(done: FetchDone) -> PriceFetchOut:
    """Return what became of asking."""
    return PriceFetchOut(items=[_fetched_out(one) for one in done.items], change_id=done.change_id)


def _fetched_out(one: Fetched) -> FetchedPricesOut:
    names = ("security_id", "security", "since", "until", "added", "changed", "same", "kept", "problem")
    return FetchedPricesOut(
        **{name: getattr(one, name) for name in names},
        asked=one.address,
        refused=[RefusedPriceOut(text=row.text, reason=row.reason) for row in one.refused[:MOST_REFUSED]],
        refused_count=len(one.refused),
    )
