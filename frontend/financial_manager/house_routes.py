"""Where the screens of building a house lie."""

from __future__ import annotations

from frontend.financial_manager.screens.house.claim import HouseInvoice, HouseRelease
from frontend.financial_manager.screens.house.contract import (
    HouseChange,
    HouseContract,
    HouseContractEdit,
    HouseContractNew,
    HouseInvoiceEdit,
    HouseReleaseNew,
)
from frontend.financial_manager.screens.house.edit import HouseEdit, HouseNew
from frontend.financial_manager.screens.house.group import HouseGroup
from frontend.financial_manager.screens.house.house import House
from frontend.financial_manager.screens.house.houses import Houses
from frontend.financial_manager.screens.house.line import HouseLine, HouseLineEdit, HouseLineNew
from frontend.financial_manager.screens.house.money import HouseMoney, HouseSource
from frontend.financial_manager.screens.house.pay import HousePay
from frontend.kit import AppRoute

HOUSE_ROUTES: tuple[AppRoute, ...] = (
    AppRoute("houses", Houses),
    AppRoute("houses/new", HouseNew),
    AppRoute("houses/:house_id", House),
    AppRoute("houses/:house_id/edit", HouseEdit),
    AppRoute("houses/:house_id/group", HouseGroup),
    AppRoute("houses/:house_id/lines/new", HouseLineNew),
    AppRoute("houses/:house_id/lines/:line_id", HouseLine),
    AppRoute("houses/:house_id/lines/:line_id/edit", HouseLineEdit),
    AppRoute("houses/:house_id/contracts/new", HouseContractNew),
    AppRoute("houses/:house_id/contracts/:contract_id", HouseContract),
    AppRoute("houses/:house_id/contracts/:contract_id/edit", HouseContractEdit),
    AppRoute("houses/:house_id/changes/new", HouseChange),
    AppRoute("houses/:house_id/changes/:change_id", HouseChange),
    AppRoute("houses/:house_id/invoices/new", HouseInvoiceEdit),
    AppRoute("houses/:house_id/invoices/:invoice_id", HouseInvoice),
    AppRoute("houses/:house_id/invoices/:invoice_id/edit", HouseInvoiceEdit),
    AppRoute("houses/:house_id/invoices/:invoice_id/pay", HousePay),
    AppRoute("houses/:house_id/releases/new", HouseReleaseNew),
    AppRoute("houses/:house_id/releases/:release_id", HouseRelease),
    AppRoute("houses/:house_id/releases/:release_id/pay", HousePay),
    AppRoute("houses/:house_id/money", HouseMoney),
    AppRoute("houses/:house_id/money/new", HouseSource),
    AppRoute("houses/:house_id/money/:source_id", HouseSource),
)
