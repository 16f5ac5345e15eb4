"""Which events are news: core's own rules, and those that the installed modules declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.sdk.module import ModuleSpec
from backend.sdk.overview import NoticeRule

CORE = "core"

_NO_BACKUP = "A backup did not succeed: {error}"

CORE_NOTICES: tuple[NoticeRule, ...] = (
    NoticeRule(
        event="jobs.failed",
        kind="backups.failed",
        title="A backup did not succeed",
        template=_NO_BACKUP,
        severity="error",
        subject="kind",
        route="/backups",
        only=(("kind", "core.backup_module"),),
    ),
    NoticeRule(
        event="jobs.failed",
        kind="backups.failed",
        title="A backup did not succeed",
        template="A backup could not be verified: {error}",
        severity="error",
        subject="kind",
        route="/backups",
        only=(("kind", "core.verify_backup"),),
    ),
    NoticeRule(
        event="backups.overdue",
        kind="backups.overdue",
        title="The last good backup is too old",
        template="There is no verified backup of the last {hours} hours.",
        severity="warning",
        route="/backups",
    ),
    NoticeRule(
        event="jobs.failed",
        kind="jobs.failed",
        title="Work did not succeed",
        template="Some work did not succeed: {error}",
        severity="error",
        subject="kind",
        route="/activity/{job_id}",
    ),
    NoticeRule(
        event="jobs.finished",
        kind="owners.exported",
        title="An export is ready",
        template="The export of your things is ready.",
        severity="success",
        route="/account/data",
        only=(("kind", "core.export_owner"),),
    ),
    NoticeRule(
        event="accounts.logged_in",
        kind="accounts.logged_in",
        title="A new device was logged in",
        template="A device was logged in: {device}",
        subject="session_id",
        route="/devices",
    ),
    NoticeRule(
        event="accounts.token_reuse_detected",
        kind="accounts.token_reuse_detected",
        title="A log-in was copied",
        template="Somebody used a copy of the log-in of {device}. That device was logged out.",
        severity="warning",
        subject="session_id",
        route="/devices",
    ),
    NoticeRule(
        event="accounts.password_changed",
        kind="accounts.password_changed",
        title="The password was changed",
        template="Your password was changed.",
        severity="warning",
        route="/devices",
    ),
    NoticeRule(
        event="accounts.invitation_accepted",
        kind="accounts.invitation_accepted",
        title="An invitation was accepted",
        template="Somebody accepted an invitation and is in this space now.",
        severity="success",
        route="/people",
    ),
    NoticeRule(
        event="accounts.roots_changed",
        kind="accounts.folder_granted",
        title="A folder was opened",
        template="A folder was opened for this space.",
        route="/folders",
        when="granted",
    ),
    NoticeRule(
        event="modules.state_changed",
        kind="modules.failed",
        title="A module does not work",
        template="{title} does not work: {reason}",
        severity="error",
        subject="module_id",
        route="/modules/{module_id}",
        when="failed",
    ),
)


@dataclass(frozen=True, slots=True)
class KnownRule:
    """One rule and the module that it belongs to."""

    module: str
    rule: NoticeRule


class NoticeRules:
    """Find the rule of an event among core's and the modules'."""

    def __init__(self, specs: Iterable[ModuleSpec] = ()) -> None:
        found = [KnownRule(spec.id, rule) for spec in specs for rule in spec.notices]
        self.known = (*found, *(KnownRule(CORE, rule) for rule in CORE_NOTICES))
        self._by_event: dict[str, list[KnownRule]] = {}
        for known in self.known:
            self._by_event.setdefault(known.rule.event, []).append(known)

    def concerns(self, name: str) -> bool:
        """Tell whether events of that name can be news."""
        return name in self._by_event

    def find(self, name: str, payload: Mapping[str, Any]) -> KnownRule | None:
        """Return the first rule that fits."""
        return next((known for known in self._by_event.get(name, ()) if known.rule.fits(name, payload)), None)

    def kinds(self) -> dict[str, KnownRule]:
        """Return one rule per kind, for the settings."""
        found: dict[str, KnownRule] = {}
        for known in self.known:
            found.setdefault(known.rule.kind, known)
        return found
