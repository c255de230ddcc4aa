"""What a file really is, from its first bytes; and whether a browser could read it as a page."""

import re

from curator.ingest.verdict import Refused

FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
"""Accepted extensions, in lower case, and the format that a file with each must have."""

OTHER_PICTURES = frozenset(
    ".svg .svgz .heic .heif .avif .jxl .jp2 .j2k .psd .psb .xcf .ai .eps .ico .icns .tga .pcx .ppm .pgm .pbm .exr .hdr"
    " .dng .cr2 .cr3 .nef .arw .orf .rw2 .raf .apng .mng .wmf .emf".split()
)
"""Extensions of pictures that are not accepted; such files are listed, not passed over."""

SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
STRANGERS = (
    (b"II+\0", "BigTIFF"),
    (b"MM\0+", "BigTIFF"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"8BPS", "Photoshop"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"#!", "a script"),
    (b"\0\0\1\0", "an icon"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"version https://git-lfs", "a Git LFS pointer instead of the file; run `git lfs pull`"),
)
# Eight printable characters must follow, because "<svg" alone turns up by chance in the pixel data of a large set.
MARKUP = re.compile(
    rb"<(?:script|svg|html|!doctype\s+html|iframe|body|head|object|embed)[\s/>][\t\n\r\x20-\x7e]{8}", re.IGNORECASE
)
PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--.*?-->|<!doctype[^>]*>|\s)*<(\w+)", re.IGNORECASE | re.DOTALL
)


def check_type(content: bytes, suffix: str) -> str:
    """The format of a picture file whose extension is `suffix`. Raises Refused where content and extension differ."""
    expected = FORMATS[suffix.lower()]
    found = _format(content)
    if found == expected:
        if MARKUP.search(content):
            raise Refused(f"polyglot: a {found} picture that a browser could also read as HTML or SVG")
        return found
    if found is not None:
        raise Refused(f"wrong type: a {found} picture named {suffix}")
    raise Refused(f"not a picture: named {suffix}, but it holds {_stranger(content)}")


def _format(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((name for signature, name in SIGNATURES if content.startswith(signature)), None)


def _stranger(content: bytes) -> str:
    for signature, name in STRANGERS:
        if content.startswith(signature):
            return name
    if content[4:8] == b"ftyp":
        return "HEIC, AVIF or video"
    page = PAGE.match(content[:4096])
    if page:
        return {b"svg": "SVG", b"html": "HTML"}.get(bytes(page[1]).lower(), "HTML or XML")
    if not content.strip(b"\0"):
        return "nothing but zeros"
    if MARKUP.search(content):
        return "HTML or SVG"
    text = all(byte >= 32 or byte in b"\t\n\r\f" for byte in content[:512])
    return "text" if text else "something unknown"
