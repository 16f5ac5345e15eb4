"""Backups: whether the household is safe, making one now, and the sets that there are."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import BackupOut, StatusOut
from frontend.i18n import count, date_and_time, size, tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    heading,
    icon_action,
    icon_badge,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.facts import facts
from frontend.kit.keyed import keyed
from frontend.screens.backup_words import Verdict, check_words, part_name, reason_words, verdict
from frontend.screens.job_row import RunningJob

SHOWN_SETS = 4
STRETCHED: dict[str, Any] = {"horizontal_alignment": ft.CrossAxisAlignment.STRETCH}


@ft.component
def Backups() -> ft.Control:
    """Show how the backups stand, and the sets."""
    session = use_session()
    backups = use_provider(session.backups)
    use_mount(backups.load)
    settings = icon_action(ft.Icons.TUNE, tr("Settings of backups"), lambda: navigate("/backups/settings"))
    return Screen(tr("Backups"), state_of(backups, BackupsBody), back="/more", actions=[settings])


@ft.component
def BackupsBody() -> ft.Control:
    """Show the loaded backups."""
    session = use_session()
    backups = use_provider(session.backups)
    modules = use_provider(session.modules).modules
    status = backups.status
    assert status is not None
    make = use_action(backups.create, done=tr("The backup is being made."))

    async def choose() -> None:
        parts = [(one["part"], Tile(part_name(one["part"], modules))) for one in status["parts"]]
        part = await choose_sheet(tr("What shall be backed up?"), parts)
        if part is not None:
            await make(None, part)

    async def everything() -> None:
        await make()

    found = verdict(status, backups.sets, modules)
    buttons = ft.Row(
        [
            primary_button(
                busy_text(make, tr("Back up everything now")), everything, icon=ft.Icons.BACKUP, disabled=make.busy
            ),
            tonal_button(tr("Only a part"), choose, disabled=make.busy),
        ],
        spacing=8,
        run_spacing=8,
        wrap=True,
    )
    # Running work brings its own distance: mostly there is none, and then no gap may stay.
    parts: list[ft.Control] = [_banner(found, status), ft.Column([buttons, BackupWork()], spacing=0, **STRETCHED)]
    if status["hints"]:
        parts.append(_same_drive())
    if backups.unreadable:
        parts.append(notice(tr("{n} backups cannot be read any more.", n=len(backups.unreadable)), "warn"))
    parts += [
        keyed(PartSets, part["part"], part["part"], backups.sets)
        for part in status["parts"]
        if any(one["part"] == part["part"] for one in backups.sets)
    ]
    return scroll_body(*parts)


def _same_drive() -> ft.Control:
    words = tr(
        "The backups lie on the same drive as everything else. If that drive dies, both are gone: choose a folder on "
        "another drive."
    )
    leading = icon_badge(ft.Icons.WARNING_AMBER_ROUNDED, "warn")
    return card(
        tile(Tile(tr("One drive for all"), words, on_click=lambda: navigate("/backups/settings"), leading=leading)),
        padding=4,
    )


def _banner(of: Verdict, status: StatusOut) -> ft.Control:
    icons = {"good": ft.Icons.VERIFIED_OUTLINED, "bad": ft.Icons.ERROR_OUTLINE, "warn": ft.Icons.WARNING_AMBER_ROUNDED}
    icon = icons.get(of.tone, ft.Icons.BACKUP_OUTLINED)
    words: list[ft.Control] = [heading(of.text)]
    if of.explanation:
        words.append(body(of.explanation, muted=True))
    words += [body(one) for one in of.remedies]
    following = (
        tr("Next one: {when}", when=date_and_time(status["next_run"]))
        if status["next_run"]
        else tr("No backup is made by itself.")
    )
    room = tr("Room left: {size}", size=size(status["free_bytes"])) if status["free_bytes"] is not None else ""
    locked = tr("Encrypted") if status["encrypted"] else tr("Not encrypted")
    words.append(caption(" · ".join(part for part in (following, room, locked) if part)))
    return card(
        ft.Row(
            [icon_badge(icon, of.tone, 56), ft.Column(words, spacing=6, tight=True, expand=True)],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )


@ft.component
def BackupWork() -> ft.Control:
    """Show the backups and checks that are under way, live."""
    session = use_session()
    jobs = use_provider(session.jobs)
    use_provider(jobs.jobs)
    use_mount(lambda: jobs.load() if not jobs.loaded else None)
    running = [one for one in jobs.running if "backup" in one["kind"]]
    if not running:
        return ft.Container(height=0)
    shown = section(tr("Going on now"), *(keyed(RunningJob, one["id"], one) for one in running))
    return ft.Container(shown, padding=ft.Padding.only(top=16))


@ft.component
def PartSets(part: str, sets: tuple[BackupOut, ...]) -> ft.Control:
    """Show the backups of one part, the newest first; older ones when they are asked for."""
    every, show_every = ft.use_state(False)
    modules = use_provider(use_session().modules).modules
    mine = [one for one in sets if one["part"] == part]
    shown = mine if every else mine[:SHOWN_SETS]
    lines: list[ft.Control] = [_set(one) for one in shown]
    if len(mine) > len(shown):
        more = tr("Show all {n}", n=len(mine))
        lines.append(
            ft.Container(quiet_button(more, lambda: show_every(True), about=part_name(part, modules)), padding=4)
        )
    return section(part_name(part, modules), card(ft.Column(lines, spacing=0, tight=True), padding=4))


def _set(of: BackupOut) -> ft.Control:
    words, tone = check_words(of)
    marks: list[ft.Control] = []
    if of["encrypted"]:
        marks.append(ft.Icon(ft.Icons.LOCK_OUTLINE, size=18, semantics_label=tr("Encrypted")))
    if of["pinned"]:
        marks.append(ft.Icon(ft.Icons.PUSH_PIN, size=18, semantics_label=tr("Kept for good")))
    about = [size(of["database_bytes"] + of["blob_bytes"]), tr("{n} entries", n=count(of["rows"])), reason_words(of)]
    route = f"/backups/{of['set_id']}"
    return tile(
        Tile(
            date_and_time(of["created_at"]),
            " · ".join(part for part in about if part),
            on_click=lambda: navigate(route),
            trailing=ft.Row([*marks, chip(words, tone)], spacing=6, tight=True),
            key=of["set_id"],
        )
    )


def set_facts(of: BackupOut) -> ft.Control:
    """Show what is known of a backup."""
    found: list[tuple[str, Any]] = [
        (tr("Made"), date_and_time(of["created_at"])),
        (tr("Why"), reason_words(of).capitalize()),
        (tr("Size"), size(of["database_bytes"] + of["blob_bytes"])),
        (tr("Entries"), count(of["rows"])),
        (tr("Files kept"), count(of["blob_count"])),
        (tr("Encrypted"), tr("Yes") if of["encrypted"] else tr("No")),
    ]
    if of["checked_at"]:
        found.append((tr("Last checked"), date_and_time(of["checked_at"])))
    found.append((tr("Made by Homie"), of["homie_version"]))
    return facts(found)


def problems(of: BackupOut) -> list[ft.Control]:
    """Say what is wrong with a backup."""
    said: list[ft.Control] = []
    if of["check"] == "damaged":
        said.append(
            notice(
                tr("This backup is damaged and cannot be trusted. Check the drive, then make a new one."),
                "bad",
                ft.Icons.ERROR_OUTLINE,
            )
        )
    said += [body(tr_server(one), muted=True) for one in (*of["problems"], *of["notices"])]
    return said
