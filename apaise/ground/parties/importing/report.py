"""What is wrong with a row or a file, and what to do, in a sentence for a person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WHY = {
    "short": gettext_lazy("The row has fewer cells than there are headings. Look for a missing separator or a line break without quotes."),
    "long": gettext_lazy("The row has more cells than there are headings. Put quotes around a value that holds the separator."),
    "quotes": gettext_lazy("The quotes of this row do not pair. Write a quote inside a value twice."),
    "unreadable": gettext_lazy("Some letters cannot be read. Save the file as UTF-8 and upload it again."),
    "no_key": gettext_lazy("Nothing recognises the customer. Fill in the customer number, the e-mail or the organisation."),
    "no_holder": gettext_lazy("The contract has no customer. Fill in the customer or the organisation."),
    "too_long": gettext_lazy("The value is too long. Shorten it."),
    "bad_email": gettext_lazy("This is no e-mail address. Correct it or empty the cell."),
    "bad_phone": gettext_lazy("A phone number has 6 to 15 digits. Correct it or empty the cell."),
    "bad_date": gettext_lazy("This is no date. Write it as 31/03/2027 or 2027-03-31."),
    "bad_amount": gettext_lazy("This is no amount. Write it as 1234,56 or 1234.56, without a minus sign."),
    "ambiguous_amount": gettext_lazy("This may be thousands or decimals. Write 1234 or 1,23."),
    "bad_currency": gettext_lazy("A currency has three letters, such as EUR."),
    "bad_activity": gettext_lazy("This activity is not known. Use one of those on the page of an organisation."),
    "bad_sector": gettext_lazy("This sector is not known. Use one of the sectors of the contract form."),
    "bad_kind": gettext_lazy("This kind of customer is not known. Use consumer, business, public body, association…"),
    "bad_period": gettext_lazy("This period is not known. Write month, quarter, year or once."),
    "bad_state": gettext_lazy("This state is not known. Write active, suspended or ended."),
    "bad_yes_no": gettext_lazy("Write yes or no."),
    "bad_language": gettext_lazy("Write fr or en."),
    "email_of_other": gettext_lazy("This e-mail address belongs to a customer with another number. Correct one of the two, or merge the two people first."),
    "dates_reversed": gettext_lazy("The contract is renewed or ends before it starts. Check the dates."),
    "repeated": gettext_lazy("The same customer and contract stand on an earlier line with other values. Keep one of the two lines."),
    "moved_on": gettext_lazy("This customer was changed by somebody else in the meantime. Load the file again: what is in already stays."),
}  # fmt: skip


def why(code: str) -> str:
    """What is wrong with a row, and what to do."""
    return str(WHY.get(code, code))


def why_unreadable(code: str, line: int = 0) -> str:
    """What is wrong with a whole file, and what to do."""
    said = {
        "empty": _("The file is empty. Choose the file that holds your customers."),
        "spreadsheet": _("This is a spreadsheet. Save it as CSV, then upload that file."),
        "binary": _("This is no text file. Save your customers as CSV, then upload that file."),
        "no_columns": _(
            "No columns were found. The first line must name them, separated by semicolons, commas or tabs."
        ),
        "open_quote": _(
            "The quotes opened on line %(line)s never close, so what follows cannot be read. Close or remove them, then upload the file again."
        )
        % {"line": line},
    }
    return said.get(code, code)
