"""Folders that an AI hears less (or more) of than of the rest: a list with a rule for each, and adding one."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import FolderRuleOut
from frontend.file_organizer.asking_provider import AskingProvider, rule_of
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    body,
    caption,
    card,
    choice,
    empty_state,
    icon_action,
    keyed,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    title,
    toast,
    use_action,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def AiFolders() -> ft.Control:
    """Show the rules, and let a folder be added, changed or dropped."""
    asking = use_provider(use_session().of(AskingProvider))
    rules = use_provider(asking.rules)
    choosing, set_choosing = ft.use_state(False)
    use_mount(rules.load)

    async def add(path: str, name: str) -> None:
        await asking.set_rule(path, "nothing")
        set_choosing(False)
        toast(tr("The AI hears nothing of “{name}” any more.", name=name))

    put = use_action(add)

    async def take(path: str, name: str) -> None:
        await put(None, path, name)

    promise = notice(
        tr("“Nothing” holds for all that lies inside: neither its files nor its name ever leave the house."),
        "good",
        ft.Icons.SHIELD_OUTLINED,
    )

    def content() -> ft.Control:
        if choosing:
            head = ft.Row(
                [
                    body(tr("Which folder shall the AI hear nothing of?"), expand=True),
                    quiet_button(tr("Cancel"), lambda: set_choosing(False), about=tr("choosing a folder")),
                ]
            )
            return scroll_body(card(head, padding=12), FolderChooser(take))
        add_button = primary_button(tr("Add a folder"), lambda: set_choosing(True), icon=ft.Icons.ADD)
        if not rules.items:
            return empty_state(
                ft.Icons.FOLDER_OFF_OUTLINED,
                tr("No folder has a rule of its own"),
                tr(
                    "What you allowed for your files counts everywhere. "
                    "Add the folders that nobody outside may hear of."
                ),
                add_button,
            )
        rows: list[ft.Control] = [keyed(RuleCard, one["id"], one) for one in rules.items]
        if rules.has_more:
            rows.append(ft.Row([quiet_button(tr("Show more"), rules.load_more)]))
        return scroll_body(promise, ft.Row([add_button]), *rows)

    return Screen(tr("Folders and the AI"), state_of(rules, content, retry=rules.load), back="/file_organizer/settings")


@ft.component
def RuleCard(rule: FolderRuleOut) -> ft.Control:
    """Show one folder with what an AI may hear of it."""
    asking = use_session().of(AskingProvider)
    name = (rule["path"] or rule["place"]["path"]).rstrip("/").rpartition("/")[2] or rule["path"]
    keep = use_action(lambda value: asking.set_rule(rule["path"], rule_of(value)))
    drop = use_action(lambda: asking.drop_rule(rule["id"]), done=tr("The folder has no rule of its own any more."))

    async def changed(value: str) -> None:
        await keep(None, value)

    about = rule["path"] or tr("This folder is not open to you at present.")
    levels = [
        ("nothing", tr("Nothing at all")),
        ("names", tr("Names only")),
        ("content", tr("Names and words")),
    ]
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.FOLDER_OUTLINED, color=ft.Colors.PRIMARY),
                ft.Column([title(name), caption(about, max_lines=2)], spacing=0, tight=True, expand=True),
                icon_action(ft.Icons.DELETE_OUTLINE, tr("Remove the rule of {name}", name=name), drop),
            ],
            spacing=12,
        ),
        choice(
            tr("What the AI may hear of {name}", name=name),
            rule["rule"],
            levels,
            changed,
            expand=True,
            disabled=not rule["path"],
        ),
    )
