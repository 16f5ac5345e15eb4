"""Ids: the form of RFC 9562, ascending, and no two alike, in forked processes neither."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

from backend.sdk.ids import new_id, new_ids


def test_they_are_version_7_of_the_rfc_and_ascend() -> None:
    """Version and variant as RFC 9562 wants them; as texts they sort as they were made."""
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in map(uuid.UUID, made)} == {(7, uuid.RFC_4122)}


def test_many_at_once_are_like_those_one_by_one() -> None:
    """Version, variant, order and randomness, beside single ones, over several milliseconds' worth of them."""
    made = [new_id(), *new_ids(new_id, 10_000), new_id(), *new_ids(new_id, 3), new_id(), *new_ids(new_id, 0)]
    assert len(made) == 10_006
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in map(uuid.UUID, made)} == {(7, uuid.RFC_4122)}
    assert len({one[-16:] for one in made}) == len(made)
    assert {one[19] for one in made} == set("89ab")


def test_another_source_gives_its_own_ids() -> None:
    """What a test injects is asked once for each."""
    given = iter("abc")
    assert new_ids(lambda: next(given), 2) == ["a", "b"]


def test_threads_never_share_randomness() -> None:
    """Of many made at once, neither the ids nor their random parts are alike."""
    with ThreadPoolExecutor(8) as threads:
        made = [one for some in threads.map(lambda _: [new_id() for _ in range(2000)], range(8)) for one in some]
    assert len({one[-16:] for one in made}) == len(set(made)) == 16_000


def test_a_forked_process_uses_none_of_its_parent_s_randomness() -> None:
    """The randomness that lies ready is forgotten in the child."""
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 36).decode()[-16:] != new_id()[-16:]
    os.close(reading)
    os.close(writing)
