"""The ladder and routes as payloads: what they hold is described once, and made from the graph's dataclasses."""

from rest_framework import serializers

from agencies.models import Access, SharingLink
from agencies.network.paths import MOST_HOPS
from agencies.network.rungs import STATES, Rung, RungState
from api.serializers.refs import AgencyRef, NetworkRef
from api.terms import TermsSerializer

EVIDENCE = [(state.value, state.name) for state in STATES]
RUNG_STATES = [(state.value, state.name) for state in RungState]
LOWEST, HIGHEST = min(Rung).value, max(Rung).value


class HopSerializer(serializers.Serializer):
    """One link: grantor gives grantee access, as listed."""

    link = serializers.UUIDField(help_text="Id of the link, the same as in /links/.")
    grantor = AgencyRef()
    grantee = AgencyRef(help_text="The exact body that is listed.")
    network = NetworkRef()
    access = serializers.ChoiceField(Access.choices)
    state = serializers.ChoiceField(EVIDENCE, help_text="Current, an inactive account, or history, as of the day.")
    status = serializers.ChoiceField(SharingLink.Status.choices)
    reported_by = serializers.ChoiceField(SharingLink.Reporter.choices)
    first_seen = serializers.DateField(help_text="Date of the oldest document: not the day on which access began.")
    last_seen = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True, help_text="As of when it is ended or inactive.")
    disputed_on = serializers.DateField(allow_null=True, help_text="Date of the newest answer that denies it.")
    strength = serializers.IntegerField(min_value=0, max_value=7, help_text="4 to 7 by who reports it; 0 to 3: denied.")
    statement_count = serializers.IntegerField(help_text="Statements behind it.")
    statements = serializers.ListField(child=serializers.UUIDField(), help_text="Their ids, the newest first.")
    answers = serializers.ListField(child=serializers.UUIDField(), help_text="Ids of the answers to them.")
    page_url = serializers.URLField(help_text="The evidence page.")


class SearchesSerializer(serializers.Serializer):
    """A published audit that documents immigration searches."""

    statement = serializers.UUIDField(help_text="Id of the statement.")
    months = serializers.DictField(child=serializers.IntegerField(), help_text="Searches by month, as published.")
    newest = serializers.DateField(help_text="End of the newest month, or the document's date.")
    state = serializers.ChoiceField(EVIDENCE)


class ChainSerializer(serializers.Serializer):
    """A possible route: the agency gives `through` access, which stands on one of the rungs 1 to 4."""

    through = AgencyRef()
    state = serializers.ChoiceField(EVIDENCE)
    rung = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, help_text="The rung of `through`.")
    hop = HopSerializer(help_text="The link to `through`.")
    onward = HopSerializer(allow_null=True, help_text="What puts `through` on its rung; null: its own audit does.")
    searched_on = serializers.DateField(allow_null=True, help_text="Where its audit does: as of when.")
    strength = serializers.IntegerField(min_value=0, max_value=7, help_text="That of its weaker part.")
    seen_on = serializers.DateField(help_text="When its older part was last seen.")


class ThroughSerializer(serializers.Serializer):
    """Possible routes, counted by the agencies that they lead through."""

    agencies = serializers.IntegerField(help_text="Agencies with current access: out of how many.")
    researched = serializers.IntegerField(help_text="Of these, with a complete list of their own on record.")
    current = serializers.IntegerField()
    inactive = serializers.IntegerField()
    history = serializers.IntegerField()
    best = ChainSerializer(many=True, help_text="The first ones: current, surest and newest first.")


class RungSerializer(serializers.Serializer):
    """One rung: its state of knowledge and all that bears on it."""

    rung = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    name = serializers.ChoiceField([rung.name.lower() for rung in Rung])
    state = serializers.ChoiceField(RUNG_STATES)
    seen_on = serializers.DateField(allow_null=True, help_text="Date of the newest evidence.")
    checked_on = serializers.DateField(
        allow_null=True, help_text="Date of the newest document in which it was looked for; null: there is none."
    )
    is_partial = serializers.BooleanField(help_text="What was looked through is not the whole.")
    disputed_on = serializers.DateField(allow_null=True)
    text = serializers.CharField(help_text="The fixed sentences, in English (docs/wording.md).")
    hops = HopSerializer(many=True)
    searches = SearchesSerializer(many=True)
    through = ThroughSerializer(allow_null=True, help_text="Of rung 5.")


class StateCountSerializer(serializers.Serializer):
    """How many agencies of a state."""

    state = serializers.CharField(allow_null=True, help_text="Postal code; null: national bodies.")
    agencies = serializers.IntegerField(min_value=1)


class SeenFromSerializer(serializers.Serializer):
    """In which states people can search an agency's reads, as listed: the states of the agencies with access now."""

    states = StateCountSerializer(many=True)
    possible = StateCountSerializer(
        many=True,
        help_text="Agencies that those give access in turn and it does not: to their own reads, not to its.",
    )


class ReachSerializer(TermsSerializer):
    """Does it reach ICE? One agency's ladder as of a day."""

    agency = AgencyRef()
    as_of = serializers.DateField()
    top = serializers.IntegerField(
        min_value=LOWEST,
        max_value=HIGHEST,
        allow_null=True,
        help_text="The highest rung that is current; null: it is ICE, CBP or a part of them.",
    )
    past = serializers.IntegerField(
        min_value=LOWEST,
        max_value=HIGHEST,
        allow_null=True,
        help_text="The highest of rungs 1 to 5 that is inactive or history; null: none is.",
    )
    text = serializers.CharField(help_text="The answer in fixed sentences, in English.")
    rungs = RungSerializer(many=True)
    federal = HopSerializer(many=True, help_text="Links to other federal bodies: no rung.")
    hot_lists = HopSerializer(many=True, help_text="Hot lists given to ICE or CBP: no access to reads, no rung.")
    agreements_287g = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of the newest statements on 287(g) agreements: no rung."
    )
    sharing_policies = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of the newest statements on its declared limits of sharing."
    )
    seen_from = SeenFromSerializer(
        allow_null=True, help_text="Null where a past day is asked for: not replayed that far."
    )


class RouteSerializer(serializers.Serializer):
    """A chain of links; one link is access as listed, more are a possible route."""

    is_direct = serializers.BooleanField()
    through = AgencyRef(many=True, help_text="The agencies between.")
    target = AgencyRef()
    strength = serializers.IntegerField(min_value=0, max_value=7, help_text="That of its weakest link.")
    seen_on = serializers.DateField(help_text="When the link that was last seen longest ago was last seen.")
    is_disputed = serializers.BooleanField()
    text = serializers.CharField(help_text="The fixed sentences, in English.")
    hops = HopSerializer(many=True)
    also = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="For each link, the names of other networks through which it is listed too.",
    )


class RoutesSerializer(TermsSerializer):
    """The routes between two agencies, those that are history or inactive apart."""

    origin = AgencyRef()
    targets = AgencyRef(many=True)
    hops = serializers.IntegerField(min_value=1, max_value=MOST_HOPS)
    as_of = serializers.DateField()
    text = serializers.CharField(help_text="How many there are, in fixed sentences, in English.")
    total = serializers.IntegerField(help_text="Current routes in all; the list holds the first ones.")
    total_by_hops = serializers.DictField(child=serializers.IntegerField(), help_text="By number of links.")
    routes = RouteSerializer(many=True)
    past_total = serializers.IntegerField(help_text="Routes that are history or lead over an inactive account.")
    past = RouteSerializer(many=True)
