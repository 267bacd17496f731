"""When two mails are one."""

import hashlib

from apaise.lib.mime import Mail


def fingerprint(mail: Mail) -> str:
    """What makes two mails the same message: who, when, its id, its words and files; not the way it travelled."""
    said = [
        mail.message_id or "",
        mail.from_[0].address.lower() if mail.from_ else "",
        str(mail.date),
        mail.subject.strip(),
        " ".join(mail.text.split()),
        *sorted(file.sha256 for file in mail.attachments),
    ]
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()
