"""What a file is, from its first bytes; its name and what a browser claims say nothing."""

SCANS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
OTHERS = {
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"PK\x03\x04": "application/zip",
    b"ID3": "audio/mpeg",
    b"OggS": "audio/ogg",
}
HEAD = 16  # bytes that are enough to tell
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif"}


def scan_kind(head: bytes) -> str | None:
    """The media type of a PDF, JPEG or PNG; None for anything else."""
    return next((kind for sign, kind in SCANS.items() if head.startswith(sign)), None)


def kind_of(head: bytes) -> str | None:
    """The media type a file's first bytes show; None when they show none we know."""
    if head[4:8] == b"ftyp":  # ISO 14496-12: photographs and films of telephones
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return scan_kind(head) or next((kind for sign, kind in OTHERS.items() if head.startswith(sign)), None)
