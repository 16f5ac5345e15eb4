"""The household: its people, its spaces and who belongs to them, invitations, and the folders that were granted."""

from __future__ import annotations

from dataclasses import dataclass, field

from frontend.api.generated.schemas import (
    InvitationIn,
    InvitationOut,
    MemberOut,
    PersonChangeIn,
    PersonOut,
    RootIn,
    RootOut,
    SpaceOut,
)
from frontend.providers.base import Provider, read_after_write, undone_on_error


@dataclass(eq=False)
class PeopleProvider(Provider):
    """Hold spaces with members, invitations and roots; for administrators also every person of the hub."""

    hears = ("accounts.members_changed", "accounts.access_changed", "accounts.roots_changed")

    spaces: tuple[SpaceOut, ...] = ()
    members: dict[str, tuple[MemberOut, ...]] = field(default_factory=dict)
    """Members of the spaces that were looked at, by space id."""
    invitations: tuple[InvitationOut, ...] = ()
    roots: tuple[RootOut, ...] = ()
    users: tuple[PersonOut, ...] = ()
    new_code: InvitationOut | None = None
    """An invitation made just now, with its code, which is told once."""
    _all_roots: bool = field(default=False, init=False, repr=False)

    async def fetch(self) -> None:
        """Ask for spaces, the members that were looked at, invitations and roots."""
        self.spaces = tuple((await self.api.accounts.list_spaces())["items"])
        self.invitations = tuple((await self.api.accounts.list_invitations())["items"])
        self.roots = tuple((await self.api.accounts.list_roots(scope="all" if self._all_roots else None))["items"])
        known = {one["id"] for one in self.spaces}
        self.members = {
            space_id: tuple((await self.api.accounts.list_members(space_id))["items"])
            for space_id in self.members
            if space_id in known
        }
        if self.users:
            await self.load_users()

    async def load_members(self, space_id: str) -> None:
        """Load who belongs to a space; raises `ApiError`."""
        found = tuple((await self.api.accounts.list_members(space_id))["items"])
        self.members = {**self.members, space_id: found}

    async def load_users(self) -> None:
        """Load every person of the hub (administrators); raises `ApiError`."""
        self.users = tuple((await self.api.accounts.list_users())["items"])

    async def load_all_roots(self) -> None:
        """Load every granted folder of the hub (administrators); raises `ApiError`."""
        self._all_roots = True
        self.roots = tuple((await self.api.accounts.list_roots(scope="all"))["items"])

    # ------------------------------------------------------------------ spaces

    async def create_space(self, name: str) -> SpaceOut:
        """Make a household space; raises `ApiError`."""
        made = await self.api.accounts.create_space({"name": name})
        self.spaces = (*self.spaces, made)
        return made

    async def rename_space(self, space_id: str, name: str) -> None:
        """Rename a space; raises `ApiError`."""
        renamed = await self.api.accounts.rename_space(space_id, {"name": name})
        self.spaces = tuple(renamed if one["id"] == space_id else one for one in self.spaces)

    async def change_role(self, space_id: str, user_id: str, *, owner: bool) -> None:
        """Make a member an owner of the space, or no longer; raises `ApiError`."""
        await self.api.accounts.change_role(space_id, user_id, {"role": "owner" if owner else "member"})
        await read_after_write(self, self.load_members(space_id))

    async def remove_member(self, space_id: str, user_id: str) -> None:
        """Take a person out of a space, at once in the list; raises `ApiError` and puts them back."""
        left = tuple(one for one in self.members.get(space_id, ()) if one["user_id"] != user_id)
        async with undone_on_error(self.replace("members", {**self.members, space_id: left})):
            await self.api.accounts.remove_member(space_id, user_id)

    # ------------------------------------------------------------------ invitations

    async def invite(self, invitation: InvitationIn) -> InvitationOut:
        """Make an invitation (needs the password); its code stands in `new_code`; raises `ApiError`."""
        made = await self.api.accounts.create_invitation(invitation)
        self.new_code = made
        await read_after_write(self, self._read_invitations())
        return made

    async def _read_invitations(self) -> None:
        self.invitations = tuple((await self.api.accounts.list_invitations())["items"])

    async def withdraw(self, invitation_id: str) -> None:
        """Withdraw an invitation, at once in the list; raises `ApiError` and puts it back."""
        left = tuple(one for one in self.invitations if one["id"] != invitation_id)
        async with undone_on_error(self.replace("invitations", left)):
            await self.api.accounts.withdraw_invitation(invitation_id)

    def forget_code(self) -> None:
        """Do not keep a code longer than it is shown."""
        self.new_code = None

    # ------------------------------------------------------------------ people of the hub (administrators)

    async def change_person(self, user_id: str, *, is_admin: bool | None = None, disabled: bool | None = None) -> None:
        """Make somebody an administrator, or lock them out, or the reverse (needs the password); raises `ApiError`."""
        body: PersonChangeIn = {}
        if is_admin is not None:
            body["is_admin"] = is_admin
        if disabled is not None:
            body["disabled"] = disabled
        changed = await self.api.accounts.change_user(user_id, body)
        self.users = tuple(changed if one["id"] == user_id else one for one in self.users)

    async def make_password_code(self, user_id: str) -> InvitationOut:
        """Make a code with which a person sets a new password (needs the password); raises `ApiError`."""
        self.new_code = await self.api.accounts.make_password_code(user_id)
        return self.new_code

    async def turn_second_factor_off(self, user_id: str) -> None:
        """Turn a person's second factor off (needs the password); raises `ApiError`."""
        await self.api.accounts.turn_user_second_factor_off(user_id)
        await read_after_write(self, self.load_users())

    # ------------------------------------------------------------------ folders

    async def grant_root(self, root: RootIn) -> RootOut:
        """Let a space use a folder of the server (needs the password); raises `ApiError`."""
        made = await self.api.accounts.grant_root(root)
        self.roots = (*(one for one in self.roots if one["id"] != made["id"]), made)
        return made

    async def take_root_back(self, root_id: str) -> None:
        """Take a folder back, at once in the list; raises `ApiError` and puts it back."""
        left = tuple(one for one in self.roots if one["id"] != root_id)
        async with undone_on_error(self.replace("roots", left)):
            await self.api.accounts.take_root_back(root_id)
