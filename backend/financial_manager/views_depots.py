"""What depots and tax reports look like on the wire."""

from __future__ import annotations

from decimal import Decimal

from backend.financial_manager.depots.models import Security, SecurityTrade
from backend.financial_manager.depots.prices import PricesImported
from backend.financial_manager.depots.sale_previews import Previewed
from backend.financial_manager.depots.sales import Sold
from backend.financial_manager.depots.tax_facts import Source
from backend.financial_manager.depots.tax_reports import Reported
from backend.financial_manager.depots.valuation import Done, Held, Spread
from backend.financial_manager.depots.worth import DepotsWorth
from backend.financial_manager.schemas import SaidOut
from backend.financial_manager.schemas_depot_worth import DepotsWorthOut, DepotWorthOut
from backend.financial_manager.schemas_depots import (
    AllocationOut,
    LastPriceOut,
    LotOut,
    MethodOut,
    PerformanceOut,
    PositionOut,
    SliceOut,
)
from backend.financial_manager.schemas_rates import QuoteOut
from backend.financial_manager.schemas_sales import (
    AverageStepOut,
    FigureChangeOut,
    LotUseOut,
    SaleOut,
    SalePreviewOut,
    SoldByOut,
    WhatIfOut,
)
from backend.financial_manager.schemas_securities import PricesImportedOut, SecurityOut, SkippedPriceOut
from backend.financial_manager.schemas_taxes import (
    CheckedOut,
    FigureOut,
    LeftOutOut,
    PurposeOut,
    SourceOut,
    TaxPackOut,
    TaxReportOut,
    TrailOut,
)
from backend.financial_manager.schemas_trades import TradeOut
from backend.financial_manager.securities import LotUse, Method, MethodFigures, Sale
from backend.financial_manager.securities.amounts import plain
from backend.financial_manager.taxes import Figure, TaxPack

MOST_SKIPPED = 100


def security_out(row: Security) -> SecurityOut:
    """Return a security as the API shows it."""
    return SecurityOut.model_validate(row)


def trade_out(row: SecurityTrade) -> TradeOut:
    """Return a trade as the API shows it."""
    return TradeOut.model_validate(row)


def prices_out(done: PricesImported) -> PricesImportedOut:
    """Return what became of a file of prices."""
    return PricesImportedOut(
        added=done.added,
        changed=done.changed,
        same=done.same,
        unknown=list(done.unknown[:MOST_SKIPPED]),
        doubts=list(done.doubts),
        skipped=[SkippedPriceOut(line=o.line, text=o.text[:200], reason=o.reason) for o in done.skipped[:MOST_SKIPPED]],
        skipped_count=len(done.skipped),
    )


def position_out(held: Held) -> PositionOut:
    """Return a position with both methods."""
    one, price = held.position, held.position.price
    return PositionOut(
        depot_id=held.depot.id,
        depot=held.depot.name,
        security_id=held.security.id,
        security=held.security.name,
        isin=held.security.isin,
        currency=held.base,
        on_the_way=one.on_the_way,
        quantity=text(one.quantity),
        price=price
        and LastPriceOut(
            date=price.date,
            price=text(price.price),
            currency=price.currency,
            fx_rate=None if price.fx_rate is None else text(price.fx_rate),
            source=price.source,
        ),
        value_minor=one.value_minor,
        fifo=_method_out(one.fifo),
        average=_method_out(one.average),
        dividends_minor=one.income.dividends_minor,
        foreign_withheld_minor=one.income.foreign_withheld_minor,
        withheld_minor=one.income.withheld_minor,
        surcharge_minor=one.income.surcharge_minor,
        fees_minor=one.income.fees_minor,
    )


def worth_out(found: DepotsWorth) -> DepotsWorthOut:
    """Return what the depots are worth in the household's own currency."""
    return DepotsWorthOut(
        currency=found.currency,
        on=found.on,
        total_minor=found.total_minor,
        items=[
            DepotWorthOut(
                depot_id=one.depot.id,
                depot=one.depot.name,
                currency=one.depot.currency,
                value_minor=one.value_minor,
                own_minor=one.own_minor,
            )
            for one in found.depots
        ],
        quotes=[QuoteOut.model_validate(one) for one in found.quotes],
        missing=list(found.missing),
        without_price=list(found.without_price),
    )


def _method_out(figures: MethodFigures) -> MethodOut:
    return MethodOut(
        cost_minor=figures.cost_minor,
        realised_minor=figures.realised_minor,
        unrealised_minor=figures.unrealised_minor,
        average_price=None if figures.average_price is None else text(figures.average_price),
        lots=[
            LotOut(
                trade_id=lot.id,
                acquired=lot.acquired,
                quantity=text(lot.quantity),
                cost_minor=lot.cost_minor,
                exempt=lot.exempt,
            )
            for lot in figures.lots
        ],
    )


def performance_out(done: Done) -> PerformanceOut:
    """Return the returns of one currency's depots."""
    one = done.performance
    rates = ("time_weighted", "time_weighted_yearly", "money_weighted")
    return PerformanceOut(
        currency=done.base,
        **{name: getattr(one, name) for name in ("start", "end", "start_minor", "end_minor", "gain_minor")},
        paid_in_minor=one.paid_in_minor,
        paid_out_minor=one.paid_out_minor,
        **{name: None if (rate := getattr(one, name)) is None else text(rate) for name in rates},
        without_price=list(one.without_price),
    )


def allocation_out(spread: Spread) -> AllocationOut:
    """Return how one currency's depots are spread."""
    found = spread.allocation
    return AllocationOut(
        currency=spread.base,
        total_minor=found.total_minor,
        slices=[SliceOut(label=one.label, value_minor=one.value_minor, share=one.share) for one in found.slices],
        without_price=list(found.without_price),
    )


def what_if_out(found: Previewed) -> WhatIfOut:
    """Return both previews of a sale."""
    return WhatIfOut(
        currency=found.base,
        method=found.method and found.method.value,
        fifo=_preview_out(found, Method.FIFO),
        average=_preview_out(found, Method.AVERAGE),
        status=found.status.en,
        status_de=found.status.de,
        disclaimer_en=found.disclaimer.en,
        disclaimer_de=found.disclaimer.de,
    )


def _preview_out(found: Previewed, method: Method) -> SalePreviewOut:
    preview = found.previews[method]
    sale = preview.sale
    names = ("gross_minor", "fees_minor", "cost_minor", "gain_minor", "taxable_gain_minor")
    return SalePreviewOut(
        **{name: getattr(sale, name) for name in names},
        tax_minor=preview.tax_minor,
        left_minor=preview.left_minor,
        changes=[
            FigureChangeOut(label=SaidOut.model_validate(one.label), amount_minor=one.amount_minor)
            for one in found.changes.get(method, ())
        ],
        uses=[_use_out(use) for use in sale.uses],
    )


def _use_out(use: LotUse) -> LotUseOut:
    return LotUseOut(
        trade_id=use.lot_id,
        acquired=use.acquired,
        quantity=text(use.quantity),
        cost_minor=use.cost_minor,
        proceeds_minor=use.proceeds_minor,
        gain_minor=use.gain_minor,
        exempt=use.exempt,
    )


def sale_out(sold: Sold) -> SaleOut:
    """Return a sale with the lots that it used by both methods."""
    sale = sold.fifo
    names = ("trade_id", "date", "gross_minor", "fees_minor", "withheld_minor", "surcharge_minor", "proceeds_minor")
    return SaleOut(
        **{name: getattr(sale, name) for name in names},
        security_id=sold.security.id,
        security=sold.security.name,
        currency=sold.base,
        quantity=text(sale.quantity),
        fifo=_sold_out(sold.fifo),
        average=_sold_out(sold.average),
        average_steps=[
            AverageStepOut(
                trade_id=step.trade_id,
                date=step.date,
                exempt=step.exempt,
                quantity=text(step.quantity),
                cost_minor=step.cost_minor,
                average_price=None if (price := step.price(sold.base)) is None else text(price),
            )
            for step in sold.steps
        ],
    )


def _sold_out(sale: Sale) -> SoldByOut:
    return SoldByOut(
        cost_minor=sale.cost_minor,
        gain_minor=sale.gain_minor,
        exempt_gain_minor=sale.exempt_gain_minor,
        uses=[_use_out(use) for use in sale.uses],
    )


def pack_out(pack: TaxPack) -> TaxPackOut:
    """Return the head of a pack, and what bookings may be for."""
    return TaxPackOut(
        country=pack.country,
        year=pack.year,
        currency=pack.currency,
        status=pack.status.en,
        status_de=pack.status.de,
        title=SaidOut.model_validate(pack.title),
        disclaimer=SaidOut.model_validate(pack.disclaimer),
        securities=pack.securities is not None,
        purposes=[
            PurposeOut(key=one.key, group=one.group, label=SaidOut.model_validate(one.label)) for one in pack.purposes
        ],
    )


def report_out(found: Reported) -> TaxReportOut:
    """Return a tax report with what is behind each figure."""
    report = found.report
    return TaxReportOut(
        country=report.country,
        year=report.year,
        currency=found.currency,
        title=SaidOut.model_validate(report.title),
        status=report.status.en,
        status_de=report.status.de,
        disclaimer=SaidOut.model_validate(report.disclaimer),
        figures=[_figure_out(one, found.sources) for one in report.figures],
        left_out=[
            LeftOutOut(
                reason=one.reason, purpose=one.purpose, source=SourceOut.model_validate(found.sources[one.source_id])
            )
            for one in found.left_out
        ],
    )


def _figure_out(one: Figure, sources: dict[str, Source]) -> FigureOut:
    return FigureOut(
        **{name: getattr(one, name) for name in ("id", "section", "form", "field", "amount_minor", "needs")},
        label=SaidOut.model_validate(one.label),
        note=None if one.note is None else SaidOut.model_validate(one.note),
        trail=[TrailOut.model_validate(line) for line in one.trail],
        sources=[SourceOut.model_validate(sources[name]) for name in one.source_ids],
        law=one.source.en,
        law_de=one.source.de,
        checked=None if one.checked is None else CheckedOut.model_validate(one.checked),
    )


def text(value: Decimal) -> str:
    """Return a decimal as text, without an exponent and without needless zeros."""
    return format(plain(value), "f")
