"""Import runs: where each stands, what it changed, and what stopped it."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.admin.base import ReadAdmin, withdraw_link
from agencies.models import ImportRun


def in_a_line(values: dict[str, Any] | None) -> str:
    """Return a small mapping as "name 3, other 4"; empty for None."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in (values or {}).items())


@admin.register(ImportRun)
class ImportRunAdmin(ReadAdmin):
    """Read-only: a run is begun by a command or a task, and undone by a withdrawal."""

    list_display = ("id", "format", "status", "created_at", "finished_at", "progressed", "counted", "problem_message")
    list_filter = ("status", "format")
    search_fields = ("=uuid", "format", "input_sha256")
    readonly_fields = ("progressed", "counted", "problem_shown", "withdraw")
    exclude = ("progress", "counts", "problem")

    @admin.display(description="progress")
    def progressed(self, run: ImportRun) -> str:
        """Return how far it has read."""
        return in_a_line(run.progress)

    @admin.display(description="counts")
    def counted(self, run: ImportRun) -> str:
        """Return what it changed."""
        return in_a_line(run.counts)

    @admin.display(description="problem")
    def problem_message(self, run: ImportRun) -> str:
        """Return the message of what stopped it."""
        return str((run.problem or {}).get("message", ""))

    @admin.display(description="problem")
    def problem_shown(self, run: ImportRun) -> str | SafeString:
        """Return file, row, field and message, laid out; the text is a document's, so escaped."""
        if not run.problem:
            return "none"
        return format_html("<pre>{}</pre>", json.dumps(run.problem, indent=2, ensure_ascii=False))

    @admin.display(description="withdrawal")
    def withdraw(self, run: ImportRun) -> SafeString:
        """Lead to the form that rolls the import back."""
        return withdraw_link("run", run.pk)
