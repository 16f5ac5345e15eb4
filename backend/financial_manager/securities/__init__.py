"""Securities without a database: trades in, and out come lots, gains by two methods, returns, previews and shares.

`replay` books trades under FIFO or the moving average with the trail of every lot; `value_positions` puts both side by
side; `performance` gives TWR and IRR; `preview_sale` answers "what if I sell"; `allocate` shows how it is spread;
`read_prices` reads files of prices. Quantities, prices and rates are Decimals, money is integer minor units.
"""

from __future__ import annotations

from backend.financial_manager.securities.allocation import Allocation, Slice, allocate
from backend.financial_manager.securities.average import AverageStep
from backend.financial_manager.securities.errors import PricesUnreadable, TradeInvalid
from backend.financial_manager.securities.lots import Lot, LotUse
from backend.financial_manager.securities.performance import Performance, performance, worth_on
from backend.financial_manager.securities.positions import MethodFigures, Portfolio, Position, value_positions
from backend.financial_manager.securities.price_files import PriceFile, read_prices
from backend.financial_manager.securities.prices import Price, PriceBook
from backend.financial_manager.securities.replay import Method, Replay, Sale, replay
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.splits import Splits
from backend.financial_manager.securities.trades import (
    AnyTrade,
    Buy,
    CostAdjustment,
    Dividend,
    Fee,
    Opening,
    Sell,
    Split,
    TransferIn,
    TransferOut,
)
from backend.financial_manager.securities.what_if import Preview, SaleIdea, preview_sale

__all__ = [
    "Allocation",
    "AnyTrade",
    "AverageStep",
    "Buy",
    "CostAdjustment",
    "CostRules",
    "Dividend",
    "Fee",
    "Lot",
    "LotUse",
    "Method",
    "MethodFigures",
    "Opening",
    "Performance",
    "Portfolio",
    "Position",
    "Preview",
    "Price",
    "PriceBook",
    "PriceFile",
    "PricesUnreadable",
    "Replay",
    "Sale",
    "SaleIdea",
    "Sell",
    "Slice",
    "Split",
    "Splits",
    "TradeInvalid",
    "TransferIn",
    "TransferOut",
    "allocate",
    "performance",
    "preview_sale",
    "read_prices",
    "replay",
    "value_positions",
    "worth_on",
]
