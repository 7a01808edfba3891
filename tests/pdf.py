"""What a PDF holds."""

import re
import zlib


def text_of(document: bytes) -> bytes:
    """The file with its streams unpacked."""
    text = document
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            text += zlib.decompress(stream)
        except zlib.error:
            continue
    return text


def pages_in(document: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text_of(document)))
