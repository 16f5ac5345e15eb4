"""Living together: spaces and their people, invitations, granted folders."""

from __future__ import annotations

from pathlib import PurePosixPath

from backend.core.accounts.schemas import (
    BrowsedFolderOut,
    BrowsedOut,
    BrowseQuery,
    CodeIn,
    IdPath,
    InvitationIn,
    InvitationOut,
    InvitationsOut,
    JoinedOut,
    MemberOut,
    MemberPath,
    MembersOut,
    RoleIn,
    RootIn,
    RootOut,
    RootsOut,
    ScopeQuery,
    SpaceIn,
    SpaceOut,
    SpacesOut,
)
from backend.core.accounts.service import Accounts
from backend.sdk.errors import NotAllowed
from backend.sdk.http import Group, current_actor, current_request

MOST_BROWSED = 1000


def household_groups(accounts: Accounts, prefix: str) -> list[Group]:
    """Return the groups for spaces, invitations and folders."""
    return [_spaces_group(accounts, prefix), _invitations_group(accounts, prefix), _roots_group(accounts, prefix)]


def _spaces_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_spaces", url_prefix=f"{prefix}/spaces", tag="Spaces")

    @group.get("", returns=SpacesOut)
    def list_spaces() -> SpacesOut:
        """List one's spaces, the private one first."""
        found = accounts.spaces.of_person(current_actor().user_id)
        return SpacesOut(items=[SpaceOut.model_validate(space) for space in found])

    @group.post("", returns=SpaceOut, idempotent=True)
    def create_space(body: SpaceIn) -> SpaceOut:
        """Make a household space to invite people into."""
        return SpaceOut.model_validate(accounts.spaces.create(current_actor().user_id, body.name))

    @group.patch("/<id>", returns=SpaceOut, errors=[403, 404])
    def rename_space(path: IdPath, body: SpaceIn) -> SpaceOut:
        """Rename a space that one owns."""
        return SpaceOut.model_validate(accounts.spaces.rename(current_actor().user_id, path.id, body.name))

    @group.get("/<id>/members", returns=MembersOut, errors=[404])
    def list_members(path: IdPath) -> MembersOut:
        """List the people of one of one's spaces."""
        found = accounts.spaces.members(current_actor().user_id, path.id)
        return MembersOut(items=[MemberOut.model_validate(member) for member in found])

    @group.patch("/<id>/members/<user_id>", errors=[403, 404, 409])
    def change_role(path: MemberPath, body: RoleIn) -> None:
        """Make a member an owner of the space, or the other way round."""
        accounts.spaces.set_role(current_actor().user_id, path.id, path.user_id, body.role)

    @group.delete("/<id>/members/<user_id>", errors=[403, 404, 409])
    def remove_member(path: MemberPath) -> None:
        """Take a person out of a space, or leave it oneself.

        The space is gone for them at once, also on open sockets.
        """
        accounts.spaces.remove(current_actor().user_id, path.id, path.user_id)

    return group


def _invitations_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_invitations", url_prefix=f"{prefix}/invitations", tag="Invitations")

    @group.get("", returns=InvitationsOut)
    def list_invitations() -> InvitationsOut:
        """List the open invitations that one may withdraw."""
        actor = current_actor()
        found = accounts.invitations.open_for(actor.user_id, is_admin=actor.is_admin)
        return InvitationsOut(items=[InvitationOut.model_validate(row) for row in found])

    @group.post("", returns=InvitationOut, auth="sudo", errors=[403, 404])
    def create_invitation(body: InvitationIn) -> InvitationOut:
        """Make a one-time code.

        Into a household space that one owns, to a new account (administrators), or both. The code is shown this once.
        """
        made = accounts.invitations.create(
            current_actor().user_id,
            space_id=body.space_id,
            role=body.role,
            new_account=body.new_account,
            note=body.note,
            hours=body.hours,
        )
        return InvitationOut.model_validate(made)

    @group.post("/join", returns=JoinedOut, status=200, limit="10/minute")
    def join_space(body: CodeIn) -> JoinedOut:
        """Join a space with a code, as somebody who has an account already."""
        joined = accounts.invitations.join(current_actor().user_id, body.code, current_request().ip)
        return JoinedOut(space_id=joined)

    @group.delete("/<id>", errors=[404])
    def withdraw_invitation(path: IdPath) -> None:
        """Make a code useless."""
        actor = current_actor()
        accounts.invitations.withdraw(actor.user_id, path.id, is_admin=actor.is_admin)

    return group


def _roots_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_roots", url_prefix=f"{prefix}/roots", tag="Folders")

    @group.get("", returns=RootsOut, errors=[403])
    def list_roots(query: ScopeQuery) -> RootsOut:
        """List the folders that are granted to one's spaces.

        `scope=all` shows an administrator every grant of the installation.
        """
        actor = current_actor()
        if query.scope == "all" and not actor.is_admin:
            raise NotAllowed("Only an administrator sees every grant.")
        found = accounts.roots.granted() if query.scope == "all" else accounts.roots.granted_to(actor)
        return RootsOut(items=[RootOut.model_validate(root) for root in found])

    @group.get("/browse", returns=BrowsedOut, auth="admin+sudo")
    def browse_machine(query: BrowseQuery) -> BrowsedOut:
        """Look around on this machine for folders to open: names of folders only.

        Never inside of what is open to a space already, of Homie's data, of the system and of places with keys.
        """
        rows = accounts.roots.browse(query.path)
        items = [BrowsedFolderOut.model_validate(row) for row in rows[:MOST_BROWSED]]
        parent = None if query.path in (None, "/") else str(PurePosixPath(query.path or "/").parent)
        return BrowsedOut(path=query.path, parent=parent, items=items, more=len(rows) > MOST_BROWSED)

    @group.post("", returns=RootOut, auth="admin+sudo", errors=[404, 409, 503])
    def grant_root(body: RootIn) -> RootOut:
        """Open a folder of this machine to a space.

        Refused for system folders, Homie's own data, places with keys, and folders of other spaces.
        """
        made = accounts.roots.grant(
            current_actor(),
            body.space_id,
            body.path,
            label=body.label,
            purpose=body.purpose,
            writable=body.writable,
        )
        return RootOut.model_validate(made)

    @group.delete("/<id>", errors=[404])
    def take_root_back(path: IdPath) -> None:
        """Take a grant back; nothing on the drive changes."""
        accounts.roots.take_back(current_actor(), path.id)

    return group
