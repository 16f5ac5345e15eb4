"""Rules: the list in its order, switching, ordering, copying, deleting with undo; bringing rules in, keeping them."""

from __future__ import annotations

import json
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderOut, RuleImportOut, RuleOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.rule_words import rule_sentence
from frontend.file_organizer.rules_provider import RulesProvider
from frontend.i18n import tr, tr_server, trn
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    dialog,
    empty_state,
    icon_action,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    title,
    toast,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.standalone import standalone


@ft.component
def Rules() -> ft.Control:
    """Show the rules in their order."""
    session = use_session()
    rules = use_provider(session.of(RulesProvider))
    folders = use_provider(session.of(FoldersProvider).roots).items

    async def load() -> None:
        await session.of(FoldersProvider).load()
        await rules.load()

    use_mount(load)

    async def bring() -> None:
        await dialog(tr("Bring rules in"), lambda close: standalone(BringRules, rules, close))

    async def keep() -> None:
        text = json.dumps(await rules.export(), ensure_ascii=False, indent=2)
        await ft.Clipboard().set(text)

    take, store = use_action(bring), use_action(keep, done=tr("The rules are copied. Paste them where you keep them."))

    def content() -> ft.Control:
        last = len(rules.rules) - 1
        rows = [keyed(RuleRow, one["id"], one, at, last, folders) for at, one in enumerate(rules.rules)]
        return scroll_body(
            body(tr("The first rule that fits a file decides, before everything that Homie learned."), muted=True),
            *rows,
            ft.Row(
                [
                    tonal_button(tr("New rule"), _new, icon=ft.Icons.ADD),
                    quiet_button(tr("Bring rules in"), take, icon=ft.Icons.DOWNLOAD_OUTLINED),
                    quiet_button(tr("Copy all rules"), store, icon=ft.Icons.CONTENT_COPY),
                ],
                wrap=True,
            ),
        )

    return Screen(
        tr("Rules"),
        state_of(rules, content, is_empty=not rules.rules, empty=lambda: _none_yet(take)),
        back="/file_organizer",
    )


def _new() -> None:
    navigate("/file_organizer/rules/new")


def _none_yet(take: Any) -> ft.Control:
    return empty_state(
        ft.Icons.RULE,
        tr("No rules yet"),
        tr("A rule always decides: PDF files with “invoice” in the name go to Bills. You see it before it is done."),
        ft.Row(
            [
                primary_button(tr("New rule"), _new, icon=ft.Icons.ADD),
                quiet_button(tr("Bring rules in"), take, icon=ft.Icons.DOWNLOAD_OUTLINED),
            ],
            wrap=True,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )


@ft.component
def RuleRow(rule: RuleOut, at: int, last: int, folders: tuple[FolderOut, ...]) -> ft.Control:
    """Show one rule: its place, what it says, its switch, and what can be done with it."""
    rules = use_session().of(RulesProvider)
    switch = use_action(lambda on: rules.switch(rule, on))
    move = use_action(lambda index: rules.place(rule, index))
    remove = use_action(lambda: _delete(rules, rule))
    double = use_action(lambda: rules.duplicate(rule, tr("{name} (copy)", name=rule["name"])[:120]))

    async def switched(event: Any) -> None:
        await switch(None, bool(event.control.value))

    async def more(_: Any = None) -> None:
        choices = [
            ("edit", Tile(tr("Change"), "", ft.Icons.EDIT_OUTLINED)),
            *([("up", Tile(tr("One up: decides earlier"), "", ft.Icons.ARROW_UPWARD))] if at else []),
            *([("down", Tile(tr("One down: decides later"), "", ft.Icons.ARROW_DOWNWARD))] if at < last else []),
            ("copy", Tile(tr("Make a copy"), "", ft.Icons.CONTENT_COPY)),
            ("delete", Tile(tr("Delete"), tr("It can be brought back"), ft.Icons.DELETE_OUTLINE)),
        ]
        chosen = await choose_sheet(rule["name"], choices)
        if chosen == "edit":
            navigate(f"/file_organizer/rules/{rule['id']}")
        elif chosen in ("up", "down"):
            await move(None, at + (1 if chosen == "down" else -1))
        elif chosen == "copy":
            await double()
        elif chosen == "delete":
            await remove()

    texts: list[ft.Control] = [
        title(f"{at + 1}. {rule['name']}", max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(rule_sentence(rule["body"], folders), max_lines=8, overflow=ft.TextOverflow.ELLIPSIS),
    ]
    if not rule["enabled"]:
        texts.append(ft.Row([chip(tr("Switched off"))], tight=True))
    name = tr("Rule {name} is on", name=rule["name"])
    return card(
        ft.Row(
            [
                ft.Column(texts, spacing=4, tight=True, expand=True),
                ft.MergeSemantics(
                    ft.Semantics(label=name, content=ft.Switch(value=rule["enabled"], on_change=switched))
                ),
                icon_action(ft.Icons.MORE_VERT, tr("More for {name}", name=rule["name"]), more),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        on_click=lambda: navigate(f"/file_organizer/rules/{rule['id']}"),
        padding=12,
    )


async def _delete(rules: RulesProvider, rule: RuleOut) -> None:
    await rules.delete(rule)

    async def undo(_: Any = None) -> None:
        await rules.restore(rule["id"])

    toast(tr("The rule “{name}” is deleted.", name=rule["name"]), action=tr("Undo"), on_action=undo)


@ft.component
def BringRules(rules: RulesProvider, close: Any) -> ft.Control:
    """Take the text of a file of rules, show what would come in, and bring it in."""
    form = use_form()
    found, set_found = ft.use_state(_nothing)

    async def look() -> None:
        read = await rules.read_file(form["text"], preview=True)
        set_found(lambda _: read)

    async def bring() -> None:
        read = await rules.read_file(form["text"], preview=False)
        number = len(read["created"])
        close(None)
        toast(trn("{n} rule came in.", "{n} rules came in.", number))

    look_action, take = use_action(look), use_action(bring)
    parts: list[ft.Control] = [
        body(tr("Paste a file of Homie's rules, or of the program organize (YAML)."), muted=True),
        TextInput(form, "text", tr("Text of the file"), multiline=True, min_lines=4, max_lines=10),
    ]
    if found is not None:
        parts += _found(found)
    buttons = [tonal_button(tr("Show what would come in"), look_action)]
    if found is not None and found["rules"]:
        number = len(found["rules"])
        buttons.append(primary_button(trn("Bring in {n} rule", "Bring in {n} rules", number), take))
    parts.append(ft.Row(buttons, alignment=ft.MainAxisAlignment.END, wrap=True))
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _found(found: RuleImportOut) -> list[ft.Control]:
    """Return what would come in, and what would not."""
    folders: tuple[FolderOut, ...] = ()
    shown: list[ft.Control] = [
        caption(f"{one['name']}: {rule_sentence(one['body'], folders)}", max_lines=8) for one in found["rules"]
    ]
    for note in found["notes"][:30]:
        where = tr("line {n}", n=note["line"]) if note["line"] else ""
        head = ", ".join(part for part in (note["rule"], where, note["part"]) if part)
        shown.append(notice(f"{head}: {tr_server(note['text'])}", "warn"))
    return shown or [caption(tr("There is no rule in it."))]


def _nothing() -> Any:
    return None
