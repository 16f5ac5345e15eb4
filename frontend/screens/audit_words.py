"""Say in words what an entry of the security log means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from frontend.api.generated.schemas import AuditEntryOut
from frontend.i18n import tr

_WORDS: Mapping[str, tuple[Callable[[], str], Any]] = {
    "accounts.set_up": (lambda: tr("Homie was set up"), ft.Icons.HOME_OUTLINED),
    "accounts.login": (lambda: tr("Logged in"), ft.Icons.LOGIN),
    "accounts.logged_in": (lambda: tr("Logged in"), ft.Icons.LOGIN),
    "accounts.login_refused": (lambda: tr("Wrong password"), ft.Icons.GPP_BAD_OUTLINED),
    "accounts.logout": (lambda: tr("Logged out"), ft.Icons.LOGOUT),
    "accounts.reauthenticated": (lambda: tr("Password given again"), ft.Icons.KEY_OUTLINED),
    "accounts.unlocked": (lambda: tr("Tries of the password were set back"), ft.Icons.LOCK_OPEN_OUTLINED),
    "accounts.password_changed": (lambda: tr("Password changed"), ft.Icons.PASSWORD),
    "accounts.recovery_code_used": (lambda: tr("Recovery code used"), ft.Icons.KEY_OUTLINED),
    "accounts.recovery_codes_renewed": (lambda: tr("New recovery codes made"), ft.Icons.KEY_OUTLINED),
    "accounts.second_factor_on": (lambda: tr("Second factor turned on"), ft.Icons.SHIELD_OUTLINED),
    "accounts.second_factor_off": (lambda: tr("Second factor turned off"), ft.Icons.REMOVE_MODERATOR_OUTLINED),
    "accounts.token_reused": (lambda: tr("A copied log-in was stopped"), ft.Icons.GPP_BAD_OUTLINED),
    "accounts.sessions_revoked": (lambda: tr("Devices logged out"), ft.Icons.PHONELINK_ERASE),
    "accounts.user_created": (lambda: tr("New person"), ft.Icons.PERSON_ADD_OUTLINED),
    "accounts.user_disabled": (lambda: tr("Person locked out"), ft.Icons.PERSON_OFF_OUTLINED),
    "accounts.user_enabled": (lambda: tr("Person let in again"), ft.Icons.PERSON_OUTLINE),
    "accounts.made_admin": (lambda: tr("Made an administrator"), ft.Icons.ADMIN_PANEL_SETTINGS_OUTLINED),
    "accounts.invitation_created": (lambda: tr("Invitation made"), ft.Icons.MAIL_OUTLINE),
    "accounts.invitation_used": (lambda: tr("Invitation accepted"), ft.Icons.MARK_EMAIL_READ_OUTLINED),
    "accounts.invitation_withdrawn": (lambda: tr("Invitation withdrawn"), ft.Icons.UNSUBSCRIBE_OUTLINED),
    "accounts.space_created": (lambda: tr("Shared space made"), ft.Icons.GROUP_ADD_OUTLINED),
    "accounts.space_renamed": (lambda: tr("Shared space renamed"), ft.Icons.GROUP_OUTLINED),
    "accounts.member_removed": (lambda: tr("Person left a space"), ft.Icons.GROUP_REMOVE_OUTLINED),
    "accounts.member_role_changed": (lambda: tr("Role in a space changed"), ft.Icons.GROUP_OUTLINED),
    "accounts.root_granted": (lambda: tr("Folder opened"), ft.Icons.FOLDER_OPEN_OUTLINED),
    "accounts.root_taken_back": (lambda: tr("Folder taken back"), ft.Icons.FOLDER_OFF_OUTLINED),
    "accounts.preferences_changed": (lambda: tr("Preferences changed"), ft.Icons.TUNE),
    "accounts.erased": (lambda: tr("A person's things were erased"), ft.Icons.DELETE_FOREVER_OUTLINED),
    "audit.restored": (lambda: tr("The log was restored from a backup"), ft.Icons.RESTORE),
    "ai.settings_changed": (lambda: tr("Settings of artificial intelligence changed"), ft.Icons.AUTO_AWESOME_OUTLINED),
    "ai.key_stored": (lambda: tr("AI key stored"), ft.Icons.KEY_OUTLINED),
    "ai.key_removed": (lambda: tr("AI key removed"), ft.Icons.KEY_OFF_OUTLINED),
    "ai.opted_in": (lambda: tr("Agreed to artificial intelligence"), ft.Icons.AUTO_AWESOME_OUTLINED),
    "ai.opted_out": (lambda: tr("Took the agreement to artificial intelligence back"), ft.Icons.AUTO_AWESOME_OUTLINED),
    "ai.payloads_erased": (lambda: tr("What was sent to AI was erased"), ft.Icons.DELETE_OUTLINE),
    "backups.settings": (lambda: tr("Settings of backups changed"), ft.Icons.BACKUP_OUTLINED),
    "backups.key_created": (lambda: tr("Key for backups made"), ft.Icons.KEY_OUTLINED),
    "backups.deleted": (lambda: tr("Backup deleted"), ft.Icons.DELETE_OUTLINE),
    "backups.restored": (lambda: tr("Backup restored"), ft.Icons.RESTORE),
    "modules.start": (lambda: tr("Module started"), ft.Icons.EXTENSION_OUTLINED),
    "modules.stop": (lambda: tr("Module stopped"), ft.Icons.EXTENSION_OFF_OUTLINED),
    "modules.enable": (lambda: tr("Module switched on"), ft.Icons.EXTENSION_OUTLINED),
    "modules.disable": (lambda: tr("Module switched off"), ft.Icons.EXTENSION_OFF_OUTLINED),
    "modules.settings": (lambda: tr("Settings of a module changed"), ft.Icons.TUNE),
    "owners.exported": (lambda: tr("A space was exported"), ft.Icons.DOWNLOAD_OUTLINED),
    "owners.erase_begun": (lambda: tr("Erasing a space was begun"), ft.Icons.DELETE_FOREVER_OUTLINED),
}

ALARMING = ("accounts.login_refused", "accounts.token_reused", "accounts.second_factor_off", "accounts.erased")
KINDS = ("accounts.", "backups.", "modules.", "ai.")


def action_words(action: str) -> str:
    """Return what happened; an unknown action by its own name, made readable."""
    known = _WORDS.get(action)
    return known[0]() if known else action.rpartition(".")[2].replace("_", " ").capitalize()


def action_icon(action: str) -> Any:
    """Return the icon of what happened."""
    known = _WORDS.get(action)
    return known[1] if known else ft.Icons.POLICY_OUTLINED


def kind_words(kind: str) -> str:
    """Return what a group of actions is called."""
    return {
        "": tr("Everything"),
        "accounts.": tr("People"),
        "backups.": tr("Backups"),
        "modules.": tr("Modules"),
        "ai.": tr("Artificial intelligence"),
    }[kind]


def detail_words(entry: AuditEntryOut, names: Mapping[str, str]) -> str:
    """Return the facts that people understand: whom it was about, which device, from where. Never an id."""
    detail = entry["detail"]
    if detail is None:
        return tr("The details were erased together with the person.")
    found = [names.get(entry["target"], "")] if entry["target"] != entry["actor_id"] else []
    found += [str(detail[name]) for name in ("device", "name", "label") if isinstance(detail.get(name), str)]
    if isinstance(detail.get("ip"), str) and detail["ip"]:
        found.append(tr("from {address}", address=detail["ip"]))
    return " · ".join(dict.fromkeys(one for one in found if one))
