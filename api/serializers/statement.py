"""Statements, with the payload of their kind."""

from rest_framework import serializers

from agencies.models import Access, Answer, Fact, Knowledge, ReportedBy, SharingStatement, Statement
from api.rows import AddressField, RowSerializer
from api.serializers.refs import STABLE_ID, CaptureRef, NameSerializer, NetworkRef, ValueField


class SharingPayloadSerializer(RowSerializer):
    """Grantor gives grantee access, as listed."""

    grantor = NameSerializer(source="grantor_alias", help_text="Whose reads.")
    grantee = NameSerializer(source="grantee_alias", help_text="Who gets access.")
    network = NetworkRef(source="sharing_list.stream.network", help_text="Through which network.")
    access = serializers.ChoiceField(
        source="sharing_list.stream.access", choices=Access.choices, help_text="Kind of access."
    )
    reported_by = serializers.ChoiceField(
        source="sharing_list.stream.reported_by", choices=ReportedBy.choices, help_text="Side that publishes the list."
    )
    section = serializers.CharField(source="sharing_list.stream.section", help_text="Section of the document.")
    answered_by = serializers.ListField(child=serializers.UUIDField(), help_text="Answers to it: ids of statements.")

    class Meta:
        model = SharingStatement
        fields = [
            *("grantor", "grantee", "network", "access", "reported_by", "section", "account_status", "answered_by"),
        ]
        given = ("answered_by",)


class FactPayloadSerializer(RowSerializer):
    """An agency's value of a field, with its state of knowledge."""

    agency = NameSerializer(source="alias", help_text="The agency.")
    network = NetworkRef(allow_null=True, help_text="Network it is about, if one.")
    value = ValueField(help_text="The value; null unless known.")
    state = serializers.ChoiceField(source="knowledge", choices=Knowledge.choices, help_text="State of knowledge.")

    class Meta:
        model = Fact
        fields = ["agency", "network", "field", "value", "state"]


class AnswerPayloadSerializer(RowSerializer):
    """An agency's reply to statements of others; it removes none of them."""

    agency = NameSerializer(source="alias", help_text="Who answers.")
    answers = serializers.ListField(child=serializers.UUIDField(), help_text="What it answers: ids of statements.")

    class Meta:
        model = Answer
        fields = ["agency", "effect", "paraphrase", "answers"]
        given = ("answers",)


class StatementSerializer(RowSerializer):
    """One thing that one capture says. It never changes; what was withdrawn is not listed."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    printed = serializers.CharField(allow_null=True, help_text="The text as printed; null: none, or withheld.")
    withheld = serializers.BooleanField(help_text="A name in it is a person's: the text is not published.")
    capture = CaptureRef(help_text="The copy that says it.")
    sharing = SharingPayloadSerializer(allow_null=True, help_text="What it says, for the kind sharing.")
    fact = FactPayloadSerializer(allow_null=True, help_text="What it says, for the kind fact.")
    answer = AnswerPayloadSerializer(allow_null=True, help_text="What it says, for the kind answer.")
    api_url = AddressField("api:statement-detail", "uuid", help_text="This resource.")
    page_url = AddressField("capture-detail", "capture__uuid", help_text="The page for readers.")

    class Meta:
        model = Statement
        fields = [
            *("id", "kind", "observed_on", "printed", "withheld", "locator", "capture"),
            *("sharing", "fact", "answer", "recorded_at", "api_url", "page_url"),
        ]
        given = ("withheld", "sharing", "fact", "answer")
