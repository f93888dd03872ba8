"""Agencies' answers, and the statements that they are about."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin, ReadInline
from agencies.models import Answer, AnswerTarget


class TargetInline(ReadInline):
    """The statements that an answer is about."""

    model = AnswerTarget
    ordering = ("id",)
    show_change_link = False

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        """Fetch the printed names with the row."""
        related = ("sharing__grantor_alias", "sharing__grantee_alias")
        return super().get_queryset(request).select_related(*related)


@admin.register(Answer)
class AnswerAdmin(ReadAdmin):
    """What an agency replied."""

    list_display = ("alias", "effect", "paraphrase", "observed_on")
    list_filter = ("effect",)
    list_select_related = ("alias", "statement")
    search_fields = ("alias__printed_name", "paraphrase")
    ordering = ("-statement_id",)
    inlines = (TargetInline,)

    @admin.display(description="observed on", ordering="statement__observed_on")
    def observed_on(self, answer: Answer) -> object:
        """Return the date of the capture that carries it."""
        return answer.statement.observed_on


@admin.register(AnswerTarget)
class AnswerTargetAdmin(ReadAdmin):
    """Which answer is about which statement."""

    list_display = ("answer", "sharing")
    list_select_related = ("answer__alias", "sharing__grantor_alias", "sharing__grantee_alias")
    search_fields = ("answer__alias__printed_name",)
    ordering = ("-id",)
