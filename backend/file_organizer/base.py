"""The declarative base of the module's database (`homie_file_organizer.db`); tables live beside their services."""

from __future__ import annotations

from backend.sdk.db import ModuleBase


class Base(ModuleBase, module="file_organizer"):
    """Be the base of every table of the File Organizer."""
