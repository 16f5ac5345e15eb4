"""Fields that never lose a keystroke (docs/adr/0130).

What is typed lies in a `Form`, the control is rebuilt only when its label or error changes, and handlers read the form,
never a value captured while rendering.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import flet as ft

from frontend.i18n import tr
from frontend.kit.context import SessionContext, place_of
from frontend.kit.keys import set_typing
from frontend.kit.theme import TARGET

if TYPE_CHECKING:
    from frontend.providers.drafts import Drafts


@dataclass
class Form:
    """Hold what is typed into the fields of one screen. A plain object: typing renders nothing."""

    values: dict[str, str] = field(default_factory=dict)
    generation: int = 0
    """Counts how often the code itself changed values: fields are rebuilt then, and only then."""
    kept: KeptForm | None = None
    """Where half-typed text is kept in case that this process ends; None keeps nothing."""
    restored: set[str] = field(default_factory=set)
    """Fields that began with kept text, of which nobody has heard yet."""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def fill(self, **values: str) -> None:
        """Set values from code; the fields show them at the next rendering."""
        self.values.update(values)
        self.generation += 1
        if self.kept is not None:
            self.kept.drop(*values)

    def clear(self) -> None:
        """Empty all fields."""
        self.values.clear()
        self.generation += 1
        self.sent()

    def sent(self) -> None:
        """Say that what was typed has arrived: it need not be kept any longer."""
        if self.kept is not None:
            self.kept.drop()

    def typed(self, name: str, text: str, *, secret: bool) -> None:
        """Take what a person typed; a secret is not kept."""
        self.values[name] = text
        if self.kept is not None and not secret:
            self.kept.put(name, text)


@dataclass
class KeptForm:
    """Keep the half-typed text of one form: at its place in the app, under its name; `initial` need not be kept."""

    drafts: Drafts
    place: str
    form: str
    initial: dict[str, str]

    def texts(self) -> dict[str, str]:
        """Return what is kept, by field."""
        start = f"{self.form}."
        found = self.drafts.texts(self.place)
        return {name.removeprefix(start): text for name, text in found.items() if name.startswith(start)}

    def put(self, name: str, text: str) -> None:
        """Keep a field's text."""
        if text == self.initial.get(name, ""):
            self.drop(name)
        else:
            self.drafts.put(self.place, f"{self.form}.{name}", text)

    def drop(self, *names: str) -> None:
        """Forget fields, or all of this form."""
        if known := [f"{self.form}.{name}" for name in (names or self.texts())]:
            self.drafts.drop(self.place, *known)


def use_form(*, keep: str = "", **initial: str) -> Form:
    """Return the form of this component, made at its first rendering.

    `keep`: a name under which half-typed text outlives the process (never passwords, codes and keys: see `TextInput`);
    the form calls `sent()` when it has arrived, and going elsewhere forgets it.
    """
    held: Any = ft.use_ref(None)
    session = ft.use_context(SessionContext) if keep else None
    page = ft.context.page if session is not None else None
    if held.current is None:
        held.current = form = Form(dict(initial))
        if session is not None and page is not None:
            form.kept = KeptForm(session.drafts, place_of(page), keep, dict(initial))
            form.values.update(found := form.kept.texts())
            form.restored = set(found)
    made: Form = held.current

    async def left() -> None:
        if made.kept is not None and page is not None and place_of(page) != made.kept.place:
            made.kept.drop()

    ft.use_effect(lambda: None, [], left)
    return made


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
        form.typed(name, event.data or "", secret=password)
        if (hear := latest.current[1]) is not None and (waiting := hear(form.values[name])) is not None:
            await waiting

    async def restored() -> None:
        if name in form.restored:
            form.restored.discard(name)
            if (hear := latest.current[1]) is not None and (waiting := hear(form[name])) is not None:
                await waiting

    ft.use_effect(restored, [])

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

    menu = ft.Dropdown(
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
    # The engine's button of a menu has no name of its own; the page takes it from the group around (`index.html`).
    return ft.Semantics(container=True, label=label, content=menu, expand=more.get("expand"))


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
                    label=text,
                    content=ft.Slider(
                        value=value, min=low, max=high, divisions=steps, on_change_end=ended, height=TARGET
                    ),
                )
            ),
        ],
        spacing=0,
        tight=True,
    )
