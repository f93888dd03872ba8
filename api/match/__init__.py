"""Names to agencies over HTTP: the atlas's own batch, and the Reconciliation API that OpenRefine speaks.

What is asked is neither stored nor logged. How a name is matched is in `agencies.matching`.
"""
