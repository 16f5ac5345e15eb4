"""Figures of a house: the ladder from plan to forecast, bars of cost groups, the reserve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import ClaimOut, ContingencyOut, FiguresOut
from frontend.financial_manager.house_words import against_plan
from frontend.i18n import calendar_day, money, tr
from frontend.kit import GAP, body, caption, card, chip, meter, title

BAR = 10


def amount_rows(rows: list[tuple[str, str]], *, strong: tuple[str, ...] = ()) -> ft.Control:
    """Show (name, amount) below each other, the amounts at the right; `strong` names stand out."""
    lines: list[ft.Control] = []
    for name, value in rows:
        shown = title(value, max_lines=1) if name in strong else body(value, max_lines=1)
        said = title(name, expand=True) if name in strong else body(name, muted=True, expand=True)
        lines.append(ft.Row([said, shown], spacing=12))
    return ft.Column(lines, spacing=8, tight=True)


def ladder(figures: FiguresOut, currency: str) -> ft.Control:
    """Show the columns of a line, a group or the whole, from the plan to what it will have cost."""

    def text(name: str) -> str:
        return money(figures[name], currency)  # type: ignore[literal-required]

    forecast = tr("Will cost")
    rows = [(tr("Planned"), text("estimate_minor"))]
    if figures["revised_minor"] != figures["estimate_minor"]:
        rows.append((tr("Offered"), text("revised_minor")))
    rows.append((tr("Ordered"), text("committed_minor")))
    if figures["pending_minor"]:
        rows.append((tr("Asked for, not approved"), text("pending_minor")))
    rows += [(tr("Invoiced"), text("invoiced_minor")), (tr("Paid"), text("paid_minor"))]
    optional = (
        (tr("Skonto kept"), "skonto_minor"),
        (tr("Held back"), "retained_minor"),
        (tr("Unpaid"), "open_minor"),
        (tr("Still to be invoiced"), "to_complete_minor"),
    )
    rows += [(name, text(key)) for name, key in optional if figures[key]]  # type: ignore[literal-required]
    rows.append((forecast, text("forecast_minor")))
    said, tone = against_plan(figures, currency)
    return card(
        amount_rows(rows, strong=(forecast,)), ft.Row([chip(said, tone)], alignment=ft.MainAxisAlignment.END),
        padding=GAP,
    )  # fmt: skip


def group_bar(name: str, figures: FiguresOut, currency: str, on_click: Callable[[], Any]) -> ft.Control:
    """Show a cost group: paid, ordered and expected as parts of one bar, against what was planned."""
    plan, forecast = figures["estimate_minor"], figures["forecast_minor"]
    paid = max(0, figures["paid_minor"])
    ordered = max(paid, figures["committed_minor"], figures["invoiced_minor"])
    whole = max(plan, forecast, ordered, 1)
    over = max(0, forecast - plan) if plan else 0
    parts = [
        (paid, ft.Colors.PRIMARY),
        (ordered - paid, ft.Colors.with_opacity(0.45, ft.Colors.PRIMARY)),
        (whole - ordered, ft.Colors.SURFACE_CONTAINER_HIGHEST),
    ]
    pieces: list[ft.Control] = [
        ft.Container(expand=share, bgcolor=colour, height=BAR)
        for amount, colour in parts
        if (share := round(1000 * amount / whole))
    ]
    said = tr("{paid} paid, {ordered} ordered", paid=money(paid, currency), ordered=money(ordered, currency))
    told = tr("{plan} planned", plan=money(plan, currency))
    head: list[ft.Control] = [
        body(name, expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        title(money(forecast, currency), max_lines=1, color=ft.Colors.ERROR if over else None),
    ]
    bar = ft.Container(ft.Row(pieces, spacing=0), border_radius=BAR, clip_behavior=ft.ClipBehavior.ANTI_ALIAS)
    return ft.Container(
        ft.Column(
            [
                ft.Row(head, spacing=12),
                ft.Semantics(exclude_semantics=True, content=bar),
                caption(f"{said} · {told}", max_lines=2),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=12, vertical=10),
        border_radius=12,
        ink=True,
        on_click=on_click,
        key=name,
    )


def reserve(kept: ContingencyOut, currency: str) -> ft.Control:
    """Show how much of the reserve is used up."""
    whole, burnt, left = kept["reserve_minor"], kept["burnt_minor"], kept["left_minor"]
    share = min(1.0, burnt / whole) if whole else 0.0
    tone = "bad" if left < 0 else "warn" if share > 0.7 else ""
    if left < 0:
        said = tr("{amount} more is needed than was put aside.", amount=money(-left, currency))
    else:
        said = tr(
            "{burnt} of {whole} used up, {left} left.",
            burnt=money(burnt, currency),
            whole=money(whole, currency),
            left=money(left, currency),
        )
    return card(meter(share, tr("Reserve used up"), tone=tone), body(said), padding=GAP)


def claim_ladder(claim: ClaimOut, currency: str, *, invoice: bool) -> ft.Control:
    """Show how an amount to be paid comes about: work, VAT, held back, Skonto, paid, open."""
    due, left = tr("To be paid"), tr("Unpaid")
    rows: list[tuple[str, str]] = []
    if invoice:
        rows += [
            (tr("Asked for, without VAT"), money(claim["net_minor"], currency)),
            (tr("VAT"), money(claim["vat_minor"], currency)),
            (tr("With VAT"), money(claim["gross_minor"], currency)),
        ]
        if claim["retain_minor"] > 0:
            rows.append((tr("Held back"), money(-claim["retain_minor"], currency)))
        elif claim["retain_minor"] < 0:
            rows.append((tr("Held back before, comes free"), money(-claim["retain_minor"], currency)))
    rows.append((due, money(claim["due_minor"], currency)))
    if claim["skonto_minor"] and claim["skonto_until"]:
        until = calendar_day(claim["skonto_until"])
        rows.append((tr("Skonto until {day}", day=until), money(-claim["skonto_minor"], currency)))
    rows.append((tr("Paid"), money(claim["paid_minor"], currency)))
    if claim["taken_minor"]:
        rows.append((tr("Skonto kept"), money(claim["taken_minor"], currency)))
    rows.append((left, money(claim["open_minor"], currency)))
    return card(amount_rows(rows, strong=(due, left)), padding=GAP)
