"""Change a rule in the form of a sentence, and see at once what it would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FolderOut
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.rule_words import ACTIONS, PLACEHOLDERS, action_folder, options
from frontend.file_organizer.rules_provider import RulesProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser, place_at
from frontend.file_organizer.screens.rules.conditions import ConditionCard, fresh_condition, wide_choice
from frontend.file_organizer.screens.rules.trial import Trial
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    TextInput,
    caption,
    card,
    error_state,
    heading,
    keyed,
    loading_state,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    title,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)

BACK = "/file_organizer/rules"


@ft.component
def RuleEditor() -> ft.Control:
    """Show the editor of one rule, or of a new one."""
    rule_id = ft.use_route_params()["rule_id"]
    session = use_session()
    rules = use_provider(session.of(RulesProvider))
    ready, set_ready = ft.use_state(False)
    new = rule_id == "new"

    async def load() -> None:
        set_ready(False)
        await session.of(FoldersProvider).load()
        roots = session.of(FoldersProvider).roots.items
        await rules.open(None if new else rule_id, fresh_rule(roots))
        set_ready(True)

    opening = use_action(load, quiet=True)
    use_mount(opening, [rule_id])
    name = tr("New rule") if new else tr("Change the rule")
    if opening.error is not None:
        return Screen(name, error_state(opening.error, opening), back=BACK)
    if not ready or rules.body is None:
        return Screen(name, loading_state(4), back=BACK)
    return Screen(name, keyed(EditorBody, rule_id), back=BACK)


def fresh_rule(roots: Sequence[FolderOut]) -> dict[str, Any]:
    """Return what a new rule says at first: something in the name, into the first folder that may be written to."""
    root = next((one for one in roots if one["space_writable"]), None)
    folder = {"volume_id": root["volume_id"], "path": ""} if root is not None else {"path": ""}
    return {"match": "all", "conditions": [fresh_condition("name")], "action": {"do": "move", "folder": folder}}


@ft.component
def EditorBody() -> ft.Control:
    """Show name, conditions, what is done, and what that would mean."""
    rules = use_provider(use_session().of(RulesProvider))
    form = use_form(name=rules.name)
    count: Any = ft.use_ref(0)
    keys: Any = ft.use_ref(None)
    draft: Mapping[str, Any] = rules.body or {}
    conditions = list(draft["conditions"])
    if keys.current is None:
        keys.current = [str(number) for number in range(len(conditions))]

    def set_condition(at: int) -> Any:
        async def changed(one: Mapping[str, Any]) -> None:
            now = list((rules.body or draft)["conditions"])
            now[at] = one
            await rules.change(conditions=now)

        return changed

    def remove(at: int) -> Any:
        async def gone(_: Any = None) -> None:
            now = list((rules.body or draft)["conditions"])
            del now[at]
            del keys.current[at]
            await rules.change(conditions=now)

        return gone

    async def more(_: Any = None) -> None:
        count.current += 1
        keys.current.append(f"new-{count.current}")
        await rules.change(conditions=[*(rules.body or draft)["conditions"], fresh_condition("extension")])

    async def save() -> None:
        rules.name = form["name"].strip()[:120] or suggested_name(rules.body or draft)
        await rules.save()
        navigate(BACK)

    async def match(value: str) -> None:
        await rules.change(match=value)

    storing = use_action(save, done=tr("The rule is kept."))
    parts: list[ft.Control] = [
        ft.Container(TextInput(form, "name", tr("Name of the rule")), padding=ft.Padding.only(top=8))
    ]
    parts.append(heading(tr("If a file fits this")))
    if len(conditions) > 1:
        every = [("all", tr("All of these must be so")), ("any", tr("One of these is enough"))]
        parts.append(wide_choice(tr("How they go together"), str(draft.get("match", "all")), every, match))
    for at, one in enumerate(conditions):
        only = len(conditions) == 1
        parts.append(
            keyed(ConditionCard, keys.current[at], one, set_condition(at), None if only else remove(at), at + 1)
        )
    parts.append(ft.Row([quiet_button(tr("Add a condition"), more, icon=ft.Icons.ADD)]))
    parts += [heading(tr("then")), ActionCard(draft["action"])]
    parts += [heading(tr("What this rule would do")), Trial()]
    parts.append(
        ft.Row([primary_button(tr("Keep the rule"), storing, icon=ft.Icons.CHECK)], alignment=ft.MainAxisAlignment.END)
    )
    return scroll_body(*parts)


def suggested_name(draft: Mapping[str, Any]) -> str:
    """Return a name for a rule that was given none."""
    values = draft["conditions"][0].get("values") if draft["conditions"] else None
    return str(values[0])[:120] if values else tr("Rule")


@ft.component
def ActionCard(action: Mapping[str, Any]) -> ft.Control:
    """Show what is done with the files, and let it be chosen."""
    session = use_session()
    rules = session.of(RulesProvider)
    roots = use_provider(session.of(FoldersProvider).roots).items
    choosing, set_choosing = ft.use_state(False)
    fixed, inside = split_folder(str(action.get("folder", {}).get("path", "")))
    form = use_form(inside=inside, name=str(action.get("name") or ""))

    async def put(**changes: Any) -> None:
        now = {**(rules.body or {"action": action})["action"], **changes}
        if not now.get("name"):
            now.pop("name", None)
        await rules.change(action=now)

    async def chosen(do: str) -> None:
        wanted: dict[str, Any] = {"do": do}
        if do in ("move", "copy"):
            wanted["folder"] = action.get("folder") or fresh_rule(roots)["action"]["folder"]
        if do == "rename":
            wanted["name"] = form["name"].strip() or "{year}-{month} {name}"
            form.fill(name=wanted["name"])
        await rules.change(action=wanted)

    async def take(path: str, _: str) -> None:
        set_choosing(False)
        folder = place_at(path, roots)
        if folder is not None:
            await put(folder={**folder, "path": joined(folder["path"], form["inside"])})

    async def typed_inside(text: str) -> None:
        folder = dict((rules.body or {"action": action})["action"].get("folder", {}))
        start = split_folder(str(folder.get("path", "")))[0]
        await put(folder={**folder, "path": joined(start, text)})

    async def typed_name(text: str) -> None:
        await put(name=text.strip())

    do = str(action["do"])
    parts: list[ft.Control] = [wide_choice(tr("What to do"), do, options(ACTIONS), chosen)]
    if do in ("move", "copy"):
        parts.append(_folder_row(action, fixed, roots, choosing, lambda: set_choosing(not choosing)))
        if choosing:
            parts.append(FolderChooser(take, recent_first=True))
        parts.append(TextInput(form, "inside", tr("Folders inside it (may stay empty)"), on_change=typed_inside))
        parts.append(
            _marks(
                ("{year}", "{month}", "{camera|Camera}", "{kind}"),
                form,
                "inside",
                "/",
                typed_inside,
                tr("into the folders"),
            )
        )
    if do in ("move", "copy", "rename"):
        words = tr("New name") if do == "rename" else tr("New name (may stay empty)")
        parts.append(TextInput(form, "name", words, on_change=typed_name))
        parts.append(
            _marks(("{name}", "{year}", "{month}", "{ext}"), form, "name", " ", typed_name, tr("into the new name"))
        )
    if do == "trash":
        parts.append(caption(tr("From the trash files can be taken back.")))
    return card(ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _folder_row(action: Mapping[str, Any], fixed: str, roots: Any, choosing: bool, press: Any) -> ft.Control:
    shown = {**action, "folder": {**action["folder"], "path": fixed}}
    return ft.Row(
        [
            ft.Icon(ft.Icons.FOLDER_OUTLINED, color=ft.Colors.PRIMARY),
            title(action_folder(shown, roots), expand=True, max_lines=3),
            quiet_button(tr("Cancel") if choosing else tr("Change"), press, about=tr("the folder")),
        ],
        spacing=12,
    )


def _marks(marks: Sequence[str], form: Any, field: str, joint: str, hear: Any, where: str) -> ft.Control:
    """Offer what can be filled in; a press adds it. `where` tells one row of them from another for screen readers."""

    def adding(mark: str) -> Any:
        async def add(_: Any = None) -> None:
            text = form[field].rstrip()
            form.fill(**{field: f"{text}{joint if text and not text.endswith(joint) else ''}{mark}"})
            await hear(form[field])

        return add

    buttons = [quiet_button(f"+ {PLACEHOLDERS[mark]()}", adding(mark), about=where) for mark in marks]
    return ft.Row(buttons, wrap=True, spacing=4, run_spacing=0)


def split_folder(path: str) -> tuple[str, str]:
    """Return the folder that is fixed, and what follows from the first placeholder on."""
    parts = path.split("/") if path else []
    first = next((at for at, part in enumerate(parts) if "{" in part), len(parts))
    return "/".join(parts[:first]), "/".join(parts[first:])


def joined(fixed: str, inside: str) -> str:
    """Return a folder with what is typed for inside of it."""
    return "/".join(part for part in (fixed, inside.strip().strip("/")) if part)
