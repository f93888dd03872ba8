"""The examples of docs/api.md are run: what is written there works."""

import contextlib
import io
import re
from typing import Any
from unittest.mock import patch

from django.conf import settings

from agencies.tests.factories import make_agency, make_link
from api.tests.base import RecordTestCase

SITE = "http://localhost:8000"


def blocks(language: str) -> list[str]:
    """Return the code blocks of that language."""
    text = (settings.BASE_DIR / "docs" / "api.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


class DocumentedExamplesTests(RecordTestCase):
    """Each example against the small record."""

    def test_curl_examples_answer(self) -> None:
        addresses = [address for block in blocks("curl") for address in re.findall(r'^curl "(.*)"$', block, re.M)]
        self.assertGreater(len(addresses), 10)
        for address in addresses:
            with self.subTest(address):
                self.assertEqual(self.client.get(address.removeprefix(SITE)).status_code, 200)

    def test_posted_examples_answer(self) -> None:
        written = "\n".join(blocks("curl"))
        body = re.search(r"^curl --json '(.*)' \"(.*)\"$", written, re.M)
        form = re.search(r"^curl --data-urlencode 'queries=(.*)' \"(.*)\"$", written, re.M)
        assert body and form
        answer = self.client.post(body[2].removeprefix(SITE), body[1], content_type="application/json").json()
        self.assertEqual([row["decision"] for row in answer["results"]], ["accepted", "review"])
        answer = self.client.post(form[2].removeprefix(SITE), {"queries": form[1]}).json()
        self.assertEqual(answer["q0"]["result"][0]["id"], self.union_city.slug)

    def test_python_example_prints_what_it_says(self) -> None:
        nevada = make_agency("Reno Police Department", state="NV")
        make_link(self.union_city, nevada)

        def urlopen(address: str) -> Any:
            path = re.sub(r"^http://(localhost:8000|testserver)", "", address)
            return io.BytesIO(self.client.get(path).content)

        printed = io.StringIO()
        with patch("urllib.request.urlopen", urlopen), contextlib.redirect_stdout(printed):
            for block in blocks("python"):
                exec(compile(block, "docs/api.md", "exec"), {})
        self.assertEqual(printed.getvalue(), "2024-04-26 Union City Police Department\n")

    def test_every_parameter_is_written_down(self) -> None:
        text = (settings.BASE_DIR / "docs" / "api.md").read_text()
        paths = self.get("/api/v1/schema/")["paths"]
        operations = [operation for path in paths.values() for operation in path.values()]
        parameters = [one["name"] for operation in operations for one in operation.get("parameters", [])]
        missing = [name for name in sorted(set(parameters)) if not re.search(rf"[`{{]{name}\b", text)]
        self.assertEqual(missing, [])
