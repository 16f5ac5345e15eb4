"""My account: who I am, how I am kept safe, what is mine."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import PersonOut, SecondFactorOut
from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    caption,
    card,
    chip,
    confirm,
    icon_action,
    navigate,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.avatar import avatar
from frontend.kit.texts import title
from frontend.screens.prompt import Prompt, prompt


@ft.component
def Account() -> ft.Control:
    """Show the account's menu."""
    session = use_session()
    auth = use_provider(session.auth)
    security = use_provider(session.security)
    use_mount(security.load)

    async def rename() -> None:
        await prompt(
            Prompt(
                tr("What should the others call you?"),
                tr("Shown name"),
                tr("Save"),
                auth.rename,
                value=auth.person["display_name"] if auth.person else "",
                explanation=tr("Your name for logging in stays the same."),
                options={"autofill_hints": ft.AutofillHint.NAME},
            )
        )

    async def leave() -> None:
        if await confirm(
            tr("Log out here?"),
            tr("This device forgets you. Your things stay at home, and you can log in again at any time."),
            tr("Log out"),
        ):
            await auth.logout()

    log_out = use_action(leave)
    person = auth.person
    return Screen(
        tr("My account"),
        scroll_body(
            *([_profile(person, rename)] if person else []),
            section(tr("Safety"), tile_group(_safety(security.second_factor, len(security.devices)))),
            section(
                tr("My data"),
                tile_group(
                    [
                        Tile(
                            tr("Take my data with me, or erase me"),
                            tr("Everything that is yours, in one archive"),
                            ft.Icons.INVENTORY_2_OUTLINED,
                            lambda: navigate("/account/data"),
                        )
                    ]
                ),
            ),
            ft.Row([quiet_button(tr("Log out"), log_out, icon=ft.Icons.LOGOUT)], alignment=ft.MainAxisAlignment.CENTER),
        ),
        back="/more",
    )


def _profile(person: PersonOut, rename: object) -> ft.Control:
    shown = person["display_name"] or person["name"]
    names: list[ft.Control] = [
        title(shown, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(tr("Logs in as {name}", name=person["name"]), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if person["is_admin"]:
        names.append(ft.Row([chip(tr("Administrator"), "accent")], tight=True))
    return card(
        ft.Row(
            [
                avatar(shown, size=64),
                ft.Column(names, spacing=4, tight=True, expand=True),
                icon_action(ft.Icons.EDIT_OUTLINED, tr("Rename"), rename),
            ],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    )


def _safety(factor: SecondFactorOut | None, devices: int) -> list[Tile]:
    on = bool(factor and factor["on"])
    state = chip(tr("On"), "good") if on else chip(tr("Off"), "neutral")
    return [
        Tile(tr("Password"), tr("Change it"), ft.Icons.LOCK_OUTLINE, lambda: navigate("/account/password")),
        Tile(
            tr("Second factor"),
            tr("A code from your phone, besides the password"),
            ft.Icons.PHONELINK_LOCK_OUTLINED,
            lambda: navigate("/account/second-factor"),
            trailing=state if factor else None,
        ),
        Tile(
            tr("Devices"),
            trn("One device is logged in", "{n} devices are logged in", devices)
            if devices
            else tr("Where you are logged in"),
            ft.Icons.DEVICES_OUTLINED,
            lambda: navigate("/devices"),
        ),
    ]
