"""Policy packs, taxonomy and templates: checked data, what it means, and what a case freezes of it at receipt."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"
