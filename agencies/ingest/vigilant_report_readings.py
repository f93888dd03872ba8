"""What the text layer of a scanned Vigilant report misreads, and what the page shows.

Two kinds: misreadings that are wrong in any report, and those that a person found in one file by looking at the
images of its pages. The second kind holds for that file only: in another one "Mann" may be what is printed.
"""

import re

_ANYWHERE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), printed)
    for pattern, printed in (
        (r"\(Ml\)", "(MI)"),  # Michigan; no state has a small letter l
        (r"\bPotice\b", "Police"),
        (r"\bAfforney", "Attorney"),
    )
)
"""Pattern and what the page shows, in any report."""

IRVINE_2020 = "c4c0ec733885471bb2b0974e626bf76096a2470f67e70da2e673f70fd9f586a9"
"""SHA-256 of the scan of Irvine's report of 2020-03-02."""

_IN_FILE: dict[str, dict[str, str]] = {
    IRVINE_2020: {
        "CEP - NTC": "CBP - NTC",
        "Caidwell Police Department (NJ)": "Caldwell Police Department (NJ)",
        "China Police Department": "Chino Police Department",
        "Corner Police Department": "Comer Police Department",
        "DeKaIb County Police Department": "DeKalb County Police Department",
        "Drug Enforcement Agency (NAIL)": "Drug Enforcement Agency (NATL)",
        "Fayeffeville Police Department": "Fayetteville Police Department",
        "HendersonvHle Police Department": "Hendersonville Police Department",
        "Jefferson CO TXSO": "Jefferson CO TX SO",
        "Los Angeles World Airport Police (LA)()": "Los Angeles World Airport Police (LAX)",
        "Mann County Sheriffs Office": "Marin County Sheriffs Office",
        "Millet County Sheriffs Office": "Miller County Sheriffs Office",
        "PD Regional Hotlist": "IPD Regional Hotlist",
    }
}
"""By the file's SHA-256: a name as its text layer reads, and as its page shows it."""


def as_shown(text: str, sha256: str) -> str:
    """Return what the page of a file shows where its text layer reads `text`; mostly that very text."""
    shown = _IN_FILE.get(sha256, {}).get(text, text)
    for pattern, printed in _ANYWHERE:
        shown = pattern.sub(printed, shown)
    return shown
