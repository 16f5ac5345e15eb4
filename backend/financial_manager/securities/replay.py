"""Go through trades once, in order, under one method, and keep what each sale realised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from backend.financial_manager.securities.amounts import shared_out
from backend.financial_manager.securities.average import AveragePools
from backend.financial_manager.securities.errors import TradeInvalid
from backend.financial_manager.securities.lots import FifoLots, Key, Lot, LotUse, split_lots
from backend.financial_manager.securities.rules import CostRules
from backend.financial_manager.securities.splits import Splits
from backend.financial_manager.securities.trades import (
    LARGEST,
    ONE,
    AnyTrade,
    Buy,
    CostAdjustment,
    Moved,
    Opening,
    OrderKey,
    Sell,
    Split,
    TransferIn,
    TransferOut,
    check_trade,
    in_order,
    moved,
    order_key,
)


class Method(StrEnum):
    """How the cost of what is sold is found."""

    FIFO = "fifo"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Sale:
    """What a sale realised, and from which lots. Money in minor units of the base currency.

    `proceeds_minor` is what counts against the cost: gross, less the fees where the rules count them.
    """

    trade_id: str
    date: date
    depot: str
    isin: str
    quantity: Decimal
    gross_minor: int
    fees_minor: int
    withheld_minor: int
    surcharge_minor: int
    proceeds_minor: int
    uses: tuple[LotUse, ...]

    @property
    def cost_minor(self) -> int:
        """Return the cost of what was sold."""
        return sum(use.cost_minor for use in self.uses)

    @property
    def gain_minor(self) -> int:
        """Return proceeds minus cost; a loss is negative."""
        return self.proceeds_minor - self.cost_minor

    @property
    def exempt_gain_minor(self) -> int:
        """Return the part of the gain that comes from exempt holdings."""
        return sum(use.gain_minor for use in self.uses if use.exempt)

    @property
    def taxable_gain_minor(self) -> int:
        """Return the part of the gain that counts for tax."""
        return self.gain_minor - self.exempt_gain_minor


@dataclass(frozen=True, slots=True)
class InTransit:
    """What left a depot and did not arrive (yet): its lots, in shares of the day on which they left."""

    depot: str
    left: OrderKey
    lots: tuple[Lot, ...]


@dataclass(slots=True)
class Replay:
    """All that one method says about some trades: what is held now, and every sale."""

    method: Method
    rules: CostRules
    holdings: FifoLots | AveragePools
    sales: list[Sale] = field(default_factory=list)
    in_transit: dict[Moved, InTransit] = field(default_factory=dict)
    """What left a depot and did not arrive (yet), by transfer and security; its basis is not lost."""
    splits: Splits = field(default_factory=lambda: Splits(()))
    exact: str = ""

    def realised_by_key(self) -> dict[Key, int]:
        """Return the gain of all sales for each depot's security."""
        sums: dict[Key, int] = {}
        for sale in self.sales:
            key = (sale.depot, sale.isin)
            sums[key] = sums.get(key, 0) + sale.gain_minor
        return sums


def replay(trades: Iterable[AnyTrade], rules: CostRules, method: Method, *, exact: str = "") -> Replay:
    """Book trades under a method. Raises `TradeInvalid` for the first trade that cannot be booked.

    `exact`: an arrival that is refused where it brings the old number across a split; others, kept before, are shown.
    """
    holdings: FifoLots | AveragePools
    if method is Method.FIFO:
        holdings = FifoLots(exempt_first=rules.exempt_first)
    else:
        holdings = AveragePools(exempt_first=rules.exempt_first)
    trades = in_order(trades)
    for trade in trades:
        check_trade(trade, rules.base)
    splits = Splits(trades)
    result = Replay(method, rules, holdings, splits=splits, exact=exact)
    held: dict[Key, Decimal] = {}
    for trade in splits.trades:
        _book(trade, result, held)
    return result


def _book(trade: AnyTrade, result: Replay, held: dict[Key, Decimal]) -> None:
    """Book one trade; `held` is kept beside the lots so that no sale has to count them."""
    key = (trade.depot, trade.isin)
    now = held.get(key, Decimal(0))
    if isinstance(trade, Buy | Opening):
        lot = _acquired(trade, result.rules)
        result.holdings.add(key, lot, trade.id, trade.date)
        held[key] = now + trade.quantity
    elif isinstance(trade, Sell):
        _must_hold(trade, trade.quantity, now)
        result.sales.append(_sold(trade, result))
        held[key] = now - trade.quantity
    elif isinstance(trade, Split):
        if now:
            result.holdings.split(key, trade.new, trade.old, trade.id, trade.date)
            held[key] = result.holdings.quantity(key)
            _must_be_left(trade, held[key])
    elif isinstance(trade, TransferOut):
        _must_hold(trade, trade.quantity, now)
        _leave(trade, result)
        held[key] = now - trade.quantity
    elif isinstance(trade, TransferIn):
        _arrive(trade, result)
        held[key] = now + trade.quantity
    elif isinstance(trade, CostAdjustment):
        _adjust(trade, result, now)


def _acquired(trade: Buy | Opening, rules: CostRules) -> Lot:
    """Return the lot of a purchase."""
    fees = trade.fees_minor if isinstance(trade, Buy) and rules.fees_in_cost else 0
    acquired = (trade.acquired or trade.date) if isinstance(trade, Opening) else trade.date
    if acquired > trade.date:
        raise TradeInvalid(
            "acquired",
            "The day of purchase is later than the opening position.",
            "Enter the day on which it was bought.",
            trade_id=trade.id,
        )
    cost = trade.base_minor(trade.amount_minor + fees, rules.base)
    return Lot(trade.id, acquired, trade.quantity, cost, rules.exempt(trade.isin, acquired))


def _sold(trade: Sell, result: Replay) -> Sale:
    """Take the lots of a sale, and share its proceeds out among them by quantity."""
    base, rules = result.rules.base, result.rules
    taken = result.holdings.take((trade.depot, trade.isin), trade.quantity, trade.id, trade.date)
    counted = trade.amount_minor - (trade.fees_minor if rules.fees_in_cost else 0)
    proceeds = trade.base_minor(counted, base)
    parts = shared_out(proceeds, [lot.quantity for lot in taken])
    uses = tuple(
        LotUse(lot.id, lot.acquired, lot.quantity, lot.cost_minor, part, lot.exempt)
        for lot, part in zip(taken, parts, strict=True)
    )
    return Sale(
        trade.id,
        trade.date,
        trade.depot,
        trade.isin,
        trade.quantity,
        trade.base_minor(trade.amount_minor, base),
        trade.base_minor(trade.fees_minor, base),
        trade.base_minor(trade.withheld_minor, base),
        trade.base_minor(trade.surcharge_minor, base),
        proceeds,
        uses,
    )


def _must_hold(trade: AnyTrade, quantity: Decimal, held: Decimal) -> None:
    """Refuse to give more than there is."""
    if quantity > held:
        raise TradeInvalid(
            "quantity",
            f"Only {held} of {trade.isin} are in the depot {trade.depot} on {trade.date}, not {quantity}.",
            "Check the quantity, or enter the purchase, split or opening position that is missing.",
            trade_id=trade.id,
        )


def _must_be_left(trade: Split, quantity: Decimal) -> None:
    """Refuse a split after which nothing is left, or more than anybody holds."""
    if 0 < quantity <= LARGEST:
        return
    problem = "Nothing would be left after this split." if not quantity else "The number is too large."
    raise TradeInvalid("new", problem, "Check the ratio: how many new shares for how many old ones.", trade_id=trade.id)


def _leave(trade: TransferOut, result: Replay) -> None:
    """Take shares out of a depot, with their basis."""
    if moved(trade) in result.in_transit:
        raise TradeInvalid(
            "transfer_id",
            "This transfer of the security left a depot before.",
            "Give each transfer a name of its own.",
            trade_id=trade.id,
        )
    taken = result.holdings.take((trade.depot, trade.isin), trade.quantity, trade.id, trade.date)
    result.in_transit[moved(trade)] = InTransit(trade.depot, order_key(trade), tuple(taken))


def _arrive(trade: TransferIn, result: Replay) -> None:
    """Bring the shares of a transfer into a depot; raise where they come from nowhere, or are not the same."""
    sent = result.in_transit.pop(moved(trade), None)
    if sent is None:
        raise TradeInvalid(
            "transfer_id",
            "This transfer has no depot that it came from.",
            "Enter the outgoing transfer, or an opening position with the cost of the shares.",
            trade_id=trade.id,
        )
    lots = split_lots(sent.lots, *_became(trade, sent, result))
    for lot in lots:
        result.holdings.add((trade.depot, trade.isin), lot, trade.id, trade.date)


def _became(trade: TransferIn, gone: InTransit, result: Replay) -> tuple[Decimal, Decimal]:
    """Return the ratio of what arrives to what was sent; raise where no split between the two days explains it."""
    sent = sum((lot.quantity for lot in gone.lots), Decimal(0))
    across = result.splits.between(trade.isin, gone.left, order_key(trade))
    expected = across.of(sent)
    if expected == trade.quantity:
        return across.new, across.old
    if sent == trade.quantity and trade.id != result.exact:
        return ONE, ONE
    if expected == sent:
        problem = f"The transfer sent {sent} and brings {trade.quantity}."
        remedy = "Enter the same quantity on both sides, or the split that happened on the way."
    else:
        problem = f"The transfer sent {sent}, which a split on the way made {expected}, and brings {trade.quantity}."
        remedy = f"Enter that {expected} arrived; what the bank paid for a fraction is a sale."
    raise TradeInvalid("quantity", problem, remedy, trade_id=trade.id)


def _adjust(trade: CostAdjustment, result: Replay, held: Decimal) -> None:
    """Change the cost of what is held; it never goes below zero."""
    key = (trade.depot, trade.isin)
    amount = trade.sign * trade.base_minor(trade.amount_minor, result.rules.base)
    if not held or result.holdings.cost_minor(key) + amount < 0:
        raise TradeInvalid(
            "amount_minor",
            f"The cost of {trade.isin} in the depot {trade.depot} cannot be changed by so much.",
            "Check the amount, and that the shares were held on that day.",
            trade_id=trade.id,
        )
    result.holdings.adjust(key, amount, trade.id, trade.date)
