"""Invented documents as far as each may be shown, for the tests of the pages."""

import dataclasses
import datetime as dt

import msgspec

from invented import document
from rift.annotations.layer import Markup
from rift.annotations.mentions import parse
from rift.browse.entry import Entry
from rift.browse.site import render_site
from rift.guidelines import knowledge, scheme

AZAZ = """At Least 12 Killed in Azaz

Islamic State gunmen killed 15 rebels in Azaz on Monday, the Observatory said. About 40 people fled to Aleppo."""

AZAZ_MENTIONS = """TOLL|At Least 12|id=t0|outcome=killed|low=12|victims=combatants|scope=incident|by=is|where=z0|when=d
LOCATION|Azaz|id=z0|place=azaz
ACTOR|Islamic State|id=is|entity=isis
TOLL|15 rebels|id=t1|outcome=killed|low=15|high=15|victims=combatants|scope=incident|\
same_as=t0|victim=r|by=is|where=z1|when=d|source=o
ACTOR|rebels|id=r|kind=armed_group
LOCATION|Azaz|id=z1|place=azaz
DATE|Monday|id=d|value=2014-06-09
ACTOR|Observatory|id=o|entity=syrian-observatory
TOLL|About 40 people|id=t2|outcome=displaced|low=40|high=40|approx=true|victims=civilians|scope=incident|when=d
LOCATION|Aleppo|id=a|place=aleppo
"""

RAQQA = """A Quiet Year in Raqqa

Two soldiers were wounded in Raqqa in 2013. Beyrouth's café was full, and nobody else came to harm."""

RAQQA_MENTIONS = """LOCATION|Raqqa|id=q0|place=raqqa
TOLL|Two soldiers|id=t|outcome=wounded|low=2|high=2|victims=combatants|scope=incident|victim=s|where=q1|when=y
ACTOR|soldiers|id=s|kind=state_force
LOCATION|Raqqa|id=q1|place=raqqa
DATE|2013|id=y|value=2013
"""

HOSTILE = """<script>document.title = "owned"</script> & 'quoted' </title>

<img src=x onerror="document.title = 'owned'"> says \N{RIGHT-TO-LEFT OVERRIDE}3 men\N{POP DIRECTIONAL FORMATTING} died \
</mark></article><!--"""

HOSTILE_MENTIONS = """ACTOR|script|kind=armed_group
TOLL|3 men|id=t|outcome=killed|low=3|high=3|victims=unspecified|scope=incident
"""


def mark(text: str, mentions: str, key: str, layer: str = "gold") -> Markup:
    """Return the markup of a mention list, its fields parted by bars, which must be without fault."""
    known = {key: document(text, key)}
    listed = mentions.replace("|", "\t")
    found = parse(f"# doc {key}\n{listed}", f"{layer}.mentions", known, scheme(), knowledge())
    assert not found.issues, found.issues
    return found.markups[0]


def entry(key: str, text: str, mentions: str) -> Entry:
    """Return a document with its text and its spans."""
    return Entry(
        doc=key,
        collection="invented",
        split="dev",
        title=text.partition("\n")[0],
        publisher="Nobody & Sons",
        published=dt.date(2014, 6, 10),
        language="en",
        license="CC0-1.0",
        source="invented",
        text=text,
        markup=mark(text, mentions, key),
    )


def azaz() -> Entry:
    """Return a document with three tolls, and two annotators who differ in an extent, a value and a missing span."""
    one = AZAZ_MENTIONS.replace("TOLL|15 rebels", "TOLL|15")
    other = AZAZ_MENTIONS.replace("low=40|high=40", "low=50|high=50").partition("LOCATION|Aleppo")[0]
    pair = [mark(AZAZ, one, "azaz", "annotator-a"), mark(AZAZ, other, "azaz", "annotator-b")]
    return dataclasses.replace(entry("azaz", AZAZ, AZAZ_MENTIONS), annotators=pair)


def bare() -> Entry:
    """Return a document without its text, the surface of one toll left out."""
    whole = entry("bare", AZAZ, AZAZ_MENTIONS)
    assert whole.markup
    spans = [msgspec.structs.replace(span, surface=None) if span.id == "t2" else span for span in whole.markup.spans]
    return dataclasses.replace(
        whole, split="train", title="", text=None, markup=msgspec.structs.replace(whole.markup, spans=spans)
    )


def unmarked() -> Entry:
    """Return a document that nobody has marked."""
    return dataclasses.replace(entry("unmarked", "Nothing yet\n\nNobody read it.", ""), markup=None)


def entries() -> list[Entry]:
    """Return one document of each sort."""
    return [
        azaz(),
        entry("raqqa", RAQQA, RAQQA_MENTIONS),
        bare(),
        entry("hostile", HOSTILE, HOSTILE_MENTIONS),
        unmarked(),
    ]


def site(shown: list[Entry]) -> dict[str, bytes]:
    """Return the files of the site of some documents."""
    return dict(render_site(shown, knowledge(), scheme()))
