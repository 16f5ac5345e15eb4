"""Read the memory for one batch of files: which folders their features point to, with how much evidence.

Confidence is Laplace's rule of succession, (n + 1) / (n + 2) for n of n, over the most telling feature; a second
independent feature for the same folder adds a little. General features (the kind of a file) need more evidence than a
name's words. A folder with more "no" than "yes" for a feature of the file is vetoed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.analysis.papers import telling_words
from backend.file_organizer.planning.suggestions import Alternative, Source, Suggestion, fill_date

Target = tuple[str, str]
"""(volume id, folder in path form, with the year mark)."""

_WEIGHT = {
    "name": 1.0,
    "series": 1.0,
    "word": 1.0,
    "camera": 0.97,
    "paper": 0.93,
    "from": 0.85,
    "ext": 0.8,
    "kind": 0.78,
}
_MINIMUM = {"ext": 4, "kind": 5, "paper": 2}
_VETO = frozenset({"name", "word", "camera", "paper"})
_MAX = 0.97
_MAX_WORDS = 8


def features_of(facts: FileFacts) -> tuple[str, ...]:
    """Return what memory learns from a file, the most telling first."""
    found = [f"name:{facts.name.casefold()[:100]}".encode("utf-8", "replace").decode()]
    found += [f"word:{word[:60]}" for word in telling_words(facts.tokens)[:_MAX_WORDS]]
    if facts.camera:
        found.append(f"camera:{facts.camera[:60].casefold()}")
    if facts.paper is not None:
        found.append(f"paper:{facts.paper.value}")
    if facts.extension:
        found.append(f"ext:{facts.extension}")
    if facts.kind is not Kind.UNKNOWN:
        found.append(f"kind:{facts.kind.value}")
    return tuple(found)


@dataclass(slots=True)
class Evidence:
    """Count for one feature and folder."""

    yes: int = 0
    no: int = 0
    taught: int = 0


@dataclass(slots=True)
class MemoryView:
    """What was learned about a set of features; plain data, so that suggesting never touches the database."""

    by_feature: dict[str, dict[Target, Evidence]] = field(default_factory=dict)
    series: Mapping[str, tuple[str, str, str, bool]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_feature or self.series)

    def suggest(
        self, facts: FileFacts, features: Iterable[str], may_use: Callable[[Target, bool], bool]
    ) -> Suggestion | None:
        """Return where memory would put the file, with alternatives; None when it knows nothing.

        `may_use(target, taught)` says whether a folder may be suggested for this plan at all.
        """
        scores: dict[Target, tuple[float, str, int, bool]] = {}
        for feature in features:
            known = self.by_feature.get(feature)
            if not known:
                continue
            family = feature.split(":", 1)[0]
            total = sum(e.yes for e in known.values())
            for target, evidence in known.items():
                if evidence.yes < _MINIMUM.get(family, 1) or evidence.yes <= evidence.no:
                    continue
                if not may_use(target, evidence.taught > 0 and family in _VETO):
                    continue
                score = _WEIGHT[family] * (evidence.yes + 1) / (total + evidence.no + 2)
                reason = _reason(facts, feature, evidence.yes, total)
                old = scores.get(target)
                if old is None:
                    scores[target] = (score, reason, 1, family in _VETO)
                else:
                    best = max((old[0], old[1]), (score, reason))
                    scores[target] = (best[0], best[1], old[2] + 1, old[3] or family in _VETO)
        return self._best(facts, features, scores)

    def _best(
        self, facts: FileFacts, features: Iterable[str], scores: dict[Target, tuple[float, str, int, bool]]
    ) -> Suggestion | None:
        """Turn scores into a suggestion and its alternatives; vetoed folders fall out."""
        date = facts.filing_date()
        ranked = sorted(
            ((min(_MAX, s + 0.04 * (n - 1)), t, r) for t, (s, r, n, _) in scores.items()), key=lambda x: (-x[0], x[1])
        )
        vetoed = self.vetoed(features)
        choices = [
            Alternative(target[0], fill_date(target[1], date), score, f"{reason} {fill_date(target[1], date) or '/'}.")
            for score, target, reason in ranked[:6]
            if target not in vetoed
        ]
        if not choices:
            return None
        first = choices[0]
        category = facts.paper.value if facts.paper else facts.kind.value
        suggestion = Suggestion(first.volume_id, first.folder, first.confidence, first.reason, Source.MEMORY, category)
        best = next(target for _, target, _ in ranked if target not in vetoed)
        suggestion.specific = scores[best][3]
        for choice in choices[1:]:
            suggestion.also(choice)
        return suggestion

    def vetoed(self, features: Iterable[str]) -> frozenset[Target]:
        """Return the folders where files with these features were refused more than accepted."""
        return frozenset(
            target
            for feature in features
            if feature.split(":", 1)[0] in _VETO
            for target, evidence in self.by_feature.get(feature, {}).items()
            if evidence.no > evidence.yes
        )


def _reason(facts: FileFacts, feature: str, yes: int, total: int) -> str:
    """Say the evidence in words; the folder's name is added at the end."""
    family, value = feature.split(":", 1)
    if family == "name":
        return f"{yes} of {total} files with this name went to"
    if family == "word":
        return f"{yes} of {total} files with '{_as_written(facts.stem, value)}' went to"
    if family == "paper":
        return f"{yes} of {total} papers of this kind ({value}) went to"
    if family == "camera":
        return f"{yes} of {total} pictures of {facts.camera} went to"
    if family == "ext":
        return f"{yes} of {total} .{value} files went to"
    return f"{yes} of {total} files of this kind ({value}) went to"


def _as_written(stem: str, word: str) -> str:
    """Return a word as the file's name spells it."""
    place = stem.lower().find(word)
    return stem[place : place + len(word)] if place >= 0 else word
