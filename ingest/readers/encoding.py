"""Bytes of a text file to characters: UTF-8, UTF-16 with a mark, GB18030 (with GBK and GB2312 inside), Big5.

The characters are those of the plain decoded file: ``raw.decode(encoding) == text`` wherever the file is sound, with byte order mark and line ends as they
are, so that offsets mean the same to every program that opens the file.

UTF-8 is decided by its own strictness: no Chinese text in another encoding passes it but by accident of a few bytes. GB18030 and Big5 accept nearly every
byte pair of each other, so the decision falls on what comes out: the share of very frequent characters. A right decoding has 30 to 60 %, a wrong one under
5 %, from 30 characters on.
"""

from __future__ import annotations

import codecs
import re

from ingest.readers.limits import CannotRead

# The most frequent characters of prose and of these reports, in both scripts.
_FREQUENT = frozenset(
    "一三上下不与业两並个中为主么义之九也习乡了事二于五些产人从他代以们件任众会传但位体作你使來依保信個們做健傳先党入內全兩公关其内军农决几出分则別利别到制則前力加务动動務化区區十升原去县又及反发取变只可司各合同后向员命和品員問善四回因国图國圖在"
    "地坚執培基堅境处外多大天头她好如子学學它安完定实审宣家實審对导将將對導小少就展山工已市常干平年并幹幾应府度建开式強强当形彻很律後得從徹心必思性总息情想意應成我或战戰所手执把护持指据接推提據放政教数整數文料断新斷方於无日时明是時普最會月有服期"
    "本机村条来果查样根格案條检業樣機檢次正此比民气氣水求決沒没治法活流点無然爲物特环现現理環生產用由电當發的监監直相盾省看着督矛知社神种程種稳穩立第等策管範精系糾級紛組結統經綜網線縣總織纠级纷线组织经结统综网羣群義習老者而育能自與色范落處衆行街"
    "表被裏西要見規见规角解計訓訪設說調論識護變计训论设访识说调象貫責資質责质贯资起路軍較较農边过运近还这进這通進運過道還邊那部都鄉里重量鎮镇長长開間關问间電面革領頭題顧顾领题體高麼點黨"
)
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕—…·「」『』％　")
_SAMPLE = 20_000  # characters; enough to be sure, cheap on a long file
_SURE_SHARE = 0.12
_DAMAGE_SHARE = 0.01
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# big5hkscs reads what big5 and most of cp950 read, and the characters of Hong Kong
_CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b\x7f-\x84\x86-\x9f]")  # without tab, line ends, the end marks of old systems
# What "�" leaves when it went through GBK: the best known sign of a text that was decoded wrongly and saved.
_KUN_JIN_KAO = "锟斤拷"
_RESAVE = "Take the file from its source again and save it as UTF-8."


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str]:
    """Characters and the name of the encoding. ``declared`` is what the file says of itself; it is believed where the bytes agree.

    Raises CannotRead where no encoding fits or where the text is damaged.
    """
    text, encoding = _decode(raw, declared)
    check_damage(text)
    return text, encoding


def mark_of(raw: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)


def _decode(raw: bytes, declared: str | None) -> tuple[str, str]:
    marked = mark_of(raw)
    if marked:
        return raw.decode(marked, "replace"), marked
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    named = _named(declared)
    if named:
        try:
            return raw.decode(named), named
        except UnicodeDecodeError:
            pass
    share, encoding = max(((_fitness(raw, candidate), candidate) for candidate in _CANDIDATES), key=lambda found: found[0])
    if share < _SURE_SHARE:
        if b"\0" in raw:
            raise CannotRead("binary", "It is not a text: it holds NUL bytes.", "Save the report as .docx, .pdf with a text layer, or .txt and ingest that.")
        raise CannotRead("encoding", "Its encoding is none of UTF-8, UTF-16 with a mark, GB18030 or Big5, or its text is damaged.", _RESAVE)
    return raw.decode(encoding, "replace"), encoding


def _named(declared: str | None) -> str | None:
    """Codec for a declared charset. Pages that say gb2312 use GBK and GB18030 characters, those that say big5 Microsoft's."""
    name = (declared or "").strip().lower().replace("_", "-")
    if name in {"gb2312", "gbk", "gb18030", "gb-2312", "x-gbk", "csgb2312", "chinese"}:
        return "gb18030"
    if name in {"big5", "big5-hkscs", "x-x-big5", "cn-big5"}:
        return "cp950"
    return None


def _fitness(raw: bytes, encoding: str) -> float:
    """How much the bytes look like Chinese in ``encoding``: share of frequent characters among all that are not ASCII, less a malus for each that fails."""
    sample = [character for character in raw[: 3 * _SAMPLE].decode(encoding, "replace")[:_SAMPLE] if character > "\x7f"]
    if not sample:
        return 0.0
    good = sum(map(_FREQUENT.__contains__, sample)) + 0.5 * sum(map(_PUNCTUATION.__contains__, sample))
    return (good - 2 * sample.count("\ufffd")) / len(sample)


def check_damage(text: str) -> None:
    """Raises CannotRead where the text is empty of characters or shows that it was once decoded wrongly."""
    if not text.strip("\ufeff\u200b\u200c\u200d\u2060\u00ad \t\r\n\f\v\u3000\xa0\x1a").strip():
        raise CannotRead("blank", "It holds only blanks.", "Check that it was saved with its text.")
    if "\0" in text:
        raise CannotRead("binary", "It is not a text: it holds NUL bytes.", "Save the report as .docx, .pdf with a text layer, or .txt and ingest that.")
    lost = text.count("\ufffd") + len(_KUN_JIN_KAO) * text.count(_KUN_JIN_KAO)
    if lost > _DAMAGE_SHARE * len(text) and lost > 1:
        raise CannotRead("damaged", f"{lost:,} of its {len(text):,} characters were lost by a wrong encoding.", _RESAVE)
    if _was_decoded_wrongly(text):
        raise CannotRead("damaged", "It was once read in a wrong encoding and saved so; its characters are not Chinese words.", _RESAVE)
    sample = text[:_SAMPLE]
    controls = len(_CONTROLS.findall(sample)) if _CONTROLS.search(sample) else 0
    if controls > _DAMAGE_SHARE * len(sample) and controls > 1:
        raise CannotRead(
            "binary", "It is not a text: it is full of control characters.", "Save the report as .docx, .pdf with a text layer, or .txt and ingest that."
        )


def _was_decoded_wrongly(text: str) -> bool:
    """UTF-8 that somebody read as GBK (鍏充簬) or Latin-1 (å…³äºŽ) encodes back into UTF-8; real Chinese does not."""
    start = text[:400]
    if sum(map(_FREQUENT.__contains__, start)) > 0.2 * len(start):
        return False
    sample = [character for character in text[:2000] if character > "\x7f"][:200]
    if len(sample) < 12 or sum(map(_FREQUENT.__contains__, sample)) > 0.2 * len(sample):
        return False
    together = "".join(sample)
    for encoding in ("gb18030", "cp1252", "latin-1"):
        # what was lost on the way is passed over; real Chinese, encoded so, has next to nothing left that is UTF-8
        back = [character for character in together.encode(encoding, "ignore").decode("utf-8", "ignore") if character > "\x7f"]
        if len(back) > 0.2 * len(sample) and sum(character in _FREQUENT or character in _PUNCTUATION for character in back) > 2 * _SURE_SHARE * len(back):
            return True
    return False


def decode_name(raw: bytes) -> str:
    """A file name in whatever encoding it was packed: UTF-8, else GB18030, else each byte as \\xNN, always fit for UTF-8."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")
