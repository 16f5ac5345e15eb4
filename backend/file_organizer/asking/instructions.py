"""Recognise text in files that speaks to a machine instead of to people: such a file is not asked about at all.

This is the outer net. What holds when it lets something through: the model can only choose among offered folders, its
word is never certain, and nothing is moved before a person (or a rule of theirs) says so. It is coarse on purpose: what
it catches wrongly is only filed by Homie itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MARKS = re.compile(
    r"<\|[^|]{0,40}\|>|\[/?inst\]|<</?sys>>|</?s>|<start_of_turn>|data-[0-9a-f]{8,}|```|\{\{|\}\}"
    r"|[\"']?(?:filings|tool_calls?|role|system_prompt|function_call)[\"']?\s*[:=]\s*[\"'\[{]"
    r"|(?:^|[\s>\"'\]}#*\-.])(?:system|assistant|developer|user)\s*:\s",
    re.IGNORECASE,
)
"""Delimiters of chats and of data formats, which no household names its files with."""

_ALL_OF = "(?:all|everything|every file|each file|the (?:files|others|rest)|other files|these files)"
_SPOKEN: tuple[str, ...] = (
    # English
    "(?:ignore|disregard|forget|override|bypass)\\b.{0,25}"
    "\\b(?:all|any|previous|prior|above|earlier|instructions?|rules?|everything|before)",
    "(?:new|following|hidden|secret|real|updated) (?:system )?(?:instructions?|prompt|orders?)",
    "system prompt|language model|prompt injection|jailbreak|developer mode",
    "you (?:are|must) now|(?:as|act as) an? (?:ai|assistant)",
    f"(?:move|send|put|file|copy|upload|delete|erase|remove|trash|wipe) {_ALL_OF}\\b",
    "(?:answer|respond|reply|output) (?:only|with|always|exactly)\\b",
    "(?:choose|pick|select|use|return) (?:c|i|item |choice )\\d+",
    "for (?:all|every) (?:items?|files?)\\b.{0,20}\\b(?:choose|use|folder)",
    "confidence (?:is |to |of )?(?:1|100)\\b|rm rf|sudo \\w+",
    # German (accents are folded)
    "(?:ignorier\\w*|missachte\\w*|vergiss)\\b.{0,25}\\b(?:alle\\w*|vorherige\\w*|bisherige\\w*|anweisung\\w*|regeln?)",
    "(?:verschieb\\w*|losch\\w*|kopier\\w*|sende|schick\\w*|lege?|ordne) (?:alle?s?|samtliche\\w*)\\b",
    "neue anweisung\\w*|du bist (?:jetzt|nun)|antworte (?:nur|mit|immer|stets)|wahle (?:immer|stets|fur alle)",
    # French, Spanish, Italian, Portuguese
    "(?:ignore[zr]?|oublie[zr]?|ignora|ignorar|olvida|dimentica|esqueca)\\b.{0,25}"
    "\\b(?:tou[ts]\\w*|todas?|todos?|tutte|tutti|instru\\w+|istruzioni|precedent\\w+|anterior\\w+)",
    "(?:deplace[zr]?|supprime[zr]?|mueve|mover|borra|elimina|sposta|cancella|mova|apague|exclua) "
    "(?:tou[ts]\\w*|todos?|todas?|tutt[io]|tudo)",
    # Polish, Dutch, Turkish
    "zignoruj|przenies wszystk\\w+|usun wszystk\\w+|negeer (?:alle|vorige)|verplaats alle\\w*|yok say|tum dosyalari",
)
_PHRASES = re.compile(f"\\b(?:{'|'.join(_SPOKEN)})", re.IGNORECASE)
_APART = re.compile(r"(?:\b\w ){4,}\w\b")
_TOGETHER = re.compile(
    "(?:ignore|disregard|forget|move|delete|ignoriere|verschiebe|losche)(?:all|everything|previous|the|every)|systemprompt"
)
"""Words whose letters stand apart ("i.g.n.o.r.e a.l.l") are looked at once more without what parts them."""
_OTHER_SCRIPTS = re.compile(
    "|".join(
        (
            "忽略|无视|忘记.{0,6}指令|移动所有|移動所有|删除所有|所有文件",  # Chinese
            "無視して|指示を無視|すべて(?:移動|削除)|全て(?:移動|削除)",  # Japanese
            "지시.{0,6}무시|모든 파일",  # Korean
            "игнорируй|проигнорируй|забудь .{0,20}инструкц|перемести все|удали все|ігноруй",  # Russian, Ukrainian
            "تجاهل|انقل جميع|احذف جميع|התעלם|העבר את כל",  # Arabic, Hebrew
            "अनदेखा|αγνόησε|μετακίνησε όλα",  # Hindi, Greek
        )
    ),
    re.IGNORECASE,
)


def speaks_to_machines(texts: Iterable[str]) -> bool:
    """Tell whether one of these texts of a file looks like an instruction to a model."""
    return any(_looks_like_one(text) for text in texts)


def _looks_like_one(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text[:4000])
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c in "\n\t")
    if _MARKS.search(plain) or _OTHER_SCRIPTS.search(plain):
        return True
    folded = "".join(c for c in unicodedata.normalize("NFKD", plain.casefold()) if not unicodedata.combining(c))
    spaced = re.sub(r"[\W_]+", " ", folded)
    if _PHRASES.search(spaced):
        return True
    return _APART.search(spaced) is not None and _TOGETHER.search(spaced.replace(" ", "")) is not None


_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.\-]{1,12}://|www\.|mailto:|javascript:)\S*", re.IGNORECASE)


def said_plainly(text: str, longest: int = 200) -> str:
    """Return a model's words as they may be shown: one line, no addresses, nothing invisible."""
    seen = "".join(
        c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf"
    )
    return re.sub(r"\s+", " ", _ADDRESS.sub("", seen)).strip()[:longest]
