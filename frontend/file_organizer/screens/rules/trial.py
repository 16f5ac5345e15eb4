"""What a rule would have done with what was filed, and would do in a folder now."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import FolderOut, RuleBeforeOut, RuleFolderTrialOut, RuleHistoryTrialOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_words import folder_of, name_of
from frontend.file_organizer.rules_provider import RulesProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.i18n import count, tr, tr_server, trn
from frontend.kit import (
    body,
    caption,
    card,
    describe_error,
    notice,
    quiet_button,
    title,
    use_action,
    use_provider,
    use_session,
)

SHOWN = 5


@ft.component
def Trial() -> ft.Control:
    """Show what the rule would do, again after each change."""
    session = use_session()
    rules = use_provider(session.of(RulesProvider))
    roots = use_provider(session.of(FoldersProvider).roots).items
    choosing, set_choosing = ft.use_state(False)
    look = use_action(rules.try_on)

    async def take(path: str, _: str) -> None:
        set_choosing(False)
        await look(None, path)

    parts: list[ft.Control] = []
    trial = rules.trial
    if rules.problem is not None:
        what, remedy = describe_error(rules.problem)
        details = [tr_server(text.removeprefix("Value error, ")) for text in rules.problem.fields.values()]
        parts.append(notice(" ".join([what, *details[:2], remedy]).strip(), "warn", ft.Icons.ERROR_OUTLINE))
    elif trial is None:
        parts.append(body(tr("Looking what it would do…"), muted=True))
    else:
        parts += [notice(tr_server(text), "warn") for text in trial["warnings"]]
        parts += _history(trial["history"], roots)
        if trial["folder"] is not None:
            parts += _folder(trial["folder"], rules.folder, roots)
    where = tr("Try it on another folder") if rules.folder else tr("Try it on a folder")
    parts.append(
        ft.Row([quiet_button(tr("Cancel") if choosing else where, lambda: set_choosing(not choosing))], tight=True)
    )
    if choosing:
        parts.append(FolderChooser(take))
    parts.append(caption(tr("Trying changes nothing.")))
    return card(ft.Column(parts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _history(found: RuleHistoryTrialOut, roots: tuple[FolderOut, ...]) -> list[ft.Control]:
    if not found["looked_at"]:
        return [body(tr("Nothing was filed yet, so there is nothing to compare with."), muted=True)]
    said = trn(
        "It would have applied to {n} of {all} files that were filed in the last year.",
        "It would have applied to {n} of {all} files that were filed in the last year.",
        found["fits"],
        all=count(found["looked_at"]),
    )
    parts: list[ft.Control] = [title(said)]
    if found["elsewhere"]:
        parts.append(
            body(
                trn(
                    "{n} would have gone elsewhere than you put it:",
                    "{n} would have gone elsewhere than you put them:",
                    found["elsewhere"],
                )
            )
        )
        for one in found["examples"][:SHOWN]:
            would = folder_of(one["would"], roots) if one["would"] else tr_server(one["problem"]) or tr("the trash")
            way = tr("{did}, not {would}", did=folder_of(one["did"], roots), would=would)
            parts.append(caption(f"{name_of(one['source'])}: {way}", max_lines=3))
    if found["unknown"]:
        parts.append(
            caption(
                trn(
                    "About {n} file the history does not tell what the rule asks.",
                    "About {n} files the history does not tell what the rule asks.",
                    found["unknown"],
                )
            )
        )
    return parts + _earlier(found["earlier"])


def _folder(found: RuleFolderTrialOut, path: str, roots: tuple[FolderOut, ...]) -> list[ft.Control]:
    said = tr(
        "In {folder} it fits {n} of {all} files.",
        folder=path.rpartition("/")[2],
        n=count(found["fits"]),
        all=count(found["looked_at"]),
    )
    parts: list[ft.Control] = [title(said)]
    for one in found["examples"][:SHOWN]:
        goes = folder_of(one["target"], roots) if one["target"] else tr_server(one["problem"])
        parts.append(caption(f"{name_of(one['source'])}{' → ' + goes if goes else ''}", max_lines=2))
    if found["unknown"]:
        parts.append(caption(tr("Documents are opened only when a folder is really tidied.")))
    if not found["complete"]:
        parts.append(caption(tr("There are more files than were looked at.")))
    return parts + _earlier(found["earlier"])


def _earlier(found: list[RuleBeforeOut]) -> list[ft.Control]:
    return [
        notice(
            trn(
                "The rule “{name}” comes first for {n} of them.",
                "The rule “{name}” comes first for {n} of them.",
                one["files"],
                name=one["name"],
            ),
            "warn",
        )
        for one in found
    ]
