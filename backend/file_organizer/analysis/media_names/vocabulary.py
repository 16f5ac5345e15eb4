"""The words of media names: what tells a season, an episode, a quality, a release; and numbers that are none of them.

Names are matched in a *flat* form of the same length (dots and underscores are blanks), in which everything technical
is replaced by `MARK`, so that "x264", "5.1" and "1080p" can never be taken for an episode.
"""

from __future__ import annotations

import re

MARK = "\x00"
"""Stands for one character of something technical."""

SEASON = (
    r"(?:seasons?|staffeln?|saisons?|temporadas?|temp?(?=\s\d)|stagion[ei]|seizoen(?:en)?|sezon(?:a|ul|y|"
    r"[uó]w)?|sæson|säsong|sesong|"
    r"kausi|évad|sezóna|série|sorozat|сезоны?|シーズン)"
)
EPISODE = (
    r"(?:episodes?|episodios?|episódios?|épisodes?|epizoda?|folgen?|aflevering(?:en)?|epi|avsnitt|afsnit|"
    r"odcin(?:ek|ki)|odc|"
    r"jakso|bölüm|cap[ií]tulos?|puntata|rész|díl|серия|серии|эпизод|eps?)"
)
PART = r"(?:parts?|pt|teil|partie|parte|del|deel|chapter|kapitel|chapitre|часть)"

_FLAT = str.maketrans(
    {
        ".": " ",
        "_": " ",
        "【": "[",
        "】": "]",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "～": "~",
        "–": "-",
        "—": "-",
    }
    | {"‐": "-", "‑": "-", "−": "-", "\u3000": " ", "\xa0": " ", "\t": " ", "\n": " "}
    | {chr(0xFF10 + n): str(n) for n in range(10)}
)
_BRACKETS = str.maketrans({"【": "[", "】": "]", "［": "[", "］": "]", "（": "(", "）": ")"})
_CRC = r"[\[(][0-9a-f]{8}[\])]"
_IDS = (
    r"[\[{(]\s?(?:tvdb|tmdb|imdb|anidb|tvmaze|tvrage|anilist|mal)(?:id)?\s?[-=: ]\s?(?:tt)?\d+\s?[\]})]|"
    r"(?<![a-z0-9])tt\d{7,9}(?!\d)"
)
_SIZES = (
    r"(?<![a-z0-9])(?:\d{3,4}\s?[x×]\s?\d{3,4}[pi]?|\d{3,4}[pi](?:x?\d{2,3}(?:fps)?)?(?:hd)?|[248]k(?=\s*(?:$|"
    r"[\x00\[\](){}-]|uhd|hdr|web|blu|x?26|ultra|remaster))"
    r"|bt\s?(?:2020|709)|uhd|\d+(?: \d+)?\s?(?:fps|[kmg]i?b(?:p?s)?|k?hz|kbps|mbps)|(?:8|10|12)\s?-?\s?bits?|"
    r"hi10p?|hi444pp?|"
    r"(?:1280|1920|3840)x\d*)(?![a-z0-9])"
)
_CODECS = (
    r"(?<![a-z0-9])(?:[xh]\s?26[456](?:-\d+-\d+)?|hevc(?:10|8)?|avc|xvid|divx\d?|mpeg-?[24]|vp9|av1|vc-?1|"
    r"(?:dd[p+]?a?|aac(?:-lc)?|e?-?ac-?3|dts(?:-?(?:hd|x|es))?(?:[ -]?(?:ma|hra))?|flac|true-?hd|atmos|opus|"
    r"mp[23]|l?pcm|"
    r"ddpa|dolby(?: digital)?(?: plus)?|dual[ -]?audio|multi[ -]?audio)\s?[-+]?(?:\s?[1257]\s[0124])?|"
    r"[1257]\s[01](?:ch)?(?=\s|$|[-\])\x00]))(?![a-z0-9])"
)
_SOURCES = (
    r"(?<![a-z0-9])(?:blu-?\s?ray(?:rip)?|(?:bd|br|dvd|hd|uhd|web|tv|vhs|pdtv|hdtv|vod|sat|dsr|dth|cam|ts|"
    r"ppv)-?rips?|b[dr]mux|"
    r"web-?\s?(?:dl|hd|cap|mux)(?:rip)?|dl-?web|hdtv|pdtv|dsr|sdtv|ldtv|uhdtv|hddvd|hd-dvd|dvd(?:[59]|-?r|"
    r"scr)?|dvdscr|screener|telesync|telecine|"
    r"remux|hdr(?:10\+?)?|sdr|dovi|dolby[ -]?vision|proper|repack\d?|rerip|internal|readnfo|hdcam|bdmv|"
    r"(?:amzn|nf|dsnp|hmax|atvp|hulu|pcok|itunes|crav|stan|ip|cr)(?=\s(?:web|\x00))|vostfr|subfrench|"
    r"truefrench|multi(?=[\s-])|dubbed|subbed|hc|dl(?=\s\x00)|ws(?=\s)|"
    r"web(?=\s*(?:$|[\x00\])-]|x?26|h\s?26)))(?![a-z0-9])"
)
_EDITIONS = (
    r"(?<![a-z0-9])(?:extended|unrated|uncut|uncensored|remastered|theatrical|director'?s?[ -]cut|imax|criterion|"
    r"special edition|collector'?s edition|ultimate edition|anniversary edition|limited|festival|3d|hsbs|half-?sbs|"
    r"complete|german|french|english|italian|spanish|multi|subbed|dubbed|ger|eng|ita|fre|nl|dutch|flemish|"
    r"swedish|danish|norwegian|finnish|"
    r"polish|hungarian|czech|portuguese|russian|japanese|korean|hindi|turkish|nordic)(?![a-z0-9])"
)
_HARD = re.compile("|".join((_CRC, _IDS, _SIZES, _CODECS, _SOURCES)), re.IGNORECASE)
_SOFT = re.compile(_EDITIONS, re.IGNORECASE)
_SOFT_TAIL = re.compile(
    r"[\s(\[-]+(?:extended|unrated|uncut|remastered|theatrical|director'?s?\scut|imax|se|(?-i:DC)|3d|"
    r"criterion|limited|festival|repack|special)(?:\sedition|\scut)?\W*$",
    re.I,
)
TELEVISION = re.compile(
    r"(?<![a-z])(?:hdtv(?:rip)?|pdtv|dsr|sdtv|tvrip|tv-?rip|mini-?series|web-?(?:dl|rip)|amzn|nf|hmax|dsnp|"
    r"itv|bbc)(?![a-z])",
    re.I,
)
ANIME = re.compile(
    r"(?i)[\[(][0-9a-f]{8}[\])]|(?<![a-z])(?:hi10p?|vostfr|fansub|subs?\]|bd(?:rip)?\]|10-?bit|raws?\])|"
    r"(?<=\d)v[2-5](?![a-z0-9])"
)


def flat(text: str) -> str:
    """Return `text` with one kind of blank, bracket, dash and digit; the length stays."""
    return text.translate(_FLAT)


def brackets(text: str) -> str:
    """Return `text` with one kind of bracket; the length stays."""
    return text.translate(_BRACKETS)


def mask(text: str) -> str:
    """Return a flat text in which technical words are replaced by marks; the length stays."""
    return _HARD.sub(lambda found: MARK * len(found.group()), text)


def technical_start(masked: str, start: int = 1) -> int:
    """Return where the first technical word begins, from `start` on; the length of the text if there is none."""
    at = masked.find(MARK, start)
    return len(masked) if at < 0 else at


def soft_start(text: str, start: int = 1) -> int:
    """Return where the first word about edition or language begins; the length of the text if there is none."""
    found = _SOFT.search(text, start)
    return found.start() if found else len(text)


def soft_tail(text: str) -> int:
    """Return where a text ends if words about edition at its end ("Extended", "Unrated") are left out."""
    end = len(text)
    while True:
        found = _SOFT_TAIL.search(text[:end])
        if found is None or not found.start():
            return end
        end = found.start()


_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_SPOKEN = {
    word: number
    for number, words in enumerate(
        (
            "one un une eins uno", "two deux zwei dos due", "three trois drei tres tre",
            "four quatre vier cuatro quattro",
            "five cinq fünf cinco cinque", "six sechs seis sei", "seven sept sieben siete sette",
            "eight huit acht ocho otto", "nine neuf neun nueve nove",
            "ten dix zehn diez dieci", "eleven elf", "twelve zwölf",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8} | {
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6,
    "primera": 1, "segunda": 2, "tercera": 3, "cuarta": 4, "prima": 1, "seconda": 2, "terza": 3,
    "première": 1, "deuxième": 2, "troisième": 3,
}  # fmt: skip
_HAN = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

ROMAN_WORD = r"(?:x[i]{1,2}|ix|iv|viii|vii|vi|v|iii|ii|i|x)"
SPOKEN_WORD = "(?:" + "|".join(sorted(_SPOKEN, key=len, reverse=True)) + ")"
ORDINAL_WORD = "(?:" + "|".join(sorted(_ORDINAL, key=len, reverse=True)) + ")"
HAN_NUMBER = "[零一二两三四五六七八九十百]+"


def number_of(text: str) -> int | None:
    """Return the number that digits, a roman numeral, a number word or Han digits stand for; None for anything else."""
    lower = text.lower()
    if lower.isdecimal():
        return int(lower)
    for words in (_SPOKEN, _ROMAN, _ORDINAL):
        if lower in words:
            return words[lower]
    return _han(lower)


def _han(text: str) -> int | None:
    """Return a number below 1000 that is written in Han digits ("二十三")."""
    total, digit = 0, 0
    for char in text:
        if char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char in _HAN:
            digit = _HAN[char]
        else:
            return None
    return total + digit or None
