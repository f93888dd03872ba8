"""The data pages: what can be downloaded, one release, its files."""

import mimetypes
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies.models import Release
from agencies.releases.manifest import MEDIA_TYPES
from agencies.releases.store import store, tombstone

SHOWN = 30
"""Releases that the data page lists; the API lists all."""


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show the newest release and those before it. One query."""
    releases = list(Release.objects.all()[:SHOWN])
    return render(request, "agencies/data.html", {"newest": releases[0] if releases else None, "releases": releases})


@require_safe
def release_detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one release: its files with sizes and checksums; 410 with the reason where it was taken down."""
    release = get_object_or_404(Release.objects.select_related("before"), name=name)
    reason = tombstone(name)
    if reason is not None:
        return render(request, "agencies/release_gone.html", {"release": release, "reason": reason}, status=410)
    return render(request, "agencies/release.html", {"release": release, "groups": _groups(release)})


@require_safe
def release_latest(request: HttpRequest, path: str = "") -> HttpResponse:
    """Lead to the newest release, or to a file of it."""
    newest = Release.objects.first()
    if newest is None:
        raise Http404
    if path:
        return redirect("release-file", newest.name, path)
    return redirect("release-detail", newest.name)


@require_safe
def release_file(request: HttpRequest, name: str, path: str) -> HttpResponseBase:
    """Send a file that a release's manifest names; it never changes, so caches may keep it."""
    release = get_object_or_404(Release, name=name)
    reason = tombstone(name)
    if reason is not None:
        return HttpResponse(reason, status=410, content_type="text/plain; charset=utf-8")
    known = {file["name"]: file for file in release.manifest["files"]} | {"manifest.json": {}}
    if path not in known or not store().exists(f"{name}/{path}"):
        raise Http404
    suffix = f".{path.rsplit('.', 1)[-1]}"
    media_type = MEDIA_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(store().open(f"{name}/{path}"), content_type=media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Access-Control-Allow-Origin"] = "*"
    if digest := known[path].get("sha256"):
        response.headers["ETag"] = f'"{digest}"'
    return response


def _groups(release: Release) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the files by what they are for: tables, other formats, the record, the delta, descriptions."""
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("tables", "formats", "delta", "record", "descriptions")
    }
    for file in release.manifest["files"]:
        folder, _, rest = file["name"].rpartition("/")
        if folder:
            found[folder].append(file)
        elif rest.endswith(".csv"):
            found["tables"].append(file)
        else:
            found["descriptions" if rest in ("README.md", "datapackage.json") else "formats"].append(file)
    return [(name, files) for name, files in found.items() if files]
