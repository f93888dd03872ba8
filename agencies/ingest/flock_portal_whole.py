"""Whether a copy of a portal's page is all of it: one that is cut short would read as a shorter list."""

import re

CLOSING = "</html>"
"""How a whole page ends, as it is stored."""

_LAST = re.compile(rb"</html\s*>(?:\s|<!--(?:(?!-->).)*-->)*", re.DOTALL)


def is_whole(data: bytes) -> bool:
    """Tell whether a page closes its html element, with only white space and comments after that.

    Every portal page seen so far ends so. A browser needs no closing tag, and a parser makes up for a missing one, so
    that only the bytes can tell.
    """
    page = data.lower()
    last = page.rfind(b"</html")
    return last >= 0 and _LAST.fullmatch(page, last) is not None
