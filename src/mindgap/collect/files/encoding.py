"""Which encoding a text file is in, and its bytes as UTF-8.

The order of questions: byte order mark, UTF-16 by its zero bytes, strict UTF-8 over the whole file, and
only then a contest of code pages by how common the characters are that come out (``characters``). A file
with a few bad bytes is not refused: they are replaced and counted.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mindgap.collect.files.characters import han_commonness, western_commonness
from mindgap.collect.files.errors import UnknownEncoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SCRIPTS = {"gb18030": "simplified", "cp950": "traditional", "big5hkscs": "traditional"}
_WIDER = {"big5": "cp950", "gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8"}
_WESTERN = ("cp1252", "mac_roman")
_CHUNK = 1 << 20
_WINDOW = 1 << 15
_WINDOWS = 12
_FOREIGN = re.compile(rb"[\x80-\xff]")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Encoding:
    """What was found: Python's codec name, confidence 0 to 1, the runners-up, characters replaced."""

    name: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    replaced: int = 0


def detect(content: bytes) -> Encoding:
    """The most likely encoding of a text.

    ``replaced`` counts the byte sequences in all of ``content`` that have to give way to U+FFFD. The
    caller who passes only the head of a file cuts it between two lines, or half a character is counted.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Encoding(name, 1.0, (), _count_replaced(content, name))
    wide = _wide(content)
    if wide is not None:
        return Encoding(wide, 0.95, (), _count_replaced(content, wide))
    sample = _sample(content)
    if _is_utf8(content) and not _is_utf8_by_accident(sample):
        return Encoding("utf-8", 1.0)
    found = _contest(sample)
    return replace(found, replaced=_count_replaced(content, found.name))


def named(name: str, content: bytes) -> Encoding:
    """The encoding somebody chose, with the count of what it cannot read.

    The names of subsets stand for the larger set programs really write (gb2312 is read as gb18030, big5
    as cp950). Raises UnknownEncoding if there is no such text encoding.
    """
    try:
        b"a".decode(name, "replace")
        known = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(name) from error
    known = _WIDER.get(known, known)
    if known in {"utf-16", "utf-32"}:
        marked = (wide for mark, wide in _MARKS if wide.startswith(known) and content.startswith(mark))
        known = next(marked, f"{known}-le")
    return Encoding(known, 1.0, (), _count_replaced(content, known))


def to_utf8(content: bytes, encoding: Encoding) -> bytes:
    """The text as UTF-8 without its byte order mark; what cannot be read becomes U+FFFD."""
    start = _mark_length(content, encoding.name)
    if encoding.name == "utf-8" and encoding.replaced == 0:
        return content[start:] if start else content
    return b"".join(part.encode() for part in _decoded(content, encoding.name, "replace", start))


def _mark_length(content: bytes, name: str) -> int:
    return next((len(mark) for mark, known in _MARKS if known == name and content.startswith(mark)), 0)


def _decoded(content: bytes, name: str, errors: str, start: int = 0) -> Iterator[str]:
    """The text in parts, so that a large file never stands twice in memory."""
    decoder = codecs.getincrementaldecoder(name)(errors)
    view = memoryview(content)
    for at in range(start, len(content), _CHUNK):
        yield decoder.decode(bytes(view[at : at + _CHUNK]), at + _CHUNK >= len(content))


def _count_replaced(content: bytes, name: str) -> int:
    """How many U+FFFD decoding puts in, apart from those the text itself holds."""
    try:
        for _ in _decoded(content, name, "strict"):
            pass
    except UnicodeDecodeError:
        put_in = sum(part.count(_REPLACEMENT) for part in _decoded(content, name, "replace"))
        own = sum(part.count(_REPLACEMENT) for part in _decoded(content, name, "ignore"))
        return max(put_in - own, 1)
    return 0


def _is_utf8(content: bytes) -> bool:
    try:
        for _ in _decoded(content, "utf-8", "strict"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8_by_accident(sample: bytes) -> bool:
    """Whether a handful of Chinese characters happens to be valid UTF-8 (太原 in GB18030 is).

    Then what UTF-8 makes of them is two-byte characters of scripts that never stand side by side, and what
    a Chinese code page makes of them is everyday Chinese.
    """
    text = sample.decode("utf-8", "replace")
    if len(text) > 400 or not text or max(text) > "\u07ff":
        return False
    mixed = any(len(_scripts(run)) > 1 for run in re.split(r"[\x00-\x7f]+", text))
    return mixed and max(_han_score(sample, "gb18030"), _han_score(sample, "cp950")) > 0.7


def _scripts(run: str) -> set[str]:
    """First words of the names of letters and marks: LATIN, GREEK, HEBREW, COMBINING …"""
    letters = (char for char in run if unicodedata.category(char)[0] in "LM")
    return {"LATIN" if char <= "\xff" else unicodedata.name(char, "?").split()[0] for char in letters}


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: digits, commas and line ends leave zeros on one side of each pair only."""
    head = content[: _WINDOW * 2]
    if b"\0" not in head or len(content) < 4:
        return None
    even, odd = head[0::2], head[1::2]
    zeros = {"utf-16-be": even.count(0), "utf-16-le": odd.count(0)}
    name = max(zeros, key=lambda key: zeros[key])
    least, most = sorted(zeros.values())
    line_end = b"\n\0" if name == "utf-16-le" else b"\0\n"
    if least * 20 > most or (most < len(even) * 0.2 and line_end not in head):
        return None
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    strange = sum(
        1 for char in text if unicodedata.category(char) in {"Co", "Cn", "Cs"} or char == _REPLACEMENT
    )
    return name if strange * 10 <= len(text) else None


def _sample(content: bytes) -> bytes:
    """Different lines with foreign bytes from all over the file, about 256 KiB of them at most.

    A line feed is never the second byte of a character in the code pages tried, so lines can be cut out.
    """
    first = _FOREIGN.search(content)
    begin = 0 if first is None else max(content.rfind(b"\n", 0, first.start()), 0)
    step = max((len(content) - begin) // _WINDOWS, _WINDOW)
    lines: dict[bytes, None] = {}
    for at in range(begin, len(content), step):
        window = content[at : at + _WINDOW]
        left = 0 if at == begin else window.find(b"\n") + 1
        right = len(window) if at + _WINDOW >= len(content) else window.rfind(b"\n")
        lines.update(
            (line, None) for line in window[left : max(right, left)].split(b"\n") if _FOREIGN.search(line)
        )
    if lines:
        return b"\n".join(lines)
    return content[begin : begin + _WINDOW]


def _contest(sample: bytes) -> Encoding:
    scores = {name: _han_score(sample, name) for name in ("gb18030", "cp950")}
    scores["big5hkscs"] = _han_score(sample, "big5hkscs") - 0.02
    scores.update((name, _western_score(sample, name)) for name in _WESTERN)
    scores["mac_roman"] -= 0.05  # the rarer of the two when both read well
    scores["utf-8"] = -0.1 if _is_utf8(sample) else _utf8_score(sample)
    ranked = sorted(scores, key=lambda name: -scores[name])
    best = ranked[0]
    rivals = [scores[name] for name in ranked[1:] if {best, name} != {"cp950", "big5hkscs"}]
    margin = min(max(scores[best] - rivals[0], 0.0) / 0.4, 1.0)
    seen = len(set(_FOREIGN.findall(sample)))
    confidence = max(min(scores[best], 1.0), 0.05) * (0.3 + 0.7 * margin) * seen / (seen + 2)
    others = tuple(name for name in ranked[1:] if scores[name] > -0.5)
    return Encoding(best, round(confidence, 2), others)


def _han_score(sample: bytes, name: str) -> float:
    """Mean commonness of the foreign characters, each broken sequence counting against it."""
    counts = Counter(char for char in sample.decode(name, "replace") if char > "\x7f")
    total = counts.total()
    if not total:
        return -1.0
    script = _SCRIPTS[name]
    return sum(han_commonness(char, script) * count for char, count in counts.items()) / total


def _western_score(sample: bytes, name: str) -> float:
    text = f" {sample.decode(name, 'replace')} "
    marks = [at for at, char in enumerate(text) if char > "\x7f"][:20_000]
    if not marks:
        return -1.0
    total = sum(western_commonness(text[at], text[at - 1], text[at + 1]) for at in marks)
    return total / len(marks)


def _utf8_score(sample: bytes) -> float:
    """UTF-8 with faults: whole sequences are no accident, so a few bad ones among them weigh little."""
    text = sample.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    whole = sum(1 for char in text if char > "\x7f") - bad
    return (whole - 2 * bad) / max(whole + bad, 1)
