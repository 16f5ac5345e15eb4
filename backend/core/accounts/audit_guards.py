"""Triggers that make `security_audit` append-only below the program, on both engines.

Entries may be added; the only change allowed is to forget `detail` and `salt` of an erased person, which the chain
proves (`audit.py`). On PostgreSQL the app's role has no right to TRUNCATE; the tables' owner has it, for restores. The
initial migration of core runs the same statements (`statements("sqlite")`).
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from backend.core.accounts.models import SecurityAudit

_KEPT = ("seq", "at", "actor_id", "owner_id", "action", "target", "detail_hash", "prev_hash", "hash")
_REFUSAL = "security_audit is append-only"


def statements(dialect: str) -> tuple[str, ...]:
    """Return the trigger statements of one engine ("sqlite" or "postgresql"), to run once after the table exists."""
    if dialect == "sqlite":
        return _sqlite()
    return _postgresql() if dialect == "postgresql" else ()


def _sqlite() -> tuple[str, ...]:
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    return (
        f"CREATE TRIGGER security_audit_no_delete BEFORE DELETE ON security_audit {refuse}",
        "CREATE TRIGGER security_audit_no_update BEFORE UPDATE ON security_audit "
        f"WHEN NOT (NEW.detail IS NULL AND NEW.salt IS NULL AND {same}) {refuse}",
        # INSERT OR REPLACE deletes without firing delete triggers
        "CREATE TRIGGER security_audit_no_replace BEFORE INSERT ON security_audit "
        f"WHEN EXISTS (SELECT 1 FROM security_audit WHERE seq = NEW.seq) {refuse}",  # nosec B608: all constants
    )


def _postgresql() -> tuple[str, ...]:
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in _KEPT)
    return (
        "CREATE FUNCTION security_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER security_audit_no_delete BEFORE DELETE ON security_audit "
        "FOR EACH ROW EXECUTE FUNCTION security_audit_refuse()",
        "CREATE TRIGGER security_audit_no_update BEFORE UPDATE ON security_audit FOR EACH ROW "
        f"WHEN (NOT (NEW.detail IS NULL AND NEW.salt IS NULL AND {same})) "
        "EXECUTE FUNCTION security_audit_refuse()",
    )


for _dialect in ("sqlite", "postgresql"):
    for _statement in statements(_dialect):
        event.listen(
            SecurityAudit.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
