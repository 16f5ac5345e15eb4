"""Whether a cloud AI may help: what would leave the house, agreeing, and withdrawing."""

from __future__ import annotations

import flet as ft

from frontend.file_organizer.organizer_settings_provider import OrganizerSettingsProvider
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Tile,
    body,
    card,
    chip,
    confirm,
    navigate,
    primary_button,
    quiet_button,
    tile,
    title,
    toast,
    toggle,
    use_action,
    use_provider,
    use_session,
)
from frontend.kit.ai_words import provider_name

MODULE = "file_organizer"


@ft.component
def Privacy() -> ft.Control:
    """Show how AI stands, and let the person agree or withdraw."""
    session = use_session()
    settings = use_provider(session.of(OrganizerSettingsProvider))
    stands, chosen = settings.ai, settings.settings
    if stands is None or chosen is None:
        return ft.Container(height=0)
    on = stands["enabled_here"] and stands["state"] != "not_opted_in"

    async def agree() -> None:
        text = tr(
            "For files that Homie is unsure of, it sends to {provider}: the file's name, its kind and year, names of "
            "files inside an archive, and the names of your folders. Never the files themselves. E-mail addresses, "
            "account and phone numbers are hidden first. You can withdraw at any time.",
            provider=provider_name(stands["provider"]),
        )
        if await confirm(tr("Let the AI help?"), text, tr("I agree")):
            await session.ai.agree(MODULE, True)
            await settings.change(ai_enabled=True)
            toast(tr("The AI may help with unclear files."))

    async def withdraw() -> None:
        await settings.change(ai_enabled=False)
        await session.ai.agree(MODULE, False)
        await settings.load()
        toast(tr("Nothing leaves the house any more."))

    async def send_content(value: bool) -> None:
        await keep(None, value)

    async def send_folders(value: bool) -> None:
        await keep_folders(None, value)

    yes, no = use_action(agree), use_action(withdraw)
    keep = use_action(lambda value: settings.change(ai_send_content=value))
    keep_folders = use_action(lambda value: settings.change(ai_send_folders=value))
    state = chip(tr("On"), "accent", ft.Icons.CLOUD_OUTLINED) if on else chip(tr("Off"), "good", ft.Icons.HOME_OUTLINED)
    parts: list[ft.Control] = [
        ft.Row([title(tr("Help from a cloud AI"), expand=True), state], spacing=8),
        body(_explanation(on, stands["state"], stands["text"]), muted=True),
    ]
    if on:
        parts.append(
            toggle(
                tr("Also send words from documents"),
                chosen["ai_send_content"],
                send_content,
                about=tr("Up to 40 words of an unclear document. Without it, only names are sent."),
            )
        )
        parts.append(
            toggle(
                tr("Also send names of your folders"),
                chosen["ai_send_folders"],
                send_folders,
                about=tr("Without them the AI only chooses among usual places, and knows your house less."),
            )
        )
        parts.append(ft.Row([quiet_button(tr("Withdraw"), no, icon=ft.Icons.CLOUD_OFF_OUTLINED)]))
    elif stands["state"] != "off":
        parts.append(ft.Row([primary_button(tr("Let the AI help"), yes)]))
    return ft.Column(
        [
            card(*parts),
            card(
                tile(
                    Tile(
                        tr("See exactly what would be sent"),
                        tr("For a folder of your choice. Looking sends nothing."),
                        ft.Icons.VISIBILITY_OUTLINED,
                        lambda: navigate("/file_organizer/settings/preview"),
                    )
                ),
                padding=4,
            ),
            card(
                tile(
                    Tile(
                        tr("Folders that are closed to the AI"),
                        tr("Say folder by folder what it may hear of."),
                        ft.Icons.FOLDER_OFF_OUTLINED,
                        lambda: navigate("/file_organizer/settings/ai-folders"),
                    )
                ),
                padding=4,
            ),
            card(
                tile(
                    Tile(
                        tr("Exactly what was sent"),
                        tr("Every request, word for word, with what it cost."),
                        ft.Icons.RECEIPT_LONG_OUTLINED,
                        lambda: navigate("/settings/ai/sent"),
                    )
                ),
                padding=4,
            ),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _explanation(on: bool, state: str, text: str) -> str:
    if state == "off":
        return tr("No AI is set up for this household. Homie decides by itself, in your house.")
    if on:
        return tr_server(text)
    return tr("Homie decides by itself, in your house. Nothing is sent before you agree.")
