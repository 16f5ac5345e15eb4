"""The categories of a space: begun as shipped, then changed, added to and hidden by its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.financial_manager.categories.tree import shipped
from backend.financial_manager.errors import CategoryInUse, CategoryMissing, RowChanged
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.financial_manager.ledger.models import Category, Posting
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, insert_rows
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.ids import NewId
from backend.sdk.names import plain_name

CONVERSION = "conversion"
"""The key of the category through which money changes its currency; it never shows in a report."""
OWN_ACCOUNTS = "transfers.own_account"
"""The key of the category of movements between own accounts."""
MOST = 1000
DIRECTIONS = ("expense", "income", "transfer")


class Categories:
    """Keep the categories of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._new_id = new_id

    def all(self, actor: Actor) -> list[Category]:
        """Return the categories, groups before what lies in them; a space that has none yet gets the shipped ones."""
        found = self._db.read(actor, _all)
        if not found:
            self._db.write(actor, self.seed)
            found = self._db.read(actor, _all)
        return found

    def seed(self, session: OwnedSession) -> None:
        """Give a space the shipped categories, once."""
        _seed(session, self._new_id)

    def create(self, actor: Actor, values: Mapping[str, Any]) -> Category:
        """Add a category: `title`, and `parent_id` or `direction`. Raises `CategoryMissing`, `InvalidInput`."""
        self.all(actor)

        def work(session: OwnedSession) -> Category:
            if _count(session) >= MOST:
                problem = FieldProblem("body", f"There are {MOST} categories already.", "Delete one that is not used.")
                raise InvalidInput(fields=[problem])
            parent = check_category(session, values.get("parent_id"), "body.parent_id")
            _check_parent(parent)
            direction = parent.direction if parent is not None else values.get("direction") or "expense"
            last = session.scalar(
                select(func.max(Category.position)).where(Category.owner_id == session.actor.owner_id)
            )
            row = Category(
                id=self._new_id(),
                title=_titled(values["title"]),
                parent_id=parent.id if parent is not None else None,
                direction=direction,
                tax_purpose=values.get("tax_purpose") or "",
                position=int(last or 0) + 1,
            )
            session.add(row)
            step_of(session).title = row.title
            return row

        return self._log.write(actor, "category.create", work)

    def change(self, actor: Actor, category_id: str, values: Mapping[str, Any], version: int | None = None) -> Category:
        """Rename, hide, or move a category below another. Raises `CategoryMissing`, `RowChanged`, `InvalidInput`."""

        def work(session: OwnedSession) -> Category:
            row = find_category(session, category_id)
            if version is not None and row.version != version:
                raise RowChanged()
            if "title" in values:
                row.title = _titled(values["title"])
            if "parent_id" in values:
                parent = check_category(session, values["parent_id"], "body.parent_id")
                _check_parent(parent)
                if parent is not None and (parent.id == row.id or _children(session, row.id)):
                    problem = FieldProblem("body.parent_id", "Categories have two levels.", "Choose a group.")
                    raise InvalidInput(fields=[problem])
                row.parent_id = parent.id if parent is not None else None
                row.direction = parent.direction if parent is not None else row.direction
            if "hidden" in values:
                row.hidden = bool(values["hidden"])
            if "tax_purpose" in values:
                row.tax_purpose = values["tax_purpose"] or ""
            row.version += 1
            step_of(session).title = row.title
            return row

        return self._log.write(actor, "category.change", work)

    def delete(self, actor: Actor, category_id: str) -> None:
        """Delete a category that nothing stands on; raises `CategoryInUse` otherwise, so that no money is orphaned."""

        def work(session: OwnedSession) -> None:
            row = find_category(session, category_id)
            used = session.scalars(select(Posting.id).where(Posting.category_id == category_id).limit(1)).first()
            if used is not None or _children(session, category_id):
                raise CategoryInUse()
            step_of(session).title = row.title
            session.delete(row)
            try:
                session.flush()
            except IntegrityError:  # a budget or a recurring payment stands on it
                raise CategoryInUse() from None

        self._log.write(actor, "category.delete", work)


def find_category(session: OwnedSession, category_id: str) -> Category:
    """Return a category of the acting space; raises `CategoryMissing`."""
    query = select(Category).where(Category.owner_id == session.actor.owner_id, Category.id == category_id)
    row = session.scalars(query).first()
    if row is None:
        raise CategoryMissing()
    return row


def check_category(session: OwnedSession, category_id: str | None, field: str) -> Category | None:
    """Return a named category; raises `CategoryMissing` that names the field."""
    if category_id is None:
        return None
    try:
        return find_category(session, category_id)
    except CategoryMissing:
        problem = FieldProblem(field, "This category does not exist.", "Choose one of your categories.")
        raise CategoryMissing(fields=[problem]) from None


def conversion_category(session: OwnedSession, new_id: NewId) -> str:
    """Return the id of the category through which money changes its currency, made at first need."""
    row = _of_key(session, CONVERSION)
    if row is not None:
        return row.id
    made = {"id": new_id(), "key": CONVERSION, "title": "Change of currency", "direction": "transfer", "hidden": True}
    return _make(session, {**made, "position": MOST})


def own_accounts_category(session: OwnedSession, new_id: NewId) -> str:
    """Return the id of the category of movements between own accounts, made again where somebody deleted it."""
    _seed(session, new_id)
    row = _of_key(session, OWN_ACCOUNTS)
    if row is not None:
        return row.id
    one = shipped()[OWN_ACCOUNTS]
    group = _of_key(session, one.parent or "")
    above = group.id if group is not None and group.direction == one.direction and group.parent_id is None else None
    made = {"id": new_id(), "parent_id": above, "key": one.id, "title": one.title, "direction": one.direction}
    return _make(session, {**made, "position": MOST})


def _of_key(session: OwnedSession, key: str) -> Category | None:
    query = select(Category).where(Category.owner_id == session.actor.owner_id, Category.key == key)
    return session.scalars(query.order_by(Category.id)).first()


def _make(session: OwnedSession, values: Mapping[str, Any]) -> str:
    """Insert a category that a step needs, and not as a part of that step: later ones stand on it too."""
    insert_rows(session, Category, [dict(values)])
    return str(values["id"])


def _seed(session: OwnedSession, new_id: NewId) -> None:
    if _count(session):
        return
    ids: dict[str, str] = {}
    rows = []
    for position, one in enumerate(shipped().values()):
        ids[one.id] = new_id()
        rows.append(
            {
                "id": ids[one.id],
                "parent_id": ids[one.parent] if one.parent else None,
                "key": one.id,
                "title": one.title,
                "direction": one.direction,
                "tax_purpose": one.tax or "",
                "position": position,
            }
        )
    groups = [row for row in rows if row["parent_id"] is None]
    insert_rows(session, Category, groups)
    insert_rows(session, Category, [row for row in rows if row["parent_id"] is not None])


def _all(session: OwnedSession) -> list[Category]:
    query = select(Category).where(Category.owner_id == session.actor.owner_id)
    rows = list(session.scalars(query.order_by(Category.position, Category.id)))
    return rows if any(row.key != CONVERSION for row in rows) else []


def _count(session: OwnedSession) -> int:
    query = select(func.count()).select_from(Category)
    found = session.scalar(query.where(Category.owner_id == session.actor.owner_id, Category.key != CONVERSION))
    return int(found or 0)


def _children(session: OwnedSession, category_id: str) -> bool:
    return session.scalars(select(Category.id).where(Category.parent_id == category_id).limit(1)).first() is not None


def _check_parent(parent: Category | None) -> None:
    if parent is not None and parent.parent_id is not None:
        problem = FieldProblem("body.parent_id", "Categories have two levels.", "Choose a group.")
        raise InvalidInput(fields=[problem])


def _titled(text: str) -> str:
    title = plain_name(text)[:120]
    if not title:
        raise InvalidInput(fields=[FieldProblem("body.title", "A category has a name.", "Give it a name.")])
    return title
