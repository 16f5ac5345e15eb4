"""The person's own keys to the house: password, second factor, recovery codes, and devices that are logged in."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.api.generated.schemas import DeviceOut, SecondFactorOut, SecondFactorStartOut
from frontend.providers.base import Provider, undone_on_error


@dataclass(eq=False)
class SecurityProvider(Provider):
    """Hold the second factor's state and the devices. Wrap what needs the password in `AuthProvider.with_sudo`."""

    hears = ("accounts.logged_in", "accounts.sessions_revoked", "accounts.token_reuse", "accounts.password_changed")

    devices: tuple[DeviceOut, ...] = ()
    second_factor: SecondFactorOut | None = None
    enrolment: SecondFactorStartOut | None = None
    """Secret and address for the authenticator app, between begin and confirm."""
    recovery_codes: tuple[str, ...] = ()
    """Fresh recovery codes, shown once; `forget_codes` after the person kept them."""

    async def fetch(self) -> None:
        """Ask for devices and the second factor."""
        self.second_factor = await self.api.accounts.show_second_factor()
        self.devices = tuple((await self.api.accounts.list_devices())["items"])

    async def change_password(self, current: str, new: str) -> int:
        """Change the password; returns how many other devices were logged out; raises `ApiError`."""
        ended = await self.api.accounts.change_password({"current_password": current, "new_password": new})
        await self.load()
        return ended["devices_logged_out"]

    async def begin_second_factor(self) -> None:
        """Ask for a secret to scan (needs the password); raises `ApiError`."""
        self.enrolment = await self.api.accounts.begin_second_factor()

    async def confirm_second_factor(self, code: str) -> None:
        """Turn the second factor on with a first code (needs the password); raises `ApiError`."""
        made = await self.api.accounts.confirm_second_factor({"code": code})
        self.recovery_codes, self.enrolment = tuple(made["codes"]), None
        await self.load()

    def cancel_enrolment(self) -> None:
        """Forget a secret that was not confirmed."""
        self.enrolment = None

    async def turn_second_factor_off(self) -> None:
        """Turn the second factor off (needs the password); raises `ApiError`."""
        await self.api.accounts.turn_second_factor_off()
        await self.load()

    async def renew_recovery_codes(self) -> None:
        """Make new recovery codes, the old ones end (needs the password); raises `ApiError`."""
        self.recovery_codes = tuple((await self.api.accounts.renew_recovery_codes())["codes"])
        await self.load()

    def forget_codes(self) -> None:
        """Do not keep recovery codes longer than they are shown."""
        self.recovery_codes = ()

    async def log_device_out(self, device_id: str) -> None:
        """Log another device out, at once in the list; raises `ApiError` and puts it back."""
        left = tuple(one for one in self.devices if one["id"] != device_id)
        async with undone_on_error(self.replace("devices", left)):
            await self.api.accounts.log_device_out(device_id)

    async def log_other_devices_out(self) -> int:
        """Log every other device out; returns how many; raises `ApiError`."""
        ended = await self.api.accounts.log_other_devices_out()
        await self.load()
        return ended["devices_logged_out"]
