"""Addresses with a NUL, which the database cannot be asked for."""

from django.test import TestCase


class NulTests(TestCase):
    def test_it_is_a_bad_request_in_a_path(self) -> None:
        for address in (
            *("/places/%00/", "/places/06%00/changes/", "/og/place/%00.png", "/agencies/a%00/"),
            *("/es/places/%00/", "/embed/places/%00/", "/map/places/%00/links.json"),
        ):
            with self.subTest(address):
                self.assertEqual(self.client.get(address).status_code, 400)

    def test_it_is_no_error_of_the_site_in_a_query(self) -> None:
        names = ("agency", "place", "state", "kind", "from", "q", "as_of", "page")
        for page in ("map", "network", "network/hubs", "routes", "search", "changes", "findings", "laws"):
            for name in names:
                with self.subTest(page, name=name):
                    self.assertLess(self.client.get(f"/{page}/?{name}=a%00").status_code, 500)

    def test_the_api_says_which_parameter(self) -> None:
        answer = self.client.get("/api/v1/agencies/?q=%00")
        self.assertEqual((answer.status_code, answer.json()["errors"][0]["parameter"]), (400, "q"))

    def test_what_only_looks_like_it_is_asked_for(self) -> None:
        self.assertEqual(self.client.get("/search/?q=%2500").status_code, 200)
