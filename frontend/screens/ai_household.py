"""The household's choice of an AI service: with which key and model, what is hidden, and how much it may cost."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import AiSettingsIn, AiSettingsOut
from frontend.i18n import tr, tr_server
from frontend.kit import (
    TextInput,
    Tile,
    body,
    card,
    chip,
    choice,
    field_errors,
    notice,
    primary_button,
    quiet_button,
    section,
    tile_group,
    tonal_button,
    use_action,
    use_form,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.keyed import keyed
from frontend.screens.reauthenticate import with_sudo

MICRO = 1_000_000


def changed_settings(present: AiSettingsOut, **changes: Any) -> AiSettingsIn:
    """Return the settings with some of them changed, as the hub takes them: all at once."""
    kept: Any = {name: value for name, value in present.items() if name not in ("keys", "model_price")}
    kept.update(changes)
    if kept["provider"] != "openai":
        kept["base_url"] = None
    found: AiSettingsIn = kept
    return found


@ft.component
def HouseholdAi() -> ft.Control:
    """Choose the service."""
    session = use_session()
    ai = use_provider(session.ai)
    settings = ai.settings
    assert settings is not None
    shown, show = ft.use_state(str(settings["provider"]))

    async def off() -> None:
        await with_sudo(session, lambda: ai.save_settings(changed_settings(settings, provider="none", model=None)))

    turn_off = use_action(off, done=tr("From now on nothing is sent any more."))

    async def pick(provider: str) -> None:
        show(provider)
        if provider == "none" and settings["provider"] != "none":
            await turn_off()

    options = [
        ("none", tr("Off: everything is decided at home")),
        ("openai", tr("A server of your own, or one that speaks OpenAI's language")),
        ("gemini", tr("Google Gemini, with your own key")),
    ]
    parts: list[ft.Control] = [tile_group([_choice(key, text, key == shown, pick) for key, text in options])]
    if shown != "none":
        parts.append(keyed(Service, shown, shown))
    if settings["provider"] != "none":
        parts.append(keyed(Privacy, "privacy"))
        parts.append(keyed(Price, f"price-{settings['provider']}-{settings['model']}"))
    return section(tr("The service of the household"), *parts)


def _choice(key: str, text: str, chosen: bool, pick: Any) -> Tile:
    async def choose() -> None:
        await pick(key)

    icon = ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    mark = ft.Icon(icon, color=ft.Colors.PRIMARY, semantics_label=tr("Chosen") if chosen else None)
    return Tile(text, on_click=choose, leading=mark, trailing=ft.Container(width=0, height=0), key=key)


@ft.component
def Service(provider: str) -> ft.Control:
    """Enter address, key and model of one service, and try it."""
    session = use_session()
    ai = use_provider(session.ai)
    settings = ai.settings
    assert settings is not None
    active = settings["provider"] == provider
    form = use_form(keep="service", base_url=settings["base_url"] or "" if provider == "openai" else "")
    key = next((one for one in settings["keys"] if one["provider"] == provider), None)

    async def store() -> None:
        changes: dict[str, Any] = {"provider": provider}
        if provider == "openai":
            address = form["base_url"].strip()
            if not address.startswith(("http://", "https://")):
                words = tr("Begin the address with http:// or https://")
                raise ApiError("invalid_input", words, fields={"base_url": words})
            changes["base_url"] = address
        if not active:
            changes["model"] = None
        if typed := form["key"].strip():
            await with_sudo(session, lambda: ai.put_key(provider, typed))
            form.fill(key="")
        now = ai.settings or settings
        await with_sudo(session, lambda: ai.save_settings(changed_settings(now, **changes)))
        form.sent()

    save = use_action(store, done=tr("The service is chosen. Nothing is sent before a space agrees."))
    forget = use_action(lambda: with_sudo(session, lambda: ai.delete_key(provider)), done=tr("The key is forgotten."))
    errors = field_errors(save)
    parts: list[ft.Control] = []
    if provider == "openai":
        parts.append(
            TextInput(
                form,
                "base_url",
                tr("Address of the server"),
                error=errors.get("base_url"),
                hint_text="http://192.168.1.20:11434/v1",
                keyboard_type=ft.KeyboardType.URL,
            )
        )
    if key is not None and key["stored"]:
        state = (
            chip(tr("The service refuses the key"), "bad") if key["refused"] else chip(tr("A key is stored"), "good")
        )
        parts.append(ft.Row([state, quiet_button(tr("Forget the key"), forget)], wrap=True))
    label = tr("New key") if key is not None and key["stored"] else tr("Key")
    parts.append(
        TextInput(
            form,
            "key",
            label,
            error=errors.get("key"),
            password=True,
            helper=tr("It is encrypted at once and never shown again, to nobody."),
        )
    )
    text = tr("Save") if active else tr("Use this service")
    parts.append(ft.Row([primary_button(busy_text(save, text), save, about=tr("the service"))]))
    if active:
        parts.append(keyed(Trial, f"trial-{provider}"))
    return card(ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


@ft.component
def Trial() -> ft.Control:
    """Try the connection, and choose among the models that are offered."""
    session = use_session()
    ai = use_provider(session.ai)
    settings = ai.settings
    assert settings is not None

    async def test() -> None:
        if (await ai.test())["ok"]:
            await ai.load_models()

    trial = use_action(test)

    async def choose_model(model: str) -> None:
        await with_sudo(session, lambda: ai.save_settings(changed_settings(settings, model=model or None)))

    take = use_action(choose_model)

    async def picked(model: str) -> None:
        await take(None, model)

    parts: list[ft.Control] = [
        ft.Row([tonal_button(busy_text(trial, tr("Try the connection")), trial, icon=ft.Icons.NETWORK_CHECK)])
    ]
    if ai.connection is not None:
        good = ai.connection["ok"]
        icon = ft.Icons.CHECK_CIRCLE_OUTLINE if good else ft.Icons.ERROR_OUTLINE
        parts.append(notice(tr_server(ai.connection["text"]), "good" if good else "bad", icon))
    known = dict.fromkeys([*([settings["model"]] if settings["model"] else []), *ai.models])
    options = [("", tr("Homie chooses")), *((model, model) for model in known)]
    parts.append(choice(tr("Model"), settings["model"] or "", options, picked))
    parts.append(body(tr("Trying it sends no content: Homie only asks which models there are."), muted=True))
    return ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Privacy() -> ft.Control:
    """Choose what is hidden, how long the record is kept and how much a month may cost."""
    session = use_session()
    ai = use_provider(session.ai)
    settings = ai.settings
    assert settings is not None
    budget = settings["monthly_budget_micro_usd"]
    form = use_form(
        keep="privacy",
        names="\n".join(settings["names"]),
        budget="" if budget is None else f"{budget / MICRO:g}",
        payload_days=str(settings["payload_days"]),
    )

    async def store() -> None:
        names = [line.strip() for line in form["names"].splitlines() if line.strip()]
        spent = _number(form["budget"], "budget")
        days = _number(form["payload_days"], "payload_days")
        changes = {
            "names": names,
            "monthly_budget_micro_usd": None if spent is None else round(spent * MICRO),
            "payload_days": int(days or 0),
        }
        await with_sudo(session, lambda: ai.save_settings(changed_settings(settings, **changes)))
        form.sent()

    async def hide(level: str) -> None:
        await with_sudo(session, lambda: ai.save_settings(changed_settings(settings, redaction=level)))

    save, redact = use_action(store, done=tr("The settings are stored.")), use_action(hide)

    async def redacted(level: str) -> None:
        await redact(None, level)

    errors = field_errors(save)
    levels = [
        ("standard", tr("Addresses, numbers and the names below")),
        ("strict", tr("Also every other digit, dates and amounts")),
        ("none", tr("Nothing (for a server of your own)")),
    ]
    return card(
        ft.Column(
            [
                choice(tr("What is hidden before it is sent"), settings["redaction"], levels, redacted),
                TextInput(
                    form,
                    "names",
                    tr("Names to hide, one per line"),
                    multiline=True,
                    min_lines=3,
                    max_lines=8,
                    helper=tr("Your family, your street, your firm: Homie cannot guess them."),
                ),
                TextInput(
                    form,
                    "budget",
                    tr("Most that a month may cost, in US dollars"),
                    error=errors.get("budget"),
                    keyboard_type=ft.KeyboardType.NUMBER,
                    helper=tr("Empty: no limit. When it is used up, Homie decides at home."),
                ),
                TextInput(
                    form,
                    "payload_days",
                    tr("Days that the record of what was sent is kept"),
                    error=errors.get("payload_days"),
                    keyboard_type=ft.KeyboardType.NUMBER,
                ),
                ft.Row([tonal_button(busy_text(save, tr("Save")), save, about=tr("what is hidden"))]),
            ],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


@ft.component
def Price() -> ft.Control:
    """Show what the model costs as far as Homie knows, and let the household say it."""
    session = use_session()
    ai = use_provider(session.ai)
    settings = ai.settings
    assert settings is not None
    known = settings["model_price"]
    # The price of a model is kept under the beginning of its name; "*" means any, where Homie chooses the model.
    name = settings["model"] or "*"
    free = known is not None and not known["input"] and not known["output"]
    form = use_form(
        keep="price",
        price_in="" if known is None or free else f"{known['input'] / 1000:g}",
        price_out="" if known is None or free else f"{known['output'] / 1000:g}",
    )

    async def store() -> None:
        into, out = _number(form["price_in"], "price_in"), _number(form["price_out"], "price_out")
        now = ai.settings or settings
        prices: dict[str, Any] = {key: value for key, value in now["prices"].items() if key != name}
        if into is not None and out is not None:
            prices[name] = {"input": round(into * 1000), "output": round(out * 1000)}
        await with_sudo(session, lambda: ai.save_settings(changed_settings(now, prices=prices)))
        form.sent()

    save = use_action(store, done=tr("The price is stored."))
    errors = field_errors(save)
    if known is None:
        text = tr("Homie does not know what this model costs, and says so. Enter it to get estimates.")
    elif free:
        text = tr("A server in your own network costs nothing.")
    else:
        text = tr("Homie counts with this price. Change it if your contract says otherwise.")
    return card(
        ft.Column(
            [
                body(text, muted=True),
                TextInput(
                    form,
                    "price_in",
                    tr("US dollars for a million tokens sent"),
                    error=errors.get("price_in"),
                    keyboard_type=ft.KeyboardType.NUMBER,
                ),
                TextInput(
                    form,
                    "price_out",
                    tr("US dollars for a million tokens received"),
                    error=errors.get("price_out"),
                    keyboard_type=ft.KeyboardType.NUMBER,
                    helper=tr("Leave both empty to forget your own price."),
                ),
                ft.Row([tonal_button(busy_text(save, tr("Save the price")), save)]),
            ],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def _number(text: str, name: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        words = tr("Write a number here.")
        raise ApiError("invalid_input", words, fields={name: words}) from None
