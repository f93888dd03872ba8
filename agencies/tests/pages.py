"""Read pages as readers do: words, without markup."""

import re
from html import unescape
from typing import Any

from django.utils.html import strip_tags


def words(response: Any) -> str:
    """Return the page's text with single spaces; blocks and cells stand apart."""
    html = re.sub(r"</(dt|dd|td|th|li|p|h\d)>", " ", response.content.decode())
    return " ".join(unescape(strip_tags(html)).split())
