"""API of tax packs and tax reports. No tax advice: each answer carries the pack's status and disclaimer."""

from __future__ import annotations

import base64

from backend.financial_manager.depots.tax_documents import document_of
from backend.financial_manager.depots.tax_tables import table_of
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import ExportOut
from backend.financial_manager.schemas_taxes import (
    DocumentOut,
    TaxPacksOut,
    TaxReportOut,
    TaxReportQuery,
    TaxTableQuery,
)
from backend.financial_manager.taxes import TaxOptions
from backend.financial_manager.views_depots import pack_out, report_out
from backend.sdk.concurrency import run_blocking
from backend.sdk.http import Group, current_actor


def tax_groups(finances: Finances) -> list[Group]:
    """Return the groups of tax packs and reports."""
    return [_packs(finances), _reports(finances)]


def _packs(finances: Finances) -> Group:
    group = Group("tax_packs", url_prefix="/tax-packs", tag="Taxes")

    @group.get("", returns=TaxPacksOut)
    def list_tax_packs() -> TaxPacksOut:
        """List the countries and years that there are rules for, and what a category may count for."""
        return TaxPacksOut(items=[pack_out(one) for one in finances.tax_reports.packs()])

    return group


def _reports(finances: Finances) -> Group:
    group = Group("tax_reports", url_prefix="/tax-reports", tag="Taxes")

    @group.get("", returns=TaxReportOut)
    def show_tax_report(query: TaxReportQuery) -> TaxReportOut:
        """Show every figure of a year, how it was made, what is behind it, and what was left out."""
        country = finances.tax_country(current_actor(), query.country)
        found = run_blocking(finances.tax_reports.report, current_actor(), country, query.year, _options(query))
        return report_out(found)

    @group.get("/table", returns=ExportOut)
    def show_tax_table(query: TaxTableQuery) -> ExportOut:
        """Give the report as a table (CSV with semicolons)."""
        country = finances.tax_country(current_actor(), query.country)
        found = run_blocking(finances.tax_reports.report, current_actor(), country, query.year, _options(query))
        name, text = table_of(found, query.language)
        return ExportOut(file_name=name, text=text)

    @group.get("/document", returns=DocumentOut)
    def show_tax_document(query: TaxTableQuery) -> DocumentOut:
        """Give the report as a PDF (base64), to print or to hand on."""
        country = finances.tax_country(current_actor(), query.country)
        found = run_blocking(finances.tax_reports.report, current_actor(), country, query.year, _options(query))
        name, content = run_blocking(document_of, found, query.language)
        return DocumentOut(file_name=name, content=base64.b64encode(content).decode("ascii"))

    return group


def _options(query: TaxReportQuery) -> TaxOptions:
    return TaxOptions(query.joint, query.income_minor)
