"""The site: every page and file of the corpus to look at, from documents and their spans."""

import importlib.resources
from collections.abc import Iterator, Mapping, Sequence

import jinja2
import msgspec
from markupsafe import Markup as Html

from rift import __version__
from rift.browse.catalogue import FACETS, Data, catalogue, outcomes
from rift.browse.compare import beside
from rift.browse.document import view
from rift.browse.entry import Entry
from rift.browse.timeline import HEIGHT, WIDTH
from rift.browse.words import plain
from rift.eval.page import show_attributes
from rift.eval.palette import COLOURS, MARKERS, css_string, label_styles
from rift.guidelines import Knowledge, Scheme

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""The content security policy that each page carries: the site's own files and nothing else, no script in a page."""

_SHARED = ("browse.js", "icon.svg")

_SHAPES: Mapping[str, str] = {
    "o": "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z",
    "s": "M-.86-.86H.86V.86H-.86Z",
    "D": "M0-1.1 1.1 0 0 1.1-1.1 0Z",
    "^": "M0-1.05 1.05.85H-1.05Z",
    "v": "M0 1.05 1.05-.85H-1.05Z",
    "X": "M-.5-1 0-.5.5-1 1-.5.5 0 1 .5.5 1 0 .5-.5 1-1 .5-.5 0-1-.5Z",
}
"""The palette's markers as SVG paths, about as large as a circle of radius 1."""


def render_site(
    entries: Sequence[Entry], knowledge: Knowledge, scheme: Scheme, note: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site, its path from the root and its content; the front page last.

    `index.html`, a page a document below `documents/`, a page a document that two annotators have marked below
    `annotators/`, and the three files that they share. `note` is a line for the foot of each page. The pages need no
    network, no other file and no server. The same entries give the same bytes; none give an empty catalogue.
    """
    views = [view(entry, knowledge) for entry in entries]
    labels = label_styles(scheme, (label for found in views for label in found.counts))
    environment = _environment()
    environment.globals |= {
        "version": __version__,
        "policy": POLICY,
        "note": note,
        "labels": labels,
        "numbers": {label.name: number for number, label in enumerate(labels)},
        "roles": scheme.labels["TOLL"].links if "TOLL" in scheme.labels else {},
        "outcomes": {
            name: (number, COLOURS[number % len(COLOURS)], _SHAPES[MARKERS[number % len(MARKERS)]])
            for number, name in enumerate(outcomes(scheme))
        },
    }

    def page(template: str, **values: object) -> bytes:
        return environment.get_template(template).render(**values).encode()

    yield "browse.css", page("browse.css")
    for name in _SHARED:
        yield name, importlib.resources.files("rift.browse").joinpath("templates", name).read_bytes()
    for number, shown in enumerate(views):
        near = {"before": views[number - 1] if number else None, "after": (*views, None)[number + 1]}
        records = {fact.mark.anchor: fact.anchor for fact in shown.facts}
        yield shown.page, page("document.html", root="../", view=shown, records=records, **near)
        if compared := beside(shown.entry, knowledge):
            yield f"annotators/{shown.entry.doc}.html", page("annotators.html", root="../", view=shown, beside=compared)
    found = catalogue(views, knowledge, scheme)
    drawn = {"rows": {row.number: row for row in found.tolls}, "plane": {"width": WIDTH, "height": HEIGHT}}
    yield "index.html", page("index.html", root="", found=found, facets=FACETS, data=_json(found.data), **drawn)


def count_files(entries: Sequence[Entry]) -> int:
    """Return how many files `render_site` yields for these documents."""
    return len(_SHARED) + len(entries) + sum(1 for entry in entries if entry.annotators) + 2


def _json(data: Data) -> Html:
    """Return the data as JSON that nothing within it can end: no `<` stands in it."""
    return Html(msgspec.json.encode(data).decode().replace("<", "\\u003c"))  # noqa: S704 - no markup is left in it


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader("rift.browse"), jinja2.PrefixLoader({"eval": jinja2.PackageLoader("rift.eval")})]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"css": css_string, "plain": plain, "attributes": show_attributes}
    return environment
