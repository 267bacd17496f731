"""What is known of one language: parts of regular expressions, lower case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    opens: str = ""  # before the date of a head: "Le 3 mars …"
    wrote: str = ""  # the verb of a head, wherever it stands
    days: str = ""
    months: str = ""
    own: str = ""  # words of a sentence, never of a sender's name: "votre technicien m'a écrit :"
    sender: str = ""  # labels of a copied header
    sent: str = ""  # of Outlook, Zimbra …: no letter has a heading with these
    date: str = ""
    to: str = ""
    subject: str = ""
    original: str = ""  # "-----Message d'origine-----"
    forwarded: str = ""
    also: str = ""  # further labels
    quoting: str = ""  # "Selon Jeanne <j@exemple.test> :", with no verb
