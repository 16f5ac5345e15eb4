"""Tax reports: the rules that there are, and the figures of one country and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import (
    DocumentOut,
    FinancialManagerExportOut,
    FinancialManagerFigureOut,
    TaxPackOut,
    TaxReportOut,
)
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class TaxesProvider(MoneyProvider):
    """Hold the packs and one report. `problem`: why there is none, such as a depot of which nobody said where it is.

    `income_minor`: of the year, where it was given; `joint`: assessed together with the spouse.
    """

    packs: tuple[TaxPackOut, ...] = ()
    country: str = ""
    year: int = 0
    joint: bool = False
    income_minor: int | None = None
    report: TaxReportOut | None = None
    problem: ApiError | None = None

    async def fetch(self) -> None:
        """Read the packs and the report anew; the household's own country where none was chosen."""
        if not self.country:
            own = (await self.money.show_settings(space=self._space))["country"]
            self.country = "ZZ" if own == "XX" else own
        if not self.packs:
            self.packs = tuple((await self.money.list_tax_packs(space=self._space))["items"])
        await self._read()

    async def show(self, country: str, year: int) -> None:
        """Show a country's year; what fits is taken where it is not there ("" and 0 too)."""
        if (country, year) != (self.country, self.year):
            self.report = None
        self.country, self.year = country, year
        await self.load()

    async def given(self, *, joint: bool, income_minor: int | None) -> None:
        """Say what the figures need beside bookings; the outcome lies in `report` or `problem`."""
        self.joint, self.income_minor = joint, income_minor
        await self._read()

    async def table(self, language: Literal["en", "de"]) -> FinancialManagerExportOut:
        """Return the report as a table; raises `ApiError`."""
        return await self.money.show_tax_table(
            country=self.country, year=self.year, joint=self.joint, income_minor=self.income_minor, language=language,
            space=self._space,
        )  # fmt: skip

    async def document(self, language: Literal["en", "de"]) -> DocumentOut:
        """Return the report as a PDF; raises `ApiError`."""
        return await self.money.show_tax_document(
            country=self.country, year=self.year, joint=self.joint, income_minor=self.income_minor, language=language,
            space=self._space,
        )  # fmt: skip

    def figure(self, figure_id: str) -> FinancialManagerFigureOut | None:
        """Return a figure of the report."""
        figures = self.report["figures"] if self.report is not None else []
        return next((one for one in figures if one["id"] == figure_id), None)

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries that there are rules for; sums without rules come last."""
        return tuple(sorted({one["country"] for one in self.packs}, key=lambda one: (one == "ZZ", one)))

    def years(self, country: str) -> tuple[int, ...]:
        """Return the years of a country, newest first."""
        return tuple(sorted((one["year"] for one in self.packs if one["country"] == country), reverse=True))

    async def _read(self) -> None:
        self.problem = None
        if not any((one["country"], one["year"]) == (self.country, self.year) for one in self.packs):
            return
        asked = self._asked_for
        found: TaxReportOut | None = None
        problem: ApiError | None = None
        try:
            found = await self.money.show_tax_report(
                country=self.country, year=self.year, joint=self.joint, income_minor=self.income_minor,
                space=self._space,
            )  # fmt: skip
        except ApiError as error:
            if error.status != 422:
                raise
            problem = error
        if asked == self._asked_for:
            self.report, self.problem = found, problem

    @property
    def _asked_for(self) -> tuple[Any, ...]:
        return self.country, self.year, self.joint, self.income_minor, self._space
