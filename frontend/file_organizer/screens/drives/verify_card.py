"""Whether files are still whole: the last result in words, damage first, and reading again with one press."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import FindingOut, FolderOut, VerificationOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_words import folder_of
from frontend.file_organizer.verification_provider import VerificationProvider
from frontend.i18n import ago, count, size, tr, tr_server, trn
from frontend.kit import (
    Live,
    Tile,
    body,
    caption,
    card,
    choose_sheet,
    heading,
    meter,
    notice,
    quiet_button,
    tile,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.providers.jobs_provider import JobProgress

SAMPLE = 200
MOST_SHOWN = 5


@ft.component
def VerifyCard() -> ft.Control:
    """Show what was found when files were read again last; start it, follow it, stop it."""
    session = use_session()
    verification = use_provider(session.of(VerificationProvider))
    folders = use_provider(session.of(FoldersProvider).roots).items
    use_mount(verification.load)

    async def choose() -> None:
        chosen = await choose_sheet(
            tr("Read how many files again?"),
            [
                ("some", Tile(tr("Some, the longest unread first"), tr("A few minutes"), ft.Icons.CASINO_OUTLINED)),
                ("all", Tile(tr("All that Homie put away"), tr("May take hours on large drives"), ft.Icons.DONE_ALL)),
            ],
        )
        if chosen is not None:
            await verification.start(SAMPLE if chosen == "some" else None)

    start, stop = use_action(choose), use_action(verification.stop)
    parts: list[ft.Control] = [heading(tr("Are the files still whole?"))]
    if verification.working is not None and verification.working.live:
        parts.append(Live(verification.working, lambda progress: _working(progress, stop)))
        return card(*parts)
    failed = verification.working is not None and verification.working.state == "failed"
    if failed and verification.working is not None:
        words = tr_server(verification.working.error) or tr("It did not work. Nothing was lost; try it again.")
        parts.append(notice(words, "bad", ft.Icons.ERROR_OUTLINE))
    if verification.last is None:
        parts.append(
            body(tr("Homie reads files again that it put away, and tells you if a drive damaged one."), muted=True)
        )
    else:
        parts += _result(verification.last, folders)
    button = tonal_button(
        tr("Read again"), start, icon=ft.Icons.FACT_CHECK_OUTLINED, about=tr("whether files are whole")
    )
    parts.append(ft.Row([button], alignment=ft.MainAxisAlignment.END))
    return card(*parts)


def _working(progress: JobProgress, stop: Any) -> ft.Control:
    done = progress.counts.get("files", 0)
    said = trn("{n} file read", "{n} files read", done) if done else tr("Beginning…")
    return ft.Column(
        [
            meter(progress.fraction, tr("Reading files again")),
            ft.Row([body(said, muted=True, expand=True), quiet_button(tr("Stop"), stop, about=tr("reading"))]),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _result(last: VerificationOut, folders: tuple[FolderOut, ...]) -> list[ft.Control]:
    broken = last["damaged"] + last["unreadable"]
    parts: list[ft.Control] = []
    if broken:
        words = trn(
            "{n} file is damaged: its drive changed it or can no longer read it. Copy it back from a backup.",
            "{n} files are damaged: their drive changed them or can no longer read them. Copy them back from a backup.",
            broken,
        )
        parts.append(notice(words, "bad", ft.Icons.BROKEN_IMAGE_OUTLINED))
    elif last["checked"]:
        parts.append(notice(tr("No damage was found."), "good", ft.Icons.CHECK))
    parts.append(body(" ".join(_sentences(last)), muted=True))
    shown = [one for one in last["findings"] if one["condition"] in ("damaged", "unreadable")]
    shown += [one for one in last["findings"] if one not in shown]
    parts += [_finding(one, folders) for one in shown[:MOST_SHOWN]]
    if len(shown) > MOST_SHOWN:
        parts.append(caption(tr("and {n} more", n=count(len(shown) - MOST_SHOWN))))
    return parts


def _sentences(last: VerificationOut) -> list[str]:
    when = ago(last["at"])
    said = [
        trn(
            "{n} file was read {when} ({size}).",
            "{n} files were read {when} ({size}).",
            last["checked"],
            when=when,
            size=size(last["bytes"]),
        )
    ]
    if not last["complete"]:
        said.append(tr("It was stopped before the end."))
    if last["recorded"]:
        said.append(trn("{n} was read for the first time.", "{n} were read for the first time.", last["recorded"]))
    if last["changed"]:
        said.append(trn("{n} was changed by somebody.", "{n} were changed by somebody.", last["changed"]))
    if last["gone"]:
        said.append(trn("{n} is not there any more.", "{n} are not there any more.", last["gone"]))
    if last["away"]:
        said.append(tr("Not connected: {names}.", names=", ".join(last["away"])))
    return said


def _finding(one: FindingOut, folders: tuple[FolderOut, ...]) -> ft.Control:
    words = {
        "damaged": tr("Damaged"),
        "unreadable": tr("Cannot be read"),
        "changed": tr("Changed by somebody"),
        "gone": tr("Not there any more"),
    }
    broken = one["condition"] in ("damaged", "unreadable")
    icon = ft.Icons.BROKEN_IMAGE_OUTLINED if broken else ft.Icons.INFO_OUTLINE
    place = folder_of(one["place"], folders)
    name = one["place"]["path"].rpartition("/")[2]
    said = words[one["condition"]]
    return tile(Tile(name, f"{said} · {place}" if place else said, icon, tone="bad" if broken else ""))
