"""The returns of depots, each with what it means."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PerformanceOut
from frontend.i18n import calendar_day, money, rate_text, tr
from frontend.kit import body, caption, card, notice, section


def depot_returns(of: PerformanceOut) -> ft.Control:
    """Show three figures that answer three questions."""
    currency = of["currency"]
    days = tr("{first} to {last}", first=calendar_day(of["start"]), last=calendar_day(of["end"]))
    parts: list[ft.Control] = [
        caption(days),
        _line(tr("Gain"), money(of["gain_minor"], currency, signed=True),
              tr("What came back and is still there, less what was paid; after fees and taxes kept.")),
        _line(tr("Return of the securities (TWR)"), _rate(of["time_weighted"]),
              tr("What a sum that lay there all the time would have gained: it tells how well was chosen.")),
    ]  # fmt: skip
    if of["time_weighted_yearly"] is not None:
        parts.append(_line(tr("The same for one year"), _rate(of["time_weighted_yearly"]), ""))
    parts.append(
        _line(tr("Return of your money a year (IRR)"), _rate(of["money_weighted"]),
              tr("The interest that a savings book would have needed for the same deposits and withdrawals."))
    )  # fmt: skip
    if of["without_price"]:
        names = ", ".join(of["without_price"])
        parts.append(notice(tr("Without a price of {names} no return can be told.", names=names), "warn"))
    return section(tr("Returns"), card(*parts))


def _rate(share: str | None) -> str:
    return tr("not known") if share is None else rate_text(share, signed=True)


def _line(name: str, value: str, about: str) -> ft.Control:
    head = ft.Row([body(name, expand=True), body(value, weight=ft.FontWeight.W_600)], spacing=12)
    return ft.Column([head, *([caption(about)] if about else [])], spacing=0, tight=True)
