"""What stands before the app: which page of the entrance is shown is decided by the stage, then by the address."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.kit import keyed, use_provider, use_session
from frontend.screens.entrance.log_in import LogIn, SecondFactor
from frontend.screens.entrance.redeem import AcceptInvitation, ResetPassword
from frontend.screens.entrance.server_address import ServerAddress
from frontend.screens.entrance.set_up import SetUp, SetUpBlocked
from frontend.screens.entrance.starting_up import StartingUp

_BY_STAGE: dict[str, Any] = {
    "starting": StartingUp,
    "no_server": ServerAddress,
    "unreachable": StartingUp,
    "setup": SetUp,
    "setup_blocked": SetUpBlocked,
    "code": SecondFactor,
}


@ft.component
def Entrance() -> ft.Control:
    """Show the page for whoever is not logged in."""
    session = use_session()
    auth = use_provider(session.auth)
    if (page := _BY_STAGE.get(auth.stage)) is not None:
        return keyed(page, auth.stage)
    return ft.Router(
        [
            ft.Route(path="invite", component=AcceptInvitation),
            ft.Route(path="new-password", component=ResetPassword),
            ft.Route(path="server", component=ServerAddress),
            ft.Route(path="*", component=LogIn),
        ],
    )
