"""Parts that looking for copies and for junk share: how to begin, progress, what was put away, small pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urljoin

import flet as ft

from frontend.api.generated.schemas import VolumePath
from frontend.file_organizer.cleaning_provider import CleaningProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.i18n import tr, tr_server, trn
from frontend.kit import (
    GAP,
    Live,
    body,
    caption,
    card,
    choice,
    headline,
    icon_action,
    meter,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    toast,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.links import hub_address
from frontend.kit.theme import RADIUS
from frontend.providers.jobs_provider import JobProgress

Begin = Callable[[Sequence[str], Sequence[str | None]], Awaitable[None]]
"""Called with (full paths of folders, empty for all; spaces to try)."""


@ft.component
def BeginLooking(
    icon: Any, name: str, explanation: str, button: str, begin: Begin, options: Sequence[ft.Control] = ()
) -> ft.Control:
    """Explain what will be looked for, ask where, and begin."""
    session = use_session()
    auth = use_provider(session.auth)
    preferred = session.preferences.default_space or auth.private_space_id
    space, set_space = ft.use_state(preferred)
    choosing, set_choosing = ft.use_state(False)
    spaces: list[str | None] = [space, *(one["id"] for one in auth.spaces if one["id"] != space)]
    everywhere = use_action(lambda: begin((), spaces[:1]))

    async def chosen(path: str, _name: str) -> None:
        await begin((path,), spaces)

    parts: list[ft.Control] = [
        ft.Icon(icon, size=56, color=ft.Colors.PRIMARY),
        headline(name, text_align=ft.TextAlign.CENTER),
        body(explanation, muted=True, text_align=ft.TextAlign.CENTER),
    ]
    if len(auth.spaces) > 1:
        names = [(one["id"], tr("Only mine") if one["kind"] == "private" else one["name"]) for one in auth.spaces]
        parts.append(choice(tr("Whose folders?"), space, names, set_space))
    parts += options
    parts.append(primary_button(button, everywhere, disabled=everywhere.busy))
    head = ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER, key="begin")
    if choosing:
        return scroll_body(head, FolderChooser(chosen))
    one = quiet_button(tr("In one folder only"), lambda: set_choosing(True))
    return scroll_body(ft.Container(head, padding=ft.Padding.only(top=GAP)), ft.Row([one], alignment=_MIDDLE))


_MIDDLE = ft.MainAxisAlignment.CENTER


@ft.component
def Looking(job_id: str, what: str, provider: CleaningProvider) -> ft.Control:
    """Follow a look through folders, and let it be stopped; when it ends the results are read."""
    session = use_session()
    progress = session.jobs.progress_of(job_id)

    async def follow() -> None:
        await session.jobs.follow(job_id)
        if not progress.live:
            await provider.load()

    use_mount(follow, [job_id])
    stop = use_action(lambda: session.jobs.cancel(job_id))

    def show(live: JobProgress) -> ft.Control:
        button = quiet_button(tr("Stop"), stop, about=what, disabled=live.state == "cancelling")
        return card(
            ft.Row([body(_looking_words(live), muted=True, expand=True), *([button] if live.live else [])]),
            meter(live.fraction if live.live else 1.0, what),
            caption(tr("Nothing is changed. You can leave this screen meanwhile.")),
        )

    return Live(progress, show)


def _looking_words(progress: JobProgress) -> str:
    if progress.state == "queued":
        return tr("It begins in a moment…")
    if progress.state == "cancelling":
        return tr("Stopping…")
    if not progress.live:
        return tr("Reading what was found…")
    files = int(progress.counts.get("files", 0))
    note = tr_server(progress.note)
    seen = trn("{n} file", "{n} files", files)
    return f"{note} · {seen}" if note and files else note or seen


def work_message(provider: CleaningProvider, ended: Callable[[int, int], str]) -> list[ft.Control]:
    """Show what is being put away, or what became of it, with undo; the caller follows `provider`."""
    if provider.working is None:
        return []
    return [Live(provider.working, lambda progress: WorkState(progress, provider, ended))]


@ft.component
def WorkState(progress: JobProgress, provider: CleaningProvider, ended: Callable[[int, int], str]) -> ft.Control:
    """Show one state of what puts files away."""
    session = use_session()
    result = progress.result or {}
    run_id = str(result.get("run_id") or "")

    async def undo() -> None:
        await session.of(HistoryProvider).undo_run(run_id)
        provider.close_message()
        toast(tr("Homie is putting the files where they were."))

    take_back = use_action(undo)
    stop = use_action(lambda: session.jobs.cancel(progress.job_id))
    if progress.live:
        return card(
            ft.Row(
                [
                    body(tr("Putting files away…"), expand=True),
                    quiet_button(tr("Stop"), stop, about=tr("what is put away")),
                ]
            ),
            meter(progress.fraction, tr("Putting files away")),
        )
    dismiss = icon_action(ft.Icons.CLOSE, tr("Close this message"), provider.close_message)
    if progress.state != "done":
        words = tr_server(progress.error) or tr("It was stopped. What was put away until then is in the history.")
        return notice(words, "warn", ft.Icons.INFO_OUTLINE, dismiss)
    done, kept = int(result.get("done", 0)), int(result.get("kept", 0))
    actions: list[ft.Control] = []
    if done and run_id:
        actions.append(quiet_button(tr("Undo"), take_back, about=tr("what is put away"), icon=ft.Icons.UNDO))
    if kept and run_id:
        actions.append(quiet_button(tr("Why?"), lambda: navigate(f"/file_organizer/history/{run_id}")))
    tone = "warn" if kept else "good"
    return card(
        notice(ended(done, kept), tone, ft.Icons.INFO_OUTLINE if kept else ft.Icons.CHECK, dismiss),
        *([ft.Row(actions, alignment=ft.MainAxisAlignment.END, wrap=True)] if actions else []),
        padding=4,
    )


@ft.component
def SmallPicture(place: VolumePath, name: str, provider: CleaningProvider, side: int = 96) -> ft.Control:
    """Show a picture small, by a signed link; its ground keeps the place until it is there, and where there is none."""
    session = use_session()
    address, set_address = ft.use_state("")

    async def ask() -> None:
        preview = await provider.preview_of(place["volume_id"], place["path"])
        if preview is not None:
            width = 192 if side <= 128 else 384 if side <= 256 else 768
            base = hub_address(ft.context.page, session.transport.connection.url)
            set_address(f"{urljoin(base, preview)}?w={width}")

    use_mount(ask, [place["volume_id"], place["path"]])
    ground = ft.Icon(ft.Icons.IMAGE_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT)
    shown: ft.Control = ground
    if address:
        shown = ft.Image(
            src=address,
            width=side,
            height=side,
            fit=ft.BoxFit.COVER if side <= 128 else ft.BoxFit.CONTAIN,
            semantics_label=tr("Picture {name}", name=name),
            error_content=ground,
            gapless_playback=True,
        )
    return ft.Container(
        shown,
        width=side,
        height=side,
        border_radius=RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        alignment=ft.Alignment.CENTER,
    )


def again_button(text: str, again: Any) -> ft.Control:
    """Return the button that looks once more."""
    return tonal_button(text, again, icon=ft.Icons.REFRESH)
