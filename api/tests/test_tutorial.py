"""The examples of docs/tutorial.md are run as they stand, against a running server, and give the same answer."""

import re
import shutil
import subprocess
import sys
from unittest import skipUnless

from django.conf import settings
from django.core.cache import cache
from django.test import LiveServerTestCase

from agencies.tests.factories import make_agency, make_link


def example(language: str) -> str:
    """Return the one code block of that language."""
    text = (settings.BASE_DIR / "docs" / "tutorial.md").read_text()
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(block)


class TutorialTests(LiveServerTestCase):
    """Union City lists two agencies of other states; Fremont lists none itself."""

    def setUp(self) -> None:
        """Make the record: what counts, and one link for each reason not to count."""
        cache.clear()
        union_city, fremont = make_agency(), make_agency("Fremont Police Department")
        reno = make_agency("Reno Police Department", state="NV")
        mesa = make_agency("Mesa Police Department", state="AZ")
        ice = make_agency("Immigration and Customs Enforcement", state="", kind="federal")
        make_link(union_city, reno, first_seen="2021-05-01", last_seen="2025-02-01", reported_by="grantor")
        make_link(union_city, mesa, first_seen="2020-03-02", last_seen="2024-01-01", reported_by="both")
        make_link(union_city, ice, first_seen="2011-01-01", last_seen="2025-03-01", reported_by="grantor")
        make_link(union_city, fremont, first_seen="2012-01-01", last_seen="2025-03-01", reported_by="grantor")
        make_link(fremont, reno, first_seen="2013-01-01", last_seen="2025-03-01", reported_by="grantee")
        make_link(reno, mesa, first_seen="2014-01-01", last_seen="2025-03-01", reported_by="grantor")

    def printed(self, language: str, *command: str) -> str:
        """Return what an example prints."""
        code = example(language).replace("http://localhost:8000", self.live_server_url)
        done = subprocess.run([*command, code], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_python(self) -> None:
        self.assertLess(example("python").count("\n"), 25)
        lines = self.printed("python", sys.executable, "-c").splitlines()
        self.assertEqual(lines[1:], ["2020-03-02  2025-02-01  Union City Police Department: AZ, NV"])

    @skipUnless(shutil.which("curl") and shutil.which("jq"), "needs curl and jq")
    def test_shell(self) -> None:
        printed = self.printed("shell", "sh", "-c")
        self.assertEqual(printed, "2020-03-02\t2025-02-01\tUnion City Police Department\tAZ NV\n")

    @skipUnless(shutil.which("node"), "needs Node.js")
    def test_javascript(self) -> None:
        printed = self.printed("javascript", "node", "--input-type=module", "-e")
        self.assertEqual(printed, "2020-03-02 Union City Police Department\n")

    def test_addresses_to_open_answer(self) -> None:
        text = (settings.BASE_DIR / "docs" / "tutorial.md").read_text()
        addresses = re.findall(r"^curl \"http://localhost:8000(.*)\"$", text, re.MULTILINE)
        self.assertEqual(len(addresses), 2)
        for address in addresses:
            response = self.client.get(address)
            self.assertEqual(response.status_code, 200)
        self.assertIn(b"grantee_state", b"".join(response.streaming_content).splitlines()[0])
