"""API of where prices come from: feeds that are known, the source of each security, and asking for newer prices."""

from __future__ import annotations

from backend.financial_manager.finances import Finances
from backend.financial_manager.price_feeds.presets import presets
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_price_sources import (
    PriceFeedsOut,
    PriceFetchIn,
    PriceFetchOut,
    PriceSourceIn,
    PriceSourceOut,
    PriceSourcesOut,
)
from backend.financial_manager.views_prices import feed_out, fetch_out, source_out
from backend.sdk.http import Group, current_actor


def price_groups(finances: Finances) -> list[Group]:
    """Return the groups of feeds, of sources, and of the source of one security."""
    return [_feeds(), _sources(finances), _of_security(finances)]


def _feeds() -> Group:
    group = Group("price_feeds", url_prefix="/price-feeds", tag="Prices")

    @group.get("", returns=PriceFeedsOut)
    def list_price_feeds() -> PriceFeedsOut:
        """List the feeds of prices that come with Homie; nothing is asked on the internet."""
        return PriceFeedsOut(items=[feed_out(one) for one in presets().values()])

    return group


def _sources(finances: Finances) -> Group:
    group = Group("price_sources", url_prefix="/price-sources", tag="Prices")
    sources = finances.price_sources

    @group.get("", returns=PriceSourcesOut)
    def list_price_sources() -> PriceSourcesOut:
        """List where prices come from, and what would be asked there now; nothing is asked on the internet."""
        return PriceSourcesOut(items=[source_out(one) for one in sources.all(current_actor())])

    @group.post("/fetch", returns=PriceFetchOut, status=200, errors=[404], idempotent=True)
    def fetch_prices(body: PriceFetchIn) -> PriceFetchOut:
        """Ask the sources for newer prices, now. A price by hand or from a file stays; the step can be undone."""
        return fetch_out(sources.fetch(current_actor(), body.security_ids, body.since))

    return group


def _of_security(finances: Finances) -> Group:
    group = Group("security_price_source", url_prefix="/securities", tag="Prices")
    sources = finances.price_sources

    @group.get("/<id>/price-source", returns=PriceSourceOut, errors=[404])
    def get_price_source(path: IdPath) -> PriceSourceOut:
        """Show where a security's prices come from, and what would be asked there now."""
        return source_out(sources.of(current_actor(), path.id))

    @group.put("/<id>/price-source", returns=PriceSourceOut, errors=[404, 409])
    def set_price_source(path: IdPath, body: PriceSourceIn) -> PriceSourceOut:
        """Say where a security's prices come from; it is asked only when you want it."""
        values = body.model_dump(exclude={"version"})
        return source_out(sources.set(current_actor(), path.id, values, body.version))

    @group.delete("/<id>/price-source", errors=[404])
    def delete_price_source(path: IdPath) -> None:
        """Ask for a security's prices no more; the prices stay."""
        sources.remove(current_actor(), path.id)

    return group
