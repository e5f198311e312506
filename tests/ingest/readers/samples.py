"""Small files of every format, made here. Names and numbers are invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ingest.model import Source
from ingest.readers import Limits, Unreadable, iter_sources, read_bytes

SIMPLIFIED = (
    "青溪镇2023年法治政府建设情况报告\n县人民政府：\n2023年，青溪镇坚持以习近平法治思想为指导，认真落实县委、县政府关于法治建设的部署，全年召开专题会议4次。\n"
    "一、主要工作\n（一）加强组织领导。成立由镇长任组长的领导小组，把法治建设列入年度考核，研究解决突出问题12个。\n"
    "（二）化解矛盾纠纷。依托“清风茶馆”调解室，排查矛盾纠纷136件，调处成功133件；开展法治宣传23场次，发放资料4600余份。\n"
    "二、存在问题\n一是法律顾问作用发挥不够充分，二是执法人员力量不足。\n三、下一步打算\n继续推进“一村一法律顾问”工作，落实行政执法三项制度。\n青溪镇人民政府\n2024年1月12日\n"
)
TRADITIONAL = (
    "青溪鎮2023年法治政府建設情況報告\n縣人民政府：\n2023年，青溪鎮堅持依法行政，認真落實縣政府關於法治建設的部署，全年召開專題會議4次。\n"
    "一、主要工作\n（一）加強組織領導。成立由鎮長任組長的領導小組，把法治建設列入年度考核，研究解決突出問題12個。\n"
    "（二）化解矛盾糾紛。依託「清風茶館」調解室，排查矛盾糾紛136件，調處成功133件；開展法治宣傳23場次，發放資料4600餘份。\n"
    "二、存在問題\n一是法律顧問作用發揮不夠充分，二是執法人員力量不足。\n三、下一步打算\n繼續推進「一村一法律顧問」工作，落實行政執法三項制度。\n"
)


def read_one(name: str, raw: bytes, limits: Limits | None = None) -> Source:
    (item,) = read_bytes(name, raw, limits)
    assert isinstance(item, Source), item
    return item


def refuse_one(name: str, raw: bytes, limits: Limits | None = None) -> Unreadable:
    (item,) = read_bytes(name, raw, limits)
    assert isinstance(item, Unreadable), item
    return item


def read_paths(*paths: Path, limits: Limits | None = None, root: Path | None = None) -> tuple[dict[str, Source], dict[str, Unreadable]]:
    """Sources and Unreadables of one batch by key and name."""
    items = list(iter_sources(paths, limits, root=root))
    return {item.key: item for item in items if isinstance(item, Source)}, {item.name: item for item in items if isinstance(item, Unreadable)}


def make_zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return packed.getvalue()


def make_gbk_zip(name: str, raw: bytes) -> bytes:
    """A zip as Chinese Windows packs it: the name in GBK and no flag that says so."""
    plain = "x" * len(name.encode("gbk"))
    return make_zip({plain: raw}).replace(plain.encode(), name.encode("gbk"))


def make_chinese_pdf(pages: list[list[str]], from_bottom: bool = False) -> bytes:
    """A pdf with lines of text from the top of each page (or stored from the bottom up)."""
    contents = []
    for lines in pages:
        placed = [(60.0, 780.0 - 22 * row, line) for row, line in enumerate(lines)]
        contents.append(b"".join(_show(*words) for words in (reversed(placed) if from_bottom else placed)))
    return _make_pdf(contents)


def make_ruled_pdf(
    above: list[str], rows: list[list[str]], below: list[str], *, framed: bool = True, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None
) -> bytes:
    """A pdf page with a table between lines of text; ``framed``: with a frame around each cell. ``spans``: (rows, columns) that the cell at a place covers."""
    covers = dict(spans or {})
    parts = [_show(60, 780 - 22 * row, line) for row, line in enumerate(above)]
    top, high, wide = 780.0 - 22 * len(above), 24, 110
    covered = {
        (row + down, column + right) for (row, column), (rows_, columns) in covers.items() for down in range(rows_) for right in range(columns)
    } - covers.keys()
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            if (row, column) in covered:
                continue
            tall, broad = covers.get((row, column), (1, 1))
            left, base = 60 + wide * column, top - high * (row + tall)
            if framed:
                parts.append(b"%d %d %d %d re S\n" % (left, base, wide * broad, high * tall))
            parts.append(_show(left + 4, base + high * tall / 2 - 4, words))
    parts += [_show(60, top - high * len(rows) - 30 - 22 * row, line) for row, line in enumerate(below)]
    return _make_pdf([b"".join(parts)])


def _show(left: float, base: float, words: str) -> bytes:
    return b"BT /F1 12 Tf %d %d Td <%s> Tj ET\n" % (left, base, words.encode("utf-16-be").hex().encode())


def _make_pdf(pages: list[bytes]) -> bytes:
    """A pdf in a font that every reader knows by name (STSong-Light), so that none has to be embedded."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for number, words in enumerate(pages):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (7 + 2 * number))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words))
    raw, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(raw),
    )
