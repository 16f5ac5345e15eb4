"""The collector rests while somebody wants it, and is at work again afterwards, whatever happened."""

from __future__ import annotations

import gc
import threading

import pytest

from backend.sdk.collector import collector_at_rest


def test_it_rests_and_works_again() -> None:
    """Also within another rest, and behind an error."""
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="x"), collector_at_rest():
        raise ValueError("x")
    assert gc.isenabled()


def test_pieces_of_work_in_two_threads_may_overlap() -> None:
    """The one that ends first does not wake it under the other."""
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        with collector_at_rest():
            begun.set()
            end.wait(10)

    thread = threading.Thread(target=work)
    with collector_at_rest():
        thread.start()
        assert begun.wait(10)
    assert not gc.isenabled()
    end.set()
    thread.join()
    assert gc.isenabled()


def test_whoever_had_switched_it_off_finds_it_off() -> None:
    """It is nobody's here to switch on."""
    gc.disable()
    try:
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
