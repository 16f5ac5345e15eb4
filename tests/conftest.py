"""What holds for every test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def leaks_show_where_they_were_made() -> Iterator[None]:
    """Collect garbage at the end of each file: a socket left open fails there, not in a later, innocent test."""
    yield
    gc.collect()
