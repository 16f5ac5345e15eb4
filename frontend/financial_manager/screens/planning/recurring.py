"""What comes again: the sum of a month, each with its next day and yearly cost, the unconfirmed first."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import RecurringNoticeOut, RecurringOut, RecurringSumOut
from frontend.financial_manager.insight_words import how_often, next_words, sentence
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.recurring_provider import RecurringProvider
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import money, today, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    empty_state,
    icon_action,
    key_figure,
    keyed,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    tile_group,
    use_action,
)

ROOT = "/financial_manager"


@ft.component
def Recurring() -> ft.Control:
    """Show what goes on; what has ended or was dismissed on demand."""
    recurring = use_money(RecurringProvider, lambda one: one.load())
    rest, show_rest = ft.use_state(False)

    def content() -> ft.Control:
        going = [one for one in recurring.items if one["state"] != "dismissed" and not one["ended"]]
        gone = [one for one in recurring.items if one not in going]
        parts: list[ft.Control] = [_sum(one) for one in recurring.sums]
        if recurring.notices:
            parts.append(Notices(recurring))
        for name, some in _groups(going):
            parts.append(section(name, tile_group([_tile(one) for one in some])))
        if not going:
            parts.append(body(tr("Nothing goes on at the moment."), muted=True))
        if gone and rest:
            parts.append(section(tr("Ended or dismissed"), tile_group([_tile(one) for one in gone])))
        elif gone:
            parts.append(
                quiet_button(tr("Show ended and dismissed: {number}", number=len(gone)), lambda: show_rest(True))
            )
        return scroll_body(*parts, spacing=GAP * 1.25)

    add = icon_action(ft.Icons.ADD, tr("Add recurring payment"), lambda: navigate(f"{ROOT}/recurring/new"))
    return Screen(
        tr("Recurring payments"),
        state_of(recurring, content, is_empty=not recurring.items, empty=_nothing),
        back=f"{ROOT}/accounts",
        actions=[add] if recurring.items else [],  # where there is none, the page itself offers it
    )


@ft.component
def Notices(recurring: RecurringProvider) -> ft.Control:
    """Show what is new; each leads to its payment, and can be dismissed alone or with the others."""
    ledger = use_ledger()
    rows = [keyed(NoticeLine, one["id"], one, recurring, ledger) for one in recurring.notices]
    every = use_action(lambda: recurring.dismiss_notices([one["id"] for one in recurring.notices]))
    more = [ft.Row([quiet_button(tr("Seen, all of them"), every)])] if len(rows) > 1 else []
    return section(tr("New"), card(ft.Column(rows, spacing=0, tight=True), padding=4), *more)


@ft.component
def NoticeLine(one: RecurringNoticeOut, recurring: RecurringProvider, ledger: LedgerProvider) -> ft.Control:
    """Show one of what is new."""
    seen = use_action(lambda: recurring.dismiss_notices([one["id"]]))
    dearer, said = one["kind"] == "price", sentence(one["text"], ledger)
    return tile(
        Tile(
            said,
            "",
            ft.Icons.TRENDING_UP if dearer else ft.Icons.AUTORENEW,
            lambda: navigate(f"{ROOT}/recurring/{one['recurring_id']}"),
            trailing=icon_action(ft.Icons.CLOSE, tr("Seen {what}", what=said), seen),
            tone="warn" if dearer else "accent",
        )
    )


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.AUTORENEW,
        tr("Nothing that comes again yet"),
        tr("After some months of statements Homie finds rent, subscriptions and salary. You can add one too."),
        primary_button(tr("Add recurring payment"), lambda: navigate(f"{ROOT}/recurring/new"), icon=ft.Icons.ADD),
    )


def _sum(one: RecurringSumOut) -> ft.Control:
    unit = one["currency"]
    yearly = money(one["spent_per_year_minor"], unit)
    return card(
        ft.Row(
            [
                key_figure(money(one["spent_per_month_minor"], unit), tr("go out each month")),
                key_figure(money(one["received_per_month_minor"], unit), tr("come in each month")),
            ],
            wrap=True,
            spacing=GAP * 2,
            run_spacing=8,
        ),
        caption(tr("That is {amount} a year that goes out.", amount=yearly)),
    )


def _groups(going: list[RecurringOut]) -> list[tuple[str, list[RecurringOut]]]:
    """Return the groups that hold anything, each with what is due first first."""
    ordered = sorted(going, key=lambda one: (one["next_on"] or "", one["name"]))
    transfers = [one for one in ordered if one["transfer"]]
    out = [one for one in ordered if one["amount_minor"] < 0 and not one["transfer"]]
    into = [one for one in ordered if one["amount_minor"] >= 0 and not one["transfer"]]
    named = [(tr("Goes out"), out), (tr("Comes in"), into), (tr("Between your accounts"), transfers)]
    return [(name, some) for name, some in named if some]


def _tile(one: RecurringOut) -> Tile:
    said = [how_often(one["cadence"]), next_words(one, today().isoformat())]
    if one["amount_minor"] < 0 and not one["transfer"] and not one["ended"]:
        said.append(tr("{amount} a year", amount=money(-one["per_year_minor"], one["currency"])))
    if one["state"] == "found" and not one["ended"]:
        said.append(tr("found by Homie"))
    return Tile(
        one["name"],
        " · ".join(said),
        ft.Icons.AUTORENEW,
        lambda: navigate(f"{ROOT}/recurring/{one['id']}"),
        trailing=amount(one["amount_minor"], one["currency"]),
        tone="accent" if one["state"] == "found" else "neutral",
        key=one["id"],
    )
