"""What is wrong with a page for somebody: axe, and whether it fits the screen. One load of a page serves every look.

Only what is wrong travels back from the browser: the whole answer of axe is ten times as long and three times as slow.
KHLANG_LOOK=folder keeps a picture of every look.
"""

import os
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# Every size in every colour.
LOOKS = tuple((size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark"))
# A page is loaded once for a language: each has a size and a colour that the other has not.
BY_LANGUAGE = [("th", ((DESK, "light"), (PHONE, "dark"))), ("en", ((DESK, "dark"), (PHONE, "light")))]
PICTURES = os.environ.get("KHLANG_LOOK", "")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(found =>
    found.violations.map(rule => `${rule.id}: ${rule.nodes[0].target} ${rule.nodes[0].html.slice(0, 120)}`))"""


def barriers(page) -> list[str]:
    """What axe finds wrong on the page as it stands, each with the address and the first element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{page.url} {each}" for each in page.evaluate(_RUN, _RULES)]


def faults(page) -> list[str]:
    """What is wrong with the page as it stands: barriers, and that it must be pushed sideways; keeps a picture when asked."""
    width = page.evaluate("document.documentElement.scrollWidth")
    if PICTURES:
        _keep_picture(page)
    return barriers(page) + ([f"{page.url} is {width} wide"] if width > page.viewport_size["width"] else [])


def _keep_picture(page) -> None:
    scheme, language = page.evaluate(
        "[matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', document.documentElement.lang]"
    )
    words = "".join(sign if sign.isalnum() else "-" for sign in page.url.split("/", 3)[-1])[:80]
    Path(PICTURES).mkdir(parents=True, exist_ok=True)
    kept = len(list(Path(PICTURES).iterdir()))
    name = f"{words}-{page.viewport_size['width']}-{scheme}-{language}-{kept}.png"
    page.screenshot(path=str(Path(PICTURES) / name), full_page=True)


def put_on(page, size, scheme) -> None:
    """Let the page appear on a screen of this size, in these colours, at once."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)


def faults_in_looks(page, looks=LOOKS) -> list[str]:
    """What is wrong with the page that is open, in each of these looks."""
    found = []
    for size, scheme in looks:
        put_on(page, size, scheme)
        found += [f"{size['width']} {scheme}: {each}" for each in faults(page)]
    return found
