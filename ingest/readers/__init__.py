"""Files into Sources: txt, md, html, docx, pdf, jsonl, zip and folders of these; scans with the extra ``[ocr]``, old .doc files with a converter.

    for item in iter_sources([Path("corpus")]):
        if isinstance(item, Unreadable):
            print(item)  # name: reason. cure.
        else:
            analyse(item)  # a Source

What ``Source.text`` is, which every offset counts in:

* txt and md: the exact characters of the decoded file, with byte order mark and line ends; ``raw.decode(encoding) == text`` for a sound file;
* the ``text`` of a jsonl row: the exact characters of the field;
* html, docx, pdf and the ``html`` of a row: the text that the reader took out, paragraphs on lines of their own, a table's rows as well, with
  tabs between the places of its grid. It depends on the reader's version, so it is stored beside the original.

``Source.raw`` is the file, or the field of the row in UTF-8. Keys: see ``ingest.readers.walk``; inside a zip ``archive.zip!/inner/path.txt``; a row goes by
its ``key``. A side file ``NAME.meta.json`` beside ``NAME`` gives title, url, published, place and any other metadata, before what the file says of itself.
What a file is, content decides before its ending: see ``ingest.readers.kinds``.
"""

from ingest.readers.batch import count_inputs, iter_sources, read_bytes
from ingest.readers.limits import CannotRead, Limits, Unreadable

__all__ = ["CannotRead", "Limits", "Unreadable", "count_inputs", "iter_sources", "read_bytes"]
