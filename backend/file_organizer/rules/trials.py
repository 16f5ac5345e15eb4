"""Try rules for an actor: read what is needed, change nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence

from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.reader import DocumentReader
from backend.file_organizer.planning.collector import Collector
from backend.file_organizer.planning.scanner import Scanner, WriterCheck
from backend.file_organizer.rules import definition as d
from backend.file_organizer.rules.copies import IsCopy
from backend.file_organizer.rules.dry_run import DAYS, SECONDS, FolderTrial, HistoryTrial, try_on_folder, try_on_history
from backend.file_organizer.rules.matching import needs_text
from backend.file_organizer.rules.rule_book import KnownRule, known_rules
from backend.file_organizer.rules.rule_files import volumes_of
from backend.file_organizer.rules.rule_store import Rules
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.files import OwnerRoots, SafePath, decode_path, encode_path


class RuleTrials:
    """Say what a rule would do and would have done."""

    def __init__(self, db: Database, clock: Clock, rules: Rules) -> None:
        self._db = db
        self._clock = clock
        self._rules = rules

    def history(self, actor: Actor, body: d.RuleBody, rule_id: str | None = None, *, days: int = DAYS) -> HistoryTrial:
        """Try a rule on what was filed; rules before it (all of them for a new one) are named where they come first."""
        earlier = self.before(actor, rule_id)
        return self._db.read(
            actor, lambda session: try_on_history(session, body, earlier, self._clock.now(), days=days)
        )

    def folder(
        self,
        actor: Actor,
        root: SafePath,
        body: d.RuleBody,
        rule_id: str | None = None,
        *,
        reader: DocumentReader | None = None,
        is_copy: IsCopy | None = None,
        seconds: float = SECONDS,
    ) -> FolderTrial:
        """Try a rule on what lies in a folder now. Without `reader`, documents are not opened; without `is_copy`,
        files are not compared."""
        now = self._clock.now()
        collector = Collector(Scanner(root.absolute), WriterCheck(0.0), deep=True)
        return try_on_folder(
            collector,
            root,
            Analyser(reader, this_year=now.year),
            body,
            self.before(actor, rule_id),
            (root.root.volume_id, encode_path(root.relpath)),
            now,
            read_inside=reader is not None,
            is_copy=is_copy,
            seconds=seconds,
        )

    def before(self, actor: Actor, rule_id: str | None) -> Sequence[KnownRule]:
        """Return the rules in force that come before this one."""
        rules = self._rules.all(actor)
        place = next((rule.position for rule in rules if rule.id == rule_id), None)
        earlier = [r for r in rules if r.enabled and r.id != rule_id and (place is None or r.position < place)]
        return known_rules(earlier)

    def warnings(self, roots: OwnerRoots, body: d.RuleBody, *, look_inside: bool) -> list[str]:
        """Say what a person should know before they rely on the rule."""
        found = []
        for volume_id in dict.fromkeys(volumes_of(body)):
            root = roots.root(volume_id)
            if root is None:
                found.append("A folder of this rule is not open to Homie. Choose another one.")
            elif not root.online:
                found.append("The drive of a folder of this rule is not connected. The rule waits for it.")
        action = body.action
        if isinstance(action, d.MoveAction | d.CopyAction) and action.folder.volume_id is not None:
            root = roots.root(action.folder.volume_id)
            if root is not None and not root.writable:
                found.append("Nothing may be written into the folder of this rule. Choose another one.")
            elif (
                root is not None
                and root.online
                and "{" not in action.folder.path
                and not _is_there(root.path, action.folder.path)
            ):
                found.append("The folder does not exist yet. It is made when the first file comes.")
        if needs_text(body) and not look_inside:
            found.append("Homie does not look into documents here, so what is written inside is never found.")
        if all(one.negate for one in body.conditions):
            found.append("This rule says only what a file is not. It fits almost every file.")
        return found


def _is_there(root: str, folder: str) -> bool:
    return "{" in folder or os.path.isdir(os.path.join(root, decode_path(folder)))
