"""The laws of each state as a page shows them: its own, those of its counties and cities, and labels by others."""

from dataclasses import dataclass, field

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.matching.states import STATE_NAMES
from agencies.models import Law, Place
from agencies.pictures.state_map import LEFT_OUT, Mark


@dataclass
class StateLaws:
    """One state's laws. `labels` are what another government says of it or a place in it: no law of its own."""

    code: str
    name: str
    alpr: list[Law] = field(default_factory=list)
    sanctuary: list[Law] = field(default_factory=list)
    local: list[Law] = field(default_factory=list)
    labels: list[Law] = field(default_factory=list)

    @property
    def pattern(self) -> str:
        """Return the pattern that tells on the map which laws the state itself has; "" for none in the table."""
        return {(1, 0): "dots", (0, 1): "lines", (1, 1): "both"}.get((bool(self.alpr), bool(self.sanctuary)), "")

    @property
    def has_any(self) -> bool:
        """Tell whether the table has any row on the state or a place in it."""
        return bool(self.alpr or self.sanctuary or self.local or self.labels)

    def add(self, law: Law) -> None:
        """File a law where it belongs."""
        if law.kind == Law.Kind.LABEL:
            self.labels.append(law)
        elif law.place.kind != Place.Kind.STATE:
            self.local.append(law)
        elif law.kind == Law.Kind.ALPR_STATUTE:
            self.alpr.append(law)
        else:
            self.sanctuary.append(law)

    def title(self) -> str:
        """Say in a line what the table has on the state."""
        parts = []
        if self.alpr:
            parts.append(_("a law on licence plate readers"))
        if self.sanctuary:
            parts.append(_("a law that limits help to immigration enforcement"))
        if number := len(self.local):
            parts.append(
                ngettext("%(n)s law of a county or city", "%(n)s laws of counties and cities", number) % {"n": number}
            )
        told = get_text_list(parts, _("and")) if parts else _("no law in the table")
        return _("%(state)s: %(laws)s") % {"state": self.name, "laws": told}


def laws_by_state() -> list[StateLaws]:
    """Return every state, and every territory that has a row, by name; one query."""
    found = {code: StateLaws(code, name) for code, name in STATE_NAMES.items()}
    for law in Law.objects.select_related("place").order_by("title", "pk"):
        found[law.place.state].add(law)
    shown = (state for state in found.values() if state.code not in LEFT_OUT or state.has_any)
    return sorted(shown, key=lambda state: state.name)


def map_marks(states: list[StateLaws]) -> dict[str, Mark]:
    """Return how the map draws each state; it leads to the state's row of the table."""
    return {state.code: Mark(state.pattern, state.title(), f"#law-{state.code}") for state in states}
