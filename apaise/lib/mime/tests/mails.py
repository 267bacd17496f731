"""Mails for the tests, made from the little that matters in each."""


def mail(body: str | bytes = "", *, encoding: str = "utf-8", **fields: str | bytes) -> bytes:
    """A mail from Jeanne; `content_type=` becomes the field Content-Type, `from_=` the field From."""
    given = {
        "from_": "Jeanne Petit <jeanne@client.test>",
        "to": "reclamations@exemple.test",
        "subject": "Panne",
    }
    head = b""
    for name, value in {**given, **fields}.items():
        raw = value if isinstance(value, bytes) else value.encode(encoding)
        head += name.strip("_").replace("_", "-").encode() + b": " + raw + b"\r\n"
    return head + b"\r\n" + (body if isinstance(body, bytes) else body.encode(encoding))


def html(body: str, **fields: str | bytes) -> bytes:
    return mail(body, content_type="text/html; charset=utf-8", **fields)


def multipart(*parts: bytes, kind: str = "mixed", closed: bool = True, **fields: str | bytes) -> bytes:
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + (b"--x--\r\n" if closed else b"")
    return mail(body, content_type=f'multipart/{kind}; boundary="x"', **fields)


def part(content: str | bytes, content_type: str = "text/plain; charset=utf-8", **fields: str) -> bytes:
    return mail(content, content_type=content_type, **fields).split(b"\r\n", 3)[3]
