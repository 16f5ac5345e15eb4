"""Statement inboxes: the folders, the statements that wait for a person, and a look right now."""

from __future__ import annotations

from urllib.parse import quote

import flet as ft

from frontend.api.generated.schemas import InboxOut, SeenOut
from frontend.financial_manager.inboxes_provider import InboxesProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import kind_icon
from frontend.financial_manager.screens.parts.folder_view import FolderView
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import ago, tr, tr_server
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    body,
    caption,
    card,
    choose_sheet,
    empty_state,
    icon_action,
    keyed,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    title,
    toast,
    tonal_button,
    use_action,
    use_provider,
)

ROOT = "/financial_manager"


@ft.component
def Inboxes() -> ft.Control:
    """Show what waits first, then the folders."""
    ledger = use_ledger()
    found = use_money(InboxesProvider, lambda one: one.load())
    choose = use_action(lambda: found.look_into(None))

    async def look() -> None:
        told = await found.look()
        toast(
            tr(
                "{booked} booked, {waiting} wait for you, {known} held nothing new.",
                booked=told["booked"], waiting=told["waiting"], known=told["known"],
            )
        )  # fmt: skip

    look_now = use_action(look)

    def content() -> ft.Control:
        if found.folder is not None:
            return FolderChooser(found)
        if not found.inboxes and not found.waiting:
            return _none(choose)
        rows = [_waiting(found, ledger)] if found.waiting else []
        buttons = [
            tonal_button(tr("Add folder"), choose, icon=ft.Icons.CREATE_NEW_FOLDER_OUTLINED),
            quiet_button(tr("Look now"), look_now, icon=ft.Icons.SYNC),
        ]
        rows.append(_folders(found, buttons))
        return scroll_body(*rows, spacing=GAP * 1.25)

    return Screen(tr("Statement inbox"), state_of(AllOf(found, ledger), content), back=f"{ROOT}/imports")


def _waiting(found: InboxesProvider, ledger: LedgerProvider) -> ft.Control:
    lines = [keyed(Waiting, one["id"], one, found, ledger) for one in found.waiting]
    return section(tr("Statements that wait for you"), *lines)


def _folders(found: InboxesProvider, buttons: list[ft.Control]) -> ft.Control:
    lines: list[ft.Control] = [keyed(FolderLine, one["id"], one, found) for one in found.inboxes]
    return section(
        tr("Folders"),
        body(
            tr(
                "New statements in them are read by themselves. They are booked when the account is known, the balance "
                "proves every line and nothing is unclear; else they wait here. Files are never changed."
            ),
            muted=True,
        ),
        *([card(ft.Column(lines, spacing=0, tight=True), padding=4)] if lines else []),
        ft.Row(buttons, wrap=True),
    )


def _none(choose: object) -> ft.Control:
    return empty_state(
        ft.Icons.MOVE_TO_INBOX_OUTLINED,
        tr("No folder is a statement inbox"),
        tr("Choose the folder into which your bank's statements come: Homie reads new ones by itself."),
        primary_button(tr("Choose a folder"), choose),
    )


@ft.component
def FolderLine(one: InboxOut, of: InboxesProvider) -> ft.Control:
    """Show one folder, with a way to look into it no more."""
    remove = use_action(lambda: of.remove(one))
    where = one["path"] or tr("Its drive is not connected, or the folder is not open any more.")
    away = icon_action(ft.Icons.CLOSE, tr("Look into {folder} no more", folder=one["name"]), remove)
    return tile(Tile(one["name"], where, ft.Icons.FOLDER_OUTLINED, trailing=away))


@ft.component
def Waiting(one: SeenOut, of: InboxesProvider, ledger: LedgerProvider) -> ft.Control:
    """Show a statement that waits, why, and what can be done."""

    async def look() -> None:
        account = one["account_id"] or await _which(ledger)
        if account:
            navigate(f"{ROOT}/import/{account}?path={quote(one['path'] or '')}")

    async def take_up() -> None:
        await of.take_up(one)

    async def leave() -> None:
        await of.leave(one)
        toast(tr("It is left out."), action=tr("Undo"), on_action=take_up)

    buttons: list[ft.Control] = [quiet_button(tr("Leave it out"), use_action(leave), about=one["name"])]
    looking = use_action(look)
    if one["path"]:
        buttons.append(tonal_button(tr("Look at it"), looking, about=one["name"]))
    return card(
        title(one["name"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        body(tr_server(one["reason"]), max_lines=4),
        caption(ago(one["seen_at"])),
        ft.Row(buttons, alignment=ft.MainAxisAlignment.END, wrap=True),
        padding=12,
    )


async def _which(ledger: LedgerProvider) -> str | None:
    """Ask of which account a statement is."""
    accounts = [(one["id"], Tile(one["name"], one["iban"], kind_icon(one["kind"]))) for one in ledger.open_accounts]
    if not accounts:
        navigate(f"{ROOT}/accounts/new")
        return None
    return await choose_sheet(tr("Of which account is it?"), accounts)


@ft.component
def FolderChooser(of: InboxesProvider) -> ft.Control:
    """Let a folder be chosen among those that are opened to Homie."""
    found = use_provider(of)
    folder = found.folder
    path = folder["path"] if folder is not None else None
    add = use_action(lambda: found.add(path or ""), done=tr("New statements in it are read from now on."))

    if folder is None:
        return ft.Container(height=0)
    inside = [one for one in folder["items"] if one["is_folder"]]
    if path is None and not inside:
        return empty_state(
            ft.Icons.FOLDER_OFF_OUTLINED,
            tr("No folder is opened yet"),
            tr("Open the folder into which your bank's statements come."),
            quiet_button(tr("Open a folder"), lambda: navigate("/folders")),
        )
    buttons: list[ft.Control] = [quiet_button(tr("Cancel"), found.close_folder)]
    if path is not None:
        buttons.append(primary_button(tr("Use this folder"), add))
    return scroll_body(
        card(FolderView(path, folder["parent"], inside, found.look_into, None, ""), padding=4),
        ft.Row(buttons, alignment=ft.MainAxisAlignment.END, wrap=True),
    )
