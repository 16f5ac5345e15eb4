"""People and spaces: what is mine alone, what I share and with whom, and for administrators everybody."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import SpaceOut
from frontend.i18n import tr, trn
from frontend.kit import (
    Screen,
    Tile,
    body,
    chip,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    toast,
    tonal_button,
    use_mount,
    use_provider,
    use_session,
)
from frontend.screens.people.words import role_name, space_icon, space_name
from frontend.screens.prompt import Prompt, prompt


@ft.component
def People() -> ft.Control:
    """Show one's spaces, and the ways to more."""
    session = use_session()
    auth = use_provider(session.auth)
    people = use_provider(session.people)
    use_mount(people.load)

    async def make(name: str) -> None:
        space = await people.create_space(name)
        await auth.load()
        toast(tr("{name} is made. Invite the others now.", name=space["name"]))
        navigate(f"/people/{space['id']}")

    async def ask_name() -> None:
        await prompt(
            Prompt(
                tr("Make a shared space"),
                tr("Name of the space"),
                tr("Make it"),
                make,
                explanation=tr("For what several people share: a flat, a club, a house that is being built."),
            )
        )

    def content() -> ft.Control:
        tiles = [_space(one, len(people.members.get(one["id"], ()))) for one in people.spaces]
        parts: list[ft.Control] = [
            section(
                tr("Spaces"),
                body(tr("What lies in a space is seen by its members and by nobody else."), muted=True),
                tile_group(tiles),
                ft.Row(
                    [
                        primary_button(tr("New shared space"), ask_name, icon=ft.Icons.ADD),
                        tonal_button(tr("Join with a code"), lambda: navigate("/join"), icon=ft.Icons.LOGIN),
                    ],
                    wrap=True,
                ),
            )
        ]
        if auth.is_admin:
            parts.append(section(tr("For administrators"), tile_group(_administration(len(people.invitations)))))
        return scroll_body(*parts, spacing=24)

    return Screen(tr("People and spaces"), state_of(people, content), back="/more")


def _space(of: SpaceOut, members: int) -> Tile:
    if of["kind"] == "private":
        words = tr("Private: nobody else sees what is here")
    else:
        words = role_name(of["role"])
        if members:
            words = tr("{members} · {role}", members=trn("One person", "{n} people", members), role=words)
    return Tile(
        space_name(of),
        words,
        space_icon(of),
        lambda: navigate(f"/people/{of['id']}"),
        key=of["id"],
        trailing=chip(tr("Private"), "neutral", ft.Icons.LOCK_OUTLINE) if of["kind"] == "private" else None,
    )


def _administration(invitations: int) -> list[Tile]:
    return [
        Tile(
            tr("Everybody with an account"),
            tr("Administrators, lost passwords, locking out"),
            ft.Icons.MANAGE_ACCOUNTS_OUTLINED,
            lambda: navigate("/people/everybody"),
        ),
        Tile(
            tr("Invite somebody new"),
            trn("One invitation is open", "{n} invitations are open", invitations)
            if invitations
            else tr("A code to scan makes their account"),
            ft.Icons.PERSON_ADD_ALT,
            lambda: navigate("/people/invite"),
        ),
        Tile(
            tr("Folders"),
            tr("What Homie may look after, and for whom"),
            ft.Icons.FOLDER_OPEN_OUTLINED,
            lambda: navigate("/folders"),
        ),
    ]
