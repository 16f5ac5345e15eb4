"""An undo of one file is known by its place, whichever server process is asked."""

from __future__ import annotations

from hashlib import blake2b

from backend.file_organizer.api_history import undo_key
from backend.sdk.files import VolumePath


def test_the_undo_of_one_file_has_one_key_in_every_process() -> None:
    """Two servers asked for the same file queue one job; another file, or the same on another drive, has another."""
    digest = blake2b(b"v:a/b.txt", digest_size=16).hexdigest()
    assert undo_key(VolumePath("v", "a/b.txt")) == f"undo-file-{digest}"
    places = [VolumePath(volume, path) for volume in ("v", "w") for path in ("a", "b", "\udcff")]
    assert len({undo_key(place) for place in places}) == len(places)
