"""One building project: what was entered in it, where it stands, where its money comes from; entering and changing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import (
    BudgetLineOut,
    BuildingStatusOut,
    ClaimOut,
    ContractOut,
    CostGroupOut,
    FiguresOut,
    FinancingOut,
    InvoiceOut,
    OrderOut,
    PaymentOut,
    SiteOut,
)
from frontend.financial_manager.money_provider import MoneyProvider

INVOICE, RELEASE = "invoice", "release"
_CALLS = {
    "project": ("projects_begin", "projects_change", "projects_delete", "building_project"),
    "line": ("budget_add", "budget_change", "budget_delete", "budget_line"),
    "contract": ("contracts_enter", "contracts_change", "contracts_delete", "contract"),
    "change_order": ("change_orders_enter", "change_orders_change", "change_orders_delete", "change_order"),
    INVOICE: ("invoices_enter", "invoices_change", "invoices_delete", "building_invoice"),
    RELEASE: ("releases_release_retention", "", "releases_delete_release", ""),
    "source": ("sources_add", "sources_change", "sources_delete", "money_source"),
    "payment": ("", "", "payments_delete", "building_payment"),
}
"""How the API calls entering, changing and deleting of each kind of row, and the row."""
_ROWS = {
    "line": "lines",
    "contract": "contracts",
    "change_order": "change_orders",
    INVOICE: "invoices",
    RELEASE: "releases",
    "source": "sources",
    "payment": "payments",
}


@dataclass(eq=False)
class HouseProvider(MoneyProvider):
    """Hold the project that is looked at. `groups`: the cost groups of its scheme."""

    house_id: str = ""
    site: SiteOut | None = None
    status: BuildingStatusOut | None = None
    financing: FinancingOut | None = None
    groups: tuple[CostGroupOut, ...] = ()

    async def fetch(self) -> None:
        """Read all of it at once."""
        if not self.house_id:
            return
        asked, space = self.house_id, self._space
        site, status, financing = await asyncio.gather(
            self.money.projects_get_building_project(asked, space=space),
            self.money.figures_show_building_status(asked, space=space),
            self.money.figures_show_building_financing(asked, space=space),
        )
        groups = await self.money.budget_list_cost_groups(scheme=site["scheme"], space=space)
        if asked == self.house_id:
            self.site, self.status, self.financing = site, status, financing
            self.groups = tuple(groups["items"])

    async def open(self, house_id: str) -> None:
        """Look at a project; the outcome lies in `state`."""
        if self.house_id != house_id:
            self.reset()
            self.house_id = house_id
        await self.load()

    # ------------------------------------------------------------------ rows

    def row(self, kind: str, row_id: str | None) -> Any:
        """Return a row of the project by its kind and id, or None."""
        rows: Any = self.site[_ROWS[kind]] if self.site is not None else ()  # type: ignore[literal-required]
        return next((one for one in rows if one["id"] == row_id), None)

    def lines_of(self, group: str) -> list[BudgetLineOut]:
        """Return the lines of a cost group, by code and title."""
        known = {one["line_id"] for one in self.status["lines"]} if self.status is not None else set()
        rows = [one for one in (self.site["lines"] if self.site is not None else ()) if one["id"] in known]
        mine = [one for one in rows if self.group_of(one["cost_group"]) == group]
        return sorted(mine, key=lambda one: (one["cost_group"], one["title"]))

    def group_of(self, code: str) -> str:
        """Return the cost group that a code belongs to, as the hub counts it."""
        scheme = self.site["scheme"] if self.site is not None else "own"
        if scheme == "oenorm":
            return code[:1]
        return f"{code[:1]}00" if scheme == "din276" else code

    def contracts_of(self, line_id: str) -> list[ContractOut]:
        """Return the contracts on a line."""
        return [one for one in (self.site["contracts"] if self.site is not None else ()) if one["line_id"] == line_id]

    def figures_of(self, line_id: str) -> FiguresOut | None:
        """Return the columns of a line."""
        lines = self.status["lines"] if self.status is not None else ()
        return next((one["figures"] for one in lines if one["line_id"] == line_id), None)

    def order(self, contract_id: str) -> OrderOut | None:
        """Return the claims of a contract, and what is held back."""
        contracts = self.status["contracts"] if self.status is not None else ()
        return next((one for one in contracts if one["contract_id"] == contract_id), None)

    def claim(self, contract_id: str, claim_id: str) -> ClaimOut | None:
        """Return what an invoice or a release asks for."""
        order = self.order(contract_id)
        return next((one for one in order["claims"] if one["id"] == claim_id), None) if order is not None else None

    def invoices_of(self, contract_id: str) -> list[InvoiceOut]:
        """Return the invoices of a contract as they follow each other."""
        rows = self.site["invoices"] if self.site is not None else ()
        mine = [one for one in rows if one["contract_id"] == contract_id]
        return sorted(mine, key=lambda one: (one["kind"] == "final", one["date"], one["net_to_date_minor"]))

    def payments_of(self, claim_id: str) -> list[PaymentOut]:
        """Return the payments of an invoice or a release, by day."""
        rows = self.site["payments"] if self.site is not None else ()
        mine = [one for one in rows if claim_id in (one["invoice_id"], one["release_id"])]
        return sorted(mine, key=lambda one: (one["date"], one["id"]))

    def open_claims(self) -> list[tuple[ContractOut, ClaimOut]]:
        """Return what is to be paid, the first due first."""
        found = [
            (self.row("contract", order["contract_id"]), claim)
            for order in (self.status["contracts"] if self.status is not None else ())
            for claim in order["claims"]
            if claim["open_minor"]
        ]
        return sorted(found, key=lambda one: (one[1]["due_on"], one[1]["id"]))

    # ------------------------------------------------------------------ writing

    async def enter(self, kind: str, values: Mapping[str, Any]) -> str:
        """Enter a row; return its id; raises `ApiError`."""
        made = await self._call(kind, 0)(dict(values), space=self._space)
        await self.load()
        return str(made["id"])

    async def change(self, kind: str, row: Any, **changes: Any) -> None:
        """Change some of a row, as it was seen; raises `ApiError`."""
        await self._call(kind, 1)(row["id"], {**changes, "version": row["version"]}, space=self._space)
        await self.load()

    async def newest(self, kind: str, row_id: str) -> Any:
        """Return a row as it is now, or None where it is no more; raises `ApiError`."""
        await self.fetch()
        return self.site if kind == "project" else self.row(kind, row_id)

    async def delete(self, kind: str, row_id: str) -> None:
        """Delete a row; raises `ApiError`."""
        await self._call(kind, 2)(row_id, space=self._space)
        if kind == "project":
            self.reset()
        else:
            await self.load()

    def _call(self, kind: str, which: int) -> Any:
        *verbs, noun = _CALLS[kind]
        return getattr(self.money, f"{verbs[which]}_{noun}" if noun else verbs[which])
