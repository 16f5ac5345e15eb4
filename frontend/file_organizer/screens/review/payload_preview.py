"""What would leave the house for a folder: as a list that can be read, and byte for byte. Looking sends nothing."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.file_organizer.organizer_settings_provider import OrganizerSettingsProvider
from frontend.file_organizer.payload import payload_items
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.i18n import count, tr, tr_server, trn
from frontend.kit import (
    Live,
    Screen,
    body,
    caption,
    card,
    empty_state,
    heading,
    meter,
    notice,
    quiet_button,
    scroll_body,
    section,
    title,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.ai_words import provider_name
from frontend.providers.jobs_provider import JobProgress


@ft.component
def PayloadPreview() -> ft.Control:
    """Ask for a folder, prepare its request on the hub, and show it."""
    settings = use_provider(use_session().of(OrganizerSettingsProvider))
    chosen, set_chosen = ft.use_state("")
    prepare = use_action(settings.preview_ai)
    asked = parse_qs(urlsplit(ft.context.page.route or "").query).get("path", [""])[0]

    async def begin() -> None:
        settings.previewing = None
        if asked:  # whoever is about to scan a folder comes with its path
            await take(asked, asked.rstrip("/").rpartition("/")[2])

    use_mount(begin, [asked])

    async def take(path: str, name: str) -> None:
        set_chosen(name)
        await prepare(None, path)

    def again() -> None:
        settings.previewing = None
        set_chosen("")

    promise = notice(tr("This only shows it. Nothing is sent by looking."), "good", ft.Icons.SHIELD_OUTLINED)
    if settings.previewing is None:
        body_ = scroll_body(promise, body(tr("For which folder?"), muted=True), FolderChooser(take))
    else:
        head = card(
            ft.Row(
                [
                    ft.Icon(ft.Icons.FOLDER, color=ft.Colors.PRIMARY),
                    ft.Container(heading(chosen), expand=True),
                    quiet_button(tr("Another folder"), again),
                ],
                spacing=12,
            ),
            padding=12,
        )
        body_ = scroll_body(promise, head, Live(settings.previewing, _shown))
    return Screen(tr("What would be sent"), body_, back="/file_organizer/settings")


def _shown(progress: JobProgress) -> ft.Control:
    if progress.live:
        return card(body(tr("Homie prepares the request…")), meter(progress.fraction, tr("Preparing")))
    result = progress.result
    if progress.state != "done" or result is None:
        words = tr_server(progress.error) or tr("It could not be prepared. Try it again.")
        return notice(words, "bad", ft.Icons.ERROR_OUTLINE)
    if not result.get("body"):
        reason = tr_server(str(result.get("reason") or ""))
        return empty_state(ft.Icons.HOME_OUTLINED, tr("Nothing would leave the house"), reason)
    return Payload(result)


@ft.component
def Payload(result: dict[str, Any]) -> ft.Control:
    """Show a prepared request: to whom, about which files, what was hidden, and its exact text."""
    raw, show_raw = ft.use_state(False)
    text = str(result["body"])
    found = payload_items(text)
    would = bool(result.get("would_send"))
    facts = [
        tr("To: {provider}", provider=provider_name(str(result.get("provider") or ""))),
        tr("Model: {model}", model=str(result.get("model") or tr("the usual one"))),
        tr("About {tokens} tokens", tokens=count(int(result.get("estimated_input_tokens") or 0))),
    ]
    hidden = sum(int(value) for value in dict(result.get("hidden") or {}).values())
    facts.append(trn("{n} place was hidden", "{n} places were hidden", hidden))
    parts: list[ft.Control] = [
        card(
            title(tr("A scan with AI would send this") if would else tr("This would be sent if you agreed")),
            *([] if would else [body(tr_server(str(result.get("reason") or "")), muted=True)]),
            *(caption(fact) for fact in facts),
        )
    ]
    if found is not None:
        items, folders = found
        lines: list[ft.Control] = [_item(one) for one in items]
        parts.append(section(trn("{n} file", "{n} files", len(items)), card(*lines)))
        parts.append(
            section(
                trn("{n} folder name to choose from", "{n} folder names to choose from", len(folders)),
                card(body("\n".join(folders), muted=True)),
            )
        )
    shown = tr("Hide the exact text") if raw else tr("Show the exact text")
    parts.append(ft.Row([quiet_button(shown, lambda: show_raw(not raw), icon=ft.Icons.DATA_OBJECT)]))
    if raw:
        parts.append(
            card(
                ft.SelectionArea(
                    content=ft.Text(pretty(text), font_family="monospace", theme_style=ft.TextThemeStyle.BODY_SMALL)
                )
            )
        )
    return ft.Column(parts, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _item(item: dict[str, Any]) -> ft.Control:
    more = [
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in item.items()
        if name not in ("name", "id")
    ]
    return ft.Row(
        [
            ft.Icon(ft.Icons.INSERT_DRIVE_FILE_OUTLINED, size=20, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.Column([body(str(item.get("name", ""))), caption(" · ".join(more))], spacing=0, tight=True, expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def pretty(text: str) -> str:
    """Return JSON with its lines broken, else the text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
