"""The trail of a sale: which lots it used first in, first out, and how the moving average came about."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AverageStepOut, LotUseOut, SaleOut, SoldByOut
from frontend.financial_manager.depot_words import method_about, method_name, shares_words
from frontend.financial_manager.screens.securities.depots import named_amount
from frontend.i18n import calendar_day, decimal_text, money, tr
from frontend.kit import body, caption, card, chip, section


def sale_trail(sale: SaleOut) -> list[ft.Control]:
    """Show both methods, each with the lots that it took."""
    currency = sale["currency"]
    return [
        _method("fifo", sale["fifo"], currency),
        _method("average", sale["average"], currency),
        section(
            tr("How the average came about"),
            card(ft.Column([_step(one, currency) for one in sale["average_steps"]], spacing=8, tight=True)),
        ),
    ]


def _method(method: str, of: SoldByOut, currency: str) -> ft.Control:
    rows: list[ft.Control] = [caption(method_about(method)), *(_use(one, currency) for one in of["uses"])]
    rows.append(ft.Divider(height=8))
    rows.append(ft.Row([caption(tr("Cost of what was sold"), expand=True), body(money(of["cost_minor"], currency))]))
    rows.append(named_amount(tr("Gain"), of["gain_minor"], currency))
    return section(method_name(method), card(ft.Column(rows, spacing=8, tight=True)))


def _use(use: LotUseOut, currency: str) -> ft.Control:
    told = tr(
        "cost {cost}, sold for {proceeds}",
        cost=money(use["cost_minor"], currency), proceeds=money(use["proceeds_minor"], currency),
    )  # fmt: skip
    first = tr("{shares} of {day}", shares=shares_words(use["quantity"]), day=calendar_day(use["acquired"]))
    head: list[ft.Control] = [body(first, expand=True), body(money(use["gain_minor"], currency, signed=True))]
    if use["exempt"]:
        head.insert(1, chip(tr("Free of tax")))
    return ft.Column([ft.Row(head, spacing=12), caption(told)], spacing=0, tight=True)


def _step(step: AverageStepOut, currency: str) -> ft.Control:
    price = step["average_price"]
    told: list[ft.Control] = [
        body(calendar_day(step["date"]), expand=True),
        caption(tr("then {shares}", shares=shares_words(step["quantity"]))),
        body("–" if price is None else tr("{price} a share", price=f"{decimal_text(price)} {currency}")),
    ]
    return ft.Row(told, spacing=12)
