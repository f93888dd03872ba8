"""API keys: a rate of their own, and nothing kept of their holders."""

from io import StringIO

from django.core.management import CommandError, call_command

from agencies.models import ApiKey
from api.keys import make_key
from api.tests.base import ApiTestCase
from api.tests.test_throttling import TWO_A_MINUTE


@TWO_A_MINUTE
class KeyTests(ApiTestCase):
    """Authorization: Bearer."""

    def ask(self, key: str) -> int:
        """Return the status of a request with that Authorization header."""
        return self.client.get("/api/v1/networks/", headers={"authorization": key}).status_code

    def test_key_has_its_own_rate(self) -> None:
        _, key = make_key(rate="5/min")
        self.assertEqual([self.ask(f"Bearer {key}") for _ in range(6)], [200] * 5 + [429])
        self.assertEqual(self.client.get("/api/v1/networks/").status_code, 200, "the address is counted apart")

    def test_bad_or_revoked_key_is_a_problem_document(self) -> None:
        row, key = make_key()
        call_command("api_keys", "revoke", row.prefix, stdout=StringIO())
        for header in ("Bearer atlas_nothing", "Basic abc", f"Bearer {key}"):
            with self.subTest(header[:12]):
                response = self.client.get("/api/v1/networks/", headers={"authorization": header})
                self.assertEqual(response.status_code, 401)
                self.assertEqual(response.headers["Content-Type"], "application/problem+json")

    def test_key_itself_is_not_kept(self) -> None:
        out = StringIO()
        call_command("api_keys", "make", "--label", "Newsroom", stdout=out)
        key = out.getvalue().strip()
        row = ApiKey.objects.get()
        self.assertNotIn(key, repr(ApiKey.objects.values().get()))
        self.assertEqual(self.ask(f"Bearer {key}"), 200)
        out = StringIO()
        call_command("api_keys", "list", stdout=out)
        self.assertEqual(out.getvalue(), f"{row.prefix} 6000/min works Newsroom\n")

    def test_command_refuses_what_is_no_rate_and_no_key(self) -> None:
        with self.assertRaisesMessage(CommandError, "no rate"):
            call_command("api_keys", "make", "--rate", "many", stdout=StringIO())
        with self.assertRaisesMessage(CommandError, "No working key"):
            call_command("api_keys", "revoke", "atlas_x", stdout=StringIO())
