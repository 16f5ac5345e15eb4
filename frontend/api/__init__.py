"""The hub's API for the app: `HomieApi` over a `Transport`, its errors, and the tokens that one device has."""

from frontend.api.connection import HubConnection
from frontend.api.errors import ApiError, LoggedOut, Offline
from frontend.api.transport import Transport, Visitor

__all__ = ["ApiError", "HubConnection", "LoggedOut", "Offline", "Transport", "Visitor"]
