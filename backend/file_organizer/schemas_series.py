"""Wire types of series and of naming."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from backend.file_organizer.naming.templates import NameKind
from backend.sdk.http import In, Out, PageQuery

SeriesNaming = Literal["", "keep", "pattern"]
"""How episodes of one series are named: the general choice, names as they are, or a pattern of its own."""


class SeriesQuery(PageQuery):
    """Choose series."""

    q: str | None = Field(None, min_length=1, max_length=100, description="Part of the title.")


class SeriesOut(Out):
    """Show where a series is kept and how it is named. `path`: the folder, or null while its drive is away."""

    id: str
    title: str
    volume_id: str
    folder: str
    path: str | None
    season_style: str
    naming: SeriesNaming
    pattern: str
    taught: bool
    files: int
    last_at: datetime


class SeriesDetailOut(SeriesOut):
    """Show one series, with how its episodes are named now and what a new one would be called."""

    learned: str | None = Field(description="The pattern that its files on disk follow, null if they follow none.")
    example: str | None = Field(description="The name that season 1, episode 2 would get; null: it keeps its own.")


class SeriesIn(In):
    """Say where a series is kept."""

    title: str = Field(min_length=1, max_length=200)
    path: str = Field(min_length=1, max_length=4096, description="The series' own folder, above its seasons.")
    naming: SeriesNaming | None = None
    pattern: str | None = Field(None, max_length=400)


class SeriesPatch(In):
    """Change what is given; what is left out stays."""

    path: str | None = Field(None, min_length=1, max_length=4096)
    naming: SeriesNaming | None = None
    pattern: str | None = Field(None, max_length=400)


class TemplateOut(Out):
    """Show one kind's template. `example`: what it makes of a made-up file."""

    kind: NameKind
    on: bool
    template: str
    fields: list[str]
    example: str


class NamingOut(Out):
    """Show how files are named when they are filed."""

    like_others: bool
    templates: list[TemplateOut]


class TemplatePatch(In):
    """Change one template."""

    on: bool | None = None
    template: str | None = Field(None, max_length=400)


class TemplatesPatch(In):
    """Change the templates that are given."""

    film: TemplatePatch | None = None
    episode: TemplatePatch | None = None
    daily: TemplatePatch | None = None
    absolute: TemplatePatch | None = None


class NamingPatch(In):
    """Change what is given."""

    like_others: bool | None = None
    templates: TemplatesPatch | None = None


class TemplateTryIn(In):
    """Try a template without storing it."""

    kind: NameKind
    template: str = Field(max_length=400)


class NamePairOut(Out):
    """Show a name before and after."""

    before: str
    after: str


class TemplateTryOut(Out):
    """Show what a template would make of names, or what is wrong with it."""

    ok: bool
    problem: str | None
    remedy: str | None
    examples: list[NamePairOut]
