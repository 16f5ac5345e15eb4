"""Begin a scan: which folder, how deep, with or without AI; then its progress, and on to the suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import PlanOut, VolumePath
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.organizer_settings_provider import OrganizerSettingsProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser, full_path, name_in
from frontend.file_organizer.screens.review.estimate import Estimate
from frontend.file_organizer.screens.review.scan_progress import ScanProgress
from frontend.i18n import percent, tr, tr_server
from frontend.kit import (
    Screen,
    body,
    caption,
    card,
    empty_state,
    heading,
    keyed,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    slider,
    state_of,
    title,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text

LOWEST, HIGHEST = 0.3, 0.95


@ft.component
def Scan() -> ft.Control:
    """Ask for a folder first where the address names none, then for the options."""
    session = use_session()
    folders = session.of(FoldersProvider)
    roots = use_provider(folders.roots)
    volume_id = ft.use_route_params().get("volume_id", "")
    chosen, choose = ft.use_state("")
    named, name = ft.use_state("")
    inside = parse_qs(urlsplit(ft.context.page.route or "").query).get("path", [""])[0]
    use_mount(folders.load)

    def take(path: str, text: str) -> None:
        name(text)
        choose(path)

    def content() -> ft.Control:
        root = next((one for one in roots.items if one["volume_id"] == volume_id), None)
        if not chosen and root is not None:
            place: VolumePath = {"volume_id": volume_id, "path": inside}
            path = full_path(place, roots.items)
            return keyed(ScanForm, path, path, name_in(place, roots.items))
        if chosen:
            return keyed(ScanForm, chosen, chosen, named)
        if volume_id:
            return empty_state(
                ft.Icons.FOLDER_OFF_OUTLINED,
                tr("This folder is not open to you any more"),
                tr("Go back and choose another one."),
                tonal_button(tr("Choose a folder"), lambda: navigate("/file_organizer/scan")),
            )
        return scroll_body(body(tr("Which folder shall Homie tidy?"), muted=True), FolderChooser(take))

    back = "/file_organizer"
    return Screen(tr("Tidy a folder"), state_of(roots, content, retry=folders.load), back=back)


@ft.component
def ScanForm(path: str, name: str) -> ft.Control:
    """Ask how to scan, start, and show the progress in the same place."""
    session = use_session()
    organizer = use_provider(session.of(FileOrganizerProvider))
    settings = use_provider(session.of(OrganizerSettingsProvider))
    deep, set_deep = ft.use_state(False)
    use_ai, set_use_ai = ft.use_state(False)
    threshold, set_threshold = ft.use_state(_unset)
    into, set_into = ft.use_state("")
    started, set_started = ft.use_state("")
    use_mount(settings.load)

    async def start() -> None:
        plan = await organizer.scan(path, into=into or None, deep=deep, use_ai=use_ai, threshold=threshold)
        set_started(plan["id"])

    def choose_threshold(value: float) -> None:
        set_threshold(lambda _: value)

    begin = use_action(start)
    plan = organizer.plan if organizer.plan is not None and organizer.plan["id"] == started else None
    if plan is not None:
        return Scanning(plan, lambda: set_started(""))
    usual = settings.settings["accept_threshold"] if settings.settings else 0.6
    shown = usual if threshold is None else threshold
    ready = settings.ai is not None and settings.ai["ready"] and settings.ai["enabled_here"]
    why = "" if ready or settings.ai is None else tr_server(settings.ai["text"])
    if settings.ai is not None and not ready and settings.ai["ready"]:
        why = tr("Cloud AI is off for the File Organizer. You can agree to it in its settings.")
    options: list[ft.Control] = [
        toggle(
            tr("Also tidy folders inside that look tidy"),
            deep,
            set_deep,
            about=tr("Otherwise Homie leaves folders alone that somebody has put in order."),
        )
    ]
    if ready:
        options.append(
            toggle(
                tr("Ask the AI about unclear files"),
                use_ai,
                set_use_ai,
                about=tr("Names of unclear files leave the house. You can see exactly what in the settings."),
            )
        )
    else:
        options.append(AiOff(why))
    options.append(
        ft.Container(
            slider(
                tr("Suggest from"),
                shown,
                LOWEST,
                HIGHEST,
                13,
                choose_threshold,
                shown=percent(shown),
            ),
            padding=ft.Padding.symmetric(horizontal=16),
        )
    )
    return scroll_body(
        card(
            ft.Row(
                [
                    ft.Icon(ft.Icons.FOLDER, color=ft.Colors.PRIMARY, size=32),
                    ft.Column([heading(name), caption(path, max_lines=2)], spacing=2, tight=True, expand=True),
                ],
                spacing=12,
            ),
            body(tr("Homie only looks. Nothing is moved before you have said yes."), muted=True),
            ft.Row(
                [primary_button(busy_text(begin, tr("Start the scan")), begin, icon=ft.Icons.PLAY_ARROW)],
                alignment=ft.MainAxisAlignment.END,
            ),
        ),
        card(ft.Column(options, spacing=4, tight=True), padding=4),
        *([keyed(Estimate, "estimate", path, into, deep, threshold)] if ready and use_ai else []),
        IntoCard(into, name, set_into),
    )


def _unset() -> Any:
    return None


@ft.component
def AiOff(why: str) -> ft.Control:
    """Say why the AI cannot be asked, and lead to where that is decided."""
    return ft.ListTile(
        title=ft.Text(tr("Ask the AI about unclear files"), theme_style=ft.TextThemeStyle.BODY_LARGE),
        subtitle=caption(why or tr("Homie decides by itself, in your house.")),
        trailing=quiet_button(tr("Settings"), lambda: navigate("/file_organizer/settings"), about=tr("AI")),
    )


@ft.component
def IntoCard(into: str, name: str, set_into: Callable[[str], Any]) -> ft.Control:
    """Show where the files are to go: into folders of the same place, or elsewhere."""
    choosing, set_choosing = ft.use_state(False)

    def take(path: str, _: str) -> None:
        set_into(path)
        set_choosing(False)

    where = into or tr("Into folders inside {folder}", folder=name)
    head = ft.Row(
        [
            ft.Icon(ft.Icons.DRIVE_FILE_MOVE_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.Column([title(tr("Where to")), caption(where, max_lines=2)], spacing=2, tight=True, expand=True),
            quiet_button(
                tr("Cancel") if choosing else tr("Change"),
                lambda: set_choosing(not choosing),
                about=tr("where the files go"),
            ),
        ],
        spacing=12,
    )
    if not choosing:
        return card(head)
    reset = quiet_button(tr("Into folders inside {folder}", folder=name), lambda: take("", ""), icon=ft.Icons.RESTORE)
    return card(head, ft.Row([reset]), FolderChooser(take, recent_first=True))


@ft.component
def Scanning(plan: PlanOut, again: Callable[[], Any]) -> ft.Control:
    """Show the scan that was started, and go on to its suggestions when it is ready."""
    route = f"/file_organizer/plans/{plan['id']}"

    def go_on() -> None:
        if plan["state"] == "ready":
            navigate(route)

    use_mount(go_on, [plan["state"]])
    parts: list[ft.Control] = [heading(plan["title"])]
    if plan["state"] == "building":
        parts += [
            body(tr("You may leave this screen. The suggestions wait for you under Files."), muted=True),
            ScanProgress(plan),
        ]
    elif plan["state"] == "failed":
        parts += [
            body(tr_server(plan["notice"]) or tr("The scan did not succeed. Try it again.")),
            ft.Row([tonal_button(tr("Scan again"), again, icon=ft.Icons.REFRESH)]),
        ]
    else:
        parts.append(ft.Row([primary_button(tr("Show the suggestions"), lambda: navigate(route))]))
    return scroll_body(card(*parts))
