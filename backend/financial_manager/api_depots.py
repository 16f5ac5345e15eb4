"""API of depots: securities, trades, prices, and what they come to."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from decimal import Decimal

from backend.financial_manager.api_ledger import given
from backend.financial_manager.depots.depots import TradesWanted
from backend.financial_manager.depots.sale_previews import Idea
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_depot_worth import DepotsWorthOut, DepotWorthQuery
from backend.financial_manager.schemas_depots import (
    AllocationQuery,
    AllocationsOut,
    DepotQuery,
    PerformanceQuery,
    PerformancesOut,
    PositionsOut,
)
from backend.financial_manager.schemas_sales import (
    SalesOut,
    SalesQuery,
    WhatIfIn,
    WhatIfOut,
)
from backend.financial_manager.schemas_securities import (
    MOST_CONTENT,
    PriceIn,
    PriceOut,
    PricesImportedOut,
    PricesIn,
    SecuritiesOut,
    SecurityIn,
    SecurityOut,
    SecurityPatch,
)
from backend.financial_manager.schemas_trades import (
    SharesTransferIn,
    SharesTransferOut,
    TradeIn,
    TradeOut,
    TradePatch,
    TradesQuery,
)
from backend.financial_manager.views_depots import (
    allocation_out,
    performance_out,
    position_out,
    prices_out,
    sale_out,
    security_out,
    trade_out,
    what_if_out,
    worth_out,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, Page, PageQuery, current_actor, page


def depot_groups(finances: Finances) -> list[Group]:
    """Return the groups of securities, trades, prices and what depots come to."""
    return [_securities(finances), _trades(finances), _prices(finances), _figures(finances)]


def _securities(finances: Finances) -> Group:
    group = Group("securities", url_prefix="/securities", tag="Securities")
    depots = finances.depots

    @group.get("", returns=SecuritiesOut)
    def list_securities() -> SecuritiesOut:
        """List your securities by name."""
        return SecuritiesOut(items=[security_out(one) for one in depots.securities(current_actor())])

    @group.post("", returns=SecurityOut, status=201, idempotent=True)
    def add_security(body: SecurityIn) -> SecurityOut:
        """Add a security."""
        return security_out(depots.add_security(current_actor(), body.model_dump()))

    @group.get("/<id>", returns=SecurityOut, errors=[404])
    def get_security(path: IdPath) -> SecurityOut:
        """Show one security."""
        return security_out(depots.security(current_actor(), path.id))

    @group.patch("/<id>", returns=SecurityOut, errors=[404, 409])
    def change_security(path: IdPath, body: SecurityPatch) -> SecurityOut:
        """Change some of a security."""
        return security_out(depots.change_security(current_actor(), path.id, given(body), body.version))

    @group.delete("/<id>", errors=[404, 409])
    def delete_security(path: IdPath) -> None:
        """Delete a security on which no trade stands, with its prices."""
        depots.delete_security(current_actor(), path.id)

    _add_prices(group, finances)
    return group


def _add_prices(group: Group, finances: Finances) -> None:
    """Add the prices of one security."""

    @group.get("/<id>/prices", returns=Page[PriceOut], errors=[404])
    def list_prices(path: IdPath, query: PageQuery) -> Page[PriceOut]:
        """List a security's prices, newest first."""
        after = query.after(str)
        before = _day(after[0]) if after is not None else None
        rows = finances.prices.page(current_actor(), path.id, limit=query.limit, before=before)
        return page([PriceOut.model_validate(one) for one in rows], query.limit, lambda one: (one.date.isoformat(),))

    @group.post("/<id>/prices", returns=PriceOut, status=201, errors=[404])
    def enter_price(path: IdPath, body: PriceIn) -> PriceOut:
        """Say what one share cost on a day."""
        row = finances.prices.enter(
            current_actor(), path.id, body.date, body.price, currency=body.currency or "", fx_rate=body.fx_rate,
            fx_currency=body.fx_currency or "",
        )  # fmt: skip
        return PriceOut.model_validate(row)


def _trades(finances: Finances) -> Group:
    group = Group("trades", url_prefix="/trades", tag="Trades")
    depots = finances.depots

    @group.get("", returns=Page[TradeOut])
    def list_trades(query: TradesQuery) -> Page[TradeOut]:
        """List trades, newest first: of a depot, a security, some days."""
        wanted = TradesWanted(query.depot_id, query.security_id, query.since, query.until)
        seen = query.after(str, str)
        after = (_day(seen[0]), str(seen[1])) if seen is not None else None
        rows = depots.page(current_actor(), wanted, limit=query.limit, after=after)
        return page([trade_out(one) for one in rows], query.limit, lambda one: (one.date.isoformat(), one.id))

    @group.post("", returns=TradeOut, status=201, errors=[404, 409], idempotent=True)
    def book_trade(body: TradeIn) -> TradeOut:
        """Book a purchase, a sale, a dividend, a split, or whatever else a depot does.

        What the depot cannot have done is refused: to sell more than it held, or money without its exchange rate.
        """
        values = body.model_dump(exclude={"currency"}) | {"currency": body.currency or ""}
        return trade_out(depots.book(current_actor(), values))

    @group.get("/<id>", returns=TradeOut, errors=[404])
    def get_trade(path: IdPath) -> TradeOut:
        """Show one trade."""
        return trade_out(depots.trade(current_actor(), path.id))

    @group.patch("/<id>", returns=TradeOut, errors=[404, 409])
    def change_trade(path: IdPath, body: TradePatch) -> TradeOut:
        """Change some of a trade; all later ones must still be possible."""
        return trade_out(depots.change(current_actor(), path.id, given(body), body.version))

    @group.delete("/<id>", errors=[404, 409])
    def delete_trade(path: IdPath) -> None:
        """Delete a trade that no later one needs; the record of changes brings it back."""
        depots.delete(current_actor(), path.id)

    _add_transfers(group, finances)
    return group


def _add_transfers(group: Group, finances: Finances) -> None:
    """Add moving shares between depots."""
    depots = finances.depots

    @group.post("/transfers", returns=SharesTransferOut, status=201, errors=[404, 409], idempotent=True)
    def transfer_shares(body: SharesTransferIn) -> SharesTransferOut:
        """Move shares from one of your depots to another one, both sides in one step."""
        left, came = depots.transfer(
            current_actor(), from_id=body.from_depot_id, to_id=body.to_depot_id, security_id=body.security_id,
            quantity=body.quantity, on=body.date, arrived=body.arrived or body.date, note=body.note,
        )  # fmt: skip
        return SharesTransferOut(left=trade_out(left), arrived=trade_out(came))


def _prices(finances: Finances) -> Group:
    group = Group("prices", url_prefix="/prices", tag="Prices")

    @group.post("/import", returns=PricesImportedOut, status=200, errors=[404], max_body=MOST_CONTENT + 65536)
    def import_prices(body: PricesIn) -> PricesImportedOut:
        """Take the prices of a CSV file of any dialect; what is known already is not written again."""
        try:
            data = base64.b64decode(body.content, validate=True)
        except (ValueError, binascii.Error):
            problem = FieldProblem("body.content", "This is not base64.", "Encode the file's bytes in base64.")
            raise InvalidInput(fields=[problem]) from None
        done = run_blocking(finances.prices.import_file, current_actor(), data, body.name, body.security_id)
        return prices_out(done)

    @group.delete("/<id>", errors=[404])
    def delete_price(path: IdPath) -> None:
        """Forget a price."""
        finances.prices.delete(current_actor(), path.id)

    return group


def _figures(finances: Finances) -> Group:
    group = Group("depots", url_prefix="/depots", tag="Depots")
    valuation = finances.valuation

    @group.get("/positions", returns=PositionsOut, errors=[404])
    def list_positions(query: DepotQuery) -> PositionsOut:
        """Show what is held, what it is worth, and what it gained by FIFO and by the moving average."""
        found = run_blocking(valuation.positions, current_actor(), depot_id=query.depot_id, on=query.on)
        return PositionsOut(items=[position_out(one) for one in found])

    @group.get("/worth", returns=DepotsWorthOut)
    def show_depots_worth(query: DepotWorthQuery) -> DepotsWorthOut:
        """Show what all depots are worth in the household's own currency, with the day of each rate."""
        actor = current_actor()
        own = finances.settings.get(actor).currency
        return worth_out(run_blocking(finances.depots_worth.of, actor, own, on=query.on))

    @group.get("/performance", returns=PerformancesOut, errors=[404])
    def show_performance(query: PerformanceQuery) -> PerformancesOut:
        """Show time-weighted and money-weighted returns, by currency."""
        found = run_blocking(
            valuation.performance, current_actor(), depot_id=query.depot_id, since=query.since, until=query.until
        )
        return PerformancesOut(items=[performance_out(one) for one in found])

    @group.get("/allocation", returns=AllocationsOut)
    def show_allocation(query: AllocationQuery) -> AllocationsOut:
        """Show how what is held is spread, in shares that sum to the whole."""
        found = run_blocking(valuation.spread, current_actor(), query.by, on=query.on)
        return AllocationsOut(items=[allocation_out(one) for one in found])

    _add_sales(group, finances)
    return group


def _add_sales(group: Group, finances: Finances) -> None:
    """Add sales that were, with their trail, and one that is only thought of."""

    @group.get("/<id>/sales", returns=SalesOut, errors=[404])
    def list_sales(path: IdPath, query: SalesQuery) -> SalesOut:
        """Show every sale of a depot with the lots that it used by FIFO, and how the moving average came about."""
        found = run_blocking(
            finances.sales.of, current_actor(), path.id, security_id=query.security_id, since=query.since,
            until=query.until,
        )  # fmt: skip
        return SalesOut(items=[sale_out(one) for one in found])

    @group.post("/what-if", returns=WhatIfOut, status=200, errors=[404])
    def preview_sale(body: WhatIfIn) -> WhatIfOut:
        """Say what a sale would bring, with its lots and its tax; books nothing."""
        idea = Idea(
            depot_id=body.depot_id,
            security_id=body.security_id,
            quantity=Decimal(body.quantity),
            price=Decimal(body.price),
            on=body.on or finances.today(),
            currency=body.currency or "",
            fx_rate=None if body.fx_rate is None else Decimal(body.fx_rate),
            fees_minor=body.fees_minor,
            country=body.country,
            joint=body.joint,
        )
        return what_if_out(run_blocking(finances.sale_previews.preview, current_actor(), idea))


def _day(word: str) -> dt.date:
    """Return the day that a cursor names."""
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        problem = FieldProblem("query.cursor", "This is no cursor of this list.", "Start again without a cursor.")
        raise InvalidInput(fields=[problem]) from None
