"""The declarative base of the module's database (`homie_financial_manager.db`); tables live beside their services."""

from __future__ import annotations

from backend.sdk.db import ModuleBase


class Base(ModuleBase, module="financial_manager"):
    """Be the base of every table of the Financial Manager."""
