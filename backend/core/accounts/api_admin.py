"""Administration: people, and the security log. Who a person is, never what they keep."""

from __future__ import annotations

from backend.core.accounts.audit import AuditFilter
from backend.core.accounts.schemas import (
    AuditEntryOut,
    AuditQuery,
    AuditVerifyOut,
    IdPath,
    InvitationOut,
    PeopleOut,
    PersonChangeIn,
    PersonOut,
)
from backend.core.accounts.service import Accounts
from backend.sdk.errors import NotAllowed
from backend.sdk.http import Group, Page, current_actor, page


def admin_groups(accounts: Accounts, prefix: str) -> list[Group]:
    """Return the groups for people and the security log."""
    return [_users_group(accounts, prefix), _audit_group(accounts, prefix)]


def _users_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_users", url_prefix=f"{prefix}/users", tag="People")

    @group.get("", returns=PeopleOut, auth="admin")
    def list_users() -> PeopleOut:
        """List everybody who has an account."""
        return PeopleOut(items=[PersonOut.model_validate(person) for person in accounts.people.everybody()])

    @group.patch("/<id>", returns=PersonOut, auth="admin+sudo", errors=[404, 409])
    def change_user(path: IdPath, body: PersonChangeIn) -> PersonOut:
        """Give or take the administrator's rights, shut a person out, or let them in again.

        Their devices are logged out at once. The last administrator cannot be taken away.
        """
        by, person = current_actor().user_id, accounts.people.get(path.id)
        if body.is_admin is not None and body.is_admin != person.is_admin:
            person = accounts.people.set_admin(path.id, body.is_admin, by=by)
        if body.disabled is not None and body.disabled != person.disabled:
            person = accounts.people.set_disabled(path.id, body.disabled, by=by)
        return PersonOut.model_validate(person)

    @group.post("/<id>/password-code", returns=InvitationOut, auth="admin+sudo", errors=[404])
    def make_password_code(path: IdPath) -> InvitationOut:
        """Make a one-time code with which a person who forgot their password sets a new one."""
        made = accounts.invitations.create_password_code(current_actor().user_id, path.id)
        return InvitationOut.model_validate(made)

    @group.delete("/<id>/totp", auth="admin+sudo", errors=[404])
    def turn_user_second_factor_off(path: IdPath) -> None:
        """Turn a person's second factor off, when phone and recovery codes are lost."""
        accounts.second_factors.turn_off(path.id, by=current_actor().user_id)

    return group


def _audit_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_audit", url_prefix=f"{prefix}/audit", tag="Security log")

    @group.get("", returns=Page[AuditEntryOut], errors=[403])
    def list_audit(query: AuditQuery) -> Page[AuditEntryOut]:
        """Show the security log, newest first.

        One's own entries and those of one's spaces; `scope=all` shows an administrator everything. The log holds who
        did what to accounts, settings and keys, never content.
        """
        actor, after = current_actor(), query.after(int)
        if query.scope == "all" and not actor.is_admin:
            raise NotAllowed("Only an administrator sees the whole security log.")
        everything = query.scope == "all"
        rows = accounts.audit.entries(
            actor_id=None if everything else actor.user_id,
            owner_ids=None if everything else actor.owners,
            before=after[0] if after else None,
            limit=query.limit + 1,
            only=AuditFilter(query.action, query.by, query.since, query.until),
        )
        return page([AuditEntryOut.model_validate(row) for row in rows], query.limit, lambda row: (row.seq,))

    @group.get("/verify", returns=AuditVerifyOut, auth="admin", limit="6/minute")
    def verify_audit() -> AuditVerifyOut:
        """Check that nothing in the security log was changed, removed, swapped or cut off."""
        report = accounts.audit.verify()
        return AuditVerifyOut(
            ok=report.ok,
            entries=report.entries,
            erased_details=report.erased_details,
            head=report.head,
            problems=list(report.problems),
        )

    return group
