"""Keep each lesson of the memory by itself, and one row per folder that things are sent to.

`destination_mappings` counted features per folder. Its rows become lessons (`learned_files`, how="counted") that add up
to the same counts, and one row per folder stays under the name, which now also takes a colour and a purpose.
"""

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "file_organizer_0010"
down_revision = "file_organizer_0009"
branch_labels = None
depends_on = None

BATCH = 2000
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = ("owner_id", "id", "feature", "volume_id", "folder", "yes", "no", "taught", "last_at")
Row = dict[str, Any]


def upgrade() -> None:
    _create_lessons()
    folders = _move_lessons()
    op.drop_table("destination_mappings")
    _create_folders()
    _insert("destination_mappings", folders)


def _create_lessons() -> None:
    op.create_table(
        "learned_files",
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("batch", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("files", BIG, nullable=False),
        sa.Column("volume_id", sa.String(64), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("yes", sa.Double(), nullable=False),
        sa.Column("no", sa.Double(), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("left_volume", sa.String(64), nullable=True),
        sa.Column("left_folder", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_learned_files")),
        sa.UniqueConstraint("owner_id", "seq", name=op.f("uq_learned_files_owner_id_seq")),
    )
    op.create_index("ix_learned_files_owner_id_volume_id_folder", "learned_files", ["owner_id", "volume_id", "folder"])


def _create_folders() -> None:
    op.create_table(
        "destination_mappings",
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("volume_id", sa.String(64), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("files", BIG, nullable=False),
        sa.Column("refused", BIG, nullable=False),
        sa.Column("taught", BIG, nullable=False),
        sa.Column("colour", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(120), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_destination_mappings")),
        sa.UniqueConstraint(
            "owner_id", "volume_id", "folder", name=op.f("uq_destination_mappings_owner_id_volume_id_folder")
        ),
    )


def _move_lessons() -> list[Row]:
    """Write the lessons of every folder; return the rows of the folders."""
    bind = op.get_bind()
    old = sa.table("destination_mappings", *map(sa.column, OLD))
    owners = [row[0] for row in bind.execute(sa.select(old.c.owner_id).distinct())]
    folders: list[Row] = []
    for owner in owners:
        places: dict[tuple[str, str], list[Any]] = {}
        for row in bind.execute(sa.select(old).where(old.c.owner_id == owner).order_by(old.c.last_at, old.c.id)):
            places.setdefault((row.volume_id, row.folder), []).append(row)
        lessons: list[Row] = []
        for rows in places.values():
            lessons += _lessons_of(rows)
            folders.append(_folder_of(rows))
        lessons.sort(key=lambda lesson: str(lesson["at"]))
        for number, lesson in enumerate(lessons, 1):
            lesson["seq"] = lesson["batch"] = number
        _insert("learned_files", lessons)
    return folders


def _insert(name: str, rows: list[Row]) -> None:
    if not rows:
        return
    table = sa.table(name, *(sa.column(column) for column in rows[0]))
    for start in range(0, len(rows), BATCH):
        op.get_bind().execute(sa.insert(table), rows[start : start + BATCH])


def _folder_of(rows: list[Any]) -> Row:
    """Return one folder: as many files as its commonest feature had."""
    first = rows[0]
    return {
        "owner_id": first.owner_id,
        "id": first.id,
        "volume_id": first.volume_id,
        "folder": first.folder,
        "files": max(row.yes for row in rows),
        "refused": max(row.no for row in rows),
        "taught": max(row.taught for row in rows),
        "colour": "",
        "purpose": "",
        "last_at": max(row.last_at for row in rows),
    }


def _lessons_of(rows: list[Any]) -> Iterable[Row]:
    """Yield lessons that add up to a folder's counts.

    A name is a whole file, and its words and type come with it. Words and types that no kept name accounts for follow
    as lessons about signs only, and files without a kept name as a lesson without signs.
    """
    names = [(row, row.feature[5:]) for row in rows if row.feature.startswith("name:")]
    for row, name in names:
        yield _lesson(row, name=name, files=max(1, row.yes), yes=row.yes, no=row.no, taught=row.taught > 0)
    for row in rows:
        family, _, value = row.feature.partition(":")
        if family == "name" or (family == "kind" and names):
            continue
        covered = [r for r, name in names if _covers(family, value, name)]
        yes = row.yes - sum(r.yes for r in covered)
        no = row.no - sum(r.no for r in covered)
        if yes > 0 or no > 0:
            yes, no = max(0, yes), max(0, no)
            yield _lesson(row, signs=row.feature, files=max(1, yes), yes=yes, no=no, taught=row.taught > 0)
    rest = max(row.yes for row in rows) - sum(row.yes for row, _ in names)
    if rest > 0:
        last = max(rows, key=lambda row: row.last_at)
        yield _lesson(last, files=rest, yes=rest, no=0, taught=False)


def _covers(family: str, value: str, name: str) -> bool:
    if family == "word":
        return value in name
    return family == "ext" and name.endswith("." + value)


def _lesson(row: Any, *, files: int, yes: int, no: int, taught: bool, name: str = "", signs: str = "") -> Row:
    return {
        "owner_id": row.owner_id,
        "id": str(uuid.uuid4()),
        "seq": 0,
        "batch": 0,
        "name": name,
        "signs": signs,
        "files": files,
        "volume_id": row.volume_id,
        "folder": row.folder,
        "yes": float(yes),
        "no": float(no),
        "taught": taught,
        "how": "counted",
        "at": row.last_at,
    }
