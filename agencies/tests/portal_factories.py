"""Portal pages made for tests, and where the shared documents stand."""

import os
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
CAPTURES = Path(__file__).parent / "captures"


def portal_page(
    *usage: tuple[str, str], name: str = "Testville CA PD", updated: str = "2026-04-23T13:43:49.361Z"
) -> bytes:
    """Return a small portal page with these usage items (heading, text)."""
    items = "".join(f"<div><p>{escape(heading)}</p><div>{escape(text)}</div></div>" for heading, text in usage)
    stamp = f'<span title="{updated}"></span>' if updated else ""
    return (
        f"<html><body><header><h1>{escape(name)}</h1><p>Last Updated: {stamp}</p></header>"
        f'<div id="usage"><h3>Usage</h3>{items}</div></body></html>'
    ).encode()
