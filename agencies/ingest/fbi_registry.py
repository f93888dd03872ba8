"""The registry of agencies: the FBI's tables, named and placed, with federal bodies and state forces as trees."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.text import slugify

from agencies.identifiers import agency_id
from agencies.ingest import agency_names as names
from agencies.ingest.agency_kinds import kind_of
from agencies.ingest.curated import Body, Curated
from agencies.ingest.fbi_tables import FbiRecord
from agencies.ingest.packed import read_packed_csv, write_packed_csv
from agencies.ingest.registry_geography import Geography

COLUMNS = (
    "uuid", "slug", "ori", "name", "fbi_name_2018", "fbi_name_2025", "kind", "state", "county_geoid", "place_geoid",
    "parent_slug", "operated_by_slug", "status", "population_served", "officers", "latitude", "longitude",
    "coordinate_precision", "source",
)  # fmt: skip
PLACE_COLUMNS = ("agency_uuid", "geoid", "basis", "source")
CONTRACT_STATES = {"CA", "FL", "MI"}
"""States where an ORI of a city that ends in X was studied: see `operator_ori`."""


@dataclass
class Agency:
    """One row of `agencies.csv`; texts, empty for unknown."""

    ori: str = ""
    slug: str = ""
    name: str = ""
    fbi_name_2018: str = ""
    fbi_name_2025: str = ""
    kind: str = ""
    state: str = ""
    county_geoid: str = ""
    place_geoid: str = ""
    parent_slug: str = ""
    operated_by_slug: str = ""
    operated_by_ori: str = ""
    status: str = "unknown"
    population_served: str = ""
    officers: str = ""
    latitude: str = ""
    longitude: str = ""
    coordinate_precision: str = ""
    source: str = ""
    serves: list[tuple[str, str]] = field(default_factory=list)
    """(GEOID, basis) pairs."""

    @property
    def uuid(self) -> str:
        """Return the agency's id: from its ORI, else from its slug."""
        return str(agency_id(ori=self.ori, slug=self.slug))

    def row(self) -> dict[str, str]:
        """Return the agency as a row of `agencies.csv`."""
        return {column: getattr(self, column) for column in COLUMNS}


def build_registry(
    records: list[FbiRecord], curated: Curated, geography: Geography, earlier: list[Agency] | None = None
) -> list[Agency]:
    """Return all agencies, sorted by id.

    Those of an `earlier` registry keep their slugs, and stay when the FBI's tables no longer hold their ORI: with
    nothing but their status changed, to unknown or to what `overrides.csv` says. Raises ValueError when two get the
    same slug, or a hand-made table names an ORI or a place that isn't there.
    """
    earlier = earlier or []
    check_curated(records, curated, geography, {agency.ori for agency in earlier})
    agencies = [RecordReader(curated, geography).agency(record) for record in records]
    agencies += [curated_agency(body, "federal") for body in curated.federal if not body.ori]
    agencies += [curated_agency(body, "state_police") for body in curated.state_forces if not body.ori]
    kept = {agency.uuid: agency.slug for agency in earlier}
    assign_slugs(agencies, geography, kept)
    _link_forces(agencies, curated)
    _link_operators(agencies, records)
    _place_statewide(agencies, curated, geography)
    built = {agency.ori for agency in agencies}
    for agency in earlier:
        if agency.ori and agency.ori not in built:
            agencies.append(replace(agency, status=curated.overrides.get(agency.ori, {}).get("status", "unknown")))
    return sorted(agencies, key=lambda agency: agency.uuid)


def read_registry(folder: Path) -> list[Agency]:
    """Return the agencies of a registry folder as written before; none where there is no such file."""
    if not (folder / "agencies.csv.gz").exists():
        return []
    serves: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read_packed_csv(folder / "agency_places.csv.gz"):
        serves[row["agency_uuid"]].append((row["geoid"], row["basis"]))
    agencies = []
    for row in read_packed_csv(folder / "agencies.csv.gz"):
        uuid = row.pop("uuid")
        agencies.append(Agency(**row, serves=serves[uuid]))
    return agencies


def check_curated(records: list[FbiRecord], curated: Curated, geography: Geography, earlier: set[str]) -> None:
    """Raise ValueError when a hand-made table names an ORI (`earlier` ones are known) or a GEOID that is missing."""
    known = {record.ori for record in records} | earlier
    bodies = {body.ori for body in (*curated.federal, *curated.state_forces) if body.ori}
    if missing := sorted((bodies | curated.overrides.keys()) - known):
        raise ValueError(f"hand-made tables name ORIs that the FBI's tables lack: {', '.join(missing)}")
    for ori, override in curated.overrides.items():
        for field_name in ("place_geoid", "county_geoid"):
            if override.get(field_name, "") not in {"", *geography.by_geoid}:
                raise ValueError(f"overrides.csv: {ori} {field_name} {override[field_name]} is no known place")


def write_registry(agencies: list[Agency], folder: Path) -> None:
    """Write `agencies.csv.gz` and `agency_places.csv.gz` into `folder`."""
    write_packed_csv(folder / "agencies.csv.gz", COLUMNS, (agency.row() for agency in agencies))
    served = [
        {"agency_uuid": agency.uuid, "geoid": geoid, "basis": basis, "source": agency.source}
        for agency in agencies
        for geoid, basis in sorted(set(agency.serves))
    ]
    write_packed_csv(folder / "agency_places.csv.gz", PLACE_COLUMNS, served)


def curated_agency(body: Body, kind: str) -> Agency:
    """Return an agency that the FBI's tables lack."""
    return Agency(
        slug=body.slug, name=body.name, kind=kind, state=body.state, parent_slug=body.parent_slug, source=body.source
    )


class RecordReader:
    """Turns FBI records into agencies."""

    def __init__(self, curated: Curated, geography: Geography) -> None:
        self._federal = curated.federal_by_ori()
        self._forces = curated.force_of()
        self._overrides = curated.overrides
        self._geography = geography

    def agency(self, record: FbiRecord) -> Agency:
        """Return the agency of a record; its slug (unless federal) and its links to others come later."""
        agency = Agency(
            ori=record.ori,
            fbi_name_2018=record.name_2018,
            fbi_name_2025=record.name_2025,
            state=record.state,
            status=self._overrides.get(record.ori, {}).get("status") or ("active" if record.is_active else "unknown"),
            population_served=record.population,
            officers=record.officers,
            source=record.source,
        )
        body = self._federal.get(record.ori)
        return self._as_federal(agency, body) if body else self._as_local(agency, record)

    def _as_federal(self, agency: Agency, body: Body) -> Agency:
        agency.kind, agency.slug, agency.name = "federal", body.slug, body.name
        agency.state, agency.parent_slug = body.state, body.parent_slug
        return agency

    def _as_local(self, agency: Agency, record: FbiRecord) -> Agency:
        override = self._overrides.get(record.ori, {})
        fbi_type = override.get("fbi_type", record.fbi_type)
        agency.state = override.get("state", record.state)
        counties = (record.county_2025, record.county_2018)
        agency.county_geoid = override.get("county_geoid") or self._geography.one_county(agency.state, *counties)
        force = self._forces.get(agency.state)
        if force and force.ori == record.ori:
            agency.name, agency.slug = force.name, _plain_slug_of(force.name, force.state)
        else:
            agency.name = override.get("name") or self._name(record, fbi_type, agency)
        agency.kind = override.get("kind") or kind_of(fbi_type, agency.name)
        if agency.kind == "municipal_police" and fbi_type == "City":
            agency.place_geoid = override.get("place_geoid") or self._city(record, agency)
            agency.serves += [(agency.place_geoid, "name")] if agency.place_geoid else []
        elif agency.county_geoid and (fbi_type == "County" or agency.kind == "sheriff"):
            agency.serves.append((agency.county_geoid, "county"))
        agency.operated_by_ori = override.get("operated_by_ori", "")
        self._locate(agency)
        return agency

    def _name(self, record: FbiRecord, fbi_type: str, agency: Agency) -> str:
        printed = names.choose_printed(record.name_2018, record.name_2025)
        newest = record.name_2025 or record.name_2018
        # A truncated name is completed by the county only when the older table has no fuller one.
        truncated = names.is_truncated(newest) and (not record.name_2018 or names.is_truncated(record.name_2018))
        county = self._geography.county_label(agency.county_geoid)
        state = self._geography.state_names.get(agency.state, "")
        force = self._forces.get(agency.state)
        by_type: dict[str, Callable[[], str]] = {
            "City": lambda: names.municipal_name(printed),
            "County": lambda: names.county_name(printed, county),
            "State Police": lambda: names.state_force_name(printed, force.name if force else state, county),
            "Other State Agency": lambda: names.other_state_name(printed, state, county, truncated),
            "University or College": lambda: names.campus_name(printed, county, truncated),
            "Tribal": lambda: names.tribal_name(printed),
            "Other": lambda: names.other_name(printed, county, truncated),
        }
        return by_type[fbi_type]()

    def _city(self, record: FbiRecord, agency: Agency) -> str:
        """Return the city that the agency's printed names say, empty where none or more than one may be meant."""
        printed = (record.name_2025, record.name_2018)
        stems = [names.city_stem(name) for name in printed if name]
        counties = set().union(*self._geography.counties(agency.state, record.county_2025, record.county_2018))
        city = self._geography.city(agency.state, stems, counties | {agency.county_geoid} - {""})
        return city.geoid if city else ""

    def _locate(self, agency: Agency) -> None:
        """Set the agency's coordinates: its place's centroid, else its county's, else none; never the FBI's."""
        for geoid, precision in ((agency.place_geoid, "place_centroid"), (agency.county_geoid, "county_centroid")):
            place = self._geography.by_geoid.get(geoid)
            if place and place.latitude:
                agency.latitude, agency.longitude = place.latitude, place.longitude
                agency.coordinate_precision = precision
                return


def assign_slugs(agencies: list[Agency], geography: Geography, kept: Mapping[str, str]) -> None:
    """Give every agency without a slug one: name and state; all that collide add their county, then their ORI.

    `kept` are the slugs given before, by id: they stay with their agency, and no other gets them.
    """
    for agency in agencies:
        agency.slug = agency.slug or kept.get(agency.uuid, "")
    taken = {agency.slug for agency in agencies if agency.slug} | set(kept.values())
    unnamed = [agency for agency in agencies if not agency.slug]
    for parts in (_plain_slug, _county_slug, _ori_slug):
        wanted = {agency.ori: parts(agency, geography) for agency in unnamed}
        count = Counter(wanted.values())
        for agency in unnamed:
            slug = wanted[agency.ori]
            agency.slug = slug if count[slug] == 1 and slug not in taken else ""
        taken |= {agency.slug for agency in unnamed if agency.slug}
        unnamed = [agency for agency in unnamed if not agency.slug]
    if unnamed:
        raise ValueError(f"no unique slug for {unnamed[0].name} ({unnamed[0].ori})")


def _plain_slug(agency: Agency, _geography: Geography) -> str:
    return _plain_slug_of(agency.name, agency.state)


def _plain_slug_of(name: str, state: str) -> str:
    return slugify(f"{name} {state}")


def _county_slug(agency: Agency, geography: Geography) -> str:
    county = geography.county_label(agency.county_geoid)
    return slugify(f"{agency.name} {agency.state} {'' if county in agency.name else county}")


def _ori_slug(agency: Agency, geography: Geography) -> str:
    return slugify(f"{_county_slug(agency, geography)} {agency.ori}")


def _link_forces(agencies: list[Agency], curated: Curated) -> None:
    """Set the parent of state police posts: their state's main force."""
    by_ori = {agency.ori: agency for agency in agencies if agency.ori}
    main = {body.state: by_ori[body.ori].slug if body.ori in by_ori else body.slug for body in curated.state_forces}
    for agency in agencies:
        if agency.kind == "state_police" and agency.slug != main.get(agency.state):
            agency.parent_slug = main.get(agency.state, "")


def operator_ori(record: FbiRecord) -> str:
    """Return the ORI of the county force that polices a contract city, empty for a city with its own police.

    The rule: the record is of type City, its ORI ends in X (letters stand for records added under a county's
    number, as Dublin's CA001300X under Alameda's CA0010000), its state is one of those studied, and the 2025 table
    of police employees does not hold it: nobody is employed under it. Cities of that form that do report staff
    (San Ramon, Oakley and Menifee have police of their own now) are left open.
    """
    is_contract = record.fbi_type == "City" and record.ori.endswith("X") and not record.in_2025
    return f"{record.ori[:5]}0000" if is_contract and record.state in CONTRACT_STATES else ""


def _link_operators(agencies: list[Agency], records: list[FbiRecord]) -> None:
    """Set who polices contract cities, and let the operator serve the city."""
    by_ori = {agency.ori: agency for agency in agencies if agency.ori}
    sheriffs: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        if agency.kind == "sheriff":
            sheriffs[agency.county_geoid].append(agency)
    for record in records:
        agency = by_ori[record.ori]
        ori = agency.operated_by_ori or operator_ori(record)
        operator = by_ori.get(ori) or _only_sheriff(sheriffs, agency) if ori else None
        if operator:
            agency.operated_by_slug = operator.slug
            operator.serves += [(agency.place_geoid, "contract")] if agency.place_geoid else []


def _only_sheriff(sheriffs: dict[str, list[Agency]], agency: Agency) -> Agency | None:
    """Return the county's sheriff, for counties that number theirs otherwise (Oakland's is MI6316300)."""
    found = sheriffs.get(agency.county_geoid, [])
    return found[0] if agency.county_geoid and len(found) == 1 else None


def _place_statewide(agencies: list[Agency], curated: Curated, geography: Geography) -> None:
    """Let each state's main force serve its state."""
    slugs, oris = ({getattr(body, name) for body in curated.state_forces} - {""} for name in ("slug", "ori"))
    for agency in agencies:
        is_main = agency.kind == "state_police" and (agency.slug in slugs or agency.ori in oris)
        if is_main and agency.state in geography.state_geoids:
            agency.serves.append((geography.state_geoids[agency.state], "statewide"))
