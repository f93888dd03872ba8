"""The words of printed names: sorts of body, classes of place, marks, abbreviations. Data only."""

import re

BODIES: tuple[tuple[str, str], ...] = (
    # Longest and most telling first: the first that is found names the sort of body.
    ("not_agency", r"hoa|homeowners?( association| assoc)?|residents association|community association|property owners"
                   r"( association)?|condo(minium)?s?|apartments?|autobody|shopping (center|centre|mall)"
                   r"|country club|yacht club|tennis club|golf|lodge|inc|llc|corp|corporation|insurance company|fedex"
                   r"|topgolf|real estate|property management"),
    ("dispatch", r"dispatch|central dispatch|disp|911( center)?|communications? center|recc|emergency communications?"),
    ("attorney_general", r"(office of (the )?)?attorney generals?( office)?"),
    ("prosecutor", r"(office of the )?district attorneys?( office)?|das?( office)?|county attorneys?( office)?"
                   r"|states? attorneys?( office)?|prosecut(or|ors|ing attorneys?)( office)?|commonwealths attorneys?"
                   r"( office)?"),
    ("constable", r"const(able)?s?( office)?( (pct|precinct))?( \d+)?"),
    ("probation", r"(adult )?probation( department| dept)?|parole|corrections?|department of corrections?|doc|jail"),
    ("task_force", r"(drug |narcotics? |arson |auto theft |crime |regional |major crimes? )*(task ?force|tf)( \d+)?"
                   r"|fusion cent(er|re)|intelligence cent(er|re)|hidta|crime analysis cent(er|re)|crime center"
                   r"|auto theft( team)?|major (case|crimes?)( unit| squad| team)?|narcotics( unit| team)?"
                   r"|real time crime|information network|information exchange|drug unit"),
    ("school", r"(independent |unified |consolidated |city |county )*"
               r"(school district|schools?|isd|usd|cisd)( police)?"),
    ("campus", r"universit(y|ies)|univ|college|campus|community college|junior college|institute of technology|csu|suny"
               r"|cuny|uc|polytechnic|seminary|school of medicine|school of mines"),
    ("tribal", r"tribal|tribes?|rancheria|indian (community|reservation|nation)|band of|pueblo|nation"),
    ("hospital", r"hospitals?|medical cent(er|re)|health(care)?( system)?|clinic"),
    ("housing", r"housing authority"),
    ("airport", r"(regional |international |intl |municipal )*airport( authority)?|airport police"),
    ("transit", r"transit( authority| police)?|railroad|rr|railway|metro transit|rapid transit|bart|metra|marta|septa"
                r"|port (authority|police)|harbor( police)?|bridge authority"),
    ("parks", r"(state |county |metro |regional |open space )*parks?( district| department| and recreation)( police)?"
              r"|state parks?|forest preserves?( district)?|conservation( district)?|metroparks|park rangers?|wildlife"
              r"|fish and wildlife|fish wildlife|natural resources|game and fish|fish game"),
    ("fire", r"fire( department| dept| marshals?| authority| district)( office)?|arson( bureau)?"),
    ("state_police", r"state (police|patrol|troopers)|highway patrol"),
    ("sheriff", r"sheriffs?( office| department| dept)?|so|sd|shf"),
    ("marshal", r"(city |town )?marshals?( office| department)?"),
    ("police", r"(municipal )?police( department| dept| division| bureau| dep)?|pd|dps|bureau pd"
               r"|(department|dept|division|bureau) of (police|public safety|pub safety)"
               r"|public safety( department| dept)?"),
)  # fmt: skip
"""(sort of body, pattern of folded words). A name may hold several: the first in this order counts."""

LEVELS: tuple[tuple[str, str], ...] = (
    ("township", r"charter township( of)?|township( of)?|twps?( of)?"),
    ("county", r"county( of)?|co|parish"),
    ("village", r"(inc )?village( of)?|vlg"),
    ("borough", r"borough( of)?|boro"),
    ("town", r"town of|town"),
    ("city", r"city of"),
)
"""(class of place, pattern of folded words). "city" behind a name stays part of it: Union City, Ogden City."""

FLAGS: tuple[tuple[str, str], ...] = (
    ("do_not_use", r"\bDNU\b|do not use|don'?t use|\bnot? use\b|duplicate|\bdupe\b|please delete|\bdelete\b|dead/old"
                   r"|[-(]\s*old\)?$|\bold$"),
    ("inactive", r"\binactive\b|\brevoked( mou)?\b|\bformer\b"),
    ("deactivated", r"\bdeactivated\b|\bdecommissioned( org)?\b|\bturned off\b"),
    ("demo", r"\bdemo( cam| account)?\b|\btest( account)?\b|\b(LE|flock)\b.*\btraining\b|\btraining$"
             r"|\bsandbox\b|^flock\b|\bflock (safety|demo|test|le)\b|\bskycop\b"),
    ("federal", r"\[federal\]"),
    ("subnetwork", r"\((condor|raven|lpr|(falcon )?flex|wing|dfr)[^)]*\)|\b(condor|raven)\b( v[\d.]+)?|- lpr\b"),
    ("report", r"^LEARN_"),
)  # fmt: skip
"""(flag, pattern in the printed name, any case). What it matches is no part of the name."""

CONTRACT = re.compile(r"[(-]\s*([A-Z]{2,5}(?:SO|SD|PD))\s*\)?\s*$")
"""A sheriff's initials behind a city: "(OCSD)", "- RCSD". The city is policed by that agency."""

UNIT = re.compile(r"\s[-–—]\s(?P<unit>[^-–—()]{2,30})$")
"""A station or unit behind a force's name: "Harris County TX SO - Downtown". It is a part of the force."""

ACRONYM = re.compile(r"\(([A-Z]{3,6})\)")
"""Initials of the name before them: "(ALEA)"."""

ADDRESS = re.compile(r"^\d+\s+(block|[a-z]+ (st|street|ave|avenue|blvd|road|rd|drive|dr))\b|\d+ block", re.IGNORECASE)
"""A street address in place of a name."""

ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "univ": "university", "u": "university",
    "intl": "international", "dept": "department", "co": "county", "twp": "township", "boro": "borough",
    "n": "north", "s": "south", "e": "east", "w": "west", "hts": "heights", "spgs": "springs", "pt": "point",
    "metropolitan": "metro", "centre": "center", "assn": "association", "govt": "government",
    "isd": "independent school district", "csu": "california state university", "sciences": "science",
}  # fmt: skip
"""Written out when place words are compared, on both sides."""

PHRASES = (("united states", "us"), ("u s ", "us "), ("cal state ", "california state university "))
"""Written out before words are told apart."""

LITTLE_WORDS = frozenset({"the", "of", "and", "at", "for", "in", "a", "pd"})
"""Words left out when names of state bodies are compared: every other word of theirs tells."""

STOPWORDS = frozenset(
    {
        *("the", "of", "and", "at", "for", "in", "a", "police", "department", "dept", "office", "campus", "safety"),
        *("security", "public", "division", "bureau", "services", "service", "agency", "unit", "law", "enforcement"),
        *("pd", "dps", "so"),
    }
)
"""Words that tell no body from another."""
