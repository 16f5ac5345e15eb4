"""Find what is missing or wrong on this machine, each with a remedy, without needing a healthy platform.

Every check stands alone and may fail alone: a broken database must not hide a full disk.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from backend.core.app_diagnosis import check_app
from backend.core.engine_diagnosis import check_engines
from backend.core.findings import Check, Finding, Level
from backend.core.settings import HomieSettings
from backend.sdk.archives.libarchive_process import LIBRARIES, find_library

LOW_SPACE_BYTES = 1 << 30
NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "davfs"})


def check_python(_: HomieSettings) -> Iterator[Finding]:
    """Name the interpreter; an older one than 3.11 cannot even be installed into."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(Level.OK, "Python", f"Python {version}.")


def check_data_dir(settings: HomieSettings) -> Iterator[Finding]:
    """Look at the data directory: there, writable, private, with space, on a local disk."""
    folder = settings.data_dir
    if not folder.exists():
        yield Finding(
            Level.WARNING,
            "Data directory",
            f"{folder} does not exist yet.",
            "It is created by the first `scripts/run`. If you expected your data here, check HOMIE_DATA_DIR.",
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            Level.ERROR,
            "Data directory",
            f"{folder} cannot be written by this user.",
            f"Give it to the user that runs Homie: sudo chown -R $USER {folder}",
        )
        return
    yield Finding(Level.OK, "Data directory", f"{folder} is there and writable.")
    yield from _check_space(folder)
    if (kind := filesystem_type(folder)) in NETWORK_FILESYSTEMS:
        yield Finding(
            Level.WARNING,
            "Data directory",
            f"{folder} lies on a network file system ({kind}), where SQLite databases can be damaged.",
            "Put HOMIE_DATA_DIR on a local disk, or use PostgreSQL (HOMIE_DB__...).",
        )


def _check_space(folder: Path) -> Iterator[Finding]:
    usage = shutil.disk_usage(folder)
    free = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB"
    if usage.free < LOW_SPACE_BYTES:
        yield Finding(
            Level.WARNING, "Disk space", f"Only {free}.", "Make room, or move HOMIE_DATA_DIR to a larger disk."
        )
    else:
        yield Finding(Level.OK, "Disk space", f"{free}.")


def filesystem_type(path: Path) -> str:
    """Return the type of the file system that holds `path` ("ext4"), or "" where the system does not tell."""
    best, kind = "", ""
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    target = str(path.resolve())
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = before.split()[4].replace("\\040", " ")
        inside = target == mount or target.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, after.split()[0]
    return kind


def check_secrets(settings: HomieSettings) -> Iterator[Finding]:
    """Look at the key files: nobody but their owner may read them."""
    folder = settings.secrets_dir
    if not folder.exists():
        return
    open_ones = [
        entry
        for entry in (folder, *folder.iterdir())
        if stat.S_IMODE(entry.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_ones:
        yield Finding(
            Level.ERROR,
            "Secrets",
            f"Other users of this machine can read {', '.join(entry.name for entry in open_ones)}.",
            f"chmod -R go-rwx {folder}",
        )
    else:
        yield Finding(Level.OK, "Secrets", "Keys are readable by Homie's user only.")


def check_databases(settings: HomieSettings) -> Iterator[Finding]:
    """Open every SQLite database read-only and let it check itself."""
    files = [settings.database_file("core"), settings.database_file("jobs")]
    modules = settings.data_dir / "modules"
    files += sorted(modules.glob("homie_*.db")) if modules.exists() else []
    for file in files:
        if file.exists():
            yield _check_database(file)
    for mark in sorted(modules.glob("*/.has-data")):
        file = settings.database_file(mark.parent.name)
        if not file.exists() and mark.parent.name not in settings.db:
            yield Finding(
                Level.ERROR,
                "Database",
                f"{file.name} is missing, although this module had data here.",
                "Stop Homie and restore this part: `homie backup list`, then `homie restore`. "
                f"To begin with an empty one instead, delete {mark}.",
            )


def _check_database(file: Path) -> Finding:
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        answer = str(error)
    if answer == "ok":
        return Finding(Level.OK, "Database", f"{file.name} is sound.")
    return Finding(
        Level.ERROR,
        "Database",
        f"{file.name} is damaged or cannot be read ({answer}).",
        "Stop Homie and restore this part: `homie backup list`, then `homie restore`.",
    )


def check_address(settings: HomieSettings) -> Iterator[Finding]:
    """See whether the port is free, or whether Homie already answers there."""
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
        yield Finding(Level.OK, "Address", f"{where} is free; Homie is not running there.")
    except OSError:
        if _homie_answers(settings):
            yield Finding(Level.OK, "Address", f"Homie is running at http://{where}.")
        else:
            yield Finding(
                Level.ERROR,
                "Address",
                f"{where} cannot be used: another program has the port, or the address is not this machine's.",
                "Choose another with HOMIE_PORT or HOMIE_HOST.",
            )
    if settings.host not in ("127.0.0.1", "::1", "localhost") and settings.public_url is None:
        yield Finding(
            Level.WARNING,
            "Address",
            f"Homie listens on {settings.host} without TLS: passwords cross the network in the clear.",
            "Put a reverse proxy with TLS before it (see deploy/) and set HOMIE_PUBLIC_URL.",
        )


def _homie_answers(settings: HomieSettings) -> bool:
    import http.client

    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # nosec B104: compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return b'"status"' in connection.getresponse().read(4096)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check_programs(_: HomieSettings) -> Iterator[Finding]:
    """Look for the helpers that make single features better."""
    programs = {"blkid": ("util-linux", "drives are then recognised by Homie's own marker only")}
    for program, (package, meaning) in programs.items():
        if shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
            yield Finding(Level.OK, "Programs", f"{program} is there.")
        else:
            yield Finding(
                Level.WARNING, "Programs", f"{program} is missing: {meaning}.", f"sudo apt-get install -y {package}"
            )


def check_libraries(_: HomieSettings, names: tuple[str, ...] = LIBRARIES) -> Iterator[Finding]:
    """Look for the library that reads 7z, rar and zstd archives."""
    if find_library(names) is not None:
        yield Finding(Level.OK, "Libraries", "libarchive is there: 7z and rar archives can be unpacked.")
        return
    yield Finding(
        Level.WARNING,
        "Libraries",
        "libarchive is missing: 7z, rar and tar.zst archives cannot be looked into, and stay packed.",
        "sudo apt-get install -y libarchive-tools",
    )


def check_residents(settings: HomieSettings) -> Iterator[Finding]:
    """Pass on what the modules' own processes (watching folders) could not do as they should."""
    for note in sorted(settings.data_dir.glob("modules/*/resident.json")):
        name = note.parent.name.replace("_", " ").capitalize()
        for problem in json.loads(note.read_text("utf-8")):
            yield Finding(Level.WARNING, name, str(problem["says"]), str(problem["remedy"]))


CHECKS: tuple[Check, ...] = (
    check_python,
    check_data_dir,
    check_secrets,
    check_databases,
    check_engines,
    check_address,
    check_programs,
    check_libraries,
    check_residents,
    check_app,
)


def diagnose(settings: HomieSettings, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Run every check; one that fails itself becomes a finding instead of hiding the others."""
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except Exception as error:
            name = check.__name__.removeprefix("check_").replace("_", " ").capitalize()
            findings.append(Finding(Level.ERROR, name, f"This could not be checked ({type(error).__name__}: {error})."))
    return findings
