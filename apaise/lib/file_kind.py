"""What a file is, from its first bytes; its name and what a browser claims say nothing."""

SCANS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
HEAD = 16  # bytes that are enough to tell


def scan_kind(head: bytes) -> str | None:
    """The media type of a PDF, JPEG or PNG; None for anything else."""
    return next((kind for sign, kind in SCANS.items() if head.startswith(sign)), None)
