"""Statements and what they carry: the database refuses to change them; a withdrawal takes them out."""

from django.contrib import admin
from django.utils.safestring import SafeString

from agencies.admin.base import ReadAdmin, withdraw_link
from agencies.models import Fact, SharingStatement, Statement


@admin.register(Statement)
class StatementAdmin(ReadAdmin):
    """One thing that one capture says."""

    list_display = ("printed", "kind", "observed_on", "locator", "capture")
    list_filter = ("kind", "observed_on")
    list_select_related = ("capture__source",)
    search_fields = ("printed", "=uuid", "capture__source__slug")
    ordering = ("-id",)
    readonly_fields = ("withdraw",)

    @admin.display(description="withdrawal")
    def withdraw(self, statement: Statement) -> SafeString:
        """Lead to the form that withdraws the statement."""
        return withdraw_link("statement", statement.pk)


@admin.register(SharingStatement)
class SharingStatementAdmin(ReadAdmin):
    """Who is listed as giving whom access, as printed."""

    list_display = ("statement_id", "grantor_alias", "grantee_alias", "account_status", "sharing_list")
    list_filter = ("account_status",)
    list_select_related = ("grantor_alias", "grantee_alias", "sharing_list__stream__source", "sharing_list__capture")
    search_fields = ("grantor_alias__printed_name", "grantee_alias__printed_name")
    ordering = ("-statement_id",)


@admin.register(Fact)
class FactAdmin(ReadAdmin):
    """An agency's value of a field, as a capture states it."""

    list_display = ("alias", "field", "value", "knowledge", "network", "observed_on")
    list_filter = ("field", "knowledge", "network")
    list_select_related = ("alias", "network", "statement")
    search_fields = ("alias__printed_name",)
    ordering = ("-statement_id",)

    @admin.display(description="observed on", ordering="statement__observed_on")
    def observed_on(self, fact: Fact) -> object:
        """Return the date of the capture that states it."""
        return fact.statement.observed_on
