"""The map in a real browser: points, lines, choosing, and what is told when loading fails."""

from pathlib import Path

from django.test import override_settings
from playwright.sync_api import Page, Position, Route, expect

from agencies.models import Place
from transparency.tests.browser import BrowserTestCase
from transparency.tests.browser_record import make_small_record

CANVAS = "#atlas-map"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


class MapInBrowserTests(BrowserTestCase):
    """/map/ with its script."""

    def setUp(self) -> None:
        super().setUp()
        self.record = make_small_record()
        self.chosen = f"/map/?agency={self.record.police.slug}"

    def wait_for(self, name: str, value: str, page: Page | None = None) -> None:
        """Wait until the map says that it drew."""
        (page or self.page).wait_for_selector(f'#map-root[data-{name}="{value}"]')

    def position(self, latitude: float, longitude: float) -> Position:
        """Return where a point lies on the map, in pixels from its corner."""
        script = "(point) => (({ x, y }) => ({ x, y }))(window.leafletmap.latLngToContainerPoint(point))"
        return self.page.evaluate(script, [latitude, longitude])

    def keep_map(self) -> None:
        """Keep the page's map where the test can ask it for positions."""
        self.page.add_init_script(
            "window.addEventListener('map:init', (event) => { window.leafletmap = event.detail.map; });"
        )

    def test_all_agencies_with_a_point_are_drawn(self) -> None:
        self.open("/map/")
        self.wait_for("agencies-drawn", "5")
        self.wait_for("points-drawn", "4")
        self.assertTrue(any(url.endswith("/static/geo/states-far.json") for url in self.requests))
        near = [url for url in self.requests if url.endswith(("/geo/states.json", "/geo/counties.json"))]
        self.assertEqual(near, [], "what only a near reader needs is loaded when near")

    def test_address_chooses_an_agency_and_its_lines_are_drawn(self) -> None:
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        expect(self.page.locator("#map-status")).to_contain_text("Lines drawn: 3")
        expect(self.page.locator("#map-panel")).to_contain_text("Postal Inspection Service")

    def test_click_chooses_and_back_returns(self) -> None:
        self.keep_map()
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        self.page.evaluate("void window.leafletmap.setView([37.5876, -122.0258], 11, { animate: false })")
        self.page.locator(CANVAS).click(position=self.position(37.5876, -122.0258))
        self.wait_for("arcs-drawn", "3")
        expect(self.page).to_have_url(self.live_server_url + self.chosen)
        expect(self.page.locator("#map-chosen")).to_contain_text("Union City Police Department")
        self.page.go_back()
        self.wait_for("arcs-drawn", "0")
        expect(self.page.locator("#map-states")).to_be_visible()

    def test_agencies_at_one_point_are_offered_in_a_list(self) -> None:
        self.keep_map()
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        self.page.evaluate("void window.leafletmap.setView([37.6504, -121.9176], 11, { animate: false })")
        self.page.locator(CANVAS).click(position=self.position(37.6504, -121.9176))
        chooser = self.page.locator(".map-chooser")
        expect(chooser).to_contain_text("2 agencies at this point")
        chooser.get_by_role("link", name="Alameda County Sheriff's Office").click()
        self.wait_for("agency", self.record.sheriff.slug)
        self.wait_for("arcs-drawn", "1")

    def test_hover_says_who_which_way_and_as_of_when(self) -> None:
        self.keep_map()
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        self.page.wait_for_timeout(500)
        self.page.locator(CANVAS).hover(position=self.position(37.7699, -122.2256))
        tip = self.page.locator(".map-tooltip")
        expect(tip).to_contain_text("as of 23 April 2026")
        expect(tip).to_contain_text("getting access to the reads of Union City Police Department")
        expect(tip).to_contain_text("giving Union City Police Department access")

    def test_keyboard_reaches_the_links_and_chooses_one(self) -> None:
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        link = self.page.locator("#map-panel tbody").get_by_role("link", name="Oakland Police Department").first
        link.focus()
        expect(self.page.locator(".map-tooltip")).to_contain_text("as of 23 April 2026")
        self.page.keyboard.press("Enter")
        self.wait_for("agency", self.record.oakland.slug)
        self.wait_for("arcs-drawn", "2")
        expect(self.page.locator("#map-chosen")).to_be_focused()

    def test_body_without_a_point_says_so_and_has_its_table(self) -> None:
        self.open(f"/map/?agency={self.record.ice.slug}")
        expect(self.page.locator("#map-status")).to_contain_text("has no point on the map")
        expect(self.page.locator("#map-status")).to_contain_text("those it has links with are marked")
        expect(self.page.locator("#map-panel tbody")).to_contain_text("Union City Police Department")
        self.wait_for("arcs-drawn", "0")

    def test_failed_load_is_told_and_can_be_tried_again(self) -> None:
        self.expected_problems = ("500",)
        failing = [True]

        def answer(route: Route) -> None:
            if failing.pop() if failing else False:
                route.fulfill(status=500, body="no")
            else:
                route.continue_()

        self.page.route("**/map/agencies.json", answer)
        self.open("/map/")
        alert = self.page.locator("#map-alert")
        expect(alert).to_contain_text("could not be loaded")
        alert.get_by_role("button").click()
        self.wait_for("points-drawn", "4")
        expect(alert).to_be_hidden()

    def test_counties_come_when_near(self) -> None:
        self.keep_map()
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        with self.page.expect_response("**/geo/counties.json"):
            self.page.evaluate("void window.leafletmap.setZoom(9, { animate: false })")

    def test_cities_are_named_when_near_and_not_even_asked_for_from_afar(self) -> None:
        Place.objects.filter(geoid="06").update(latitude=37.2, longitude=-119.3)
        Place.objects.filter(pk=self.record.city.pk).update(latitude=37.5876, longitude=-122.0258)
        self.keep_map()
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        self.wait_for("place-names", "0")
        self.assertFalse([url for url in self.requests if url.endswith("/places.json")])
        self.page.evaluate("void window.leafletmap.setView([37.5876, -122.0258], 10, { animate: false })")
        self.wait_for("place-names", "1")
        self.page.evaluate("void window.leafletmap.setZoom(8, { animate: false })")
        self.wait_for("place-names", "0")
        asked = [url for url in self.requests if url.endswith("/places.json")]
        self.assertEqual(asked, [f"{self.live_server_url}/map/states/CA/places.json"], "once, and of no other state")

    @override_settings(MAP_TILES_URL="https://tiles.example/{z}/{x}/{y}.png", MAP_TILES_ATTRIBUTION="<i>Tiles</i> & co")
    def test_tiles_are_asked_for_without_telling_from_where_and_named_as_plain_text(self) -> None:
        asked: list[dict[str, str]] = []

        def answer(route: Route) -> None:
            asked.append(route.request.all_headers())
            route.fulfill(status=200, content_type="image/gif", body=GIF)

        self.page.route("https://tiles.example/**", answer)
        self.page.goto(f"{self.live_server_url}/map/")
        self.wait_for("points-drawn", "4")
        self.page.wait_for_selector(".leaflet-tile-loaded", state="attached")
        expect(self.page.locator(".leaflet-tile").first).to_have_attribute("referrerpolicy", "no-referrer")
        self.assertFalse([name for headers in asked for name in headers if name in ("referer", "origin")])
        expect(self.page.locator(".leaflet-control-attribution")).to_have_text("<i>Tiles</i> & co")
        self.requests = [url for url in self.requests if not url.startswith("https://tiles.example/")]

    def test_state_under_the_pointer_tells_how_much_is_known_and_a_click_chooses_it(self) -> None:
        Place.objects.filter(geoid="06").update(latitude=37.2, longitude=-119.3)
        self.keep_map()
        self.open("/map/")
        self.wait_for("mode", "states")
        self.wait_for("points-drawn", "4")
        here = self.position(40.0, -121.0)
        self.page.locator(CANVAS).hover(position=here)
        expect(self.page.locator(".map-tooltip")).to_contain_text("On record: 3 of 5 agencies.")
        self.page.locator(CANVAS).click(position=here)
        self.wait_for("place", "06")
        self.wait_for("mode", "marks")
        expect(self.page).to_have_url(f"{self.live_server_url}/map/?place=06")
        expect(self.page.locator("#map-chosen")).to_contain_text("California")

    def test_address_of_a_city_draws_the_links_across_its_border(self) -> None:
        Place.objects.filter(pk=self.record.city.pk).update(latitude=37.5876, longitude=-122.0258)
        self.open(f"/map/?place={self.record.city.geoid}")
        self.wait_for("arcs-drawn", "3")
        expect(self.page.locator("#map-status")).to_contain_text("Union City, CA. Lines drawn: 3")
        expect(self.page.locator("#map-status")).to_contain_text("Postal Inspection Service")

    def test_filters_in_the_address_and_in_the_form(self) -> None:
        self.open(f"{self.chosen}&direction=receipts")
        self.wait_for("arcs-drawn", "1")
        self.page.locator("#map-filters [name=direction]").select_option("grants")
        self.page.locator("#map-filters").get_by_role("button", name="Show").click()
        self.wait_for("arcs-drawn", "2")
        self.assertIn("direction=grants", self.page.url)
        expect(self.page.locator("#map-panel tbody tr")).to_have_count(4)

    def test_slider_of_months_its_player_and_the_comparison(self) -> None:
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        self.page.locator("#map-month").press("Home")
        self.wait_for("arcs-drawn", "0")
        self.assertIn("as_of=2019-03-31", self.page.url)
        expect(self.page.locator("#map-time output")).to_have_text("March 2019")
        self.page.locator("#map-month").press("End")
        self.page.locator("#map-month").press("ArrowLeft")
        self.wait_for("arcs-drawn", "0")
        self.page.get_by_role("button", name="Play").click()
        self.wait_for("arcs-drawn", "3")
        self.page.locator("#map-before").select_option("2019-03-31")
        expect(self.page.locator("#map-status")).to_contain_text("Between the two days: 3 added, 0 gone.")
        expect(self.page.locator("#map-panel tbody")).to_contain_text("+ added")

    def test_map_moves_by_keyboard(self) -> None:
        self.keep_map()
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        before = self.position(39, -96)
        self.page.locator(CANVAS).focus()
        self.page.keyboard.press("ArrowRight")
        self.page.wait_for_function("(x) => window.leafletmap.latLngToContainerPoint([39, -96]).x < x", arg=before["x"])
        self.page.keyboard.press("+")
        self.page.wait_for_function("() => window.leafletmap.getZoom() > 4.5")

    def test_rungs_colour_the_map_fill_the_table_and_leave_axe_nothing_to_find(self) -> None:
        self.open("/map/")
        self.wait_for("points-drawn", "4")
        self.page.get_by_role("link", name="Does it reach ICE? The rung").click()
        self.wait_for("by", "rung")
        expect(self.page.locator("#map-panel thead").first).to_contain_text("Possible route through another agency")
        self.assert_accessible()

    def test_view_is_kept_as_a_picture_with_its_source(self) -> None:
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        kept = {}
        for kind in ("svg", "png"):
            with self.page.expect_download() as loading:
                self.page.locator(f"[data-picture={kind}]").click()
            kept[kind] = Path(loading.value.path()).read_bytes()
        self.assertIn("documents up to 23 April 2026", kept["svg"].decode())
        self.assertIn("publishes a list", kept["svg"].decode())
        self.assertTrue(kept["png"].startswith(b"\x89PNG"))

    def test_chosen_agency_leaves_axe_nothing_to_find(self) -> None:
        self.open(f"{self.chosen}&status=all&as_of_before=2019-03-31")
        self.wait_for("arcs-drawn", "3")
        self.assert_accessible()

    def test_dark_mode_paints_the_map_anew(self) -> None:
        self.open(self.chosen)
        self.wait_for("arcs-drawn", "3")
        pixels = "[...document.querySelectorAll('#atlas-map canvas')].map((canvas) => canvas.toDataURL()).join()"
        light = self.page.evaluate(pixels)
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_function(f"(light) => {pixels} !== light", arg=light)
        self.wait_for("arcs-drawn", "3")
