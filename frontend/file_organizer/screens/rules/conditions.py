"""One condition of a rule: what it is about, how, and which words, sizes or folders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.learned_words import folder_text
from frontend.file_organizer.rule_words import (
    AGE_HOWS,
    AGES,
    CONDITIONS,
    NAME_HOWS,
    TEXT_HOWS,
    UNITS,
    kind_text,
    options,
)
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser, place_at
from frontend.i18n import tr
from frontend.kit import (
    TextInput,
    caption,
    card,
    choice,
    icon_action,
    quiet_button,
    title,
    toggle,
    use_form,
    use_provider,
    use_session,
)

MB = 1_000_000
_KINDS = (
    "document", "text", "spreadsheet", "presentation", "ebook", "picture", "video", "audio", "subtitle", "archive",
    "disk_image", "installer", "code", "font", "model", "design", "data", "mail", "contact", "calendar",
)  # fmt: skip
Put = Callable[..., Any]


def wide_choice(label: str, value: str, choices: list[tuple[str, str]], hear: Any) -> ft.Control:
    """Let one of several be chosen from a menu as wide as the card."""
    return ft.Row([ft.Container(choice(label, value, choices, hear, expand=True), expand=True)])


def fresh_condition(what: str) -> dict[str, Any]:
    """Return a condition of this kind as it is offered at first."""
    more: dict[str, dict[str, Any]] = {
        "name": {"how": "contains", "values": [tr("invoice")]},
        "extension": {"values": ["pdf"]},
        "kind": {"values": ["document"]},
        "text": {"how": "words", "values": [tr("invoice")]},
        "age": {"since": "modified", "how": "older", "amount": 30, "unit": "days"},
        "size": {"at_least": 10 * MB},
        "camera": {"values": ["iPhone"]},
        "mimetype": {"values": ["image"]},
        "folder": {"places": [], "below": True},
        "duplicate": {},
    }
    return {"what": what, **more[what]}


@ft.component
def ConditionCard(condition: Mapping[str, Any], changed: Put, remove: Any, number: int) -> ft.Control:
    """Show one condition and let it be changed; `changed` hears the new one. `number` counts them from 1."""
    roots = use_provider(use_session().of(FoldersProvider).roots).items
    form = use_form(**_texts(condition))
    latest: Any = ft.use_ref(None)
    latest.current = condition

    async def put(**changes: Any) -> None:
        now = {key: value for key, value in {**latest.current, **changes}.items() if value is not None}
        latest.current = now
        await changed(now)

    async def chosen(what: str) -> None:
        fresh = fresh_condition(what)
        if what == "folder" and roots:
            fresh["places"] = [{"volume_id": roots[0]["volume_id"], "path": ""}]
        form.fill(**_texts(fresh))
        latest.current = fresh
        await changed(fresh)

    async def negate(on: bool) -> None:
        await put(negate=on or None)

    what = str(condition["what"])
    names = [one for one in options(CONDITIONS) if one[0] != "mimetype" or what == "mimetype"]
    head: list[ft.Control] = [
        ft.Container(
            choice(tr("Condition {number}", number=str(number)), what, names, chosen, expand=True), expand=True
        )
    ]
    if remove is not None:
        head.append(icon_action(ft.Icons.DELETE_OUTLINE, tr("Remove condition {number}", number=str(number)), remove))
    body: list[ft.Control] = [ft.Row(head, spacing=8)]
    body += _PARTS[what](condition, form, put)
    opposite = tr("The opposite of condition {number} is meant", number=str(number))
    body.append(toggle(opposite, bool(condition.get("negate")), negate))
    return card(ft.Column(body, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _texts(condition: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the fields of a condition."""
    values = [str(one) for one in condition.get("values", ())]
    pattern = condition.get("how") == "regex"
    sizes = {
        key: f"{condition[key] / MB:g}" if condition.get(key) is not None else "" for key in ("at_least", "at_most")
    }
    return {
        "values": "|".join(values) if pattern else ", ".join(values),
        "amount": str(condition.get("amount", "")),
    } | sizes


def values_of(text: str, how: str) -> list[str]:
    """Return the values that are typed, with commas between them; a pattern is one value."""
    if how == "regex":
        return [text.strip()]
    return [part.strip() for part in text.split(",") if part.strip()] or [""]


def _values(label: str, condition: Mapping[str, Any], form: Any, put: Put) -> ft.Control:
    async def typed(text: str) -> None:
        await put(values=values_of(text, str(condition.get("how", ""))))

    return TextInput(form, "values", label, on_change=typed)


def _with_how(words: Mapping[str, Callable[[], str]], label: str) -> Callable[..., list[ft.Control]]:
    def parts(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
        async def how(value: str) -> None:
            await put(how=value, values=values_of(form["values"], value))

        return [
            wide_choice(tr("How"), str(condition.get("how")), options(words), how),
            _values(tr("Words, with commas between them"), condition, form, put),
        ]

    return parts


def _only(label: Callable[[], str]) -> Callable[..., list[ft.Control]]:
    return lambda condition, form, put: [_values(label(), condition, form, put)]


def _kind(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
    async def chosen(value: str) -> None:
        await put(values=[value])

    kinds = sorted(((kind, kind_text(kind)) for kind in _KINDS), key=lambda one: one[1])
    shown: list[ft.Control] = [wide_choice(tr("Kind"), str(condition["values"][0]), kinds, chosen)]
    if len(condition["values"]) > 1:
        shown.append(caption(", ".join(kind_text(value) for value in condition["values"])))
    return shown


def _age(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
    async def since(value: str) -> None:
        await put(since=value)

    async def how(value: str) -> None:
        await put(how=value)

    async def unit(value: str) -> None:
        await put(unit=value)

    async def typed(text: str) -> None:
        if text.strip().isdigit() and int(text) > 0:
            await put(amount=min(int(text), 1_000_000))

    units = [one for one in options(UNITS) if one[0] != "seconds" or condition.get("unit") == "seconds"]
    return [
        wide_choice(tr("When"), str(condition.get("since", "modified")), options(AGES), since),
        wide_choice(tr("How long"), str(condition.get("how", "older")), options(AGE_HOWS), how),
        TextInput(form, "amount", tr("Number"), on_change=typed, keyboard_type=ft.KeyboardType.NUMBER),
        wide_choice(tr("Unit"), str(condition.get("unit", "days")), units, unit),
    ]


def _size(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
    def typed(key: str) -> Any:
        async def heard(text: str) -> None:
            try:
                number = int(float(text.replace(",", ".")) * MB) if text.strip() else None
            except (ValueError, OverflowError):
                return
            await put(**{key: number})

        return heard

    number = ft.KeyboardType.NUMBER
    return [
        TextInput(form, "at_least", tr("At least (MB)"), on_change=typed("at_least"), keyboard_type=number),
        TextInput(form, "at_most", tr("At most (MB)"), on_change=typed("at_most"), keyboard_type=number),
    ]


def _duplicate(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
    said = tr("Another file in the opened folders has exactly the same content, and was there first.")
    trash = tr("Such a rule cannot use the trash: copies go there under “Copies”, where another one is proven to stay.")
    return [caption(said, max_lines=4), caption(trash, max_lines=4)]


def _folder(condition: Mapping[str, Any], form: Any, put: Put) -> list[ft.Control]:
    return [FolderPart(condition, put)]


@ft.component
def FolderPart(condition: Mapping[str, Any], put: Put) -> ft.Control:
    """Show the folders that files must lie in, and let one be chosen."""
    roots = use_provider(use_session().of(FoldersProvider).roots).items
    choosing, set_choosing = ft.use_state(False)

    async def take(path: str, _: str) -> None:
        set_choosing(False)
        place = place_at(path, roots)
        if place is not None:
            await put(places=[place])

    async def below(on: bool) -> None:
        await put(below=on)

    named = [folder_text(place["volume_id"], place["path"], roots) for place in condition["places"]]
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.FOLDER_OUTLINED, color=ft.Colors.PRIMARY),
                title(", ".join(named), expand=True, max_lines=3),
                quiet_button(
                    tr("Cancel") if choosing else tr("Change"),
                    lambda: set_choosing(not choosing),
                    about=tr("the folder"),
                ),
            ],
            spacing=12,
        )
    ]
    if choosing:
        parts.append(FolderChooser(take))
    parts.append(toggle(tr("Also in folders inside it"), bool(condition.get("below", True)), below))
    return ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


_PARTS: Mapping[str, Callable[..., list[ft.Control]]] = {
    "name": _with_how(NAME_HOWS, "name"),
    "text": _with_how(TEXT_HOWS, "text"),
    "extension": _only(lambda: tr("Endings, with commas between them")),
    "camera": _only(lambda: tr("Part of the camera's name")),
    "mimetype": _only(lambda: tr("Types, with commas between them")),
    "kind": _kind,
    "age": _age,
    "size": _size,
    "folder": _folder,
    "duplicate": _duplicate,
}
