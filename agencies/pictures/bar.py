"""One bar of a row of a table."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def bar(share: float) -> SafeString:
    """Return a bar that fills `share` (0 to 1) of its width.

    It is hidden from screen readers: the number stands in the cell beside it and would only be read out twice.
    """
    width = round(100 * min(max(share, 0), 1), 1)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-all" width="100" height="8"/><rect class="bar-part" width="{}" height="8"/></svg>',
        f"{width:g}",
    )
