"""Charts of money: months as bars, categories as a ring, what one owns as a line; each is said in words too.

Screen readers hear one sentence for each chart; whatever a touch on it does can be done with a button beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft
import flet_charts as fc  # type: ignore[import-untyped, unused-ignore]

from frontend.financial_manager.screens.parts.amounts import income_colour
from frontend.i18n import money, month_name, tr
from frontend.i18n.money import minor_digits

HEIGHT = 180
RING = 190
COLOURS: tuple[Any, ...] = (
    ft.Colors.PRIMARY, ft.Colors.TERTIARY, ft.Colors.AMBER_400, ft.Colors.TEAL_400, ft.Colors.PINK_300,
    ft.Colors.LIGHT_BLUE_300, ft.Colors.OUTLINE,
)  # fmt: skip
"""Of the parts of a ring, the largest first; the last one is everything else."""


@dataclass(frozen=True, slots=True)
class MonthMoney:
    """What came in and what was spent in a month (its first day); minor units, both positive."""

    month: str
    income_minor: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a whole, and what a touch on it does."""

    name: str
    minor: int
    on_click: Callable[[], Any] | None = None


def month_bars(months: Sequence[MonthMoney], currency: str, chosen: str, choose: Callable[[str], None]) -> ft.Control:
    """Show two bars for each month; a touch chooses it."""

    def touched(event: fc.BarChartEvent) -> None:
        at = event.group_index
        if at is not None and 0 <= at < len(months) and event.type == fc.ChartEventType.TAP_UP:
            choose(months[at].month)

    labels = [fc.ChartAxisLabel(value=at, label=_label(one.month, chosen)) for at, one in enumerate(months)]
    chart = fc.BarChart(
        groups=[_bars(at, one, currency, one.month == chosen) for at, one in enumerate(months)],
        bottom_axis=fc.ChartAxis(labels=labels, label_size=22),
        left_axis=_hidden_axis(),
        right_axis=_hidden_axis(),
        top_axis=_hidden_axis(),
        group_alignment=ft.MainAxisAlignment.SPACE_AROUND,
        interactive=True,
        on_event=touched,
        height=HEIGHT,
        expand=True,
        min_y=0,
    )
    keys = [_key(tr("Received"), income_colour()), _key(tr("Spent"), ft.Colors.PRIMARY)]
    said = "; ".join(_month_words(one, currency) for one in months)
    return ft.Column(
        [ft.Row([*keys], spacing=16), _spoken(ft.Container(chart, height=HEIGHT), said)], spacing=12, tight=True
    )


def _bars(at: int, one: MonthMoney, currency: str, chosen: bool) -> fc.BarChartGroup:
    unit = 10 ** minor_digits(currency)
    kinds = (
        (one.income_minor, income_colour(), tr("Received")),
        (one.spent_minor, ft.Colors.PRIMARY, tr("Spent")),
    )
    rods = [
        fc.BarChartRod(
            from_y=0,
            to_y=max(0, minor) / unit,
            width=6,
            color=ft.Colors.with_opacity(1.0 if chosen else 0.45, colour),
            border_radius=3,
            tooltip=fc.BarChartRodTooltip(text=f"{month_name(one.month)}\n{words} {money(minor, currency)}"),
        )
        for minor, colour, words in kinds
    ]
    return fc.BarChartGroup(x=at, spacing=2, rods=rods)


def _month_words(one: MonthMoney, currency: str) -> str:
    income, spent = money(one.income_minor, currency), money(one.spent_minor, currency)
    return tr("{month}: {income} received, {spent} spent", month=month_name(one.month), income=income, spent=spent)


def ring(slices: Sequence[Slice], currency: str) -> ft.Control:
    """Show parts of a whole, the largest first; those beyond the colours are one. A touch leads to its bookings."""
    shown = list(slices[: len(COLOURS) - 1])
    rest = sum(one.minor for one in slices[len(shown) :])
    if rest > 0:
        shown.append(Slice(tr("Everything else"), rest))
    total = sum(one.minor for one in shown)

    def touched(event: fc.PieChartEvent) -> None:
        at = event.section_index
        if event.type != fc.ChartEventType.TAP_UP or at is None or not 0 <= at < len(shown):
            return
        if (press := shown[at].on_click) is not None:
            press()

    sections = [
        fc.PieChartSection(value=one.minor, color=colour_at(at), radius=34, title="") for at, one in enumerate(shown)
    ]
    chart = fc.PieChart(
        sections=sections, center_space_radius=52, sections_space=2, on_event=touched, width=RING, height=RING
    )
    middle = ft.Container(
        ft.Text(money(total, currency), theme_style=ft.TextThemeStyle.TITLE_SMALL, text_align=ft.TextAlign.CENTER),
        width=RING,
        height=RING,
        alignment=ft.Alignment.CENTER,
        ignore_interactions=True,
    )
    said = "; ".join(f"{one.name}: {money(one.minor, currency)}" for one in shown)
    return _spoken(
        ft.Row([ft.Stack([chart, middle], width=RING, height=RING)], alignment=ft.MainAxisAlignment.CENTER), said
    )


def colour_at(place: int) -> Any:
    """Return the colour of a part by its place in the order."""
    return COLOURS[min(place, len(COLOURS) - 1)]


def worth_line(points: Sequence[tuple[str, int]], currency: str, names: Sequence[str]) -> ft.Control:
    """Show (day, minor units) as a line; `names`: what each point is called."""
    unit = 10 ** minor_digits(currency)
    values = [minor / unit for _, minor in points]
    low, high = min(values), max(values)
    room = (high - low) * 0.15 or max(1.0, abs(high) * 0.1)
    dots = [
        fc.LineChartDataPoint(
            x=at,
            y=minor / unit,
            tooltip=fc.LineChartDataPointTooltip(text=f"{names[at]}\n{money(minor, currency)}"),
        )
        for at, (_, minor) in enumerate(points)
    ]
    line = fc.LineChartData(
        points=dots,
        color=ft.Colors.PRIMARY,
        stroke_width=3,
        rounded_stroke_cap=True,
        point=True,
        below_line_bgcolor=ft.Colors.with_opacity(0.12, ft.Colors.PRIMARY),
    )
    labels = [fc.ChartAxisLabel(value=at, label=_label(day, "")) for at, (day, _) in enumerate(points)]
    chart = fc.LineChart(
        data_series=[line],
        bottom_axis=fc.ChartAxis(labels=labels, label_size=22, label_spacing=1),
        left_axis=_hidden_axis(),
        right_axis=_hidden_axis(),
        top_axis=_hidden_axis(),
        min_y=low - room,
        max_y=high + room,
        min_x=-0.3,
        max_x=max(0.3, len(points) - 0.7),
        interactive=True,
        height=HEIGHT,
        expand=True,
    )
    said = "; ".join(f"{names[at]}: {money(minor, currency)}" for at, (_, minor) in enumerate(points))
    return _spoken(ft.Container(chart, height=HEIGHT), said)


def _hidden_axis() -> fc.ChartAxis:
    return fc.ChartAxis(show_labels=False, label_size=0)


def _label(day: str, chosen: str) -> ft.Control:
    weight = ft.FontWeight.BOLD if day == chosen else None
    return ft.Text(
        month_name(day, short=True)[:1], theme_style=ft.TextThemeStyle.LABEL_SMALL, weight=weight, max_lines=1
    )


def _key(name: str, colour: Any) -> ft.Control:
    dot = ft.Container(width=12, height=12, border_radius=3, bgcolor=colour)
    return ft.Row([dot, ft.Text(name, theme_style=ft.TextThemeStyle.LABEL_MEDIUM)], spacing=6, tight=True)


def _spoken(chart: ft.Control, said: str) -> ft.Control:
    return ft.Semantics(container=True, exclude_semantics=True, label=said, content=chart)
