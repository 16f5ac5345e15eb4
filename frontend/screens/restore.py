"""Restore: first what would change, then, after a clear yes, live until it is done."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import BackupOut, RestoreIn, RestoreOut
from frontend.i18n import count, date_and_time, tr, tr_server
from frontend.kit import (
    Live,
    Screen,
    TextInput,
    body,
    caption,
    card,
    confirm,
    danger_button,
    empty_state,
    icon_badge,
    meter,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.errors import describe_error
from frontend.kit.keyed import keyed
from frontend.screens.backup_words import part_name
from frontend.screens.copying import copy_button
from frontend.screens.reauthenticate import with_sudo

KEY_WANTED = ("backup_key_missing", "backup_key_wrong")


@ft.component
def Restore() -> ft.Control:
    """Restore the backup that the address names."""
    backups = use_provider(use_session().backups)
    set_id = str(ft.use_route_params().get("set_id", ""))
    use_mount(lambda: None if backups.loaded else backups.load())
    of = next((one for one in backups.sets if one["set_id"] == set_id), None)
    content = state_of(
        backups,
        lambda: _by_hand(of) if of is not None and of["part"] == "core" else keyed(RestoreBody, set_id, of),
        is_empty=of is None,
        empty=lambda: empty_state(
            ft.Icons.BACKUP_OUTLINED, tr("This backup is gone"), tr("It was deleted, or newer ones took its place.")
        ),
    )
    return Screen(tr("Restore"), content, back=f"/backups/{set_id}")


def _by_hand(of: BackupOut) -> ft.Control:
    """Say how accounts are restored: they cannot be exchanged below those who are logged in with them."""
    command = f"homie restore {of['set_id']}"
    return scroll_body(
        notice(
            tr("Accounts and settings are restored on the machine itself, while Homie is stopped."),
            "accent",
            ft.Icons.INFO_OUTLINE,
        ),
        body(tr("Stop Homie, then type this at its machine, and start Homie again:")),
        card(
            ft.Row(
                [
                    ft.Text(command, font_family="monospace", expand=True),
                    copy_button(command, tr("Copy the command")),
                ]
            )
        ),
    )


@ft.component
def RestoreBody(of: BackupOut) -> ft.Control:
    """Lead through a restore."""
    session = use_session()
    backups = use_provider(session.backups)
    modules = use_provider(session.modules).modules
    form = use_form()
    looked, set_looked = ft.use_state(_nothing)
    ended, set_ended = ft.use_state(_nothing)
    set_id, name = of["set_id"], part_name(of["part"], modules)

    def options(*, dry_run: bool) -> RestoreIn:
        wish: RestoreIn = {"dry_run": dry_run, "safety_backup": True}
        if key := form["key"].strip():
            wish["recovery_key" if "-" in key and " " not in key else "passphrase"] = key
        return wish

    async def look() -> None:
        found = await with_sudo(session, lambda: backups.restore(set_id, options(dry_run=True)))
        set_looked(lambda _: found)

    async def do() -> None:
        if await confirm(
            tr("Restore {name}?", name=name),
            tr(
                "Everything in {name} becomes as it was on {when}. What came after is replaced; a backup of the "
                "present state is made first, so that you can come back.",
                name=name,
                when=date_and_time(of["created_at"]),
            ),
            tr("Restore"),
            danger=True,
        ):
            found = await with_sudo(session, lambda: backups.restore(set_id, options(dry_run=False)))
            set_ended(lambda _: found)

    looking, doing = use_action(look, quiet=True), use_action(do, quiet=True)
    parts: list[ft.Control] = [
        card(
            ft.Row(
                [
                    icon_badge(ft.Icons.RESTORE, "accent", 48),
                    ft.Column([title(name), body(date_and_time(of["created_at"]), muted=True)], spacing=2, expand=True),
                ],
                spacing=12,
            )
        )
    ]
    failed = _failure(looked if ended is None else ended)
    if doing.busy or looking.busy:
        parts.append(Live(backups.restoring, lambda live: _progress(live, dry=looking.busy)))
    elif ended is not None and ended["state"] == "done":
        parts += _result(ended, name)
        return scroll_body(*parts)
    elif looked is not None and looked["state"] == "done":
        parts += [
            _changes(looked),
            ft.Row([danger_button(tr("Restore now…"), doing, icon=ft.Icons.RESTORE)]),
        ]
    else:
        parts += [
            body(
                tr(
                    "First Homie looks what would change. Nothing is touched by that, and the rest of your Homie goes "
                    "on meanwhile."
                ),
                muted=True,
            ),
        ]
        codes = [error.code for error in (looking.error,) if isinstance(error, ApiError)]
        codes += [failed[0]] if failed else []
        if any(code in KEY_WANTED for code in codes):
            parts.append(TextInput(form, "key", tr("Recovery key or passphrase"), password=True, on_submit=looking))
        parts.append(
            ft.Row([primary_button(busy_text(looking, tr("See what would change")), looking, icon=ft.Icons.PREVIEW)])
        )
    error = doing.error or looking.error
    if error is not None and getattr(error, "code", "") != "cancelled":
        what, remedy = describe_error(error)
        parts.append(notice(f"{what} {remedy}".strip(), "bad", ft.Icons.ERROR_OUTLINE))
    if failed:
        parts.append(notice(tr_server(failed[1]), "bad", ft.Icons.ERROR_OUTLINE))
        parts.append(body(tr("Nothing was changed."), muted=True))
    return scroll_body(*parts)


def _nothing() -> Any:
    return None


def _failure(of: RestoreOut | None) -> tuple[str, str] | None:
    if of is None or of["state"] != "failed" or of["error"] is None:
        return None
    return of["error"]["code"], of["error"]["message"]


def _progress(live: Any, *, dry: bool) -> ft.Control:
    running: RestoreOut | None = live.restore
    name = tr("Looking") if dry else tr("Restoring")
    note = tr_server(running["note"]) if running and running["note"] else tr("Please wait…")
    if live.error is not None:
        note = tr("This part of Homie restarts. That is as it should be.")
    return card(title(name), meter(running["fraction"] if running else None, name), caption(note))


def _changes(of: RestoreOut) -> ft.Control:
    """Show what would be there before and after, in numbers of entries."""
    changed = [one for one in of["tables"] if one["now"] != one["restored"]]
    lines: list[ft.Control] = [_change(one["table"], one["now"], one["restored"]) for one in changed[:12]]
    if not lines:
        lines = [body(tr("The numbers of entries are the same as now."))]
    if of["files"]:
        lines.append(body(tr("Files that are put back: {n}", n=count(of["files"])), muted=True))
    said = [body(tr_server(one), muted=True) for one in of["notices"]]
    return section(tr("What would change"), card(*lines), *said)


def _change(table: str, now: int | None, after: int) -> ft.Control:
    words = tr_server(table.rpartition(".")[2].replace("_", " ").capitalize())
    before = count(now) if now is not None else tr("unknown")
    return ft.Row(
        [
            body(words, expand=True),
            body(before, muted=True),
            ft.Icon(ft.Icons.ARROW_FORWARD, size=16, semantics_label=tr("becomes")),
            body(count(after)),
        ],
        spacing=8,
    )


def _result(of: RestoreOut, name: str) -> list[ft.Control]:
    said = [tr_server(one) for one in of["notices"]]
    if of["safety_backup"]:
        said.append(tr("What was there before lies in a backup of its own. Restore that one to come back."))
    return [
        empty_state(
            ft.Icons.TASK_ALT,
            tr("{name} is restored", name=name),
            " ".join(said),
            tonal_button(tr("To the backups"), lambda: navigate("/backups")),
        )
    ]
