"""Copies of a PostgreSQL schema: one zip file with a manifest and each table's rows as COPY text."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from backend.sdk.db.copies import CopyReport
from backend.sdk.db.errors import CopyDamaged

_FORMAT = 1
_CHUNK = 1 << 20


def dump_archive(connection: sa.Connection, schema: str, dest: Path) -> CopyReport:
    """Write every table as of one moment (REPEATABLE READ); the file appears whole or not at all."""
    dest.parent.mkdir(parents=True, exist_ok=True)
    part = dest.with_name(dest.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin(), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            manifest: dict[str, Any] = {"homie_copy": _FORMAT, "revision": _revision(connection), "tables": {}}
            cursor = connection.connection.cursor()
            for table, columns in _columns(connection).items():
                with archive.open(f"{table}.copy", "w", force_zip64=True) as member:
                    rows = _copy_out(cursor, table, columns, member)
                manifest["tables"][table] = {"columns": columns, "rows": rows}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        report = verify_archive(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, dest)
    finally:
        part.unlink(missing_ok=True)
    return report


def verify_archive(path: Path) -> CopyReport:
    """Read the whole archive, compare the rows with the manifest; raises `CopyDamaged`."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest["homie_copy"] != _FORMAT:
                raise CopyDamaged()
            counts = {}
            for table, said in manifest["tables"].items():
                with archive.open(f"{table}.copy") as member:
                    counts[table] = _lines(member)
                if counts[table] != said["rows"]:
                    raise CopyDamaged()
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise CopyDamaged() from error
    counts.pop("alembic_version", None)
    return CopyReport(counts, manifest["revision"], path.stat().st_size)


def _lines(member: IO[bytes]) -> int:
    lines = 0
    while chunk := member.read(_CHUNK):
        lines += chunk.count(b"\n")
    return lines


def load_archive(connection: sa.Connection, schema: str, copy: Path) -> None:
    """Replace all rows within the caller's transaction; foreign keys are put off and checked again at its end."""
    run = connection.exec_driver_sql
    with zipfile.ZipFile(copy) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        here = _columns(connection)
        if manifest["tables"].keys() - here.keys() or any(
            set(said["columns"]) - set(here[table]) for table, said in manifest["tables"].items()
        ):
            raise CopyDamaged("This copy has another table layout than this database. Please migrate it first.")
        keys = run(
            "SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid) "
            "FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace "
            "WHERE n.nspname = %s AND c.contype = 'f'",
            (schema,),
        ).all()
        for table, name, _ in keys:
            run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        run("TRUNCATE " + ", ".join(f'"{table}"' for table in here))
        cursor = connection.connection.cursor()
        for table, said in manifest["tables"].items():
            # COPY FROM is refused under row-level security; the owner lifts it inside this transaction only.
            run(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            with archive.open(f"{table}.copy") as member:
                _copy_in(cursor, table, said["columns"], member)
        for table, name, definition in keys:
            run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _columns(connection: sa.Connection) -> dict[str, list[str]]:
    inspector = sa.inspect(connection)
    return {
        table: [column["name"] for column in inspector.get_columns(table) if not column.get("computed")]
        for table in sorted(inspector.get_table_names())
    }


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def _copy_out(cursor: Any, table: str, columns: list[str], member: Any) -> int:
    rows = 0
    names = _quoted(columns)
    with cursor.copy(f'COPY (SELECT {names} FROM "{table}") TO STDOUT') as copy:  # nosec B608: names of our own tables
        for chunk in copy:
            member.write(bytes(chunk))
            rows += bytes(chunk).count(b"\n")
    return rows


def _copy_in(cursor: Any, table: str, columns: list[str], member: Any) -> None:
    with cursor.copy(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN') as copy:
        while chunk := member.read(_CHUNK):
            copy.write(chunk)


def _quoted(columns: list[str]) -> str:
    return ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
