"""One space: who is in it and what they may do, open invitations, its name, and the way out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import flet as ft

from frontend.api.generated.schemas import InvitationOut, MemberOut, SpaceOut
from frontend.i18n import ago, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    choose_sheet,
    confirm,
    danger_button,
    empty_state,
    icon_action,
    loading_state,
    navigate,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    title,
    toast,
    use_action,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.avatar import avatar
from frontend.providers.base import Loading
from frontend.screens.people.words import role_name, space_name
from frontend.screens.prompt import Prompt, prompt
from frontend.screens.reauthenticate import with_sudo

if TYPE_CHECKING:
    from frontend.providers.session import Session


@ft.component
def Space() -> ft.Control:
    """Show the space that the address names."""
    session = use_session()
    people = use_provider(session.people)
    space_id = ft.use_route_params().get("space_id", "")

    reading = use_loading()

    async def load() -> None:
        if space_id not in people.members:
            reading.drop()  # that those of another space were read says nothing of these
        await people.load()
        if any(one["id"] == space_id for one in people.spaces):
            await reading.loading(lambda: people.load_members(space_id))

    use_mount(load, [space_id])
    space = next((one for one in people.spaces if one["id"] == space_id), None)
    if space is None:
        gone = empty_state(
            ft.Icons.GROUP_OFF_OUTLINED,
            tr("You are not in this space"),
            tr("Perhaps you left it, or the link was meant for somebody else."),
        )
        return Screen(tr("Space"), state_of(people, lambda: gone, retry=load), back="/people")
    if space["kind"] == "private":
        return Screen(space_name(space), _private(), back="/people")
    return HouseholdSpace(session, space, reading, load)


def _private() -> ft.Control:
    return scroll_body(
        card(
            ft.Icon(ft.Icons.LOCK_OUTLINE, size=40, color=ft.Colors.PRIMARY),
            title(tr("This space is yours alone")),
            body(
                tr(
                    "Nobody can be invited here, and no administrator sees what is in it. To share, make another space."
                ),
                muted=True,
            ),
        )
    )


@ft.component
def HouseholdSpace(
    session: Session, space: SpaceOut, reading: Loading, load: Callable[[], Awaitable[None]]
) -> ft.Control:
    """Show a shared space. `reading`: how far its members are that `load` asks for."""
    people = use_provider(session.people)
    use_provider(reading)
    me = use_provider(session.auth).person_id
    space_id, name, looks_after = space["id"], space["name"], space["role"] == "owner"

    async def change(user_id: str, shown: str, role: str) -> None:
        await _change_member(session, space, user_id, shown, role)

    async def rename() -> None:
        await prompt(
            Prompt(
                tr("Rename the space"),
                tr("Name of the space"),
                tr("Save"),
                lambda typed: people.rename_space(space_id, typed),
                value=name,
            )
        )
        await session.auth.load()

    async def leave() -> None:
        if await confirm(
            tr("Leave {name}?", name=name),
            tr("You no longer see what lies in it. Somebody has to invite you if you want to come back."),
            tr("Leave"),
            danger=True,
        ):
            await people.remove_member(space_id, me)
            await session.auth.load()
            toast(tr("You left {name}.", name=name))
            navigate("/people")

    act, go = use_action(change), use_action(leave)
    withdraw = use_action(people.withdraw, done=tr("The invitation no longer works."))
    members = people.members.get(space_id)
    open_codes = [one for one in people.invitations if one["space_id"] == space_id]
    rows = [_member(one, me, act if looks_after else None) for one in members or ()]
    members_on_their_way = state_of(reading, lambda: loading_state(2), retry=load)
    parts: list[ft.Control] = [section(tr("Who is in it"), *(rows if members is not None else [members_on_their_way]))]
    if looks_after:
        parts.append(
            ft.Row(
                [
                    primary_button(
                        tr("Invite somebody"),
                        lambda: navigate(f"/people/invite?space={space_id}"),
                        icon=ft.Icons.PERSON_ADD_ALT,
                    )
                ],
                wrap=True,
            )
        )
    if open_codes:
        parts.append(section(tr("Open invitations"), *(_invitation(one, withdraw) for one in open_codes)))
    parts.append(
        section(tr("Leave"), ft.Row([danger_button(tr("Leave this space"), go, icon=ft.Icons.LOGOUT)], wrap=True))
    )
    actions = [icon_action(ft.Icons.EDIT_OUTLINED, tr("Rename the space"), rename)] if looks_after else []
    return Screen(
        name, scroll_body(*parts, spacing=24), subtitle=role_name(space["role"]), back="/people", actions=actions
    )


async def _change_member(session: Session, space: SpaceOut, user_id: str, shown: str, role: str) -> None:
    """Let it be chosen what happens with a member, and do it."""
    people = session.people
    owner = role == "owner"
    other = (
        Tile(tr("Make an ordinary member"), tr("Can no longer invite and remove others"), ft.Icons.PERSON_OUTLINE)
        if owner
        else Tile(tr("Let them look after it too"), tr("Can invite and remove others"), ft.Icons.STAR_OUTLINE)
    )
    chosen = await choose_sheet(
        shown,
        [
            ("role", other),
            (
                "out",
                Tile(tr("Take out of the space"), tr("They no longer see what lies in it"), ft.Icons.PERSON_REMOVE),
            ),
        ],
    )
    if chosen == "role":
        await with_sudo(session, lambda: people.change_role(space["id"], user_id, owner=not owner))
    elif chosen == "out" and await confirm(
        tr("Take {name} out?", name=shown),
        tr("They no longer see what lies in {space}. Their own things stay theirs.", space=space["name"]),
        tr("Take out"),
        danger=True,
    ):
        await with_sudo(session, lambda: people.remove_member(space["id"], user_id))
        toast(tr("{name} is no longer in the space.", name=shown))


def _member(of: MemberOut, me: str, act: object) -> ft.Control:
    shown = of["display_name"] or of["name"]
    words: list[ft.Control] = [title(shown, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)]
    words.append(caption(tr("{role} · since {when}", role=role_name(of["role"]), when=ago(of["joined_at"]))))
    row: list[ft.Control] = [avatar(shown, size=44), ft.Column(words, spacing=2, tight=True, expand=True)]
    if of["user_id"] == me:
        row.append(chip(tr("You"), "accent"))
    elif act is not None:

        async def change() -> None:
            await act(None, of["user_id"], shown, of["role"])  # type: ignore[operator]

        row.append(icon_action(ft.Icons.MORE_VERT, tr("Change {name}", name=shown), change))
    return card(ft.Row(row, spacing=GAP), key=of["user_id"], padding=12)


def _invitation(of: InvitationOut, withdraw: object) -> ft.Control:
    async def end() -> None:
        await withdraw(None, of["id"])  # type: ignore[operator]

    about = of["note"] or tr("Invitation")
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.CONFIRMATION_NUMBER_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Column(
                    [title(about, max_lines=2), caption(tr("Ends {when}", when=ago(of["expires_at"])))],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                icon_action(ft.Icons.DELETE_OUTLINE, tr("Withdraw {name}", name=about), end),
            ],
            spacing=GAP,
        ),
        key=of["id"],
        padding=12,
    )


def open_invitations(invitations: list[InvitationOut], withdraw: object) -> list[ft.Control]:
    """Show invitations that were not used yet; each can be withdrawn."""
    if not invitations:
        return [notice(tr("No invitation is open."))]
    return [_invitation(one, withdraw) for one in invitations]
