"""Static files served from where they lie, under addresses that change with their content."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """`css/base.css?v=3f9c…`: browsers may keep it long, and an upgrade shows at once. Nothing is collected or built."""

    def url(self, name: str | None) -> str:
        version = _version(name or "")
        return f"{super().url(name)}?v={version}" if version else super().url(name)


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    file = Path(settings.STATIC_ROOT) / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
