"""Know what belongs together: sidecars with their film, parts of one archive, and folders that stay whole.

`whole_folder` looks at one folder's listing and says whether it is a unit (a project, a camera's folder, an app, a film
with its extras, an album) that is moved as one or not at all. `file_groups` splits the loose files of a folder into
groups whose members travel with their lead.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.file_organizer.analysis.kinds import Kind, kind_of_extension, split_extension
from backend.file_organizer.analysis.media_names import understand, without_language
from backend.file_organizer.analysis.words import words_in
from backend.file_organizer.planning.scanner import FileEntry, Folder


class UnitKind(enum.StrEnum):
    """Say why a folder stays whole."""

    PROJECT = "project"
    CAMERA = "camera"
    APP = "app"
    FILM = "film"
    MUSIC_ALBUM = "music_album"
    PHOTO_ALBUM = "photo_album"


@dataclass(slots=True)
class Group:
    """A file (`lead`) with what travels with it: `companions` (files) and `folders` (names beside it)."""

    lead: FileEntry
    companions: list[FileEntry] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    reason: str = ""


PROJECT_MARKS = frozenset(
    [
        "package.json",
        "pyproject.toml",
        "setup.py",
        "cargo.toml",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "makefile",
        "cmakelists.txt",
        "composer.json",
        "gemfile",
        "requirements.txt",
        "tsconfig.json",
        "deno.json",
        "pubspec.yaml",
        "dockerfile",
        "docker-compose.yml",
        "mix.exs",
        "stack.yaml",
        "platformio.ini",
        "manage.py",
        "project.godot",
    ]
)
PROJECT_ENDINGS = (
    ".sln",
    ".xcodeproj",
    ".csproj",
    ".vcxproj",
    ".kicad_pro",
    ".ino",
    ".aep",
    ".prproj",
    ".flp",
    ".als",
    ".uproject",
)
BUNDLE_ENDINGS = (
    ".app", ".framework", ".bundle", ".photoslibrary", ".photolibrary", ".aplibrary", ".musiclibrary", ".tvlibrary",
    ".fcpbundle", ".imovielibrary", ".xcodeproj", ".xcworkspace", ".logicx", ".band", ".plugin", ".kext", ".prefpane",
    ".rtfd", ".pages", ".numbers", ".key", ".lrdata", ".sparsebundle", ".download",
)  # fmt: skip
_CAMERA = re.compile(r"^(?:dcim|\d{3}[a-z0-9_]{5}|private|avchd|mp_root|100canon)$", re.IGNORECASE)
_DCF = re.compile(r"^[1-9]\d{2}[A-Za-z_][A-Za-z0-9_]{4}$")
_FILM_EXTRAS = re.compile(
    r"^(?:subs?|subtitles?|untertitel|samples?|extras?|featurettes?|behind the scenes|trailers?|covers?|proof|screens?|"
    r"deleted scenes|cd\d|video_ts|audio_ts|bdmv|certificate)$",
    re.IGNORECASE,
)
GENERIC_FOLDER = re.compile(
    r"^(?:downloads?|herunterladen|heruntergeladen|desktop|schreibtisch|inbox|eingang|misc|sonstiges|divers(?:es)?|"
    r"verschiedenes|temp|tmp|stuff|zeug|new folder(?: ?\(?\d+\)?)?|neuer ordner(?: ?\(?\d+\)?)?|untitled folder.*|"
    r"unsorted|unsortiert|to ?sort|"
    r"sortieren|old|alt|files|dateien|dump|scans?|attachments|anhänge|bluetooth|telegram desktop|"
    r"whatsapp.*|airdrop|received files|empfangene dateien|chaos|unordnung|mess|random|backup of downloads)$",
    re.IGNORECASE,
)
_SPLIT = (
    re.compile(r"^(?P<base>.+)\.part\d{1,4}\.(?:rar|exe)$", re.I),
    re.compile(r"^(?P<base>.+)\.(?:r\d{2,3}|s\d{2})$", re.I),
    re.compile(r"^(?P<base>.+)\.z\d{2,3}$", re.I),
    re.compile(r"^(?P<base>.+?)(?:\.(?:7z|zip|rar|tar|tar\.gz|tgz|iso|mkv|mp4))?\.\d{3}$", re.I),
)
_SPLIT_WHOLE = re.compile(r"^(?P<base>.+)\.(?:rar|zip|par2|sfv|nzb)$", re.I)
_PAR = re.compile(r"^(?P<base>.+?)(?:\.vol\d+\+\d+)?\.par2$", re.I)
_SIDECARS = frozenset(
    [
        "srt",
        "ass",
        "ssa",
        "sub",
        "idx",
        "vtt",
        "sup",
        "smi",
        "nfo",
        "xmp",
        "aae",
        "thm",
        "lrc",
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "sfv",
        "sig",
        "asc",
        "pp3",
        "dop",
        "on1",
        "lrv",
        "srt_",
        "edl",
    ]
)
_ART = re.compile(r"^(?P<stem>.+)-(?:poster|fanart|thumb|banner|landscape|clearlogo|clearart|disc|backdrop)$", re.I)
_TWINS = (
    frozenset(["heic", "heif", "jpg", "jpeg", "mov", "mp4", "aae"]),
    words_in("jpg jpeg heic cr2 cr3 nef arw raf orf rw2 dng pef raw"),
)
_TWIN_ORDER = {"jpg": 0, "jpeg": 0, "heic": 1, "heif": 1, "mov": 8, "mp4": 8, "aae": 9}
_PAGE_FOLDERS = ("_files", "-dateien", "_dateien", "-files", ".files", "_fichiers", "_archivos")


def bundle(name: str) -> bool:
    """Tell by its name alone whether a folder is what people see as one file."""
    return name.lower().endswith(BUNDLE_ENDINGS)


def camera_folder(name: str) -> bool:
    """Tell whether a folder was made by a camera (DCF: DCIM, 100CANON, 101_PANA, ...)."""
    return name.upper() == "DCIM" or (_DCF.match(name) is not None and not name.isdigit())


def whole_folder(folder: Folder, name: str) -> UnitKind | None:
    """Say why the folder called `name` stays whole, or None when its files may be filed one by one."""
    if bundle(name):
        return UnitKind.APP
    if camera_folder(name) or any(sub.upper() == "DCIM" for sub in folder.folders):
        return UnitKind.CAMERA
    lower = {entry.name.lower() for entry in folder.files}
    if not PROJECT_MARKS.isdisjoint(lower) or any(n.endswith(PROJECT_ENDINGS) for n in lower):
        return UnitKind.PROJECT
    kinds = _kinds(folder.files)
    if kinds.get("dll", 0) and kinds.get("exe", 0):
        return UnitKind.APP
    if _film_folder(folder, name):
        return UnitKind.FILM
    return None if GENERIC_FOLDER.match(name) else _album(folder)


def is_project_mark(name: str) -> bool:
    """Tell whether a file of this name makes its folder a project."""
    lower = name.lower()
    return lower in PROJECT_MARKS or lower.endswith(PROJECT_ENDINGS)


def _kinds(files: Sequence[FileEntry]) -> dict[str, int]:
    """Count extensions."""
    found: dict[str, int] = {}
    for entry in files:
        extension = split_extension(entry.name)[1]
        found[extension] = found.get(extension, 0) + 1
    return found


def kind_counts(files: Sequence[FileEntry]) -> dict[Kind, int]:
    """Count kinds by extension."""
    found: dict[Kind, int] = {}
    for extension, count in _kinds(files).items():
        kind = kind_of_extension(extension)
        found[kind] = found.get(kind, 0) + count
    return found


def _film_folder(folder: Folder, name: str) -> bool:
    """Tell whether the folder is one film: one main video (or CD1, CD2), only sidecars and extras beside it."""
    if any(not _FILM_EXTRAS.match(sub) for sub in folder.folders):
        return False
    if any(sub.upper() in ("VIDEO_TS", "BDMV") for sub in folder.folders):
        return True
    videos = [e for e in folder.files if kind_of_extension(split_extension(e.name)[1]) is Kind.VIDEO]
    mains = [e for e in videos if "sample" not in e.name.lower() and "trailer" not in e.name.lower()]
    if not mains or len(folder.files) > 60:
        return False
    stems = {re.sub(r"(?i)[\s._-]*(?:cd|part|disc)[\s._-]*\d$", "", split_extension(e.name)[0]) for e in mains}
    if len(stems) != 1:
        return False
    allowed = (Kind.VIDEO, Kind.SUBTITLE, Kind.PICTURE, Kind.TEXT, Kind.DATA)
    if any(kind_of_extension(split_extension(e.name)[1]) not in allowed for e in folder.files):
        return False
    found = understand(stems.pop()) or understand(name)
    return found is not None and found.kind == "film"


def _album(folder: Folder) -> UnitKind | None:
    """Tell whether a folder is an album of pictures or of music."""
    total = len(folder.files)
    if total < 3 or len(folder.folders) > 3:
        return None
    kinds = kind_counts(folder.files)
    if kinds.get(Kind.AUDIO, 0) >= 3 and kinds[Kind.AUDIO] * 10 >= total * 6:
        return UnitKind.MUSIC_ALBUM
    pictures, videos = kinds.get(Kind.PICTURE, 0), kinds.get(Kind.VIDEO, 0)
    if pictures >= 3 and (pictures + videos) * 10 >= total * 8 and pictures > videos:
        return UnitKind.PHOTO_ALBUM
    return None


def is_mixed(folder: Folder) -> bool:
    """Tell whether a plain subfolder is a mess of its own: many kinds of files side by side, or videos to be sorted."""
    kinds = {kind for kind in kind_counts(folder.files) if kind is not Kind.UNKNOWN}
    if Kind.VIDEO in kinds:
        return True
    return len(folder.files) >= 4 and len(kinds) >= 3


def split_archive_base(name: str) -> str | None:
    """Return what the parts of one split archive have in common, or None for any other file."""
    for pattern in _SPLIT:
        match = pattern.match(name)
        if match:
            return match["base"].lower()
    return None


def file_groups(files: Sequence[FileEntry], folders: Sequence[str] = ()) -> list[Group]:
    """Split the loose files of one folder into groups; each file is in exactly one, order is kept."""
    split = [(entry, *split_extension(entry.name)) for entry in files]
    lead_of: dict[str, str] = {}
    reason: dict[str, str] = {}
    _join_archives(files, lead_of, reason)
    by_stem: dict[str, list[tuple[FileEntry, str]]] = {}
    for entry, stem, extension in split:
        if entry.name not in lead_of:
            by_stem.setdefault(stem.lower(), []).append((entry, extension))
    _join_twins(by_stem, lead_of, reason)
    names = {entry.name.lower(): entry.name for entry in files}
    for entry, stem, extension in split:
        if entry.name in lead_of:
            continue
        art = _ART.match(stem) if kind_of_extension(extension) is Kind.PICTURE else None
        if extension in _SIDECARS or art:
            lead = _lead_for(entry, art["stem"] if art else stem, by_stem, names)
            if lead is not None:
                lead_of[entry.name] = lead
                reason[entry.name] = "belongs to " + lead
    return _assemble(files, folders, lead_of, reason)


def _join_archives(files: Sequence[FileEntry], lead_of: dict[str, str], reason: dict[str, str]) -> None:
    """Put the parts of split archives (with their .rar, .zip and .par2) together."""
    parts: dict[str, list[str]] = {}
    for entry in files:
        name = entry.name
        if not name[-1].isdigit() and name[-4:].lower() not in (".rar", ".exe"):
            continue
        base = split_archive_base(name)
        if base is not None:
            parts.setdefault(base, []).append(name)
    if not parts:
        return
    for entry in files:
        match = _SPLIT_WHOLE.match(entry.name) or _PAR.match(entry.name)
        if match and split_archive_base(entry.name) is None and match["base"].lower() in parts:
            parts[match["base"].lower()].append(entry.name)
    for names in parts.values():
        if len(names) < 2:
            continue
        lead = min(names, key=lambda n: (not n.lower().endswith((".rar", ".zip")), n.lower()))
        for name in names:
            lead_of[name] = lead
            reason[name] = "a part of one split archive"


def _join_twins(
    by_stem: dict[str, list[tuple[FileEntry, str]]], lead_of: dict[str, str], reason: dict[str, str]
) -> None:
    """Put RAW with JPEG and live photographs with their clip together."""
    for entries in by_stem.values():
        if len(entries) < 2:
            continue
        extensions = {extension for _, extension in entries}
        for family in _TWINS:
            inside = [(e, x) for e, x in entries if x in family]
            if len(inside) >= 2 and len({x for _, x in inside}) >= 2 and len(extensions & family) >= 2:
                ordered = sorted(inside, key=lambda pair: (_TWIN_ORDER.get(pair[1], 5), pair[1]))
                lead = ordered[0][0].name
                if kind_of_extension(ordered[0][1]) is not Kind.PICTURE:
                    continue
                for entry, _ in inside:
                    lead_of.setdefault(entry.name, lead)
                    reason.setdefault(entry.name, "the same picture")
                break


def _lead_for(
    entry: FileEntry, stem: str, by_stem: dict[str, list[tuple[FileEntry, str]]], names: dict[str, str]
) -> str | None:
    """Return the name of the file that a sidecar belongs to."""
    whole = names.get(stem.lower())
    if whole is not None and whole != entry.name:
        return whole
    for candidate in without_language(stem):
        for other, extension in by_stem.get(candidate.lower(), ()):
            if other.name != entry.name and extension not in _SIDECARS:
                return other.name
    return None


def _assemble(
    files: Sequence[FileEntry], folders: Sequence[str], lead_of: dict[str, str], reason: dict[str, str]
) -> list[Group]:
    """Build the groups; a lead that itself follows another is followed to the end."""
    groups: dict[str, Group] = {}
    for entry in files:
        lead = lead_of.get(entry.name, entry.name)
        if lead_of.get(lead, lead) == lead and lead == entry.name:
            groups[entry.name] = Group(entry)
    for entry in files:
        lead = lead_of.get(entry.name, entry.name)
        lead = lead_of.get(lead, lead)
        if lead != entry.name:
            groups[lead].companions.append(entry)
            groups[lead].reason = groups[lead].reason or reason.get(entry.name, "")
    if folders:
        _join_pages(groups, folders)
    return list(groups.values())


def _join_pages(groups: dict[str, Group], folders: Sequence[str]) -> None:
    """Let the folder of a saved web page travel with its page."""
    stems = {split_extension(name)[0].lower(): name for name in groups if name.lower().endswith((".html", ".htm"))}
    for folder in folders:
        lower = folder.lower()
        for ending in _PAGE_FOLDERS:
            page = stems.get(lower[: -len(ending)]) if lower.endswith(ending) else None
            if page is not None:
                groups[page].folders.append(folder)
                groups[page].reason = "a saved web page"
