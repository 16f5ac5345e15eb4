"""A module's settings as a form, made from the JSON schema that the module declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.i18n import tr, tr_server
from frontend.kit import (
    Form,
    TextInput,
    card,
    choice,
    field_errors,
    primary_button,
    section,
    toggle,
    use_action,
    use_form,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text

Field = tuple[str, dict[str, Any], Any]
"""Dotted name, schema with its references resolved, and present value."""


def fields_of(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a schema that people can fill in, nested ones by dotted names."""
    return list(_fields(schema, values, schema.get("$defs", {}), ""))


def _fields(schema: Mapping[str, Any], values: Any, known: Any, prefix: str) -> Iterator[Field]:
    for name, raw in (schema.get("properties") or {}).items():
        about = _resolved(raw, known)
        value = values.get(name, about.get("default")) if isinstance(values, Mapping) else about.get("default")
        if about.get("type") == "object" and about.get("properties"):
            yield from _fields(about, value or {}, known, f"{prefix}{name}.")
        elif about.get("type") in ("boolean", "integer", "number", "string"):
            yield f"{prefix}{name}", about, value


def _resolved(raw: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Follow `$ref`, and take the part that is not null of an optional field."""
    about = dict(raw)
    options = [one for one in about.get("anyOf", []) if one.get("type") != "null"]
    if len(options) == 1:
        about = {**options[0], **{key: value for key, value in about.items() if key != "anyOf"}, "optional": True}
    if "$ref" in about:
        about = {**known.get(str(about["$ref"]).rpartition("/")[2], {}), **about}
    return about


def read_values(fields: list[Field], texts: Mapping[str, str], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the nested values of what was typed and chosen; raises `ValueError` with the field's name."""
    values: dict[str, Any] = {}
    for name, about, present in fields:
        at = values
        *above, last = name.split(".")
        for part in above:
            at = at.setdefault(part, {})
        at[last] = _value(name, about, present, texts, chosen)
    return values


def _value(
    name: str, about: Mapping[str, Any], present: Any, texts: Mapping[str, str], chosen: Mapping[str, Any]
) -> Any:
    if about["type"] == "boolean" or "enum" in about:
        return chosen.get(name, present)
    text = texts.get(name, "").strip()
    if about["type"] == "string":
        return text if text or not about.get("optional") else None
    if not text and about.get("optional"):
        return None
    try:
        return int(text) if about["type"] == "integer" else float(text.replace(",", "."))
    except ValueError:
        raise ValueError(name) from None


@ft.component
def ModuleSettingsForm(module_id: str) -> ft.Control:
    """Show and store a module's settings."""
    modules = use_provider(use_session().modules)
    kept = modules.settings
    fields = fields_of(kept["json_schema"], kept["values"]) if kept else []
    form = use_form(
        keep="module", **{name: _text(value) for name, about, value in fields if about["type"] != "boolean"}
    )
    nothing: dict[str, Any] = {}
    chosen, choose = ft.use_state(nothing)

    async def store() -> None:
        try:
            values = read_values(fields, form.values, chosen)
        except ValueError as problem:
            words = tr("Write a number here.")
            raise ApiError("invalid_input", words, fields={str(problem): words}) from problem
        await modules.save_settings(module_id, values)
        form.sent()

    save = use_action(store, done=tr("The settings are stored."))
    if not fields:
        return ft.Container(height=0)
    errors = field_errors(save)

    def pick(name: str, value: Any) -> None:
        choose(lambda before: {**before, name: value})

    shown = [_control(one, form, chosen, errors, pick) for one in fields]
    return section(
        tr("Settings for the household"),
        card(ft.Column(shown, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)),
        ft.Row([primary_button(busy_text(save, tr("Save")), save)]),
    )


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _control(of: Field, form: Form, chosen: Mapping[str, Any], errors: Mapping[str, str], pick: Any) -> ft.Control:
    name, about, value = of
    written = str(about.get("title") or name.rpartition(".")[2].replace("_", " "))
    label = tr_server(written[:1].upper() + written[1:].lower())
    explanation = tr_server(str(about.get("description") or ""))
    if about["type"] == "boolean":
        return toggle(label, bool(chosen.get(name, value)), lambda on: pick(name, on), about=explanation)
    if "enum" in about:
        options = [(str(one), tr_server(str(one).replace("-", " ").capitalize())) for one in about["enum"]]
        return choice(label, str(chosen.get(name, value)), options, lambda key: pick(name, key))
    number = about["type"] in ("integer", "number")
    return TextInput(
        form,
        name,
        label,
        error=errors.get(name.rpartition(".")[2]),
        helper=explanation or None,
        keyboard_type=ft.KeyboardType.NUMBER if number else ft.KeyboardType.TEXT,
    )
