"""Everybody with an account, for administrators: their rights, lost passwords, locking out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import PersonOut
from frontend.i18n import ago, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    caption,
    card,
    chip,
    choose_sheet,
    confirm,
    empty_state,
    error_state,
    icon_action,
    loading_state,
    navigate,
    primary_button,
    scroll_body,
    title,
    toast,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.avatar import avatar
from frontend.screens.people.invite import CodeCard
from frontend.screens.reauthenticate import with_sudo

if TYPE_CHECKING:
    from frontend.providers.session import Session


@ft.component
def Everybody() -> ft.Control:
    """Show every person, or the code that was made for one of them."""
    session = use_session()
    auth = use_provider(session.auth)
    people = use_provider(session.people)
    load = use_action(people.load_users, quiet=True)
    use_mount(load)
    name = tr("Everybody with an account")
    if not auth.is_admin:
        only = tr("Only administrators see this")
        return Screen(name, empty_state(ft.Icons.ADMIN_PANEL_SETTINGS_OUTLINED, only), back="/people")
    if people.new_code is not None and people.new_code["purpose"] == "password":
        return Screen(tr("New password code"), scroll_body(CodeCard(session, people.new_code)), back="/people")

    async def change(person: PersonOut) -> None:
        await _change(session, person)

    act = use_action(change)
    if not people.users:
        shown = error_state(load.error, load) if isinstance(load.error, ApiError) else loading_state()
        return Screen(name, shown, back="/people")
    rows = [_person(one, auth.person_id, act) for one in people.users]
    invite = primary_button(tr("Invite somebody new"), lambda: navigate("/people/invite"), icon=ft.Icons.PERSON_ADD_ALT)
    return Screen(name, scroll_body(*rows, ft.Row([invite], wrap=True), spacing=GAP / 2), back="/people")


def _person(of: PersonOut, me: str, act: object) -> ft.Control:
    shown = of["display_name"] or of["name"]
    chips = []
    if of["id"] == me:
        chips.append(chip(tr("You"), "accent"))
    if of["is_admin"]:
        chips.append(chip(tr("Administrator"), "accent"))
    if of["disabled"]:
        chips.append(chip(tr("Locked out"), "bad"))
    if of["second_factor"]:
        chips.append(chip(tr("Second factor"), "good"))
    words: list[ft.Control] = [
        title(shown, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(tr("{name} · last here {when}", name=of["name"], when=ago(of["last_login_at"])), max_lines=2),
    ]
    if chips:
        words.append(ft.Row(chips, wrap=True, spacing=6, run_spacing=6))
    row: list[ft.Control] = [avatar(shown, size=44), ft.Column(words, spacing=4, tight=True, expand=True)]
    if of["id"] != me:

        async def change() -> None:
            await act(None, of)  # type: ignore[operator]

        row.append(icon_action(ft.Icons.MORE_VERT, tr("Change {name}", name=shown), change))
    return card(ft.Row(row, spacing=GAP), key=of["id"], padding=12)


async def _change(session: Session, person: PersonOut) -> None:
    """Let it be chosen what happens with a person."""
    shown = person["display_name"] or person["name"]
    choices = [
        (
            "admin",
            Tile(tr("Take the administrator's rights"), "", ft.Icons.REMOVE_MODERATOR_OUTLINED)
            if person["is_admin"]
            else Tile(
                tr("Make an administrator"), tr("May do everything that you may"), ft.Icons.ADD_MODERATOR_OUTLINED
            ),
        ),
        ("code", Tile(tr("New password code"), tr("If they forgot their password"), ft.Icons.PASSWORD)),
    ]
    if person["second_factor"]:
        choices.append(
            ("factor", Tile(tr("Turn off their second factor"), tr("If their phone is lost"), ft.Icons.PHONELINK_ERASE))
        )
    choices.append(
        (
            "lock",
            Tile(tr("Let them in again"), "", ft.Icons.LOCK_OPEN)
            if person["disabled"]
            else Tile(tr("Lock out"), tr("Logged out at once; nothing of theirs is removed"), ft.Icons.BLOCK),
        )
    )
    chosen = await choose_sheet(shown, choices)
    if chosen is not None:
        await _do(session, chosen, person, shown)


async def _do(session: Session, chosen: str, person: PersonOut, shown: str) -> None:
    people, user_id = session.people, person["id"]
    if chosen == "admin":
        wanted = not person["is_admin"]
        text = (
            tr("{name} may then lock out people, open folders, and make codes for new passwords.", name=shown)
            if wanted
            else tr("{name} can then no longer look after people and folders.", name=shown)
        )
        name = tr("Make {name} an administrator?", name=shown) if wanted else tr("Take {name}'s rights?", name=shown)
        if await confirm(name, text, tr("Yes, do it"), danger=True):
            await with_sudo(session, lambda: people.change_person(user_id, is_admin=wanted))
    elif chosen == "code":
        await with_sudo(session, lambda: people.make_password_code(user_id))
    elif chosen == "factor":
        if await confirm(
            tr("Turn off the second factor of {name}?", name=shown),
            tr("Their password alone then opens their account. It is written into the security log."),
            tr("Turn it off"),
            danger=True,
        ):
            await with_sudo(session, lambda: people.turn_second_factor_off(user_id))
    elif person["disabled"]:
        await with_sudo(session, lambda: people.change_person(user_id, disabled=False))
        toast(tr("{name} may log in again.", name=shown))
    elif await confirm(
        tr("Lock out {name}?", name=shown),
        tr("Every device of theirs is logged out at once. Nothing of theirs is removed."),
        tr("Lock out"),
        danger=True,
    ):
        await with_sudo(session, lambda: people.change_person(user_id, disabled=True))
