"""API of importing statements, and of transfers between own accounts."""

from __future__ import annotations

import base64
import binascii

from backend.financial_manager.finances import Finances
from backend.financial_manager.importing.booking import Chosen
from backend.financial_manager.importing.imports import BatchDetail
from backend.financial_manager.importing.models import RawRow, RowFate
from backend.financial_manager.inboxes.folder import content
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_imports import (
    MOST_CONTENT,
    DecisionIn,
    ImportDetailOut,
    ImportIn,
    ImportOut,
    LineOut,
    PreviewOut,
    StatementIn,
    TransferIn,
    TransferOut,
    TransfersOut,
)
from backend.financial_manager.statements import TableChoice
from backend.financial_manager.views import import_out, preview_out, transaction_out
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import SafePath
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def import_groups(ctx: ModuleContext, finances: Finances) -> list[Group]:
    """Return the groups of imports and transfers."""
    return [_imports(ctx, finances), _transfers(finances)]


def _imports(ctx: ModuleContext, finances: Finances) -> Group:
    group = Group("imports", url_prefix="/imports", tag="Imports")
    imports = finances.imports

    @group.post("/preview", returns=PreviewOut, status=200, errors=[403, 404, 409], max_body=MOST_CONTENT + 65536)
    def preview_import(body: StatementIn) -> PreviewOut:
        """Say what an import would do: each line with its fate, and the bank's balance against Homie's.

        Changes nothing.
        """
        name, data = _file(ctx, body)
        seen = run_blocking(
            imports.look, current_actor(), body.account_id, data, name, trust=body.trust, choice=_choice(body)
        )
        return preview_out(seen)

    @group.post(
        "", returns=ImportOut, status=201, errors=[403, 404, 409], idempotent=True, max_body=MOST_CONTENT + 65536
    )
    def book_import(body: ImportIn) -> ImportOut:
        """Book a statement: everything new, or nothing. What is booked already is not booked again."""
        actor = current_actor()
        name, data = _file(ctx, body)
        chosen = Chosen(frozenset(body.leave_out), frozenset(body.book_twins))
        finances.categories.all(actor)
        booked = run_blocking(
            imports.book, actor, body.account_id, data, name, chosen, trust=body.trust, looked_at=body.looked_at,
            choice=_choice(body),
        )  # fmt: skip
        return import_out(booked.batch, finances.accounts.get(actor, body.account_id).account.name)

    _add_kept(group, finances)
    return group


def _add_kept(group: Group, finances: Finances) -> None:
    imports = finances.imports

    @group.get("", returns=Page[ImportOut])
    def list_imports(query: PageQuery) -> Page[ImportOut]:
        """List what was imported, newest first."""
        actor = current_actor()
        after = query.after(str)
        rows = imports.page(actor, limit=query.limit, before=after[0] if after is not None else None)
        return page([import_out(batch, account) for batch, account in rows], query.limit, lambda one: (one.id,))

    @group.get("/<id>", returns=ImportDetailOut, errors=[404])
    def get_import(path: IdPath) -> ImportDetailOut:
        """Show one import with the lines that were not simply booked."""
        return _detail_out(imports.detail(current_actor(), path.id))

    @group.post("/<id>/decide", returns=ImportDetailOut, status=200, errors=[404, 409])
    def decide_import_line(path: IdPath, body: DecisionIn) -> ImportDetailOut:
        """Say of a line that is perhaps there already that it is, or book it after all. It can be undone."""
        finances.deciding.decide(current_actor(), path.id, body.position, book=body.book)
        return _detail_out(imports.detail(current_actor(), path.id))

    @group.post("/<id>/undo", returns=ImportOut, status=200, errors=[404, 409])
    def undo_import(path: IdPath) -> ImportOut:
        """Take an import back: everything that it booked goes, and the same file can be imported again."""
        actor = current_actor()
        finances.changes.undo(actor, imports.detail(actor, path.id).change_id)
        found = imports.detail(actor, path.id)
        return import_out(found.batch, found.account)


def _transfers(finances: Finances) -> Group:
    group = Group("transfers", url_prefix="/transfers", tag="Transfers")
    transfers = finances.transfers

    @group.get("", returns=TransfersOut)
    def list_transfers() -> TransfersOut:
        """List bookings that may be transfers between your accounts, the surest first."""
        return TransfersOut(
            items=[
                TransferOut(
                    out=transaction_out(one.out),
                    into=transaction_out(one.into),
                    score=one.link.score,
                    reason=one.link.reason,
                )
                for one in transfers.suggested(current_actor())
            ]
        )

    @group.post("/confirm", errors=[404])
    def confirm_transfer(body: TransferIn) -> None:
        """Say that two bookings are one transfer: neither spent nor earned."""
        transfers.confirm(current_actor(), body.out_id, body.in_id)

    @group.post("/reject", errors=[404])
    def reject_transfer(body: TransferIn) -> None:
        """Say that two bookings are no transfer; they are not offered again."""
        transfers.reject(current_actor(), body.out_id, body.in_id)

    return group


def _choice(body: StatementIn) -> TableChoice | None:
    """Return how a request says that the table is to be read."""
    if body.layout is None:
        return None
    columns = body.layout.columns.model_dump(exclude_none=True)
    return TableChoice(columns, body.layout.order, body.layout.sign)


def _file(ctx: ModuleContext, body: StatementIn) -> tuple[str, bytes]:
    """Return the name and bytes of the file that a request gives or names."""
    if (body.content is None) == (body.path is None):
        problem = FieldProblem("body.content", "The file is missing, or given twice.", "Give its content, or its path.")
        raise InvalidInput(fields=[problem])
    if body.content is not None:
        try:
            return body.name or "statement", base64.b64decode(body.content, validate=True)
        except (ValueError, binascii.Error):
            problem = FieldProblem("body.content", "This is not base64.", "Encode the file's bytes in base64.")
            raise InvalidInput(fields=[problem]) from None
    assert body.path is not None
    roots = ctx.roots.for_actor(current_actor())
    place = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=False, field="body.path")
    return place.volume_path.name, run_blocking(_read, place)


def _read(place: SafePath) -> bytes:
    try:
        return content(place)
    except OSError:
        problem = FieldProblem("body.path", "This file cannot be read.", "Choose another one.")
        raise InvalidInput(fields=[problem]) from None


def _detail_out(found: BatchDetail) -> ImportDetailOut:
    batch = found.batch
    left_out = batch.rows - batch.duplicates - found.added
    shown = import_out(batch, found.account).model_dump() | {"added": found.added, "left_out": left_out}
    return ImportDetailOut(**shown, change_id=found.change_id, lines=[_line_out(row) for row in found.lines])


def _line_out(row: RawRow) -> LineOut:
    told = " ".join(str(row.data.get(name, "")) for name in ("counterparty", "purpose", "text")).strip()
    return LineOut(
        position=row.position, fate=RowFate(row.fate), date=row.date, amount_minor=row.amount_minor, reason=row.reason,
        text=told, twin_id=row.transaction_id,
    )  # fmt: skip
