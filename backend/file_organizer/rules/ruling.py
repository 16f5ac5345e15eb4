"""Between a plan that is built and the rules: files as the scan knows them in, suggestions out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.file_organizer.analysis.analyser import Analyser
from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.planning.plan_builder import Ruling
from backend.file_organizer.planning.suggestions import Suggestion
from backend.file_organizer.rules.copies import IsCopy
from backend.file_organizer.rules.rule_book import KnownRule, RuleBook
from backend.file_organizer.rules.subject import subject_of
from backend.sdk.files import OwnerRoots, SafePath, VolumePath, encode_path


def ruling(
    rules: Sequence[KnownRule],
    into: SafePath,
    roots: OwnerRoots,
    analyser: Analyser | None,
    now: datetime,
    is_copy: IsCopy | None = None,
) -> Ruling | None:
    """Return what asks the rules about a file; None where there are none. Without `analyser` nothing is opened."""
    if not rules:
        return None
    here = into.root.volume_id
    writable = {here} | {root.volume_id for root in roots.roots if root.writable}
    book = RuleBook(rules, (here, encode_path(into.relpath)), now=now, may_write=writable.__contains__)

    def ask(volume_id: str, facts: FileFacts, folder: str) -> Suggestion | None:
        place = VolumePath(volume_id, folder)
        subject = subject_of(facts, place, lambda: analyser.text_of(facts) if analyser is not None else None, is_copy)
        return book.suggest(subject, facts.kind.value)

    return ask
