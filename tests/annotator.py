"""An annotator at work in Label Studio's pages: signing in, marking, setting attributes, relating, submitting."""

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

_PLACE = """words => {
  const walker = document.createTreeWalker(document.querySelector(".lsf-htx-richtext"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: "center" });
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const box = range.getBoundingClientRect();
    return [box.left, box.right, (box.top + box.bottom) / 2];
  }
}"""


class AtWork:
    """A page of Label Studio, with a task open."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def sign_in(self, url: str, address: str, password: str) -> None:
        """Sign in by the server's form."""
        self._page.goto(f"{url}/user/login/")
        self._page.fill("input[name=email]", address)
        self._page.fill("input[name=password]", password)
        self._page.click("button[type=submit]")
        self._page.wait_for_load_state("networkidle")

    def open(self, address: str) -> None:
        """Open a task, and close the instructions."""
        self._page.goto(address)
        self._page.wait_for_selector(".lsf-htx-richtext", timeout=60_000)
        self._page.wait_for_load_state("networkidle")
        self._close_instructions()

    def mark(self, key: str, words: str) -> None:
        """Choose a label by its key, and draw the mouse over words; again where the page was not ready for it."""
        for last in (False, False, True):
            self._page.keyboard.press(key)
            self._draw_over(words)
            try:
                self._marked(words).wait_for(timeout=30_000 if last else 5_000)
            except NotInTime:
                if last:
                    raise
                self._close_instructions()
                self._page.keyboard.press("Escape")
            else:
                break
        self._page.keyboard.press("Escape")

    def _draw_over(self, words: str) -> None:
        left, right, middle = self._page.evaluate(_PLACE, words)
        mouse = self._page.mouse
        mouse.move(left + 1, middle)
        mouse.down()
        mouse.move((left + right) / 2, middle)
        mouse.move(right - 1, middle)
        mouse.up()

    def _close_instructions(self) -> None:
        close = self._page.get_by_label("Close modal")
        if close.count():
            close.click()
            close.wait_for(state="detached")

    def choose(self, words: str) -> None:
        """Select what was marked."""
        self._marked(words).click()
        self._page.locator(".rift-row:visible").first.wait_for()

    def tick(self, *values: str) -> None:
        """Tick boxes of what is selected."""
        for value in values:
            self._page.locator(f'.rift-row input[name="{value}"]:visible').check()

    def search(self, words: str, entry: str) -> None:
        """Look an entry of the knowledge files up by name, and choose it."""
        self._page.locator(".rift-row .ant-select:visible").click()
        self._page.locator(".htx-taxonomy-dropdown .ant-select-tree-title:visible").first.wait_for()
        self._page.keyboard.type(words, delay=50)
        titles = self._page.locator(".htx-taxonomy-dropdown .ant-select-tree-title:visible")
        titles.filter(has_text=entry).first.click()
        self._page.keyboard.press("Tab")

    def fill(self, *numbers: int) -> None:
        """Fill in the numbers of what is selected, in order."""
        fields = self._page.locator(".rift-row input[type=number]:visible")
        for at, number in enumerate(numbers):
            fields.nth(at).fill(str(number))
            fields.nth(at).press("d")  # a label's key that is pressed by mistake changes no figure
        self._page.keyboard.press("Tab")

    def relate(self, words: str) -> None:
        """Make a relation from what is selected to what was marked."""
        self._page.get_by_label("Create Relation", exact=True).click()
        self._marked(words).click()

    def submit(self) -> None:
        """Submit."""
        self._page.get_by_test_id("bottombar-submit-button").click()
        self._page.get_by_text("Annotation saved").first.wait_for()

    def _marked(self, words: str) -> Locator:
        return self._page.locator(".htx-highlight", has_text=words)
