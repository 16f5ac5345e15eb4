"""Fields that never lose a keystroke (docs/adr/0130).

What is typed lies in a `Form`, the control is rebuilt only when its label or error changes, and handlers read the form,
never a value captured while rendering.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit.keys import set_typing
from frontend.kit.theme import TARGET


@dataclass
class Form:
    """Hold what is typed into the fields of one screen. A plain object: typing renders nothing."""

    values: dict[str, str] = field(default_factory=dict)
    generation: int = 0
    """Counts how often the code itself changed values: fields are rebuilt then, and only then."""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def fill(self, **values: str) -> None:
        """Set values from code; the fields show them at the next rendering."""
        self.values.update(values)
        self.generation += 1

    def clear(self) -> None:
        """Empty all fields."""
        self.values.clear()
        self.generation += 1


def use_form(**initial: str) -> Form:
    """Return the form of this component, made at its first rendering."""
    held: Any = ft.use_ref(None)
    if held.current is None:
        held.current = Form(dict(initial))
    form: Form = held.current
    return form


@ft.component
def TextInput(
    form: Form,
    name: str,
    label: str,
    *,
    error: str | None = None,
    on_submit: Callable[..., Any] | None = None,
    on_change: Callable[[str], Any] | None = None,
    password: bool = False,
    **options: Any,
) -> ft.Control:
    """Show a text field whose value is `form[name]`. `on_change` hears each new value."""
    latest: Any = ft.use_ref(None)
    latest.current = (on_submit, on_change)
    shown, show = ft.use_state(False)

    async def changed(event: Any) -> None:
        form.values[name] = event.data or ""
        if (hear := latest.current[1]) is not None and (waiting := hear(form.values[name])) is not None:
            await waiting

    async def focused(_: Any) -> None:
        set_typing(ft.context.page, latest, True)

    async def left(_: Any = None) -> None:
        set_typing(ft.context.page, latest, False)

    # A field that goes away while it has the keyboard tells nobody else.
    ft.use_effect(lambda: None, [], left)

    async def submitted(_: Any) -> None:
        if (submit := latest.current[0]) is not None and (waiting := submit()) is not None:
            await waiting

    def make() -> ft.Control:
        eye: dict[str, Any] = {"suffix_icon": _eye(shown, lambda: show(not shown), label)} if password else {}
        return ft.TextField(
            label=label,
            value=form[name],
            error=error,
            password=password and not shown,
            on_change=changed,
            on_submit=submitted if on_submit else None,
            on_focus=focused,
            on_blur=left,
            border=ft.OutlineInputBorder(border_radius=12),
            **eye,
            **options,
        )

    return ft.use_memo(make, [label, error, form.generation, on_submit is None, options.get("disabled"), shown])


def _eye(shown: bool, press: Callable[[], None], of: str) -> ft.Control:
    """Make the button that shows what is typed; Flet's own one has no name for screen readers."""
    name = tr("Hide what is typed") if shown else tr("Show what is typed")
    return ft.IconButton(
        icon=ft.Icon(
            ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED, semantics_label=f"{name}: {of}"
        ),
        tooltip=name,
        on_click=press,
    )


def toggle(text: str, value: bool, on_change: Callable[[bool], Any], *, about: str = "") -> ft.Control:
    """Show a switch with its text; the whole line can be touched. `about` explains below."""

    async def changed(event: Any) -> None:
        waiting = on_change(bool(event.control.value))
        if waiting is not None:
            await waiting

    line = ft.ListTile(
        title=ft.Text(text, theme_style=ft.TextThemeStyle.BODY_LARGE),
        subtitle=ft.Text(about, theme_style=ft.TextThemeStyle.BODY_SMALL) if about else None,
        trailing=ft.Switch(value=value, on_change=changed),
        toggle_inputs=True,
        min_height=TARGET,
    )
    # One switch with a name, as large as the line; without this a reader hears of a switch that is called nothing.
    return ft.MergeSemantics(line)


def choice(
    label: str, value: str, options: Sequence[tuple[str, str]], on_change: Callable[[str], Any], **more: Any
) -> ft.Control:
    """Let one of several (key, text) be chosen from a menu."""

    async def selected(event: Any) -> None:
        waiting = on_change(str(event.control.value))
        if waiting is not None:
            await waiting

    return ft.Dropdown(
        label=label,
        value=value,
        options=[ft.DropdownOption(key=key, text=text) for key, text in options],
        on_select=selected,
        # The arrow is a button of its own to screen readers.
        trailing_icon=ft.Icon(ft.Icons.ARROW_DROP_DOWN, semantics_label=label),
        selected_trailing_icon=ft.Icon(ft.Icons.ARROW_DROP_UP, semantics_label=label),
        border=ft.OutlineInputBorder(border_radius=12),
        **more,
    )


def slider(
    text: str, value: float, low: float, high: float, steps: int, on_end: Callable[[float], Any], *, shown: str = ""
) -> ft.Control:
    """Let a number be chosen; `on_end` hears it when the thumb is let go. `shown` is the value in words."""

    async def ended(event: Any) -> None:
        waiting = on_end(float(event.control.value))
        if waiting is not None:
            await waiting

    return ft.Column(
        [
            ft.Row(
                [
                    ft.Text(text, theme_style=ft.TextThemeStyle.BODY_LARGE, expand=True),
                    ft.Text(shown, theme_style=ft.TextThemeStyle.LABEL_LARGE),
                ]
            ),
            ft.MergeSemantics(
                ft.Semantics(
                    label=text, content=ft.Slider(value=value, min=low, max=high, divisions=steps, on_change_end=ended)
                )
            ),
        ],
        spacing=0,
        tight=True,
    )
