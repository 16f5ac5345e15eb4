"""Bytes of a statement as text: byte order marks, UTF-8, UTF-16 without a mark, else the code page that reads best."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from backend.financial_manager.statements.errors import AGAIN, StatementError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = (
    "cp1252",
    "cp1250",
    "cp850",
    "iso8859_2",
    "cp852",
    "mac_roman",
    "cp1251",
    "iso8859_15",
    "cp1254",
    "cp1257",
    "latin-1",
)
_USUAL = _CODE_PAGES[0]
_SAMPLE = 200_000
_NEIGHBOURS = re.compile(r"(?s)(?=(.[^\x00-\x7f].))")
_ALPHABETS = (
    "äöüßéàè",
    "àâæçéèêëîïôœùûüÿ",
    "áéíñóúüªº",
    "àèéìîòóù",
    "àáâãçéêíóôõúüªº",
    "àçèéíïòóúü",
    "åäöéü",
    "åæøéöü",
    "áéíóúýþæöð",
    "äåöõüšž",
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšž",
    "ăâîșțşţ",
    "ąčęėįšųūž",
    "āčēģīķļņšūž",
    "çğıi̇öşüâîû",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґўђјљњћџѓѕќ",
)
"""Letters beyond ASCII of one language or of close ones: de, fr, es, it, pt, ca, sv, da and no, is, et and fi, pl, cs,
sk, hu, hr and sl, ro, lt, lv, tr, Cyrillic."""
_BY_WORDS = (
    ("gb18030", ("日期", "时间", "金额", "交易", "余额", "摘要", "收入", "支出", "备注")),
    ("cp932", ("日付", "年月日", "金額", "残高", "摘要", "取引", "利用", "入金", "出金", "支払")),
    (
        "cp949",
        ("거래", "금액", "잔액", "적요", "입금", "출금", "이용", "날짜", "내용", "수입", "지출", "승인", "가맹점"),
    ),
    ("big5", ("日期", "金額", "餘額", "摘要", "交易", "帳號", "消費", "入帳", "幣別")),
    ("cp1253", ("Ημερομην", "Ποσό", "Υπόλοιπ", "Περιγραφή", "Αιτιολογία", "Χρέωση", "Πίστωση", "Νόμισμα", "Πρόσημο")),
    ("cp1253", ("ΗΜΕΡΟΜΗΝ", "ΠΟΣΟ", "ΥΠΟΛΟΙΠ", "ΠΕΡΙΓΡΑΦΗ", "ΑΙΤΙΟΛΟΓΙΑ", "ΧΡΕΩΣΗ", "ΠΙΣΤΩΣΗ", "ΝΟΜΙΣΜΑ", "ΠΡΟΣΗΜΟ")),
    ("cp1255", ("תאריך", "סכום", "יתרה", "חובה", "זכות", "פרטים", "תיאור", "אסמכתא", "הפעולה")),
    ("cp1256", ("التاريخ", "تاريخ", "المبلغ", "الرصيد", "الوصف", "البيان", "مدين", "دائن")),
    ("cp874", ("วันที่", "จำนวนเงิน", "คงเหลือ", "รายการ", "รายละเอียด")),
)
"""Code pages without Latin or Cyrillic letters, with words of headings: two of them by their bytes are no chance."""
_HEADINGS = 20_000
_SPACES = "\u00a0\u202f\u2009"
_SIGNS = "€£§°–—’‘“”„…«»®©·•´" + _SPACES


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text and the name of the encoding. `declared`: what the file itself says, tried after UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    guess = _utf16(data)
    if guess:
        return _strict(data, guess), guess
    data = data.rstrip(b"\x00")
    if b"\x00" in data:
        raise StatementError("The file holds NUL bytes, so it is no text.", remedy=AGAIN)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    encoding = declared if declared and _can(data, declared) else _by_words(data) or _best(data)
    return data.decode(encoding), encoding


def decode_head(data: bytes) -> str:
    """Return the beginning of a file as text, to tell its format: cut anywhere, never an error for that."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode(_utf16(data[: len(data) & ~1]) or "latin-1", "replace")


def _strict(data: bytes, encoding: str) -> str:
    """Decode, or say that the file is damaged."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise StatementError(f"The file is damaged: it says to be {encoding} and is not.", remedy=AGAIN) from error
    if "\x00" in text:
        raise StatementError("The file holds NUL characters, so it is no text.", remedy=AGAIN)
    return text


def _utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: the byte order under which plain letters appear, and no NUL."""
    head = data[:2000]
    if len(data) % 2 or b"\x00" not in head:
        return None
    plain = {name: _plain_letters(head.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")}
    best = max(plain, key=lambda name: plain[name])
    return best if plain[best] > len(head) // 100 else None


def _plain_letters(text: str) -> int:
    """Return how many characters are ASCII, 0 for a text with NUL."""
    return 0 if "\x00" in text else sum(c.isascii() for c in text)


def _can(data: bytes, encoding: str) -> bool:
    """Tell whether an encoding exists and reads every byte."""
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _by_words(data: bytes) -> str | None:
    """Return the code page of which two words stand at the beginning; None where none has any."""
    head = data[:_HEADINGS]
    for name, words in _BY_WORDS:
        if sum(word.encode(name) in head for word in words) > 1 and _can(data, name):
            return name
    return None


def _best(data: bytes) -> str:
    """Return the code page under which the text looks most like words; the usual one for a single letter or sign."""
    high = re.compile(rb"[^\x00-\x7f]")
    first = high.search(data)
    start = max(0, first.start() - 1000) if first else 0
    sample = data[start : start + _SAMPLE]
    if len(set(high.findall(sample))) == 1 and _can(data, _USUAL) and _natural(sample.decode(_USUAL)):
        return _USUAL
    scored = [(-_likeness(sample.decode(name, "replace")), n, name) for n, name in enumerate(_CODE_PAGES)]
    return next(name for _, _, name in sorted(scored) if _can(data, name))


def _natural(text: str) -> bool:
    """Tell whether no character beyond ASCII is out of place."""
    return all(_fits(*match[1]) >= 0 for match in _NEIGHBOURS.finditer(text))


def _likeness(text: str) -> int:
    """Score how natural the characters beyond ASCII sit among their neighbours, and whether one language has them all.

    Few letters fit some language under most code pages; several are of one language under the right one only.
    """
    score = 0
    letters: Counter[str] = Counter()
    for match in _NEIGHBOURS.finditer(text):
        three = match[1]
        score += _fits(three[0], three[1], three[2])
        if three[1].isalpha() and (three[0].isalpha() or three[2].isalpha()):
            letters[three[1].casefold()] += 1
    return score + max(sum(n for letter, n in letters.items() if letter in one) for one in _ALPHABETS)


def _fits(before: str, char: str, after: str) -> int:
    """Score one character between two others; a letter or sign that touches no letter says nothing."""
    if char == "\ufffd" or "\u2500" <= char <= "\u25ff" or (ord(char) < 0xA0):
        return -4
    if char == "¤":
        return -1
    if char in _SPACES:
        return 1 if before.isdigit() and after.isdigit() else 0
    if not char.isalpha():
        inside = before.isalpha() and after.isalpha() and char not in "’·-"
        beside = before.isalpha() or after.isalpha()
        return -3 if inside else (0 if char in _SIGNS or not beside else -1)
    if before.isdigit() or after.isdigit():
        return -2
    if not before.isalpha() and not after.isalpha():
        return 0
    cyrillic = char >= "\u0400"
    for other in (before, after):
        if other.isalpha() and (other >= "\u0400") != cyrillic and (cyrillic or other >= "\u0400"):
            return -4
        if not cyrillic and other.isalpha() and other > "\x7f" and not _of_one_language(char, other):
            return -1
    if char.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return -3
    if char in "ìòù" and after.isalpha():  # the end of a word in Italian and French; Czech has ě, ň and ů inside of it
        return 0
    return 2 if cyrillic else 1


def _of_one_language(one: str, other: str) -> bool:
    """Tell whether a language has both letters."""
    return any(one.casefold() in letters and other.casefold() in letters for letters in _ALPHABETS)
