"""What is known of the March 2019 release beside the compiled list: publications, answers, facts.

Written by hand from the publications named here; answers are the atlas's own words.
"""

from dataclasses import dataclass
from datetime import date

from agencies.ingest.parsed import ParsedFact, PrintedName

ICE = PrintedName("Immigration and Customs Enforcement")
RELEASED_ON = date(2019, 3, 13)
"""Day on which the ACLU of Northern California published the records."""

ACLU_NC_POST = (
    "https://www.aclunc.org/blog/"
    "ice-uses-vast-database-license-plate-information-supplied-local-police-target-immigrants"
)


@dataclass(frozen=True, slots=True)
class Publication:
    """An article or press release. Without any date of its own it is dated by the release."""

    url: str
    slug: str
    title: str
    kind: str
    publisher: str
    published_on: date | None = None
    first_reported_on: date | None = None
    agency: PrintedName | None = None
    states_release_facts: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An agency's answer: what it says of being named, and the publication (slug) it stands in."""

    agency: PrintedName
    effect: str
    paraphrase: str
    published_in: str
    locator: str


UNION_CITY = PrintedName("Union City Police Department", "CA")
TULARE = PrintedName("Tulare Police Department", "CA")
SAN_LUIS_OBISPO = PrintedName("San Luis Obispo Sheriff's Office", "CA")
LA_HABRA = PrintedName("La Habra", "CA")
ENFIELD = PrintedName("Enfield", "CT")
WETHERSFIELD = PrintedName("Wethersfield", "CT")
NORWALK = PrintedName("Norwalk", "CT")
SOUTHERN_CONNECTICUT = PrintedName("Southern Connecticut State University", "CT")
DOWNERS_GROVE = PrintedName("Downers Grove", "IL")

PUBLICATIONS: tuple[Publication, ...] = (
    Publication(
        ACLU_NC_POST,
        "ice-2019-aclu-northern-california",
        "ACLU of Northern California post on ICE's use of licence plate data, with the released records",
        "press_release",
        "ACLU of Northern California",
        published_on=RELEASED_ON,
        states_release_facts=True,
    ),
    Publication(
        "https://www.vcstar.com/story/news/2019/03/16/"
        "ice-watching-you-california-police-sharing-license-plate-info/3192443002/",
        "ice-2019-ventura-county-star",
        "Ventura County Star article naming five California agencies",
        "article",
        "Ventura County Star",
        published_on=date(2019, 3, 16),
    ),
    Publication(
        "https://www.ocregister.com/2019/03/22/"
        "license-plate-data-collected-in-these-southern-california-cities-is-shared-with-ice/",
        "ice-2019-orange-county-register",
        "Orange County Register article naming four Southern California police departments and the Forest Service",
        "article",
        "Orange County Register",
        published_on=date(2019, 3, 22),
    ),
    Publication(
        "https://www.acluct.org/en/press-releases/"
        "records-reveal-eight-connecticut-law-enforcement-agencies-sharing-residents-location",
        "ice-2019-aclu-connecticut",
        "ACLU of Connecticut press release naming eight Connecticut agencies",
        "press_release",
        "ACLU of Connecticut",
    ),
    Publication(
        "https://www.aclu-il.org/en/press-releases/"
        "ice-targeting-immigrants-based-automatic-license-plate-reader-alpr-data-supplied",
        "ice-2019-aclu-illinois",
        "ACLU of Illinois press release naming four Illinois agencies",
        "press_release",
        "ACLU of Illinois",
    ),
    Publication(
        "https://www.aclu-in.org/en/press-releases/"
        "records-reveal-hamilton-county-hammond-and-munster-law-enforcement-are-sharing",
        "ice-2019-aclu-indiana",
        "ACLU of Indiana press release naming three Indiana agencies",
        "press_release",
        "ACLU of Indiana",
    ),
    Publication(
        "https://www.wsbtv.com/news/local/gwinnett-county/"
        "ice-agents-using-tag-readers-to-track-deport-illegal-immigrants-new-report-says/930394355",
        "ice-2019-wsb-tv",
        "WSB-TV report naming Georgia agencies",
        "article",
        "WSB-TV",
    ),
    Publication(
        "https://www.unioncity.org/CivicAlerts.aspx?AID=49",
        "ice-2019-union-city-news-release",
        "City of Union City news release answering the ACLU's report",
        "press_release",
        "City of Union City",
        published_on=date(2019, 3, 14),
        agency=UNION_CITY,
    ),
    Publication(
        "https://abc30.com/aclu-investigation-ice-tulare-police-department-merced/5204279/",
        "ice-2019-abc30",
        "ABC30 report on the Tulare and Merced police departments",
        "article",
        "ABC30 (KFSN)",
        published_on=date(2019, 3, 19),
    ),
    Publication(
        "https://m.newtimesslo.com/sanluisobispo/"
        "sheriffs-department-was-sharing-license-plate-data-with-ice-documents-state/Content?oid=8068521",
        "ice-2019-new-times-slo",
        "New Times (San Luis Obispo) article on the county sheriff's office",
        "article",
        "New Times San Luis Obispo",
        first_reported_on=date(2019, 3, 16),  # undated; not before the report that it answers
    ),
    Publication(
        "https://www.wtnh.com/news/connecticut/aclu-accuses-8-local-police-agencies-of-sharing-data-with-ice",
        "ice-2019-wtnh",
        "WTNH report with answers of three Connecticut agencies",
        "article",
        "WTNH News 8",
        first_reported_on=date(2019, 3, 14),
    ),
    Publication(
        "https://www.trumbulltimes.com/news/town-government/article/"
        "ACLU-Trumbull-police-helping-ICE-track-targets-13935552.php",
        "ice-2019-trumbull-times",
        "Trumbull Times article with the answer of the city of Norwalk",
        "article",
        "Trumbull Times",
    ),
)
"""Publications: first those of the compiled table, then those that only hold an answer."""

_NO_DATE = "date not stated"

ANSWERS: tuple[AnswerRecord, ...] = (
    AnswerRecord(
        UNION_CITY,
        "denies",
        "The city says that its police own and operate no plate cameras, so that no reads go from them to Vigilant.",
        "ice-2019-union-city-news-release",
        "news release of 2019-03-14, repeating a statement of 2019-03-13",
    ),
    AnswerRecord(
        UNION_CITY,
        "denies",
        "According to an update by the ACLU, the police say that they run no plate cameras and that ICE is not on "
        "their sharing report.",
        "ice-2019-aclu-northern-california",
        f"update on the same page; {_NO_DATE}",
    ),
    AnswerRecord(
        TULARE,
        "ended",
        "The police chief says that sharing with ICE was switched on by mistake and has been ended.",
        "ice-2019-abc30",
        "report of 2019-03-19",
    ),
    AnswerRecord(
        SAN_LUIS_OBISPO,
        "denies",
        "The sheriff's office says that it shared no plate data with ICE; it stopped using its reader pending a "
        "legal review.",
        "ice-2019-new-times-slo",
        f"written reply to the paper; {_NO_DATE}",
    ),
    AnswerRecord(
        LA_HABRA,
        "qualifies",
        "The police say that they share plate data with ICE's Homeland Security Investigations only.",
        "ice-2019-orange-county-register",
        f"press release of the police department, as reported on 2019-03-22; {_NO_DATE}",
    ),
    AnswerRecord(
        ENFIELD,
        "denies",
        "The police chief says that the department passes no data to ICE and does not help it.",
        "ice-2019-wtnh",
        "report dated by the compiler, 2019-03-14",
    ),
    AnswerRecord(
        WETHERSFIELD,
        "qualifies",
        "The police chief says that he had not heard of ICE reaching the department's plate data.",
        "ice-2019-wtnh",
        "report dated by the compiler, 2019-03-14",
    ),
    AnswerRecord(
        NORWALK,
        "qualifies",
        "The mayor and the police chief say that the city has no agreement with ICE.",
        "ice-2019-trumbull-times",
        f"joint statement of a Wednesday night; {_NO_DATE}",
    ),
    AnswerRecord(
        SOUTHERN_CONNECTICUT,
        "ended",
        "The university says that it never shared directly with ICE and that its police have switched sharing off.",
        "ice-2019-wtnh",
        "report dated by the compiler, 2019-03-14",
    ),
    AnswerRecord(
        DOWNERS_GROVE,
        "ended",
        "According to an update by the ACLU, the village gave it documents showing that sharing with ICE has stopped.",
        "ice-2019-aclu-illinois",
        f"update on the same page; {_NO_DATE}",
    ),
)
"""Answers of nine agencies; Union City's is reported twice."""


def _fact(field: str, value: object, printed: str) -> ParsedFact:
    """Return a fact of the release."""
    return ParsedFact(ICE, field, value, "vigilant", printed=printed, locator="post of 2019-03-13 and released records")


RELEASE_FACTS: tuple[ParsedFact, ...] = (
    _fact("reads_held_private", 5_000_000_000, "over 5 billion"),
    _fact("reads_held_police", 1_500_000_000, "1.5 billion"),
    _fact("users", 9_200, "more than 9,200"),
    _fact("lookback_days", 1_826, "up to five years"),
    _fact("grantors_at_least", 80, "over 80"),
    _fact("contributors_private", ["insurance companies", "parking lots"], "insurance companies and parking lots"),
    _fact(
        "records_suit",
        {
            "name": "ACLU of Northern California v. ICE (License Plate Readers)",
            "court": "U.S. District Court for the Northern District of California",
            "filed": "2018-05",
            "url": "https://www.aclunc.org/our-work/legal-docket/aclu-northern-california-v-ice-license-plate-readers",
        },
        "",
    ),
)
"""Figures of the release: lower bounds, except the look-back, which is an upper one. Five years are 1,826 days."""
