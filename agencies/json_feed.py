"""The feeds in another form: JSON Feed 1.1, from the same entries as Atom."""

import json
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import SyndicationFeed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed; members without a value are left out, as the format wants it."""
        about = self.feed
        feed = {
            "version": VERSION,
            "title": about["title"],
            "home_page_url": about["link"],
            "feed_url": about["feed_url"],
            "description": about["subtitle"],
            "language": about["language"],
            "authors": [{"name": about["author_name"]}],
            "items": [_item(item) for item in self.items],
        }
        kept = {name: value for name, value in feed.items() if value not in (None, "")}
        outfile.write(json.dumps(kept, ensure_ascii=False).encode(encoding))


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as an item."""
    return {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "content_html": item["description"],
        "date_published": _moment(item["pubdate"]),
        "date_modified": _moment(item["updateddate"]),
    }


def _moment(moment: datetime) -> str:
    """Return a moment as RFC 3339 has it."""
    return moment.isoformat(timespec="seconds")
