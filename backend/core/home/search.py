"""One search over everything: core and every module that runs, each in its own tables, for what this person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.core.home.asking import Answered, ModuleAsker
from backend.core.home.own_finds import CORE_FINDS, OwnFinds
from backend.core.home.schemas import LeftOutOut, SearchedOut, SearchGroupOut, SearchHitOut, SearchOut
from backend.sdk.actor import Actor
from backend.sdk.finding import SearchHit, SearchKind, words_of
from backend.sdk.module import ModuleState
from backend.sdk.overview import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.core.platform import Platform

CORE = "core"


class Search:
    """Answer `GET /search`."""

    def __init__(self, platform: Platform, asker: ModuleAsker) -> None:
        self._asker = asker
        self._own = OwnFinds(platform)
        kinds = [(CORE, kind) for kind in CORE_FINDS]
        kinds += [(spec.id, kind) for spec in platform.apps.specs() for kind in spec.finds]
        self._kinds: dict[str, tuple[str, SearchKind]] = {kind.kind: (module, kind) for module, kind in kinds}

    def find(self, actor: Actor, query: str, limit: int, kinds: frozenset[str] | None) -> SearchOut:
        """Return what fits; with `kinds` only of these."""
        words = words_of(query)
        answers = self._asker.ask_all("search", lambda app: app.search(actor, query, limit + 1)) if words else []
        hits: list[tuple[str, SearchHit]] = []
        if words:
            hits += [(CORE, hit) for hit in self._own.search(actor, words, limit + 1)]
        for answer in answers:
            hits += [(answer.status.id, hit) for hit in answer.value or ()]
        silent = {answer.status.id for answer in answers if answer.value is None}
        asked = [
            (module, kind)
            for module, kind in self._kinds.values()
            if module not in silent and (kinds is None or kind.kind in kinds)
        ]
        return SearchOut(
            query=query,
            groups=_groups(hits, asked, limit),
            searched=[_searched(module, kind) for module, kind in asked],
            left_out=[_left_out(answer) for answer in answers if answer.value is None],
        )


def _groups(
    hits: Sequence[tuple[str, SearchHit]], asked: Sequence[tuple[str, SearchKind]], limit: int
) -> list[SearchGroupOut]:
    groups: list[SearchGroupOut] = []
    for module, kind in asked:
        mine = [hit for owner, hit in hits if hit.kind == kind.kind and owner == module]
        if not mine:
            continue
        mine.sort(key=lambda hit: -hit.score)
        shown = [SearchHitOut.of(module, hit) for hit in mine[:limit]]
        text = render(kind.template, {})
        groups.append(
            SearchGroupOut(
                kind=kind.kind, module=module, text=text, template=kind.template, hits=shown, more=len(mine) > limit
            )
        )
    groups.sort(key=lambda group: -group.hits[0].score)
    return groups


def _searched(module: str, kind: SearchKind) -> SearchedOut:
    return SearchedOut(kind=kind.kind, module=module, text=render(kind.template, {}), template=kind.template)


def _left_out(answer: Answered[Sequence[SearchHit]]) -> LeftOutOut:
    status = answer.status
    why = "stopped"
    if answer.failed:
        why = "failed"
    elif status.state in (ModuleState.NOT_LOADED, ModuleState.MIGRATING, ModuleState.STARTING):
        why = "starting"
    return LeftOutOut.model_validate({"module": status.id, "title": status.title, "state": status.state, "why": why})
