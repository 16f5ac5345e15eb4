"""How files are named when they are filed: like the others of their series, or by a template, with a live preview."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import TemplateOut
from frontend.file_organizer.series_provider import NamingProvider
from frontend.i18n import tr, tr_server
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    body,
    caption,
    card,
    field_errors,
    keyed,
    notice,
    scroll_body,
    section,
    state_of,
    toggle,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)


@ft.component
def Naming() -> ft.Control:
    """Show the choices; each switch is kept as soon as it is changed."""
    naming = use_provider(use_session().of(NamingProvider))
    use_mount(naming.load)
    like = use_action(naming.like_others)

    async def like_others(on: bool) -> None:
        await like(None, on)

    def content() -> ft.Control:
        assert naming.naming is not None
        return scroll_body(
            body(tr("Files keep their names unless you switch something on here."), muted=True),
            card(
                toggle(
                    tr("Name episodes like the others"),
                    naming.naming["like_others"],
                    like_others,
                    about=tr("Homie looks at the episodes that are there already and names new ones the same way."),
                ),
                padding=4,
            ),
            *(
                section(kind_words(one["kind"]), keyed(TemplateCard, one["kind"], one))
                for one in naming.naming["templates"]
            ),
            caption(
                tr("Subtitles and pictures that belong to a video take its new name. An undo brings the old back.")
            ),
            spacing=GAP,
        )

    return Screen(tr("Names of files"), state_of(naming, content), back="/file_organizer/settings")


def kind_words(kind: str) -> str:
    """Return what a kind of file is called."""
    return {
        "film": tr("Films"),
        "episode": tr("Episodes with season and number"),
        "daily": tr("Programmes by date"),
        "absolute": tr("Episodes numbered through"),
    }.get(kind, kind)


@ft.component
def TemplateCard(template: TemplateOut) -> ft.Control:
    """Show one template: on or off, its text, and what it makes of names while it is typed."""
    naming = use_provider(use_session().of(NamingProvider))
    kind = template["kind"]
    form = use_form(template=template["template"])
    switch = use_action(lambda on: naming.switch(kind, on))
    keep = use_action(lambda: naming.keep(kind, form["template"]), done=tr("Kept."), quiet=True)
    look = use_action(lambda text: naming.try_out(kind, text), quiet=True)

    async def switched(on: bool) -> None:
        await switch(None, on)

    async def typed(text: str) -> None:
        await look(None, text)

    tried = naming.tried.get(kind)
    parts: list[ft.Control] = [
        toggle(tr("{kind}: use this template", kind=kind_words(kind)), template["on"], switched),
        ft.Container(
            ft.Column(
                [
                    TextInput(
                        form,
                        "template",
                        tr("Template for {kind}", kind=kind_words(kind)),
                        error=field_errors(keep).get("template"),
                        on_change=typed,
                        on_submit=keep,
                        max_length=200,
                    ),
                    *_preview(template, tried),
                    caption(tr("You can use: {fields}", fields=", ".join(f"{{{one}}}" for one in template["fields"]))),
                    ft.Row(
                        [tonal_button(tr("Keep"), keep, about=kind_words(kind))], alignment=ft.MainAxisAlignment.END
                    ),
                ],
                spacing=GAP / 2,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=GAP, right=GAP, bottom=GAP),
        ),
    ]
    return card(*parts, padding=4)


def _preview(template: TemplateOut, tried: object) -> list[ft.Control]:
    """Return what the template makes of names, or what is wrong with it."""
    if not isinstance(tried, dict):
        return [body(template["example"])]
    if not tried["ok"]:
        return [notice(" ".join(tr_server(text) for text in (tried["problem"], tried["remedy"]) if text), "bad")]
    return [caption(f"{one['before']} → {one['after']}") for one in tried["examples"]]
