"""One household for all walks of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.walk.household import Household, move_in


@pytest.fixture(scope="session")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    house = move_in(tmp_path_factory.mktemp("household"))
    with house.hub:
        yield house
