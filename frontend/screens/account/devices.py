"""Where one is logged in: every device, with a way to log it out."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DeviceOut
from frontend.i18n import ago, tr, trn
from frontend.kit import (
    GAP,
    Screen,
    caption,
    card,
    chip,
    confirm,
    danger_button,
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

_PHONES = ("android", "iphone", "ipad", "ios", "mobile")


@ft.component
def Devices() -> ft.Control:
    """Show the devices that are logged in, this one first."""
    session = use_session()
    security = use_provider(session.security)
    use_mount(security.load)

    async def one_out(device_id: str, name: str) -> None:
        if await confirm(
            tr("Log out {name}?", name=name),
            tr("Whoever uses it has to type the password again."),
            tr("Log it out"),
            danger=True,
        ):
            await security.log_device_out(device_id)
            toast(tr("{name} is logged out.", name=name))

    async def all_out() -> None:
        if await confirm(
            tr("Log out all other devices?"),
            tr("Only this one stays logged in. Do that if a device was lost, or if something looks strange."),
            tr("Log them out"),
            danger=True,
        ):
            ended = await security.log_other_devices_out()
            toast(trn("One device was logged out.", "{n} devices were logged out.", ended))

    end, end_all = use_action(one_out), use_action(all_out)

    def content() -> ft.Control:
        devices = sorted(security.devices, key=lambda one: not one["current"])
        rows = [_device(one, end) for one in devices]
        if len(devices) > 1:
            rows.append(
                ft.Row([danger_button(tr("Log out all other devices"), end_all, icon=ft.Icons.LOGOUT)], wrap=True)
            )
        return scroll_body(*rows, spacing=GAP / 2)

    return Screen(tr("Devices"), state_of(security, content), back="/account")


def _device(of: DeviceOut, end: object) -> ft.Control:
    name = of["name"] or tr("Unnamed device")
    seen = tr("Active now") if of["current"] else tr("Last active {when}", when=ago(of["last_seen_at"]))
    lines: list[ft.Control] = [
        title(name, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(seen if not of["ip"] else tr("{seen} · from {address}", seen=seen, address=of["ip"]), max_lines=2),
        caption(tr("Logged in {when}", when=ago(of["created_at"]))),
    ]
    if of["current"]:
        lines.append(ft.Row([chip(tr("This device"), "accent")], tight=True))
    row: list[ft.Control] = [_icon(of), ft.Column(lines, spacing=4, tight=True, expand=True)]
    if not of["current"]:

        async def log_out() -> None:
            await end(None, of["id"], name)  # type: ignore[operator]

        row.append(quiet_button(tr("Log out"), log_out, about=name))
    return card(ft.Row(row, spacing=GAP, vertical_alignment=ft.CrossAxisAlignment.CENTER), key=of["id"])


def _icon(of: DeviceOut) -> ft.Control:
    words = f"{of['name']} {of['user_agent']}".casefold()
    phone = any(one in words for one in _PHONES)
    return ft.Icon(ft.Icons.SMARTPHONE if phone else ft.Icons.COMPUTER, color=ft.Colors.ON_SURFACE_VARIANT)
