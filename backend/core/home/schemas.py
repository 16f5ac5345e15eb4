"""What Home and search answer. `text` is English; apps translate `template` and fill in `params`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from backend.core.module_records import ModuleStatus
from backend.sdk.finding import LONGEST_QUERY, SearchHit
from backend.sdk.http import In, Out
from backend.sdk.module import ModuleState
from backend.sdk.overview import AttentionItem, ModuleSummary, Severity, Unit, render

Param = str | int | float | bool


class AttentionOut(Out):
    """Show one thing that waits for a person."""

    kind: str = Field(description="What it is, like `file_organizer.suggestions`.")
    module: str = Field(description="`core`, or the module that it comes from.")
    severity: Severity
    count: int
    text: str
    template: str
    params: dict[str, Param]
    route: str = Field(description="Where the app deals with it.")
    since: datetime | None
    space_id: str | None

    @classmethod
    def of(cls, module: str, item: AttentionItem) -> AttentionOut:
        """Return what is shown of an item."""
        return cls(
            kind=item.kind,
            module=module,
            severity=item.severity,
            count=item.count,
            text=render(item.template, item.params),
            template=item.template,
            params=_plain(item.params),
            route=item.route,
            since=item.since,
            space_id=item.space_id,
        )


class FigureOut(Out):
    """Show one key figure of a card."""

    key: str
    text: str
    template: str = Field(description="Its label.")
    value: float
    unit: Unit = Field(description="`moment`: seconds since 1970 (UTC).")


class ModuleCardOut(Out):
    """Show one module. Where it does not run, `reason` says why and there is no summary."""

    module: str
    title: str
    icon: str
    state: ModuleState
    reason: str
    answered: bool = Field(description="Whether the module could say how it stands; if not, ask again in a moment.")
    text: str
    template: str
    params: dict[str, Param]
    figures: list[FigureOut]
    route: str

    @classmethod
    def of(cls, status: ModuleStatus, summary: ModuleSummary | None) -> ModuleCardOut:
        """Return the card of a module."""
        said = summary or ModuleSummary()
        figures = [
            FigureOut(key=f.key, text=f.template, template=f.template, value=f.value, unit=f.unit) for f in said.figures
        ]
        return cls(
            module=status.id,
            title=status.title,
            icon=status.icon,
            state=status.state,
            reason=status.reason,
            answered=summary is not None,
            text=render(said.template, said.params),
            template=said.template,
            params=_plain(said.params),
            figures=figures,
            route=f"/{status.id}",
        )


class HomeJobsOut(Out):
    """Count your jobs; failed ones of the last week."""

    running: int
    waiting: int
    failed: int


class HomeBackupOut(Out):
    """Say how old the backups are; null if there is none."""

    last_backup: datetime | None
    last_verified: datetime | None
    failing: bool


class HomeOut(Out):
    """Show what needs you, the most urgent first, and one card per module."""

    attention: list[AttentionOut]
    modules: list[ModuleCardOut]
    jobs: HomeJobsOut
    backup: HomeBackupOut
    unread: int = Field(description="Unread notifications.")
    refresh_on: list[str] = Field(description="Names of the live events after which Home is to be read again.")


class SearchQuery(In):
    """Ask for something by name."""

    q: str = Field(min_length=1, max_length=LONGEST_QUERY, description="Words; each must be in the name.")
    limit: int = Field(10, ge=1, le=50, description="How many of each kind at most.")
    kinds: str | None = Field(
        None, max_length=1000, pattern=r"^[a-z0-9_.,]+$", description="Only these kinds, with commas between."
    )


class SpanOut(Out):
    """Say where in the title a typed word is."""

    start: int
    end: int


class SearchHitOut(Out):
    """Show one thing that was found."""

    kind: str
    module: str
    title: str
    subtitle: str
    route: str
    score: float = Field(description="0 to 1.")
    highlights: list[SpanOut]
    space_id: str | None

    @classmethod
    def of(cls, module: str, hit: SearchHit) -> SearchHitOut:
        """Return what is shown of a hit."""
        return cls(
            kind=hit.kind,
            module=module,
            title=hit.title,
            subtitle=hit.subtitle,
            route=hit.route,
            score=hit.score,
            highlights=[SpanOut(start=start, end=end) for start, end in hit.highlights],
            space_id=hit.space_id,
        )


class SearchGroupOut(Out):
    """Hold the hits of one kind, the best first."""

    kind: str
    module: str
    text: str
    template: str = Field(description="The heading.")
    hits: list[SearchHitOut]
    more: bool = Field(description="Whether there may be more of this kind.")


class SearchedOut(Out):
    """Name one kind of thing that was looked through."""

    kind: str
    module: str
    text: str
    template: str


class LeftOutOut(Out):
    """Name a module that could not be asked; one that is just starting answers in a moment."""

    module: str
    title: str
    state: ModuleState
    why: Literal["starting", "stopped", "failed"]


class SearchOut(Out):
    """Answer a search: groups with the best hit first, what was looked through, and who could not be asked."""

    query: str
    groups: list[SearchGroupOut]
    searched: list[SearchedOut]
    left_out: list[LeftOutOut]


def _plain(params: Mapping[str, Any]) -> dict[str, Param]:
    return {name: value for name, value in params.items() if isinstance(value, str | int | float | bool)}
