"""Words and tables of `homie money house`: percents, names of rows, the status as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from backend.sdk.errors import FieldProblem, InvalidInput

if TYPE_CHECKING:
    from backend.financial_manager.schemas_construction_status import (
        BuildingStatusOut,
        FiguresOut,
        FinancingOut,
        SiteOut,
    )

_COLUMNS = ("estimate", "committed", "invoiced", "paid", "retained", "open", "forecast", "variance")
_WIDTH = 13


def percent(text: str, field: str) -> int:
    """Return a typed percent as basis points: "2.5" is 250; raises `InvalidInput`."""
    try:
        value = Decimal(text.replace(",", ".").removesuffix("%").strip()) * 100
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= 10_000:
        problem = FieldProblem(field, f"{text} is no percent.", "Write it as 20 or 2.5, from 0 to 100.")
        raise InvalidInput(fields=[problem])
    return int(value)


def row_named(rows: Sequence[Any], name: str, field: str, *columns: str) -> Any:
    """Return the one row with an id, or with a text in one of some columns; raises `InvalidInput`."""
    for column in ("id", *columns):
        found = [one for one in rows if str(getattr(one, column)).casefold() == name.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            several = FieldProblem(field, f"Several are called {name}.", "Name it by its id (see --json).")
            raise InvalidInput(fields=[several])
    names = ", ".join(sorted({str(getattr(one, columns[0])) for one in rows})[:20]) or "none"
    problem = FieldProblem(field, f"There is none called {name}. You have: {names}.", "Choose one of these.")
    raise InvalidInput(fields=[problem])


def line_there(lines: Sequence[Any], title: str, cost_group: str, *, needed: bool) -> Any:
    """Return the line of a title in a cost group, or None; raises `InvalidInput` for several, or where it is needed."""
    wanted = " ".join(title.split()).casefold(), " ".join(cost_group.split()).casefold()
    found = [one for one in lines if (one.title.casefold(), one.cost_group.casefold()) == wanted]
    if len(found) > 1:
        several = FieldProblem("TITLE", f"Several are called {title}.", "Give them titles of their own in the app.")
        raise InvalidInput(fields=[several])
    if not found and needed:
        none = FieldProblem("--was", f"There is no {title} in {cost_group}.", "See `homie money house status --lines`.")
        raise InvalidInput(fields=[none])
    return found[0] if found else None


def status_lines(site: SiteOut, told: BuildingStatusOut, *, lines: bool) -> Iterable[str]:
    """Return the report as a table."""
    from backend.financial_manager.construction.cost_groups import group_of
    from backend.financial_manager.currencies import minor_text

    yield f"{site.name}, in {told.currency} with VAT"
    yield " " * 30 + "".join(f"{name:>{_WIDTH}}" for name in _COLUMNS)
    for group in told.groups:
        yield _row(f"{group.key} {group.title_en}" if group.key != group.title_en else group.key, group.figures, told)
        if lines:
            for one in told.lines:
                if group_of(told.scheme, one.cost_group) == group.key:
                    yield _row(f"   {one.cost_group} {one.title}", one.figures, told)
    for one_sum in told.sums:
        if one_sum.key != "total":
            yield _row(one_sum.title_en, one_sum.figures, told)
    yield _row("Total", told.total, told)
    kept = told.contingency
    if kept.reserve_minor:
        amounts = [minor_text(n, told.currency) for n in (kept.burnt_minor, kept.reserve_minor, kept.left_minor)]
        yield f"Reserve: {amounts[0]} of {amounts[1]} used up, {amounts[2]} left."
    if told.total.pending_minor:
        yield f"Changes that are not approved yet: {minor_text(told.total.pending_minor, told.currency)}."


def _row(title: str, figures: FiguresOut, told: BuildingStatusOut) -> str:
    from backend.financial_manager.currencies import minor_text

    amounts = [minor_text(getattr(figures, f"{name}_minor"), told.currency) for name in _COLUMNS]
    return f"{title[:29]:30}" + "".join(f"{amount:>{_WIDTH}}" for amount in amounts)


def financing_lines(told: FinancingOut) -> Iterable[str]:
    """Return where the money comes from, as lines."""
    from backend.financial_manager.currencies import minor_text

    def text(amount: int) -> str:
        return minor_text(amount, told.currency)

    for one in told.sources:
        day = f" from {one.available_on}" if one.available_on else ""
        yield f"{text(one.left_minor):>14} of {text(one.amount_minor)} left  {one.title} ({one.kind.value}{day})"
    if told.unassigned_minor:
        yield f"{text(told.unassigned_minor):>14} was paid from no source that is known"
    yield f"{text(told.needed_minor):>14} {told.currency} are still to be paid"
    for point in told.points:
        yield f"  {point.day or 'end of work'!s:12} {text(point.left_minor):>14} left"
    if told.short is not None:
        yield f"Money lacks on {told.short.day or 'the end'}: {text(-told.short.left_minor)} {told.currency}."
    elif told.sources:
        yield "The money suffices on every day."
