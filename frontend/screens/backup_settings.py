"""How backups are made: when, where, for how long, and whether they are encrypted."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import BackupSettingsOut
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    TextInput,
    body,
    card,
    choice,
    confirm,
    dialog,
    field_errors,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    toggle,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.screens.reauthenticate import with_sudo

KEPT = ("keep_last", "keep_daily", "keep_weekly", "keep_monthly")


@ft.component
def BackupSettings() -> ft.Control:
    """Show and change the settings."""
    backups = use_provider(use_session().backups)
    use_mount(lambda: None if backups.loaded else backups.load())
    return Screen(tr("Settings of backups"), state_of(backups, SettingsBody), back="/backups")


@ft.component
def SettingsBody() -> ft.Control:
    """Show the loaded settings."""
    session = use_session()
    backups = use_provider(session.backups)
    kept = backups.settings
    assert kept is not None
    change = use_action(lambda changes: with_sudo(session, lambda: backups.change_settings(changes)))
    hours = [(str(hour), tr("{hour} o'clock", hour=hour)) for hour in range(24)]

    async def scheduled(on: bool) -> None:
        await change(None, {"schedule": on})

    async def at(hour: str) -> None:
        await change(None, {"hour": int(hour)})

    when: list[ft.Control] = [
        toggle(
            tr("Every night by itself"), kept["schedule"], scheduled, about=tr("Each backup is checked right after.")
        )
    ]
    if kept["schedule"]:
        when.append(ft.Container(choice(tr("At"), str(kept["hour"]), hours, at), padding=12))
    return scroll_body(
        section(tr("When"), card(*when, padding=4)),
        section(tr("Where"), Folder(kept)),
        section(tr("How long"), Retention(kept)),
        section(tr("Encryption"), Encryption(kept)),
    )


def _form(*content: ft.Control) -> ft.Control:
    """Lay fields out over the whole width of a card, with room for their labels."""
    return card(ft.Column(list(content), spacing=14, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


@ft.component
def Folder(kept: BackupSettingsOut) -> ft.Control:
    """Choose the folder that backups are written to."""
    session = use_session()
    form = use_form(keep="directory", directory=kept["directory"])

    async def store() -> None:
        await with_sudo(session, lambda: session.backups.change_settings({"directory": form["directory"].strip()}))
        form.sent()

    save = use_action(store, done=tr("From now on backups go there."), quiet=True)
    error = field_errors(save).get("directory")
    if save.error is not None and not error and isinstance(save.error, ApiError) and save.error.code != "cancelled":
        error = save.error.message
    return _form(
        body(tr("Best is a drive of its own, that nothing else depends on."), muted=True),
        TextInput(form, "directory", tr("Folder for backups"), error=error, on_submit=save),
        ft.Row([tonal_button(busy_text(save, tr("Use this folder")), save)]),
    )


@ft.component
def Retention(kept: BackupSettingsOut) -> ft.Control:
    """Choose how many backups are kept."""
    session = use_session()
    present: dict[str, Any] = dict(kept)
    form = use_form(keep="retention", **{name: str(present[name]) for name in KEPT})
    names = {
        "keep_last": tr("The newest"),
        "keep_daily": tr("One for each of the last days"),
        "keep_weekly": tr("One for each of the last weeks"),
        "keep_monthly": tr("One for each of the last months"),
    }

    async def store() -> None:
        wanted: Any = {}
        for name in KEPT:
            if not form[name].strip().isdigit():
                words = tr("Write a number here.")
                raise ApiError("invalid_input", words, fields={name: words})
            wanted[name] = int(form[name])
        await with_sudo(session, lambda: session.backups.change_settings(wanted))
        form.sent()

    save = use_action(store, done=tr("The settings are stored."))
    errors = field_errors(save)
    fields: list[ft.Control] = [
        ft.Container(
            TextInput(
                form,
                name,
                names[name],
                error=errors.get(name),
                keyboard_type=ft.KeyboardType.NUMBER,
                max_length=4,
                counter="",
            ),
            col={"xs": 12, "sm": 6},
        )
        for name in KEPT
    ]
    return _form(
        body(tr("Older ones go, but never the last good one, and none that you keep for good."), muted=True),
        ft.ResponsiveRow(fields, spacing=12, run_spacing=12),
        ft.Row([tonal_button(busy_text(save, tr("Save")), save)]),
    )


@ft.component
def Encryption(kept: BackupSettingsOut) -> ft.Control:
    """Turn encryption on and off; the key is made first, and its recovery key shown once."""
    session = use_session()
    backups = use_provider(session.backups)

    async def switch(on: bool) -> None:
        if not on:
            if await confirm(
                tr("No longer encrypt?"),
                tr("Whoever finds the drive can then read the new backups. Those that exist stay encrypted."),
                tr("Do not encrypt"),
                danger=True,
            ):
                await with_sudo(session, lambda: backups.change_settings({"encrypt": False}))
            return
        try:
            await with_sudo(session, lambda: backups.change_settings({"encrypt": True}))
        except ApiError as error:
            if error.code != "backup_key_missing":
                raise
            if await _make_key(session):
                await with_sudo(session, lambda: backups.change_settings({"encrypt": True}))

    turn = use_action(switch)

    async def turned(on: bool) -> None:
        await turn(None, on)

    parts: list[ft.Control] = [
        toggle(
            tr("Encrypt new backups"),
            kept["encrypt"],
            turned,
            about=tr("Then nobody can read them who finds or steals the drive."),
        )
    ]
    if backups.recovery_key:
        parts.append(ft.Container(RecoveryKey(backups.recovery_key), padding=12))
    return card(*parts, padding=4)


async def _make_key(session: Any) -> bool:
    """Explain the key, make it, and tell whether it was made."""
    if not await confirm(
        tr("Make the key"),
        tr(
            "Homie makes a key for your backups and shows you its recovery key, this one time. Write it down and keep "
            "it outside the house: without it nobody can open the backups if this machine is lost. Not even we can."
        ),
        tr("Make the key"),
    ):
        return False
    await with_sudo(session, session.backups.create_key)
    return True


@ft.component
def RecoveryKey(key: str) -> ft.Control:
    """Show the recovery key until the person says that it is kept."""
    backups = use_session().backups

    async def kept() -> None:
        sure = await dialog(
            tr("Is it written down?"),
            lambda _: body(tr("Homie will never show it again.")),
            actions=[(tr("Yes, it is safe"), True)],
        )
        if sure:
            backups.forget_key()

    return ft.Column(
        [
            notice(tr("Your recovery key. It is shown this once."), "warn", ft.Icons.KEY),
            ft.Container(
                ft.Text(key, font_family="monospace", size=18, selectable=True, text_align=ft.TextAlign.CENTER),
                padding=12,
                alignment=ft.Alignment.CENTER,
            ),
            ft.Row([primary_button(tr("I have written it down"), kept)]),
        ],
        spacing=12,
        tight=True,
    )
