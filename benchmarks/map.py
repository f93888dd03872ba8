"""What the map costs its reader, in a headless Chromium, each number beside its budget.

usage: .venv/bin/python benchmarks/map.py [http://localhost:8000] [rounds]
Run it against `./run serve` with the starter record, on a quiet machine. First with the processor slowed down four
times, as the budgets are meant, then as it is. Of several rounds the median is printed, and the worst. Where other work
keeps the machine busy, "waited" tells how long the page's thread was ready but had no processor (Linux only).
"""

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from transparency.checks import find_chromium

SLOWED = 4
LARGEST = "pittsboro-police-department-in"
"""The agency of the starter record with most listed links."""
BUDGETS = {
    "interactive, ms": 2_500,
    "over the wire, KB": 600,
    "choose the largest, ms": 1_000,
    "drag all: longest frame, ms": 100,
    "drag all: redraw after, ms": 500,
    "drag lines: longest frame, ms": 100,
    "drag lines: redraw after, ms": 500,
    "heap, MB": 150,
}
WATCH = """
window.seen = { tasks: [], frames: [], watching: false };
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.seen.tasks.push([startTime, startTime + duration]);
}).observe({ type: "longtask", buffered: true });
window.watchFrames = (on) => {
  const { seen } = window;
  seen.watching = on;
  if (!on) return;
  seen.frames = [];
  const frame = () => { seen.frames.push(performance.now()); if (seen.watching) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
};
"""
QUIET = 1_000
"""Milliseconds without a task of more than 50 ms, after which a page counts as come to rest."""
SLOW, GAP = 50, 200
"""A frame that takes longer belongs to the redraw, unless so many milliseconds went well before it."""
REST = """async ([mark, quiet]) => {
  while (!performance.getEntriesByName(mark).length) await new Promise((done) => setTimeout(done, 20));
  const drawn = performance.getEntriesByName(mark).at(-1).startTime;
  for (;;) {
    const last = Math.max(drawn, ...window.seen.tasks.map(([, end]) => end));
    if (performance.now() - last > quiet) return last;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


def measure(browser: Browser, site: str, slowed: int) -> dict[str, float]:
    """Return the numbers of one reader who opens the map, chooses the largest agency, and drags before and after."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(f"{site}/map/", wait_until="commit")
    before = waited(browser)
    found = {"interactive, ms": page.evaluate(REST, ["atlas-points", QUIET])}
    found["points drawn, ms"] = page.evaluate("performance.getEntriesByName('atlas-points')[0].startTime")
    found["- waited, ms"] = waited(browser) - before
    found["over the wire, KB"] = sum(sizes) / 1000
    found |= {f"drag all: {name}": value for name, value in drag(page, session).items()}
    page.goto(f"{site}/map/?q=pittsboro", wait_until="commit")
    page.evaluate(REST, ["atlas-points", QUIET])
    before = waited(browser)
    found["choose the largest, ms"] = choose(page)
    found["- waited then, ms"] = waited(browser) - before
    found |= {f"drag lines: {name}": value for name, value in drag(page, session).items()}
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
    found["heap, MB"] = metrics["JSHeapUsedSize"] / 2**20
    context.close()
    return found


def waited(browser: Browser) -> float:
    """Return for how many milliseconds the main threads of all pages were ready to run, but did not."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    files = [Path(f"/proc/{process['id']}/schedstat") for process in processes if process["type"] == "renderer"]
    return sum(int(file.read_text().split()[1]) for file in files if file.exists()) / 1e6


def choose(page: Page) -> float:
    """Choose the largest agency in the list of those found; milliseconds from the click to rest with lines drawn."""
    click = f"""document.querySelector('#map-panel [data-choose="{LARGEST}"]').click()"""
    begun = page.evaluate(f"(() => {{ performance.clearMarks('atlas-arcs'); {click}; return performance.now(); }})()")
    page.evaluate(REST, ["atlas-arcs", QUIET])
    painted = page.evaluate("performance.getEntriesByName('atlas-arcs').at(-1).startTime")
    during = page.evaluate("(drawn) => window.seen.tasks.filter(([start]) => start <= drawn + 50)", painted)
    return max([painted, *(end for _, end in during)]) - begun


def drag(page: Page, session: CDPSession) -> dict[str, float]:
    """Drag the map for a second; the longest frame, and milliseconds from letting go to the last slow frame's end."""
    box = page.locator("#atlas-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def mouse(kind: str, moved: float) -> None:
        event: dict[str, Any] = {"type": kind, "x": x + moved, "y": y + moved / 3, "button": "left", "buttons": 1}
        session.send("Input.dispatchMouseEvent", {**event, "clickCount": int(kind != "mouseMoved")})

    page.evaluate("window.scrollTo(0, 0); window.watchFrames(true)")
    mouse("mousePressed", 0)
    for step in range(60):
        mouse("mouseMoved", step * 4)
        time.sleep(1 / 60)
    time.sleep(0.3)  # So that the map does not glide on.
    released = page.evaluate("performance.now()")
    mouse("mouseReleased", 236)
    page.wait_for_timeout(1_500)
    frames = page.evaluate("window.watchFrames(false) ?? window.seen.frames")
    pairs = [(b - a, b) for a, b in zip(frames, frames[1:], strict=False)]
    settled = released
    for length, end in pairs:
        if end > released and length > SLOW and end - length - settled < GAP:
            settled = end
    return {
        "longest frame, ms": max(length for length, end in pairs if end <= released),
        "redraw after, ms": settled - released,
    }


def report(title: str, rounds: list[dict[str, float]]) -> None:
    """Print the median and the worst of each number beside its budget."""
    print(f"\n{title}\n{'':32}{'median':>10}{'worst':>10}{'budget':>10}")
    for name in rounds[0]:
        values = [found[name] for found in rounds]
        budget = BUDGETS.get(name)
        over = "  over" if budget and statistics.median(values) > budget else ""
        print(f"{name:32}{statistics.median(values):10.0f}{max(values):10.0f}{budget or '':>10}{over}")


def main(site: str, rounds: int) -> None:
    """Measure slowed down, then as it is."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium({}), args=["--no-sandbox"])
        measure(browser, site, 1)  # The first reader pays for the server's cold caches.
        for slowed in (SLOWED, 1):
            title = f"processor slowed down {slowed} times" if slowed > 1 else "as it is"
            report(f"{title}, {rounds} rounds", [measure(browser, site, slowed) for _ in range(rounds)])
        browser.close()


if __name__ == "__main__":
    main((sys.argv[1:] or ["http://localhost:8000"])[0].rstrip("/"), int((sys.argv[2:] or ["3"])[0]))
