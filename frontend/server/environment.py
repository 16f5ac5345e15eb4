"""What the hub tells the front when it starts it: where to listen, where the hub is, where to keep things."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FrontEnvironment:
    """Hold the front's settings. The hub sets each as an environment variable (`HOMIE_FRONT_...`)."""

    host: str
    port: int
    hub_socket: str
    """Unix socket that the hub listens on; its folder is for the hub's user only."""
    cache_dir: Path
    """Where compressed files are kept."""
    key_file: Path
    """32 random bytes that seal what the browser keeps."""
    public_url: str
    """Address that people use when a proxy stands before us; empty otherwise."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose word about scheme and host is believed."""
    most_sessions: int = 300
    most_windows_per_address: int = 60
    """A household behind one router or proxy that is not listed shares an address."""
    session_seconds: int = 600
    """How long the session of a tab that is gone is kept for its return."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> FrontEnvironment:
        """Read the settings; raises `KeyError` naming the variable that is missing."""
        given = os.environ if environ is None else environ
        data = Path(given["HOMIE_DATA_DIR"])
        return cls(
            host=given["HOMIE_FRONT_HOST"],
            port=int(given["HOMIE_FRONT_PORT"]),
            hub_socket=given["HOMIE_HUB_SOCKET"],
            cache_dir=Path(given.get("HOMIE_FRONT_CACHE", str(data / "cache" / "front"))),
            key_file=Path(given.get("HOMIE_APP_KEY_FILE", str(data / "secrets" / "app.key"))),
            public_url=given.get("HOMIE_PUBLIC_URL", ""),
            trusted_proxies=tuple(part for part in given.get("HOMIE_TRUSTED_PROXIES", "").split(",") if part),
            most_sessions=int(given.get("HOMIE_APP_SESSIONS", "300")),
            most_windows_per_address=int(given.get("HOMIE_APP_WINDOWS_PER_ADDRESS", "60")),
            session_seconds=int(given.get("HOMIE_APP_SESSION_SECONDS", "600")),
        )
