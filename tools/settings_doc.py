"""docs/operate/settings.md, written from the typed readers of apaise/config/settings.py.

python tools/settings_doc.py             says whether the document is up to date
python tools/settings_doc.py --write     writes it"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operate" / "settings.md"
SET_BY_US = {"APAISE_DEMO"}  # `run --demo` sets it; nobody should by hand

HEAD = """# Settings

Written by `make docs` from `apaise/config/settings.py`; do not edit by hand.

Apaise reads its settings from the environment when it starts; without any it runs on SQLite in `./data`. Each may also
be given as a file: `NAME_FILE=/run/secrets/name` is read in place of `NAME`, so that a secret need not stand in the
environment. A value that cannot be used stops the start with one line that says which, and what to write instead.

| setting | without it | what it says |
| --- | --- | --- |
"""


def document() -> str:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("APAISE_SECRET_KEY", "only to read the settings")
    from apaise.config import env, settings  # noqa: F401  (importing the settings makes the readers known)

    rows = [
        f"| `{known.name}` | {f'`{known.default}`' if known.default else '–'} | {known.about} |"
        for known in sorted(env.KNOWN.values())
        if known.name not in SET_BY_US
    ]
    return HEAD + "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    wanted = document()
    if "--write" in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print(f"{PAGE.relative_to(ROOT)} is not what the readers say: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
