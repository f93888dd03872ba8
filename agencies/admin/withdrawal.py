"""Withdrawals, which take statements out of the public record, and the lifts that put them back."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from agencies.admin.base import AppendAdmin
from agencies.models import Stream, Withdrawal, WithdrawalLift
from agencies.network.rebuild import refresh_links


def streams_of(withdrawal: Withdrawal) -> set[int]:
    """Return the ids of the streams whose links a withdrawal can change, those of answered statements included."""
    if withdrawal.statement_id:
        said = Q(lists__grants__statement=withdrawal.statement_id)
        answered = Q(lists__grants__answers__statement=withdrawal.statement_id)
    elif withdrawal.capture_id:
        said = Q(lists__capture=withdrawal.capture_id)
        answered = Q(lists__grants__answers__statement__capture=withdrawal.capture_id)
    else:
        said = Q(lists__run=withdrawal.run_id) | Q(lists__grants__statement__run=withdrawal.run_id)
        answered = Q(lists__grants__answers__statement__run=withdrawal.run_id)
    found: set[int] = set()
    for condition in (said, answered):
        found |= set(Stream.objects.filter(condition).order_by().values_list("pk", flat=True))
    return found


@admin.register(Withdrawal)
class WithdrawalAdmin(AppendAdmin):
    """How mistakes are undone: added here, lifted by a row of its own, never edited."""

    list_display = ("reason", "kind", "statement", "capture", "run", "withdrawn_by", "withdrawn_at", "is_lifted")
    list_filter = ("kind", ("lift", admin.EmptyFieldListFilter), "withdrawn_at")
    list_select_related = ("statement", "capture__source", "run", "withdrawn_by", "lift")
    search_fields = ("reason", "statement__printed", "capture__source__title")
    raw_id_fields = ("statement", "capture", "run")
    exclude = ("withdrawn_by",)
    readonly_fields = ("withdrawn_at",)

    @admin.display(description="lifted", boolean=True)
    def is_lifted(self, withdrawal: Withdrawal) -> bool:
        """Tell whether what it took out counts again."""
        return hasattr(withdrawal, "lift")

    def save_model(self, request: HttpRequest, obj: Withdrawal, form: Any, change: bool) -> None:
        """Sign it and bring the links up to date, all in the admin's one transaction."""
        obj.withdrawn_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        refresh_links(streams=streams_of(obj))


@admin.register(WithdrawalLift)
class WithdrawalLiftAdmin(AppendAdmin):
    """A withdrawal was a mistake itself."""

    list_display = ("withdrawal", "reason", "lifted_by", "lifted_at")
    list_select_related = ("withdrawal", "lifted_by")
    search_fields = ("reason", "withdrawal__reason")
    raw_id_fields = ("withdrawal",)
    exclude = ("lifted_by",)
    readonly_fields = ("lifted_at",)

    def save_model(self, request: HttpRequest, obj: WithdrawalLift, form: Any, change: bool) -> None:
        """Sign it and bring the links up to date, all in the admin's one transaction."""
        obj.lifted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        refresh_links(streams=streams_of(obj.withdrawal))
