"""One backup: what is known of it, checking, keeping, deleting and restoring it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BackupOut
from frontend.i18n import date_and_time, tr
from frontend.kit import (
    Screen,
    body,
    card,
    chip,
    confirm,
    danger_button,
    empty_state,
    icon_badge,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.keyed import keyed
from frontend.screens.backup_words import check_words, part_name
from frontend.screens.backups import STRETCHED, BackupWork, problems, set_facts
from frontend.screens.reauthenticate import with_sudo


@ft.component
def BackupSet() -> ft.Control:
    """Show the backup that the address names."""
    backups = use_provider(use_session().backups)
    set_id = str(ft.use_route_params().get("set_id", ""))
    use_mount(lambda: None if backups.loaded else backups.load())
    of = next((one for one in backups.sets if one["set_id"] == set_id), None)
    content = state_of(
        backups,
        lambda: keyed(SetBody, set_id, of),
        is_empty=of is None,
        empty=lambda: empty_state(
            ft.Icons.BACKUP_OUTLINED, tr("This backup is gone"), tr("It was deleted, or newer ones took its place.")
        ),
    )
    return Screen(tr("Backup"), content, back="/backups")


@ft.component
def SetBody(of: BackupOut) -> ft.Control:
    """Show one backup in full."""
    session = use_session()
    backups = session.backups
    modules = use_provider(session.modules).modules
    set_id, name = of["set_id"], part_name(of["part"], modules)
    check = use_action(lambda: backups.verify(set_id), done=tr("The backup is being checked."))
    pin = use_action(lambda on: backups.mark(set_id, pinned=on))
    accept = use_action(
        lambda: backups.mark(set_id, drift_accepted=True), done=tr("Good, then this is the new normal.")
    )

    async def pinned(on: bool) -> None:
        await pin(None, on)

    async def delete_it() -> None:
        if await confirm(
            tr("Delete this backup?"),
            tr("The backup of {name} from {when} is gone for good.", name=name, when=date_and_time(of["created_at"])),
            tr("Delete"),
            danger=True,
        ):
            await with_sudo(session, lambda: backups.delete(set_id))
            navigate("/backups")

    delete = use_action(delete_it)
    words, tone = check_words(of)
    parts: list[ft.Control] = [
        card(
            ft.Row(
                [
                    icon_badge(ft.Icons.BACKUP_OUTLINED, tone, 48),
                    ft.Column([title(name), body(date_and_time(of["created_at"]), muted=True)], spacing=2, expand=True),
                    chip(words, tone),
                ],
                spacing=12,
            )
        ),
        *problems(of),
    ]
    if of["on_hold"]:
        parts.append(
            notice(
                tr(
                    "This backup holds much less than the one before. Until you say that this is right, no older one "
                    "is cleared away."
                ),
                "warn",
                ft.Icons.WARNING_AMBER_ROUNDED,
            )
        )
        parts.append(tonal_button(tr("That is right"), accept))
    buttons: list[ft.Control] = []
    if of["check"] != "damaged":
        restore = f"/backups/{set_id}/restore"
        buttons.append(primary_button(tr("Restore…"), lambda: navigate(restore), icon=ft.Icons.RESTORE))
    buttons.append(tonal_button(tr("Check now"), check, icon=ft.Icons.FACT_CHECK_OUTLINED))
    parts += [
        ft.Column([ft.Row(buttons, spacing=8, run_spacing=8, wrap=True), BackupWork()], spacing=0, **STRETCHED),
        card(
            toggle(
                tr("Keep for good"), of["pinned"], pinned, about=tr("Otherwise it goes when newer ones take its place.")
            ),
            padding=4,
        ),
        section(tr("Details"), set_facts(of)),
        ft.Row([danger_button(tr("Delete"), delete, icon=ft.Icons.DELETE_OUTLINE, about=name)]),
    ]
    return scroll_body(*parts)
