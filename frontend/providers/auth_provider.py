"""Who is logged in on this device, and every way in: first set-up, log-in with code, invitation, and out again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from frontend.api.errors import ApiError, LoggedOut, Offline
from frontend.api.generated.schemas import AcceptIn, LoginIn, PersonOut, SetupIn, SignedInOut, SpaceOut
from frontend.api.session_tokens import SessionTokens, log_out
from frontend.providers.base import Event, Provider

T = TypeVar("T")
Stage = Literal["starting", "no_server", "unreachable", "setup", "setup_blocked", "login", "code", "logged_in"]


class Cancelled(ApiError):
    """The person did not want to go on; nothing was changed and nothing needs to be said."""

    def __init__(self) -> None:
        super().__init__("cancelled", "Nothing was changed.")


@dataclass(eq=False)
class AuthProvider(Provider):
    """Hold the stage that the person is at, and the person.

    `stage`: starting -> no_server (apps on devices) | unreachable | setup | setup_blocked | login -> code
    (second factor) -> logged_in.
    `sudo_wanted` is true while an action waits for the password: show a dialog that calls `reauthenticate` or
    `cancel_sudo`.
    """

    tokens: SessionTokens = field(kw_only=True)
    stage: Stage = "starting"
    person: PersonOut | None = None
    spaces: tuple[SpaceOut, ...] = ()
    locked_until: float = 0.0
    """Time (epoch seconds) until which the hub refuses to look at a password, after too many wrong ones."""
    ended_because: str = ""
    """Why this device was logged out, if the person did not: `token_reused`, `token_refused`, `not_authenticated`."""
    sudo_wanted: bool = False
    device: str = ""
    """What this device is called in the list of devices."""
    on_logged_in: Callable[[], Awaitable[None]] = field(kw_only=True, default=lambda: _nothing())
    on_logged_out: Callable[[], Awaitable[None]] = field(kw_only=True, default=lambda: _nothing())
    _held: LoginIn | None = field(default=None, init=False, repr=False)
    _sudo: asyncio.Future[None] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Hear of it when the hub ends this device."""
        self.tokens.on_logged_out = self._thrown_out

    @property
    def person_id(self) -> str:
        """Return the id of who is logged in, or nothing."""
        return self.person["id"] if self.person else ""

    @property
    def is_admin(self) -> bool:
        """Tell whether the person may administer the hub."""
        return bool(self.person and self.person["is_admin"])

    @property
    def private_space_id(self) -> str:
        """Return the id of the person's own space, or nothing."""
        return self.person["private_space_id"] if self.person else ""

    def seconds_locked(self) -> int:
        """Return how many seconds the person still has to wait before the next try."""
        return max(0, int(self.locked_until - time.time() + 0.999))

    # ------------------------------------------------------------------ coming in

    async def start(self) -> None:
        """Find out where the person is: restore the device, or ask the hub what it needs. Also the way to try again."""
        if self.stage == "logged_in":
            return
        try:
            if await self.tokens.restore():
                await self.load()
                if self.person is not None:
                    await self._in()
                    return
                if self.error is not None and self.tokens.has_device:
                    self.stage = "unreachable"  # still logged in, but the hub cannot say as whom
                    return
            await self._entrance()
        except Offline as error:
            self.error, self.stage = error, "unreachable"
        except ApiError as error:
            self.error, self.stage = error, "login"

    async def fetch(self) -> None:
        """Ask the hub who this is, and in which spaces."""
        if not self.tokens.has_device:
            return
        me = await self.api.accounts.show_me()
        self.person, self.spaces = me["person"], tuple(me["spaces"])

    async def set_up(
        self, code: str, name: str, password: str, *, household: str, display_name: str = "", folders: list[str]
    ) -> None:
        """Make the first account with the code that the server printed; raises `ApiError`."""
        body: SetupIn = {"code": code, "name": name, "password": password, "household": household, "folders": folders}
        if display_name:
            body["display_name"] = display_name
        if self.device:
            body["device"] = self.device
        await self._enter(await self.api.accounts.complete_setup(body))

    async def login(self, name: str, password: str) -> None:
        """Log in. When a code is needed the stage becomes `code` and `submit_code` goes on; raises `ApiError`."""
        body: LoginIn = {"name": name, "password": password}
        if self.device:
            body["device"] = self.device
        await self._login(body)

    async def submit_code(self, code: str) -> None:
        """Send the code of the authenticator app, or a recovery code, for the log-in that waits; raises `ApiError`."""
        if self._held is None:
            self.stage = "login"
            return
        await self._login({**self._held, "code": code})

    def cancel_code(self) -> None:
        """Go back from the code to name and password."""
        self._held = None
        self.stage = "login"

    async def accept_invitation(self, code: str, name: str, password: str, display_name: str = "") -> None:
        """Make an account with an invitation's code, and log in with it; raises `ApiError`."""
        body: AcceptIn = {"code": code, "name": name, "password": password}
        if display_name:
            body["display_name"] = display_name
        if self.device:
            body["device"] = self.device
        await self._enter(await self.api.accounts.accept_invitation(body))

    async def reset_password(self, code: str, password: str) -> None:
        """Set a new password with a code from an administrator; the person then logs in; raises `ApiError`."""
        await self.api.accounts.reset_password({"code": code, "password": password})

    async def join_space(self, code: str) -> str:
        """Join a household with an invitation's code; returns the space's id; raises `ApiError`."""
        joined = await self.api.accounts.join_space({"code": code})
        await self.load()
        return joined["space_id"]

    async def rename(self, display_name: str) -> None:
        """Change how the person is called; raises `ApiError`."""
        self.person = await self.api.accounts.rename_me({"display_name": display_name})

    # ------------------------------------------------------------------ going out

    async def logout(self) -> None:
        """Log this device out, here in any case and at the hub where it can be reached."""
        await log_out(self.tokens, self.api.transport)
        await self._out("")

    def _thrown_out(self, why: LoggedOut) -> None:
        self.in_background(self._out(why.code))

    def lost(self) -> None:
        """Hear from the live line that this device was logged out."""
        self.in_background(self._lost())

    async def _lost(self) -> None:
        if self.stage == "logged_in":
            await self.tokens.end()
            await self._out("not_authenticated")

    async def _out(self, because: str) -> None:
        if self.stage != "logged_in" and self.person is None:
            return
        self.person, self.spaces, self._held = None, (), None
        self.loaded, self.state, self.error = False, "idle", None
        self.cancel_sudo()
        self.ended_because = because
        self.stage = "login"
        await self.on_logged_out()

    # ------------------------------------------------------------------ the password again

    async def with_sudo(self, action: Callable[[], Awaitable[T]]) -> T:
        """Do `action`; if the hub wants the password first, wait until the person gave it, and do it again.

        Raises `Cancelled` when the person does not want to.
        """
        try:
            return await action()
        except ApiError as error:
            if not error.needs_sudo:
                raise
        if self._sudo is None or self._sudo.done():
            self._sudo = asyncio.get_running_loop().create_future()
        self.sudo_wanted = True
        await asyncio.shield(self._sudo)
        return await action()

    async def reauthenticate(self, password: str, code: str | None = None) -> None:
        """Prove who is there, for ten minutes; what waited goes on. Raises `ApiError` when it does not fit."""
        await self._counted(self.api.accounts.reauthenticate({"password": password, "code": code or None}))
        self.sudo_wanted = False
        if self._sudo is not None and not self._sudo.done():
            self._sudo.set_result(None)

    def cancel_sudo(self) -> None:
        """Let what waits for the password end without having been done."""
        self.sudo_wanted = False
        if self._sudo is not None and not self._sudo.done():
            self._sudo.set_exception(Cancelled())
            self._sudo.exception()  # seen, even if nobody waits any more

    # ------------------------------------------------------------------ inside

    def on_event(self, event: Event) -> None:
        """Read the person and the spaces again after they changed."""
        if event["name"] in ("accounts.members_changed", "accounts.access_changed"):
            self.reload_soon()

    async def _entrance(self) -> None:
        state = (await self.api.accounts.show_setup())["state"]
        self.stage = "setup" if state == "open" else "setup_blocked" if state == "blocked" else "login"

    async def _login(self, body: LoginIn) -> None:
        try:
            signed_in = await self._counted(self.api.accounts.login(body))
        except ApiError as error:
            if error.code != "second_factor_required":
                raise
            self._held, self.stage = body, "code"
            return
        await self._enter(signed_in)

    async def _counted(self, call: Awaitable[T]) -> T:
        """Note until when the hub refuses further tries."""
        try:
            return await call
        except ApiError as error:
            if error.status == 429 and error.retry_after:
                self.locked_until = time.time() + error.retry_after
            raise

    async def _enter(self, signed_in: SignedInOut) -> None:
        self._held, self.locked_until, self.ended_because = None, 0.0, ""
        await self.tokens.start(signed_in["tokens"])
        self.person = signed_in["person"]
        await self.load()
        await self._in()

    async def _in(self) -> None:
        self.stage = "logged_in"
        await self.on_logged_in()


async def _nothing() -> None:
    """Be the hook of an app that has none."""
