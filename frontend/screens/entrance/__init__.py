"""Everything before the app: first start, log-in, invitations, a forgotten password, and where the server is."""

from frontend.screens.entrance.entrance import Entrance
from frontend.screens.entrance.starting_up import StartingUp

__all__ = ["Entrance", "StartingUp"]
