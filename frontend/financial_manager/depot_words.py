"""Words for what the hub keeps of securities as codes: kinds of securities and of trades."""

from __future__ import annotations

from frontend.i18n import tr


def security_kind_name(kind: str) -> str:
    """Return what a kind of security is called."""
    return {
        "stock": tr("Share"),
        "bond": tr("Bond"),
        "fund_equity": tr("Equity fund"),
        "fund_mixed": tr("Mixed fund"),
        "fund_other": tr("Other fund"),
        "derivative": tr("Derivative"),
        "crypto": tr("Crypto"),
    }.get(kind, tr("Security"))


def trade_kind_name(kind: str) -> str:
    """Return what a kind of trade is called."""
    return {
        "opening": tr("Opening position"),
        "buy": tr("Purchase"),
        "sell": tr("Sale"),
        "dividend": tr("Dividend"),
        "cost_adjustment": tr("Adjusted cost"),
        "fee": tr("Fee"),
        "split": tr("Share split"),
        "transfer_out": tr("Transferred out"),
        "transfer_in": tr("Transferred in"),
    }.get(kind, tr("Trade"))
