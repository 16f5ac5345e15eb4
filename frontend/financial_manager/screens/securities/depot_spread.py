"""How what is held is spread: a ring with its parts named beside it."""

from __future__ import annotations

import flet as ft
import flet_charts as fch

from frontend.api.generated.schemas import AllocationOut, SliceOut
from frontend.financial_manager.depot_words import slice_name, spread_name
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.i18n import money, rate_text, tr
from frontend.kit import body, caption, card, filter_chips, section, use_action, use_provider

_COLOURS = (
    ft.Colors.BLUE_400, ft.Colors.TEAL_400, ft.Colors.AMBER_600, ft.Colors.PURPLE_300, ft.Colors.RED_300,
    ft.Colors.GREEN_600, ft.Colors.PINK_300, ft.Colors.INDIGO_300,
)  # fmt: skip
_REST = ft.Colors.GREY_500
_BY = ("security", "kind", "country", "currency", "depot")
RADIUS = 70


@ft.component
def DepotSpread(of: DepotsProvider) -> ft.Control:
    """Let be chosen what is told apart, and show the parts of each currency."""
    depots = use_provider(of)
    change = use_action(lambda by: depots.spread_by(by))

    async def choose(by: str) -> None:
        await change(None, by)

    if not depots.spread:
        return ft.Container(height=0)
    chips = filter_chips(depots.by, [(one, spread_name(one)) for one in _BY], choose)
    return section(tr("How it is spread, all depots"), chips, *(_ring(one, depots.by) for one in depots.spread))


def _ring(of: AllocationOut, by: str) -> ft.Control:
    parts = of["slices"]
    sections = [
        fch.PieChartSection(value=max(one["share"], 1), color=_colour(at), radius=RADIUS * 0.45, title="")
        for at, one in enumerate(parts)
    ]
    chart = fch.PieChart(sections=sections, center_space_radius=RADIUS * 0.55, sections_space=2, width=2 * RADIUS + 8,
                         height=2 * RADIUS + 8)  # fmt: skip
    ring = ft.Semantics(exclude_semantics=True, content=chart)
    names = ft.Column([_named(at, one, by, of["currency"]) for at, one in enumerate(parts)], spacing=6, tight=True)
    return card(
        ft.ResponsiveRow(
            [
                ft.Container(ring, alignment=ft.Alignment.CENTER, col={"xs": 12, "sm": 4}),
                ft.Container(names, col={"xs": 12, "sm": 8}),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
            run_spacing=12,
        )
    )


def _colour(at: int) -> ft.ColorValue:
    return _COLOURS[at] if at < len(_COLOURS) else _REST


def _named(at: int, one: SliceOut, by: str, currency: str) -> ft.Control:
    dot = ft.Container(width=12, height=12, border_radius=6, bgcolor=_colour(at))
    share = rate_text(f"{one['share']}e-4")
    name = body(slice_name(by, one["label"]), expand=True, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)
    told: list[ft.Control] = [dot, name, caption(money(one["value_minor"], currency)), body(share)]
    return ft.Row(told, spacing=8)
