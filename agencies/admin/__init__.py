"""The editors' desk at /admin/: one file a noun. Append-only rows are shown, never edited; what undoes them is added.

No GIS widget here: the site runs without GDAL.
"""

from agencies.admin import (
    agency,
    alias,
    answer,
    change,
    confirmation,
    finding,
    kept,
    law,
    link,
    mapping,
    merge,
    place,
    record_change,
    release,
    run,
    source,
    statement,
    subscription,
    upload,
    watch,
    withdrawal,
)

__all__ = [
    "agency",
    "alias",
    "answer",
    "change",
    "confirmation",
    "finding",
    "kept",
    "law",
    "link",
    "mapping",
    "merge",
    "place",
    "record_change",
    "release",
    "run",
    "source",
    "statement",
    "subscription",
    "upload",
    "watch",
    "withdrawal",
]
