"""Prints the records of WARC files as warcio reads them, as JSON lines; `records` runs it in the tool environment."""

import base64
import hashlib
import json
import sys

from warcio.archiveiterator import ArchiveIterator

for path in sys.argv[1:]:
    with open(path, "rb") as file:  # noqa: PTH123
        records = ArchiveIterator(file, no_record_parse=True)
        for record in records:
            block = hashlib.sha1(record.raw_stream.read()).digest()
            line = [
                record.rec_type,
                record.rec_headers.get_header("WARC-Record-ID"),
                record.rec_headers.get_header("WARC-Target-URI"),
                record.rec_headers.get_header("WARC-Payload-Digest"),
                "sha1:" + base64.b32encode(block).decode(),
                records.get_record_offset(),
                records.get_record_length(),
            ]
            print(json.dumps([path, *line]))
