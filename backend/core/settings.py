"""Everything that can be set from outside: `HOMIE_...` variables, or the TOML file that `HOMIE_CONFIG` names.

Variables win over the file. Nested values use two underscores: `HOMIE_DB__FILE_ORGANIZER=postgresql+psycopg://...`.
Each field's description is the reference that `homie doctor` and the documentation show.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from backend.core.ai.settings import AiConfig
from backend.core.jobs.settings import JobSettings
from backend.sdk.errors import FieldProblem, InvalidInput


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "homie"


def _words(value: Any) -> Any:
    """Let lists be written as `a,b c` in a variable, besides JSON."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [word for word in value.replace(",", " ").split() if word]
    if isinstance(value, str):
        import json

        return json.loads(value)
    return value


def _origin(value: str) -> str:
    if value == "*" or "://" not in value:
        raise ValueError("name each origin in full, like https://homie.example; '*' is never accepted")
    return value.rstrip("/")


def _database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if url.startswith("sqlite:///"):
        return value
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("postgresql", "postgresql+psycopg") and len(parts.path) > 1 and parts.port != 0
    except ValueError:  # raised for a port that is no number; its text could show a part of the password
        known = False
    if not known:
        raise ValueError(
            "write it as postgresql+psycopg://user:password@host/database, or sqlite:///full/path; "
            "in the password write @ : / % as %40 %3A %2F %25"
        )
    return value


def _redis(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        known = parts.scheme in ("redis", "rediss", "unix") and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("write it as redis://:password@host:6379/0; in the password write @ : / % as %40 %3A %2F %25")
    return value


Origin = Annotated[str, AfterValidator(_origin)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
WordList = Annotated[list[str], NoDecode]


class HomieSettings(BaseSettings):
    """Hold the settings of one process; made by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="HOMIE_", env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    data_dir: Path = Field(default_factory=_default_data_dir, description="Where databases and secrets live.")
    host: str = Field("127.0.0.1", description="Address to listen on; loopback unless you choose otherwise.")
    port: int = Field(8321, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    app: bool = Field(
        True, description="Serve the app at the same address; without it the hub answers there itself (API only)."
    )
    name: str = Field("Homie", min_length=1, max_length=60, description="What this hub is called in the local network.")
    discovery: bool = Field(
        True, description="Announce the hub in the local network (mDNS), unless it listens on loopback only."
    )
    workers: int = Field(2, ge=0, le=64, description="Number of worker processes for long jobs.")
    modules: WordList | None = Field(None, description="Run only these modules in this process; all if unset.")
    db: dict[str, DatabaseUrl] = Field(
        default_factory=dict,
        description="Database URL per module; `core` is the users database, `jobs` the job table. SQLite if unset.",
    )
    redis_url: RedisUrl | None = Field(
        None,
        description="Redis for sockets, limits, event log and job carrying, when several processes serve.",
    )
    cors_origins: Annotated[list[Origin], NoDecode] = Field(
        default_factory=list, description="Web origins that may call the API from a browser; none if empty."
    )
    trusted_proxies: WordList = Field(
        default_factory=list,
        description="Addresses or networks whose X-Forwarded-For is believed; none if empty.",
    )
    public_url: str | None = Field(None, description="The address people use, when a reverse proxy stands before.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level to log.")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="`auto`: console on a terminal.")
    metrics_token: SecretStr | None = Field(None, description="Bearer token for /metrics from other machines.")
    max_body_bytes: int = Field(1 << 20, ge=1024, description="Largest request body, where an operation sets none.")
    max_connections: int = Field(2000, ge=10, description="Open connections at once.")
    requests_per_minute: int = Field(600, ge=1, description="Requests per minute of one user at one address.")
    anonymous_per_minute: int = Field(120, ge=1, description="Requests per minute of one address not logged in.")
    socket_events_per_second: float = Field(20.0, gt=0, description="Socket events per second of one client.")
    socket_burst: int = Field(40, ge=1, description="Socket events that a client may send at once.")
    events_kept: int = Field(1000, ge=1, description="Events kept per owner for clients that were away.")
    events_kept_seconds: int = Field(3600, ge=1, description="Age after which a kept event is dropped.")
    shutdown_seconds: float = Field(4.0, gt=0, description="How long a stop waits for requests in flight.")
    file_roots: WordList = Field(
        default_factory=list, description="Folders that the first owner may organise without asking an admin."
    )
    run_folder: Path | None = Field(
        None, description="Where sockets and locks of this process lie; `<data_dir>/run` if unset. One per process."
    )
    ai: AiConfig = Field(default_factory=lambda: AiConfig(), description="How AI providers are called.")
    jobs: JobSettings = Field(default_factory=lambda: JobSettings(), description="How workers run.")
    backup_dir: Path | None = Field(None, description="Where backups go; `<data_dir>/backups` if unset.")
    backup_daily: int = Field(7, ge=1, description="Daily backups kept.")
    backup_weekly: int = Field(4, ge=0, description="Weekly backups kept.")
    backup_monthly: int = Field(6, ge=0, description="Monthly backups kept.")
    backup_hour: int = Field(3, ge=-1, le=23, description="Local hour of the nightly backup; -1 turns it off.")
    backup_passphrase: SecretStr | None = Field(None, description="Encrypts backups when set.")

    @field_validator("modules", "cors_origins", "trusted_proxies", "file_roots", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _words(value)

    @field_validator("data_dir", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then variables, then the file that `HOMIE_CONFIG` names."""
        path = os.environ.get("HOMIE_CONFIG")
        file = (TomlConfigSettingsSource(settings_cls, Path(path)),) if path else ()
        return (init_settings, env_settings, *file)

    def database_url(self, module_id: str) -> str:
        """Return the URL of a module's database (`core`: users, `jobs`: job table); SQLite files by default."""
        if chosen := self.db.get(module_id):
            return chosen.get_secret_value()
        return f"sqlite:///{self.database_file(module_id)}"

    def database_target(self, module_id: str) -> str | Path:
        """Return what `Database` is opened with: the URL that was set, or the path of the SQLite file."""
        chosen = self.db.get(module_id)
        return chosen.get_secret_value() if chosen else self.database_file(module_id)

    def database_file(self, module_id: str) -> Path:
        """Return where the module's SQLite file lies when no URL is set."""
        if module_id == "core":
            return self.data_dir / "homie_users.db"
        if module_id == "jobs":
            return self.data_dir / "jobs.db"
        return self.data_dir / "modules" / f"homie_{module_id}.db"

    @property
    def redis(self) -> str | None:
        """Return the Redis URL in clear, or None."""
        return self.redis_url.get_secret_value() if self.redis_url else None

    @property
    def web_socket(self) -> Path:
        """Return where the hub listens for the front; the folder is for our own user only."""
        return self.run_dir / "web.sock"

    @property
    def run_dir(self) -> Path:
        """Return the folder of sockets, pid and readiness files (mode 0700)."""
        return self.run_folder or self.data_dir / "run"

    @property
    def secrets_dir(self) -> Path:
        """Return the folder of keys (files 0600)."""
        return self.data_dir / "secrets"

    @property
    def blobs_dir(self) -> Path:
        """Return the folder of content-addressed blobs."""
        return self.data_dir / "blobs"

    @property
    def cache_dir(self) -> Path:
        """Return the folder whose loss costs only time."""
        return self.data_dir / "cache"

    @property
    def backups_dir(self) -> Path:
        """Return the folder of backups."""
        return self.backup_dir or self.data_dir / "backups"

    def make_folders(self) -> None:
        """Create the data folders; private ones with mode 0700."""
        for folder in (self.data_dir, self.data_dir / "modules", self.blobs_dir, self.cache_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.secrets_dir, self.run_dir, self.backups_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.secrets_dir, self.run_dir):
            folder.chmod(0o700)


def load_settings(**overrides: Any) -> HomieSettings:
    """Return the settings of this process; raise `InvalidInput` that names each bad one and how to mend it."""
    try:
        return HomieSettings(**overrides)
    except ValidationError as error:
        problems = [
            FieldProblem(
                "HOMIE_" + "__".join(str(part) for part in item["loc"]).upper(),
                item["msg"].removeprefix("Value error, "),
                _remedy(str(item["loc"][0]) if item["loc"] else ""),
            )
            for item in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise InvalidInput("Some settings are not valid.", fields=problems) from None


def _remedy(name: str) -> str:
    field = HomieSettings.model_fields.get(name)
    if field is None:
        return "Remove it: no such setting exists."
    return field.description or "Correct the value."
