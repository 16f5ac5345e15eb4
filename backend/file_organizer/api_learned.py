"""API of what was learned: folders that things go to, the lessons behind them, why, forgetting, export, import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from backend.file_organizer.errors import DestinationNotUsable
from backend.file_organizer.learned import Forgotten, Sign, Why, WhyPlace
from backend.file_organizer.memory.evidence import Evidence
from backend.file_organizer.memory.models import DestinationMapping, LearnedFile
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import IdPath
from backend.file_organizer.schemas_learned import (
    DestinationOut,
    DestinationPatch,
    DestinationsQuery,
    ForgetEverythingIn,
    ForgottenOut,
    ImportedOut,
    ImportIn,
    LearnedFileOut,
    LearnedQuery,
    MemoryDocumentOut,
    MemoryEvidenceOut,
    MemorySummaryOut,
    MemoryWhyIn,
    MemoryWhyListOut,
    MemoryWhyOut,
    MemoryWhyPlaceOut,
    RememberedOut,
    RememberIn,
    SignOut,
)
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import VolumePath
from backend.sdk.http import Group, Page, PageQuery, current_actor, page


def learned_groups(organizer: Organizer) -> list[Group]:
    """Return the groups of destinations and lessons."""
    destinations = Group("destinations", url_prefix="/destinations", tag="Memory")
    learned = Group("learned", url_prefix="/learned", tag="Memory")
    _destinations(destinations, organizer)
    _lessons(learned, organizer)
    _memory(learned, organizer)
    return [destinations, learned]


def _destinations(group: Group, organizer: Organizer) -> None:
    learned, memory = organizer.learned, organizer.memory

    @group.get("", returns=Page[DestinationOut])
    def list_destinations(query: DestinationsQuery) -> Page[DestinationOut]:
        """List the folders that things are sent to, newest first."""
        actor, after = current_actor(), query.after(str)
        rows = memory.destinations(actor, limit=query.limit, before=after[0] if after else None, text=query.q)
        found = page(rows, query.limit, lambda row: (row.id,))
        items = run_blocking(_with_signs, organizer, actor, found.items)
        return Page[DestinationOut](items=items, next_cursor=found.next_cursor)

    @group.get("/<id>", returns=DestinationOut, errors=[404])
    def get_destination(path: IdPath) -> DestinationOut:
        """Show one folder that things are sent to."""
        actor = current_actor()
        return run_blocking(_with_signs, organizer, actor, [learned.destination(actor, path.id)])[0]

    @group.get("/<id>/files", returns=Page[LearnedFileOut], errors=[404])
    def list_destination_files(path: IdPath, query: PageQuery) -> Page[LearnedFileOut]:
        """List what was learned about one folder file by file, newest first."""
        after = query.after(str)
        rows = learned.files(current_actor(), limit=query.limit, mapping_id=path.id, before=after[0] if after else None)
        return _files_page(rows, query.limit)

    @group.patch("/<id>", returns=DestinationOut, errors=[403, 404])
    def change_destination(path: IdPath, body: DestinationPatch) -> DestinationOut:
        """Name or colour a folder, or say that what went there belongs somewhere else. Moves no file."""
        actor = current_actor()
        place = None
        if body.folder is not None:
            _check_place(organizer, actor, body.folder)
            place = (body.folder.volume_id, body.folder.text)
        row = learned.change(actor, path.id, colour=body.colour, purpose=body.purpose, place=place)
        return run_blocking(_with_signs, organizer, actor, [row])[0]

    @group.delete("/<id>", returns=ForgottenOut, status=200, errors=[404])
    def forget_destination(path: IdPath) -> ForgottenOut:
        """Forget everything learned about one folder. Moves no file; can be taken back for a day."""
        return _forgotten(learned.forget_destination(current_actor(), path.id))


def _lessons(group: Group, organizer: Organizer) -> None:
    learned = organizer.learned

    @group.get("", returns=Page[LearnedFileOut])
    def list_learned(query: LearnedQuery) -> Page[LearnedFileOut]:
        """List what was learned file by file, newest first."""
        after = query.after(str)
        rows = learned.files(current_actor(), limit=query.limit, before=after[0] if after else None, text=query.q)
        return _files_page(rows, query.limit)

    @group.delete("/<id>", returns=ForgottenOut, status=200, errors=[404])
    def forget_learned_file(path: IdPath) -> ForgottenOut:
        """Forget one lesson; can be taken back for a day."""
        return _forgotten(learned.forget_file(current_actor(), path.id))

    @group.post("/forget-everything", returns=ForgottenOut, status=200)
    def forget_everything(body: ForgetEverythingIn) -> ForgottenOut:
        """Forget everything about where files belong. Moves no file; can be taken back for a day."""
        if not body.confirm:
            raise InvalidInput(fields=[FieldProblem("body.confirm", "It is not true.", "Say true if you mean it.")])
        return _forgotten(learned.forget_everything(current_actor()))

    @group.post("/restore", returns=RememberedOut, status=200, errors=[404])
    def restore_learned(body: RememberIn) -> RememberedOut:
        """Take forgetting back."""
        return RememberedOut(files=learned.restore(current_actor(), body.key))


def _memory(group: Group, organizer: Organizer) -> None:
    learned = organizer.learned

    @group.get("/summary", returns=MemorySummaryOut)
    def get_memory_summary() -> MemorySummaryOut:
        """Say how much is remembered, and whether Homie learns at the moment."""
        actor = current_actor()
        found = learned.summary(actor)
        learning = organizer.settings.get(actor).learning
        return MemorySummaryOut(
            files=found.files,
            folders=found.folders,
            series=found.series,
            refusals=found.refusals,
            learning=learning,
            last_at=found.last_at,
        )

    @group.post("/why", returns=MemoryWhyListOut, status=200)
    def ask_why(body: MemoryWhyIn) -> MemoryWhyListOut:
        """Say where files with these names would go by what was learned, and why. Changes nothing."""
        actor = current_actor()
        found = run_blocking(learned.why, actor, body.names, body.source)
        return MemoryWhyListOut(items=[_why(one) for one in found])

    @group.get("/export", returns=MemoryDocumentOut)
    def export_memory() -> MemoryDocumentOut:
        """Give everything that your memory holds as one document."""
        return MemoryDocumentOut.model_validate(learned.export(current_actor()), from_attributes=True)

    @group.post("/import", returns=ImportedOut, status=200)
    def import_memory(body: ImportIn) -> ImportedOut:
        """Add what was exported before; what is known already is left out."""
        return ImportedOut(files=learned.import_document(current_actor(), body.document))


def _check_place(organizer: Organizer, actor: Actor, place: VolumePath) -> None:
    """Raise for a place that the person may not file into."""
    root = organizer.roots.for_actor(actor).locate(place).root
    if not root.writable:
        raise DestinationNotUsable(
            fields=[FieldProblem("body.folder", "Homie may only read there.", "Choose another folder.")]
        )


def _with_signs(organizer: Organizer, actor: Actor, rows: Sequence[DestinationMapping]) -> list[DestinationOut]:
    signs = organizer.learned.signs(actor, rows) if rows else {}
    return [
        DestinationOut(
            **{name: getattr(row, name) for name in DestinationOut.model_fields if name != "signs"},
            signs=[_sign(one) for one in signs.get((row.volume_id, row.folder), ())],
        )
        for row in rows
    ]


def _sign(sign: Sign) -> SignOut:
    return SignOut(sign=sign.sign, files=sign.files, total=sign.total, last_at=_moment(sign.last_at))


def _files_page(rows: list[LearnedFile], limit: int) -> Page[LearnedFileOut]:
    found = page(rows, limit, lambda row: (row.id,))
    items = [
        LearnedFileOut(
            id=row.id,
            name=row.name,
            files=row.files,
            volume_id=row.volume_id,
            folder=row.folder,
            belongs=row.yes > 0,
            how=row.how,
            at=row.at,
        )
        for row in found.items
    ]
    return Page[LearnedFileOut](items=items, next_cursor=found.next_cursor)


def _why(one: Why) -> MemoryWhyOut:
    return MemoryWhyOut(name=one.name, places=[_place(p) for p in one.places], new=one.new, new_folder=one.new >= 0.5)


def _place(place: WhyPlace) -> MemoryWhyPlaceOut:
    reasons = [_evidence(evidence, text) for evidence, text in place.reasons]
    return MemoryWhyPlaceOut(
        volume_id=place.volume_id, folder=place.folder, confidence=round(place.confidence, 4), reasons=reasons
    )


def _evidence(evidence: Evidence, text: str) -> MemoryEvidenceOut:
    given: dict[str, Any] = {name: getattr(evidence, name) for name in ("family", "value", "yes", "total")}
    return MemoryEvidenceOut(**given, last_at=_moment(evidence.last_at) if evidence.last_at else None, text=text)


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _forgotten(one: Forgotten) -> ForgottenOut:
    return ForgottenOut(key=one.key, files=one.files)
