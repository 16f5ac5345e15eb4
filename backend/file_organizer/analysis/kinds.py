"""What kinds of files there are, by extension; content has the last word (`signatures.py`)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Kind(enum.StrEnum):
    """Name a kind of file as people think of it."""

    DOCUMENT = "document"
    TEXT = "text"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    EBOOK = "ebook"
    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    SUBTITLE = "subtitle"
    ARCHIVE = "archive"
    DISK_IMAGE = "disk_image"
    INSTALLER = "installer"
    CODE = "code"
    FONT = "font"
    MODEL = "model"
    DESIGN = "design"
    DATA = "data"
    MAIL = "mail"
    CONTACT = "contact"
    CALENDAR = "calendar"
    TORRENT = "torrent"
    KEY = "key"
    UNKNOWN = "unknown"


_BY_KIND: dict[Kind, str] = {
    Kind.DOCUMENT: "pdf doc docx docm dot dotx odt ott rtf pages wpd wps xps oxps djvu ps eml_pdf tex",
    Kind.TEXT: "txt md markdown rst org log nfo text adoc html htm xhtml mhtml mht",
    Kind.SPREADSHEET: "xls xlsx xlsm xlsb xlt ods numbers csv tsv",
    Kind.PRESENTATION: "ppt pptx pptm pps ppsx odp key_presentation",
    Kind.EBOOK: "epub mobi azw azw3 azw4 fb2 lit lrf cbz cbr cb7 ibooks",
    Kind.PICTURE: "jpg jpeg jpe png gif bmp tif tiff webp heic heif avif jxl svg ico raw cr2 cr3 nef nrw arw orf "
    "rw2 raf dng pef srw x3f jp2 tga mpo",
    Kind.VIDEO: "mp4 m4v mkv avi mov wmv flv webm mpg mpeg m2ts mts ts vob ogv 3gp 3g2 divx asf rm rmvb f4v",
    Kind.AUDIO: "mp3 flac wav m4a m4b aac ogg oga opus wma aif aiff ape alac mid midi amr mka dsf wv cue m3u m3u8 pls",
    Kind.SUBTITLE: "srt ass ssa sub idx vtt sup smi",
    Kind.ARCHIVE: "zip rar 7z tar gz tgz bz2 tbz tbz2 xz txz zst tzst lz lzma lz4 cab arj ace sit sitx z cpio",
    Kind.DISK_IMAGE: "iso img dmg vhd vhdx vmdk vdi qcow2 nrg mdf toast",
    Kind.INSTALLER: "exe msi msix appx deb rpm apk xapk ipa pkg appimage flatpak flatpakref snap jar run bat cmd",
    Kind.CODE: "py js ts_code jsx tsx c h cpp hpp cc cs java kt go rs rb php pl sh bash zsh ps1 lua swift m r scala "
    "sql css scss less vue ipynb dart asm vb",
    Kind.FONT: "ttf otf woff woff2 ttc eot pfb",
    Kind.MODEL: "stl obj 3mf step stp gcode fbx blend dae ply glb gltf f3d scad dwg dxf",
    Kind.DESIGN: "psd psb ai eps indd xd sketch fig afdesign afphoto kra xcf cdr drawio",
    Kind.DATA: "json xml yaml yml toml ini cfg conf sqlite sqlite3 db mdb accdb parquet avro feather npy npz mat gpx "
    "kml kmz geojson bak dat plist reg qif ofx qfx sta mt940",
    Kind.MAIL: "eml msg mbox pst ost emlx",
    Kind.CONTACT: "vcf ldif",
    Kind.CALENDAR: "ics vcs",
    Kind.TORRENT: "torrent nzb magnet",
    Kind.KEY: "pem crt cer p12 pfx gpg pgp asc kdbx ppk pub jks",
}

KIND_BY_EXTENSION: Mapping[str, Kind] = MappingProxyType(
    {extension: kind for kind, extensions in _BY_KIND.items() for extension in extensions.split()}
)

COMPOUND_EXTENSIONS = ("tar.gz", "tar.bz2", "tar.xz", "tar.zst", "tar.lz")


def split_extension(name: str) -> tuple[str, str]:
    """Return (stem, extension in lower case without the dot); knows `.tar.gz` and keeps dotted names whole.

    An "extension" with blanks or longer than ten characters is part of the name ("Dr. Miller", "v1.final version").
    """
    lower = name.lower()
    for compound in COMPOUND_EXTENSIONS:
        if lower.endswith("." + compound):
            return name[: -len(compound) - 1], compound
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > 10 or not extension.isalnum():
        return name, ""
    return stem, extension.lower()


def kind_of_extension(extension: str) -> Kind:
    """Return the kind that an extension promises."""
    if extension.startswith("tar."):
        return Kind.ARCHIVE
    return KIND_BY_EXTENSION.get(extension, Kind.UNKNOWN)
