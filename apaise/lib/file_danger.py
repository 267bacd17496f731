"""Which files may do harm when somebody opens them: programs, scripts, pages that run scripts, documents with macros."""

import re

PROGRAM = "application/x-msdos-program"
SCRIPT = "application/x-script"
HTML, SVG = "text/html", "image/svg+xml"
# Endings that a machine runs, or opens so that something runs, and the type of a text that has one.
SCRIPTS = {
    **dict.fromkeys(
        ("js", "jse", "mjs", "vbs", "vbe", "wsf", "wsh", "wsc", "sct", "ps1", "psm1", "ps1xml"), SCRIPT
    ),
    **dict.fromkeys(
        ("bat", "cmd", "sh", "bash", "zsh", "command", "py", "pyw", "pl", "rb", "php", "lua"), SCRIPT
    ),
    **dict.fromkeys(
        ("reg", "inf", "url", "desktop", "scf", "library-ms", "settingcontent-ms", "iqy", "slk"), SCRIPT
    ),
    **dict.fromkeys(("hta", "htm", "html", "xhtml", "xht", "shtml", "mht", "mhtml"), HTML),
    **dict.fromkeys(("svg", "svgz"), SVG),
}
_ENDINGS = frozenset(SCRIPTS) | frozenset(
    "exe com scr pif dll cpl msi msp msix appx sys drv ocx jar class apk dex ipa app dmg pkg deb rpm run bin elf"  # noqa: SIM905
    " lnk chm hlp one onepkg iso img vhd vhdx swf wasm xll xlam docm dotm xlsm xltm xlsb pptm potm ppsm ppam sldm".split()
)
_PROGRAMS = frozenset(
    {
        "application/vnd.microsoft.portable-executable", "application/x-executable", "application/x-mach-binary",
        "application/vnd.android.dex", "application/vnd.android.package-archive", "application/java-archive",
        "application/wasm", "application/x-msi", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp",
        "application/x-shockwave-flash", "application/x-msdownload", "application/x-sh", "application/x-dosexec",
        "application/onenote", PROGRAM,
    }
)  # fmt: skip
_SCRIPTED = frozenset(
    {SCRIPT, "text/javascript", "application/javascript", "application/x-javascript", "application/x-httpd-php", "text/x-python"}
)  # fmt: skip
_PAGES = frozenset({HTML, SVG, "application/xhtml+xml", "text/xml", "application/xml", "multipart/related"})
# How such a text begins, or what it says early and an ordinary letter hardly does. Bounded: `head` is a few thousand bytes.
_FIRST_TAG = re.compile(
    rb"<(!doctype\s{1,9})?(html|head|body|script|iframe|meta|svg|hta:|title|style|link|base)\b", re.IGNORECASE
)
_PAGE_INSIDE = re.compile(
    rb"<(?:script|svg|iframe|object|embed|foreignobject)[\s>/]|<html[\s>]", re.IGNORECASE
)
_PROGRAM_TEXT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s{0,99}(?:#!\s?/|<\?php|<job[\s>]|<package[\s>]|<scriptlet|@echo off|\[InternetShortcut\]|\[Desktop Entry\]|Windows Registry Editor)"
    rb"|new\s+ActiveXObject\s*\(|WScript\.(?:Shell|CreateObject|Sleep|Quit)|CreateObject\s*\(\s*[\"']"
    rb"|\bpowershell(?:\.exe)?\s+-|Invoke-(?:Expression|WebRequest)|\bIEX\s*\(|Set-ExecutionPolicy|\[System\.Convert\]::",
    re.IGNORECASE,
)


def script_of(head: bytes) -> str | None:
    """The type of a page or script these first bytes are; None when they are neither."""
    text = _as_bytes(head)
    if tag := _FIRST_TAG.match(_past_the_prologue(text)):
        return SVG if tag[2].lower() == b"svg" else HTML
    if b"\0" in text[:64]:  # a picture or an archive: letters in it are no text
        return None
    if _PROGRAM_TEXT.search(text):
        return SCRIPT
    return HTML if _PAGE_INSIDE.search(text) and not _is_mail(text) else None


def _past_the_prologue(text: bytes) -> bytes:
    """From the first tag on: past the mark of byte order, the XML declaration and comments."""
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    while text.startswith((b"<?xml", b"<!--")):
        _before, end, text = text.partition(b"-->" if text.startswith(b"<!--") else b"?>")
        if not end:
            return b""
        text = text.lstrip()
    return text


def _is_mail(text: bytes) -> bool:
    return bool(re.match(rb"[\w-]{2,40}:[ \t]", text))  # its own parts are looked at one by one


def _as_bytes(head: bytes) -> bytes:
    for sign, coding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(sign):
            return head[2:].decode(coding, "replace").encode("utf-8", "replace")
    return head


def danger_of(kind: str, name: str) -> str:
    """What harm opening this file may do: "program", "script", "page", "macros"; "" for none we know."""
    plain, ending = kind.partition(";")[0].strip().lower(), name.rstrip(". ").rpartition(".")[2].lower()
    if plain in _PROGRAMS:
        return "program"
    if "macroenabled" in plain:
        return "macros"
    if plain in _SCRIPTED:
        return "script"
    if plain in _PAGES or plain.endswith(("+xml", "/xml")):
        return "page"
    if ending in _ENDINGS:  # the name decides what opens it, whatever the bytes are
        return {HTML: "page", SVG: "page", SCRIPT: "script"}.get(
            SCRIPTS.get(ending, ""), "macros" if ending in _WITH_MACROS else "program"
        )
    return ""


_WITH_MACROS = frozenset("xll xlam docm dotm xlsm xltm xlsb pptm potm ppsm ppam sldm".split())  # noqa: SIM905
