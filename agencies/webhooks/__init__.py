"""Webhooks: what is told to whom (`events`, `scopes`), how it is sent and tried again (`deliver`), how it is signed.

Who may set one up, and its log, is the API's. Nothing is kept of receivers but what they gave.
"""
