"""Invite somebody: a code, a link and a picture to scan, shown once; and the card that shows such a code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import flet as ft

from frontend.api.generated.schemas import InvitationIn, InvitationOut
from frontend.i18n import ago, tr
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    body,
    caption,
    card,
    choice,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    toggle,
    tonal_button,
    use_action,
    use_form,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.actions import busy_text
from frontend.kit.links import hub_address
from frontend.providers.server_provider import ServerProvider
from frontend.screens.account.second_factor import qr_picture
from frontend.screens.address import query_value
from frontend.screens.copying import copy_button, copy_text
from frontend.screens.people.space import open_invitations
from frontend.screens.people.words import space_name
from frontend.screens.reauthenticate import with_sudo

if TYPE_CHECKING:
    from frontend.providers.session import Session

_HOURS = {"24": 24, "72": 72, "168": 168, "720": 720}


@ft.component
def Invite() -> ft.Control:
    """Ask what the invitation is for, then show its code."""
    session = use_session()
    auth = use_provider(session.auth)
    people = use_provider(session.people)
    use_mount(people.load)
    form = use_form(keep="invite")
    space_id, set_space = ft.use_state(query_value("space"))
    new_account, set_new = ft.use_state(auth.is_admin)
    role, set_role = ft.use_state("member")
    hours, set_hours = ft.use_state("72")
    back = f"/people/{space_id}" if query_value("space") else "/people"

    async def make() -> None:
        wish: InvitationIn = {"new_account": new_account, "note": form["note"].strip()[:120], "hours": _HOURS[hours]}
        if space_id:
            wish["space_id"], wish["role"] = space_id, "owner" if role == "owner" else "member"
        await with_sudo(session, lambda: people.invite(wish))
        form.sent()

    create = use_action(make)
    withdraw = use_action(people.withdraw, done=tr("The invitation no longer works."))
    if people.new_code is not None:
        return Screen(tr("Invitation"), scroll_body(CodeCard(session, people.new_code)), back=back)
    mine = [one for one in people.spaces if one["kind"] == "household" and one["role"] == "owner"]
    spaces = [
        *([("", tr("No shared space"))] if auth.is_admin else []),
        *((one["id"], space_name(one)) for one in mine),
    ]
    parts: list[ft.Control] = [
        body(tr("You get a code that works once. Give it to the person, or let them scan it."), muted=True)
    ]
    if auth.is_admin:
        parts.append(
            card(
                toggle(
                    tr("They have no account yet"),
                    new_account,
                    lambda on: set_new(on),
                    about=tr("The code makes one, with a name and password of their own."),
                ),
                padding=4,
            )
        )
    parts.append(choice(tr("Which space do they join?"), space_id, spaces, lambda key: set_space(key), expand=True))
    if space_id:
        roles = [("member", tr("Member: sees and adds")), ("owner", tr("Looks after it: also invites and removes"))]
        parts.append(choice(tr("What may they do there?"), role, roles, lambda key: set_role(key), expand=True))
    lasting = [("24", tr("One day")), ("72", tr("Three days")), ("168", tr("One week")), ("720", tr("One month"))]
    parts += [
        choice(tr("How long does the code work?"), hours, lasting, lambda key: set_hours(key), expand=True),
        TextInput(form, "note", tr("For whom? (only you see it)"), prefix_icon=ft.Icons.EDIT_NOTE),
        primary_button(
            busy_text(create, tr("Make the code")), create, disabled=create.busy or not (space_id or new_account)
        ),
    ]
    if people.invitations:
        parts.append(section(tr("Open invitations"), *open_invitations(list(people.invitations), withdraw)))
    return Screen(tr("Invite somebody"), scroll_body(*parts), back=back)


@ft.component
def CodeCard(session: Session, made: InvitationOut) -> ft.Control:
    """Show a code that was made just now: picture, link and text. It is told this once."""
    server = use_provider(session.of(ServerProvider))
    use_mount(server.load)
    code = made.get("code") or ""
    page = ft.context.page
    base = server.reachable[0]["url"] if server.reachable else hub_address(page, session.connection.url)
    route = {"account": "invite", "password": "new-password"}.get(made["purpose"], "join")  # nosec B105
    link = f"{base.rstrip('/')}/{route}#code={quote(code, safe='')}"

    async def copy_link() -> None:
        await copy_text(link)

    explanation = {
        "account": tr("The phone's camera opens Homie, and they choose a name and a password."),
        "password": tr("The phone's camera opens Homie, and they choose a new password."),
    }.get(made["purpose"], tr("The phone's camera opens Homie; there they log in and are in the space."))
    return ft.Column(
        [
            notice(tr("This code is shown only now and works once."), "warn", ft.Icons.KEY_OUTLINED),
            card(
                ft.Column(
                    [
                        qr_picture(link, tr("Code to scan")),
                        body(explanation, muted=True, text_align=ft.TextAlign.CENTER),
                        ft.Row(
                            [
                                ft.Text(code, theme_style=ft.TextThemeStyle.TITLE_LARGE, font_family="monospace"),
                                copy_button(code, tr("Copy the code")),
                            ],
                            wrap=True,
                            alignment=ft.MainAxisAlignment.CENTER,
                            vertical_alignment=ft.CrossAxisAlignment.CENTER,
                        ),
                        caption(tr("Ends {when}", when=ago(made["expires_at"], datetime.now(UTC)))),
                    ],
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                    spacing=12,
                ),
                padding=24,
            ),
            ft.Row(
                [
                    tonal_button(tr("Copy the link"), copy_link, icon=ft.Icons.LINK),
                    quiet_button(tr("Done"), session.people.forget_code),
                ],
                wrap=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
