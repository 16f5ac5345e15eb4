"""API of series (where each is kept, how it is named) and of naming templates."""

from __future__ import annotations

from typing import Any

from backend.file_organizer.memory.models import SeriesMapping
from backend.file_organizer.naming.examples import example_of, examples_of
from backend.file_organizer.naming.namer import PATTERN, episode_stems
from backend.file_organizer.naming.patterns import learn_pattern
from backend.file_organizer.naming.templates import FIELDS, NameKind, check_template
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import IdPath
from backend.file_organizer.schemas_series import (
    NamePairOut,
    NamingOut,
    NamingPatch,
    SeriesDetailOut,
    SeriesIn,
    SeriesOut,
    SeriesPatch,
    SeriesQuery,
    TemplateOut,
    TemplateTryIn,
    TemplateTryOut,
)
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import HomieError, InvalidInput
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, Page, current_actor, page


def series_groups(organizer: Organizer) -> list[Group]:
    """Return the groups of series and of naming."""
    series = Group("series", url_prefix="/series", tag="Series")
    naming = Group("naming", url_prefix="/naming", tag="Naming")
    _series(series, organizer)
    _naming(naming, organizer)
    return [series, naming]


def _series(group: Group, organizer: Organizer) -> None:
    book = organizer.series

    @group.get("", returns=Page[SeriesOut])
    def list_series(query: SeriesQuery) -> Page[SeriesOut]:
        """List where series are kept, by title."""
        actor, after = current_actor(), query.after(str)
        rows = book.page(actor, limit=query.limit, after=after[0] if after else None, text=query.q)
        found = page(rows, query.limit, lambda row: (row.title_key,))
        roots = organizer.roots.for_actor(actor)
        items = [SeriesOut(**_shown(row, roots)) for row in found.items]
        return Page[SeriesOut](items=items, next_cursor=found.next_cursor)

    @group.post("", returns=SeriesDetailOut, status=201, errors=[403])
    def keep_series(body: SeriesIn) -> SeriesDetailOut:
        """Say in which folder a series is kept; new episodes go there. Nothing is moved."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        place = run_blocking(roots.resolve_text, body.path, folder=True, field="body.path")
        row = book.keep(actor, body.title, place, naming=body.naming, pattern=body.pattern)
        return _detail(organizer, actor, row)

    @group.get("/<id>", returns=SeriesDetailOut, errors=[404])
    def get_series(path: IdPath) -> SeriesDetailOut:
        """Show one series, and how its episodes on disk are named."""
        actor = current_actor()
        return _detail(organizer, actor, book.get(actor, path.id))

    @group.patch("/<id>", returns=SeriesDetailOut, errors=[403, 404])
    def change_series(path: IdPath, body: SeriesPatch) -> SeriesDetailOut:
        """Change the folder of a series or how its episodes are named. No file is moved or renamed by this."""
        actor = current_actor()
        book.get(actor, path.id)
        place = None
        if body.path is not None:
            roots = organizer.roots.for_actor(actor)
            place = run_blocking(roots.resolve_text, body.path, folder=True, field="body.path")
        row = book.change(actor, path.id, place, naming=body.naming, pattern=body.pattern)
        return _detail(organizer, actor, row)

    @group.delete("/<id>", errors=[404])
    def forget_series(path: IdPath) -> None:
        """Forget where a series is kept. No file is touched."""
        book.forget(current_actor(), path.id)


def _shown(row: SeriesMapping, roots: OwnerRoots) -> dict[str, Any]:
    """Return what every view of a series shows."""
    names = [name for name in SeriesOut.model_fields if name != "path"]
    return {name: getattr(row, name) for name in names} | {"path": _path(row, roots)}


def _path(row: SeriesMapping, roots: OwnerRoots) -> str | None:
    """Return the full path of a series' folder, None while it is not reachable for this actor."""
    try:
        return encode_path(roots.locate(VolumePath.from_text(row.volume_id, row.folder)).absolute)
    except HomieError:
        return None


def _detail(organizer: Organizer, actor: Actor, row: SeriesMapping) -> SeriesDetailOut:
    roots = organizer.roots.for_actor(actor)
    learned = run_blocking(_learned, row, roots)
    choices = organizer.naming.get(actor)
    template: str | None = None
    if row.naming == PATTERN:
        template = row.pattern
    elif row.naming == "":
        episode = choices.templates[NameKind.EPISODE]
        template = learned if choices.like_others and learned else episode.template if episode.on else None
    example = example_of(template, row.title) if template else None
    return SeriesDetailOut(**_shown(row, roots), learned=learned, example=example)


def _learned(row: SeriesMapping, roots: OwnerRoots) -> str | None:
    try:
        place = roots.locate(VolumePath.from_text(row.volume_id, row.folder), must_exist=True, folder=True)
    except HomieError:
        return None
    return learn_pattern(episode_stems(place.absolute))


def _naming(group: Group, organizer: Organizer) -> None:
    store = organizer.naming

    def shown(actor: Actor) -> NamingOut:
        choices = store.get(actor)
        templates = [
            TemplateOut(
                kind=kind,
                on=choice.on,
                template=choice.template,
                fields=list(FIELDS[kind]),
                example=examples_of(kind, choice.template)[0][1],
            )
            for kind, choice in choices.templates.items()
        ]
        return NamingOut(like_others=choices.like_others, templates=templates)

    @group.get("", returns=NamingOut)
    def get_naming() -> NamingOut:
        """Show how files are named when they are filed."""
        return shown(current_actor())

    @group.patch("", returns=NamingOut)
    def change_naming(body: NamingPatch) -> NamingOut:
        """Switch templates on or off, or change them. Files that are filed already keep their names."""
        actor = current_actor()
        store.change(actor, body.model_dump(mode="json", exclude_none=True))
        return shown(actor)

    @group.post("/try", returns=TemplateTryOut, status=200)
    def try_template(body: TemplateTryIn) -> TemplateTryOut:
        """Show what a template makes of names; stores nothing."""
        try:
            text = check_template(body.kind, body.template, field="body.template")
        except InvalidInput as error:
            field = error.fields[0]
            return TemplateTryOut(ok=False, problem=field.problem, remedy=field.remedy, examples=[])
        pairs = [NamePairOut(before=before, after=after) for before, after in examples_of(body.kind, text)]
        return TemplateTryOut(ok=True, problem=None, remedy=None, examples=pairs)
