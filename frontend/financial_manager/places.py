"""Where the module lies in the app."""

from __future__ import annotations

ROOT = "/financial_manager"
