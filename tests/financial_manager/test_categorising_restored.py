"""What was learned of a ledger is counted anew when a backup brought another one with as many steps."""

from __future__ import annotations

from sqlalchemy import delete, update

from backend.financial_manager.ledger.models import Category, ChangedRow, LedgerChange
from backend.sdk.actor import Actor
from backend.sdk.db import OwnedSession
from tests.financial_manager.conftest import Household


def test_another_step_of_the_same_number_is_another_ledger(household: Household, anna: Actor) -> None:
    """Restored, then changed again: the number of the last step is the one that was counted, the ledger is not."""
    client, categorising = household.client(anna), household.finances.categorising
    made = client.post("/categories", json={"title": "Sailing", "direction": "expense"}).json
    assert "Sailing" in household.ctx.db.read(anna, categorising.offered).values()

    def restored(session: OwnedSession) -> None:
        last = session.query(LedgerChange).order_by(LedgerChange.seq.desc()).first()
        assert last is not None
        session.execute(delete(ChangedRow).where(ChangedRow.owner_id == "anna", ChangedRow.change_id == last.id))
        session.execute(
            update(LedgerChange).where(LedgerChange.owner_id == "anna", LedgerChange.id == last.id).values(id="other")
        )
        session.execute(
            update(Category).where(Category.owner_id == "anna", Category.id == made["id"]).values(title="Riding")
        )

    household.ctx.db.write(anna, restored)
    offered = household.ctx.db.read(anna, categorising.offered).values()
    assert "Riding" in offered
    assert "Sailing" not in offered
