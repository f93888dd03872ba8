"""The addresses of a page: the one to cite, its twins in other languages, and the picture for shared links."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.http import urlencode
from django.utils.translation import get_language_info, override


@dataclass(frozen=True)
class Twin:
    """The same page in a language: its code, the language's own name, and the address."""

    code: str
    name: str
    url: str


def canonical(request: HttpRequest) -> str:
    """Return the address of the page without filters and order; the second page of a table is a page of its own."""
    page = request.GET.get("page", "")
    query = f"?{urlencode({'page': page})}" if page.isascii() and page.isdigit() and int(page) > 1 else ""
    return request.build_absolute_uri(request.path) + query


def twins(request: HttpRequest) -> list[Twin]:
    """Return the page in every language, this one included, by its address to cite."""
    return _twins(canonical(request))


def switches(request: HttpRequest) -> list[Twin]:
    """Return the page as the reader sees it, filters included, in every other language; a missing page's is home."""
    with override(request.LANGUAGE_CODE):
        here = request.get_full_path() if request.resolver_match else reverse("home")
    return [twin for twin in _twins(here) if twin.code != request.LANGUAGE_CODE]


def _twins(url: str) -> list[Twin]:
    """Return the address in every language of the site."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [Twin(code, get_language_info(code)["name_local"], translate_url(url, code)) for code in codes]


def picture(request: HttpRequest) -> str:
    """Return the address of the picture that stands for the page where its link is shared."""
    match = request.resolver_match
    kind, ident = "site", "atlas"
    if match and match.url_name == "place-detail":
        kind, ident = "place", match.kwargs["geoid"]
    elif match and match.url_name in ("agency-detail", "agency-grants", "agency-receipts"):
        kind, ident = "agency", match.kwargs["slug"]
    elif match and match.url_name == "pair-detail":
        kind, ident = "pair", "{grantor_slug}/{grantee_slug}".format(**match.kwargs)
    return request.build_absolute_uri(reverse("card", args=[kind, ident]))
