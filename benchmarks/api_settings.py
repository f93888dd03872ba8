"""The site's own settings, with the baselines of benchmarks/api.py beside its addresses and no rate limit."""

from transparency.settings import *  # noqa: F403
from transparency.settings import REST_FRAMEWORK

ROOT_URLCONF = "api_baselines"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "100000000/min"}}
