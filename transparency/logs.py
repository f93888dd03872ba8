"""What keeps readers out of the logs: query strings and network addresses are cut from every line."""

import logging
import re
from ipaddress import ip_address

QUERY = re.compile(r"(?<=[\w/.\-])\?[^\s\"'>\])]+")
MAYBE_ADDRESS = re.compile(r"(?<![\w.:])[0-9A-Fa-f:.]{3,}")


def without_readers(text: str) -> str:
    """Return the text with each query string and network address replaced by a word for it."""
    return MAYBE_ADDRESS.sub(without_address, QUERY.sub("?[query]", text))


def without_address(match: re.Match[str]) -> str:
    """Return the word for an address, or what matched where it is none (a time, a version)."""
    core = match[0].rstrip(":.")
    try:
        ip_address(core)
    except ValueError:
        return match[0]
    return "[address]" + match[0][len(core) :]


class PrivacyFilter(logging.Filter):
    """Rewrite a record's message, arguments included; keep every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the cleaned message in place of the message and its arguments."""
        record.msg, record.args = without_readers(record.getMessage()), None
        return True
