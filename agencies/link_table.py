"""What a reader can ask of the table of an agency's links: the filters of all views, a name, and an order."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.folding import fold
from agencies.link_filter import ENDS, LinkFilterForm
from agencies.models import Agency, SharingLink
from agencies.querysets import SharingLinkQuerySet

SORTS = {
    "name": ["{far}__name", "id"],
    "state": ["{far}__state", "{far}__name", "id"],
    "last-seen": ["-last_seen", "{far}__name", "id"],
}


class LinkTableForm(LinkFilterForm):
    """The filters over one side of an agency's links; `side` is "grants" or "receipts"."""

    q = forms.CharField(label=_("Name holds"), required=False, max_length=100)
    sort = forms.ChoiceField(
        label=_("Order by"),
        required=False,
        choices=[("name", _("name")), ("state", _("state")), ("last-seen", _("last seen"))],
    )
    FIRST = ("q", "state", "network", "status", "sort")

    def __init__(self, data: Mapping[str, str], *, side: str) -> None:
        """Leave the direction to the page."""
        super().__init__(data, direction=side, without=["direction"])
        self.far = ENDS[side][1]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Return what most readers ask."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Return the other filters, which stand folded away."""
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def asks_more(self) -> bool:
        """Tell whether one of the other filters is asked for."""
        return any(field.value() for field in self.more_fields)

    def rows(self, agency: Agency) -> SharingLinkQuerySet:
        """Return the links that pass, in the order asked for; none where a filter cannot be used."""
        if not self.is_valid():
            return SharingLink.objects.none()
        links = self.chosen().apply(SharingLink.objects.all(), agency)
        if name := self.cleaned_data["q"]:
            links = links.filter(**{f"{self.far}__search_key__contains": fold(name)})
        order = SORTS[self.cleaned_data["sort"] or "name"]
        return links.with_ends().order_by(*(part.format(far=self.far) for part in order))
