"""The record described for machines: schema.org's Dataset, for the page about the data."""

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from agencies.counts import RecordCounts

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""Those of Django's `json_script`: the text can't end its script element, whatever stands in it."""


def describe(request: HttpRequest, counts: RecordCounts) -> SafeString:
    """Return the description as JSON-LD, safe inside a script element; a data block, which no browser executes."""
    about = request.build_absolute_uri(reverse("about"))
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{about}#dataset",
        "name": _("ALPR Sharing Atlas"),
        "description": _(
            "Which law-enforcement agencies of the United States give each other, and federal agencies, access to "
            "licence plate reader data, since when, and how anyone knows. Every statement has its document."
        ),
        "url": about,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": request.LANGUAGE_CODE,
        "spatialCoverage": {"@type": "Place", "name": "United States"},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": _("agencies"), "value": counts.agencies},
            {"@type": "PropertyValue", "name": _("statements"), "value": counts.statements},
            {"@type": "PropertyValue", "name": _("dated copies of documents"), "value": counts.captures},
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": request.build_absolute_uri(reverse("api:root")),
            }
        ],
    }
    if counts.newest:
        described["dateModified"] = counts.newest.isoformat()
    return mark_safe(json.dumps(described, ensure_ascii=False).translate(ESCAPES))  # noqa: S308  (escaped above)
