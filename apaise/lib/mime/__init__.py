"""Reading mail: raw bytes in, one `Mail` out, whatever the sender's program did to it.

The chain, one file a step; each takes what the step before made:

    opening     bytes that can be a mail at all, or Unreadable
    parts       the tree of parts, cut by offsets and capped
    fields      header fields: words decoded, control characters gone
    addresses, parameters, dates, names     what stands in a header field
    transfer, charset, doubled, flowed      bytes of a part -> text or attachment
    bodies      which parts are the words; files: which are attachments
    enclosed    what is wrapped once more (envelopes: S/MIME and PGP; tnef, rtf: winmail.dat), and, where there
                are no words, those of an invitation, of enriched text or of mails sent on as files
    markup      HTML -> text; safe_html: HTML -> safe HTML
    history     words of the writer, apart from quoted mail: by lines, and by what programs mark in HTML
    seen        what tells a machine from a person; machine: was this written by a person?
                absence: a mailbox that answers by itself; reports: what a bounce says
    tongue      which language?
    forward     a mail that somebody passes on for somebody else; forward_heads, forward_dates: its copied head
"""

from apaise.lib.mime.addresses import normalise_address, same_address
from apaise.lib.mime.mail import Address, Attachment, Limits, Mail, Unreadable
from apaise.lib.mime.names import clean_name
from apaise.lib.mime.read import read

__all__ = [
    "Address",
    "Attachment",
    "Limits",
    "Mail",
    "Unreadable",
    "clean_name",
    "normalise_address",
    "read",
    "same_address",
]
