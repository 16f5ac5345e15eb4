"""One import: what it booked, what it left out and why, and taking it back."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import ImportDetailOut, LineOut
from frontend.financial_manager.imports_provider import ImportsProvider
from frontend.financial_manager.money_words import fate_tone, fate_words, import_counts, said_by_hub, span_words
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.use_money import money_space
from frontend.i18n import ago, short_day, tr, trn
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    caption,
    card,
    chip,
    confirm,
    danger_button,
    empty_state,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    title,
    toast,
    tonal_button,
    use_action,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)

SHOWN = 200


@ft.component
def ImportDetail() -> ft.Control:
    """Show the import that the address names."""
    import_id = ft.use_route_params()["import_id"]
    session = use_session()
    imports = use_provider(session.of(ImportsProvider))
    loading = use_loading()
    space = money_space(session)

    async def load() -> None:
        imports.stand_in(space)
        await loading.loading(lambda: imports.open(import_id))

    use_mount(load, [space, import_id])
    shown = imports.shown if imports.shown is not None and imports.shown["id"] == import_id else None
    return Screen(
        shown["file_name"] if shown is not None else tr("Imported statement"),
        state_of(loading, lambda: _content(shown) if shown is not None else _missing(), retry=load),
        back=f"{ROOT}/imports",
    )


def _missing() -> ft.Control:
    return empty_state(
        ft.Icons.UPLOAD_FILE_OUTLINED,
        tr("This import is not here"),
        tr("It belongs to another space."),
        primary_button(tr("Imported statements"), lambda: navigate(f"{ROOT}/imports")),
    )


def _content(shown: ImportDetailOut) -> ft.Control:
    parts: list[ft.Control] = [_head(shown)]
    if shown["undone_at"]:
        said = tr("It was taken back {ago}. The same file can be imported again.", ago=ago(shown["undone_at"]))
        parts.append(notice(said, "neutral", ft.Icons.UNDO))
    else:
        parts.append(tile_group(_ways(shown)))
    if shown["lines"]:
        ordered = sorted(shown["lines"], key=lambda one: one["fate"] != "twin")
        rows = [_line(one, shown) for one in ordered[:SHOWN]]
        if len(shown["lines"]) > SHOWN:
            rows.append(caption(tr("and {number} more", number=len(shown["lines"]) - SHOWN)))
        parts.append(section(tr("Lines that were not simply booked"), *rows))
    if not shown["undone_at"]:
        parts.append(Undo(shown))
    return scroll_body(*parts, spacing=GAP * 1.25)


def _head(shown: ImportDetailOut) -> ft.Control:
    booked = trn("{n} booking is new", "{n} bookings are new", shown["added"])
    days = span_words(shown["first"], shown["last"])
    texts: list[ft.Control] = [
        ft.Text(booked, theme_style=ft.TextThemeStyle.TITLE_LARGE),
        caption(" · ".join(text for text in (shown["account"], days, ago(shown["at"])) if text), max_lines=3),
    ]
    if shown["duplicates"] or shown["left_out"]:
        texts.insert(1, caption(import_counts(shown)))
    if shown["undone_at"]:
        texts.append(ft.Row([chip(tr("Taken back"))], tight=True))
    return card(*texts, padding=GAP)


def _ways(shown: ImportDetailOut) -> list[Tile]:
    def way(text: str, icon: Any, place: str) -> Tile:
        return Tile(text, "", icon, lambda: navigate(f"{ROOT}/{place}"))

    return [
        way(tr("To the account"), ft.Icons.ACCOUNT_BALANCE_OUTLINED, f"accounts/{shown['account_id']}"),
        way(tr("Its transactions"), ft.Icons.RECEIPT_LONG_OUTLINED, f"transactions?import={shown['id']}"),
        way(tr("Say what bookings were for"), ft.Icons.INBOX_OUTLINED, "inbox"),
    ]


def _line(one: LineOut, shown: ImportDetailOut) -> ft.Control:
    texts: list[ft.Control] = [
        title(one["text"] or tr("Without a text"), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)
    ]
    told = [short_day(one["date"])] if one["date"] else []
    told += [said_by_hub(one["reason"])] if one["reason"] else []
    if told:
        texts.append(caption(" · ".join(told), max_lines=4))
    texts.append(ft.Row([chip(fate_words(one["fate"]), fate_tone(one["fate"]))], tight=True))
    line: list[ft.Control] = [ft.Column(texts, spacing=4, tight=True, expand=True)]
    if one["amount_minor"] is not None:
        line.append(amount(one["amount_minor"], shown["currency"]))
    rows: list[ft.Control] = [ft.Row(line, spacing=12)]
    if one["fate"] == "twin" and not shown["undone_at"]:
        rows.append(keyed(Decide, f"decide {one['position']}", shown["id"], one))
    return card(ft.Column(rows, spacing=8, tight=True), padding=12)


@ft.component
def Decide(import_id: str, one: LineOut) -> ft.Control:
    """Let a person say whether a line is there already; what is there can be looked at first."""
    imports = use_session().of(ImportsProvider)

    async def decide(book: bool) -> None:
        await imports.decide(import_id, one["position"], book=book)
        toast(tr("It is booked.") if book else tr("It was there already."))

    same = use_action(lambda: decide(False))
    book = use_action(lambda: decide(True))
    ways: list[ft.Control] = [
        tonal_button(tr("It is the same"), same),
        quiet_button(tr("Book it too"), book),
    ]
    if one["twin_id"]:
        ways.append(
            quiet_button(tr("Look at what is there"), lambda: navigate(f"{ROOT}/transactions/{one['twin_id']}"))
        )
    return ft.Row(ways, wrap=True)


@ft.component
def Undo(shown: ImportDetailOut) -> ft.Control:
    """Take the import back, after asking."""
    imports = use_session().of(ImportsProvider)

    async def undo() -> None:
        text = trn(
            "{n} booking goes, with what was said of it. The same file can be imported again.",
            "{n} bookings go, with what was said of them. The same file can be imported again.",
            shown["added"],
        )
        name = tr("Take back {name}?", name=shown["file_name"])
        if await confirm(name, text, tr("Take it back"), danger=True):
            await imports.undo(shown["id"])
            toast(tr("The import is taken back."))

    return ft.Row([danger_button(tr("Take this import back"), use_action(undo), icon=ft.Icons.UNDO)])
