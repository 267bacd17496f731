"""One list of values, written once; two dark lists that are the same; contrasts that hold in both themes."""

import hashlib
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "static"
ROOT = Path(__file__).parents[3]
TOKENS = (STATIC / "css/tokens.css").read_text(encoding="utf-8")


def values(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", block)}


def blocks(selector: str) -> list[dict[str, str]]:
    return [
        values(body)
        for found, body in re.findall(r"(:root[^{]*)\{([^{}]*)\}", TOKENS)
        if found.strip() == selector
    ]


LIGHT = blocks(":root")[0]
DARK = blocks(':root[data-theme="dark"]')[0]


def test_dark_is_the_same_by_system_and_by_choice():
    [by_system] = blocks(':root:not([data-theme="light"])')
    assert by_system == DARK
    assert len(DARK) > 40


def test_dark_only_changes_values_that_light_has():
    assert set(DARK) <= set(LIGHT)


def test_colours_live_in_the_tokens_and_nowhere_else():
    for sheet in sorted((STATIC / "css").glob("*.css")):
        if sheet.name == "tokens.css":
            continue
        css = re.sub(r"url\([^)]*\)", "", sheet.read_text(encoding="utf-8"))
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", css), sheet.name


def test_every_value_a_stylesheet_asks_for_is_given_somewhere():
    css = "".join(sheet.read_text(encoding="utf-8") for sheet in (STATIC / "css").glob("*.css"))
    asked = set(re.findall(r"var\((--[\w-]+)\)", css))  # with a fallback it may be missing
    assert asked - set(values(css)) == set()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
def test_words_keep_4_5_and_signs_3(theme):
    words = ["ink", "ink-2", "ink-3", "lac", "ocre", "brique", "sapin", "prune"]
    grounds = [*product(words, ["surface", "paper"])]
    grounds += [(tone, f"{tone}-tint") for tone in ("lac", "ocre", "brique", "sapin", "prune")]
    grounds += [
        ("lac-ink", "lac"),
        ("lac-ink", "lac-hover"),
        ("note-ink", "note"),
        ("rail-ink", "rail"),
        ("rail-alert-ink", "rail-alert"),
    ]
    for word, ground in grounds:
        assert contrast(theme[f"--{word}"], theme[f"--{ground}"]) >= 4.5, (word, ground)
    for sign in (
        "line-strong",
        "ocre-solid",
        "brique-solid",
        "sapin-solid",
        "prune-solid",
        "t-0",
        "t-1",
        "t-2",
        "t-3",
    ):
        assert contrast(theme[f"--{sign}"], theme["--surface"]) >= 3, sign


def test_vendored_files_are_what_the_list_says_and_carry_their_licence():
    listed = tomllib.loads((ROOT / "vendor.toml").read_text(encoding="utf-8"))["vendored"]
    for entry in listed:
        assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry[
            "file"
        ]
        assert (ROOT / entry["licence_file"]).read_text(encoding="utf-8").strip()
    served = {
        path
        for folder in ("fonts", "vendor")
        for path in (STATIC / folder).iterdir()
        if "LICENSE" not in path.name
    }
    shipped = {ROOT / entry["file"] for entry in listed if entry["file"].startswith("apaise/")}
    assert shipped == served
