"""The read-only REST API over the record: serializers, filters, paging, renderers and URLs.

No rule about the record lives here: what many rows share is a queryset method in `agencies`.
"""
