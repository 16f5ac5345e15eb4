"""What can be done with the whole memory: ask it, save it, bring a saved one in, forget all of it, take that back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import MemoryWhyOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.learned_words import folder_text
from frontend.i18n import percent, tr, tr_server, trn
from frontend.kit import (
    GAP,
    TextInput,
    Tile,
    body,
    caption,
    choose_sheet,
    confirm,
    describe_error,
    dialog,
    title,
    toast,
    use_action,
    use_form,
    use_session,
)
from frontend.kit.field import Form
from frontend.kit.standalone import standalone
from frontend.providers.session import Session

FILE_NAME = "homie-memory.json"
LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MemoryMenu:
    """The two buttons of the screen."""

    ask: Any
    open: Any


def use_memory_menu() -> MemoryMenu:
    """Return what the buttons at the top do."""
    session = use_session()
    provider = session.of(LearnedProvider)
    form = use_form()

    async def save() -> None:
        text = json.dumps(await provider.export(), ensure_ascii=False, indent=1)
        await ft.FilePicker().save_file(file_name=FILE_NAME, src_bytes=text.encode())

    async def bring_in() -> None:
        await _bring_in(provider)

    async def forget() -> None:
        text = tr("Homie forgets where your files belong and begins anew. No file is moved. Series and colours stay.")
        if await confirm(tr("Forget everything?"), text, tr("Forget everything"), danger=True):
            offer_undo(provider, await provider.forget_everything())

    async def choose() -> None:
        wanted = await choose_sheet(
            tr("What Homie learned"),
            [
                ("save", Tile(tr("Save a copy"), tr("As a file on this device"), ft.Icons.DOWNLOAD_OUTLINED)),
                ("bring", Tile(tr("Bring in a copy"), tr("Adds to what is known"), ft.Icons.UPLOAD_OUTLINED)),
                ("forget", Tile(tr("Forget everything"), tr("Can be undone for a day"), ft.Icons.DELETE_OUTLINE)),
            ],
        )
        work: dict[str, Callable[[], Awaitable[None]]] = {"save": save, "bring": bring_in, "forget": forget}
        if wanted in work:
            await work[wanted]()

    async def ask() -> None:
        await _ask(session, provider, form)

    return MemoryMenu(use_action(ask), use_action(choose))


def offer_undo(provider: LearnedProvider, key: str) -> None:
    """Say that something was forgotten, and offer to take that back."""

    async def undo(_: Any) -> None:
        try:
            await provider.restore(key)
        except ApiError as error:
            toast(" ".join(describe_error(error)), error=True)

    toast(tr("Forgotten."), action=tr("Undo"), on_action=undo)


async def _bring_in(provider: LearnedProvider) -> None:
    """Let a saved memory be chosen and add it."""
    chosen = await ft.FilePicker().pick_files(with_data=True)
    if not chosen:
        return
    content = chosen[0].bytes or b""
    document = _document(content)
    if document is None:
        toast(tr("This is no copy that Homie saved. Choose a file that was made with “Save a copy”."), error=True)
        return
    files = await provider.bring_in(document)
    toast(trn("{n} file was new to Homie.", "{n} files were new to Homie.", files))


def _document(content: bytes) -> dict[str, Any] | None:
    """Return a file's content as an object; None where it is none."""
    if len(content) > LARGEST_FILE:
        return None
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def _ask(session: Session, provider: LearnedProvider, form: Form) -> None:
    """Ask for a name, and say where such a file would go and why."""
    form.fill(name="")
    said = await dialog(
        tr("Ask where a file would go"),
        lambda close: ft.Column(
            [
                standalone(
                    TextInput,
                    form,
                    "name",
                    tr("Name of a file"),
                    max_length=255,
                    on_submit=lambda: close("ask"),
                    autofocus=True,
                ),
                caption(tr("Homie only looks at the name.")),
            ],
            tight=True,
            spacing=GAP,
        ),
        actions=[(tr("Ask"), "ask")],
    )
    name = form["name"].strip()
    if said != "ask" or not name:
        return
    answer = await provider.why(name)
    await dialog(name, lambda _: _answer(session, answer))


def _answer(session: Session, answer: MemoryWhyOut) -> ft.Control:
    """Show where a file would go, the likeliest first."""
    folders = session.of(FoldersProvider).roots.items
    parts: list[ft.Control] = []
    if answer["new_folder"] or not answer["places"]:
        parts.append(body(tr("None of the folders that Homie knows seems to fit. A new one may be needed.")))
    for place in answer["places"][:3]:
        where = folder_text(place["volume_id"], place["folder"], folders)
        reasons = [tr_server(one["text"]) for one in place["reasons"][:2]]
        parts.append(
            ft.Column(
                [
                    title(where, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                    caption(tr("{share} sure", share=percent(place["confidence"]))),
                    *(body(one, muted=True) for one in reasons),
                ],
                spacing=4,
                tight=True,
            )
        )
    return ft.Column(parts, spacing=GAP, tight=True, scroll=ft.ScrollMode.AUTO, width=420)
