"""Withdrawals, which take statements out of the public record, and the lifts that put them back."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agencies.admin.base import AppendAdmin
from agencies.ingest.rollback import follow
from agencies.models import Withdrawal, WithdrawalLift
from agencies.network.rebuild import lock_record


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
        """Sign it and bring up to date what follows, all in the admin's one transaction."""
        lock_record()
        obj.withdrawn_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        follow(obj, request.user)


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
        """Sign it and bring up to date what follows, all in the admin's one transaction."""
        lock_record()
        obj.lifted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        follow(obj.withdrawal, request.user)
