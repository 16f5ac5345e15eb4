"""Say of an error what happened and what to do, in the person's words and language."""

from __future__ import annotations

from frontend.api.errors import ApiError, Offline
from frontend.i18n import tr, tr_server


def describe_error(error: BaseException) -> tuple[str, str]:
    """Return (what happened, what to do) of an error; never an exception's own text."""
    if isinstance(error, Offline):
        return tr("No connection to Homie"), tr("Check that your home server is on and that you are in its network.")
    if isinstance(error, ApiError):
        return tr_server(error.message), tr_server(error.remedy or "")
    return tr("Something went wrong in the app"), tr("Try again. If it happens again, reload the page.")
