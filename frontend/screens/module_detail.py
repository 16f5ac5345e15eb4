"""One module: how it stands and why, switching it on and off, and its settings."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ModuleDetailOut, ModuleOut
from frontend.i18n import ago, tr, tr_server
from frontend.kit import (
    Screen,
    body,
    card,
    chip,
    confirm,
    error_state,
    icon_badge,
    loading_state,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    title,
    toggle,
    tonal_button,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.facts import facts
from frontend.kit.installed_screens import installed_screens
from frontend.kit.keyed import keyed
from frontend.screens.module_settings import ModuleSettingsForm
from frontend.screens.module_words import BROKEN, CHANGING, module_icon, module_sentence, module_state


@ft.component
def ModuleDetail() -> ft.Control:
    """Show the module that the address names."""
    session = use_session()
    modules = use_provider(session.modules)
    auth = use_provider(session.auth)
    module_id = str(ft.use_route_params().get("module_id", ""))
    known = modules.get(module_id)
    load = use_action(lambda: modules.show(module_id, settings=auth.is_admin), quiet=True)
    # Its health is asked anew whenever its state changed.
    use_mount(load, [module_id, known["state"] if known else ""])
    detail = modules.detail if modules.detail is not None and modules.detail["id"] == module_id else None
    if detail is None:
        content = error_state(load.error, load) if load.error is not None else loading_state(3)
        return Screen(tr_server(known["title"]) if known else tr("Modules"), content, back="/modules")
    return Screen(tr_server(detail["title"]), keyed(ModuleBody, module_id, detail, known or detail), back="/modules")


@ft.component
def ModuleBody(detail: ModuleDetailOut, now: ModuleOut) -> ft.Control:
    """Show one module in full; `now` is its newest state."""
    session = use_session()
    auth = use_provider(session.auth)
    modules = use_provider(session.modules)
    module_id, state = now["id"], now["state"]
    name = tr_server(now["title"])
    start = use_action(lambda: modules.start(module_id), done=tr("{name} is there.", name=name))
    stop = use_action(lambda: modules.stop(module_id), done=tr("{name} rests until somebody starts it.", name=name))
    enable = use_action(lambda: modules.enable(module_id), done=tr("{name} can be used again.", name=name))
    disable = use_action(lambda: modules.disable(module_id), done=tr("{name} is switched off.", name=name))

    async def switched(on: bool) -> None:
        if on:
            await enable()
        elif await confirm(
            tr("Switch {name} off?", name=name),
            tr("Nobody in the household can use it any more. Its data stays, and you can switch it on again."),
            tr("Switch off"),
        ):
            await disable()
        else:
            await modules.load()

    words, tone = module_state(state)
    head = card(
        ft.Row(
            [
                icon_badge(module_icon(module_id), tone if tone != "good" else "accent", 48),
                ft.Container(title(name), expand=True),
                chip(words, tone),
            ],
            spacing=12,
        ),
        body(tr_server(now["description"]), muted=True),
        body(module_sentence(state)),
    )
    parts: list[ft.Control] = [head, *_trouble(detail, now)]
    if auth.is_admin:
        buttons: list[ft.Control] = []
        if now["enabled"] and state in ("not_loaded", *BROKEN):
            text = tr("Start") if state == "not_loaded" else tr("Try again now")
            buttons.append(primary_button(text, start, icon=ft.Icons.PLAY_ARROW, about=name))
        if state in ("running", "retrying"):
            buttons.append(tonal_button(tr("Stop"), stop, icon=ft.Icons.PAUSE, about=name))
        if state == "running" and any(one.module_id == module_id for one in installed_screens()):
            buttons.append(primary_button(tr("Open"), lambda: navigate(f"/{module_id}"), about=name))
        if buttons:
            parts.append(ft.Row(buttons, spacing=8, wrap=True))
        parts.append(
            card(
                toggle(
                    tr("The household uses it"),
                    now["enabled"],
                    switched,
                    about=tr("Switched off, it does nothing and nobody sees it."),
                ),
                padding=4,
            )
        )
    parts.append(
        section(
            tr("Details"),
            facts([(tr("Version"), now["version"]), (tr("In this state"), ago(now["since"]))]),
        )
    )
    if auth.is_admin and modules.settings is not None and state not in CHANGING:
        parts.append(keyed(ModuleSettingsForm, f"settings-{module_id}", module_id))
    return scroll_body(*parts)


def _trouble(detail: ModuleDetailOut, now: ModuleOut) -> list[ft.Control]:
    """Say what is wrong and what to do about it."""
    found: list[ft.Control] = []
    reasons = [now["reason"]] if now["reason"] else []
    reasons += [one for one in detail["health"]["problems"] if one and one not in reasons]
    for reason in reasons:
        found.append(notice(tr_server(reason), "bad" if now["state"] in BROKEN else "warn", ft.Icons.ERROR_OUTLINE))
    if now["state"] in BROKEN:
        remedy = {
            "retrying": tr("Nothing to do: it starts by itself as soon as what it needs is there."),
            "migration_error": tr("Restore its last backup, or ask whoever looks after this Homie. Its data is safe."),
        }.get(now["state"], tr("Try to start it again. If that does not help, the log of your Homie says more."))
        found.append(body(remedy, muted=True))
    return found
