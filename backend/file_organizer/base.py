"""The declarative base of the module's database (`homie_file_organizer.db`); tables live beside their services."""

from __future__ import annotations

from backend.sdk.db import make_base

Base = make_base("file_organizer")
