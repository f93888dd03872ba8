"""The language of a page: its address says it, nothing else does."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import deactivate, get_language


class AddressLocaleMiddleware(LocaleMiddleware):
    """Django's, but an answer is not said to vary by what the browser prefers: it does not, and may be kept by all."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Name the language of the answer, and leave none behind for what this thread does next."""
        response.headers.setdefault("Content-Language", get_language())
        deactivate()
        return response
