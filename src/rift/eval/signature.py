"""Signatures: what is needed to repeat a score, after sacrebleu's habit (Post 2018)."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from rift import __version__
from rift.annotations.layer import Layer, Markup, Span
from rift.eval.resample import Bootstrap
from rift.eval.tracks import Mode


def signature(track: str, mode: Mode, *, split: str, gold: str, documents: int, bootstrap: Bootstrap) -> str:
    """Return the signature of a score; `gold` is the fingerprint of what the track reads of it."""
    return (
        f"rift:{__version__}|track:{track}|mode:{mode}|split:{split}|gold:{gold}|docs:{documents}"
        f"|seed:{bootstrap.seed}|resamples:{bootstrap.resamples}"
    )


def layer_fingerprint(gold: Layer) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of boundaries, labels, attributes and links of a layer.

    Documents count with id and digest. The order of documents, spans, attributes and links does not matter, nor do the
    layer's name, surfaces, and the names of ids: a link counts as the boundaries and labels that it leads to.
    """
    lines = (_facts(gold.markups[document]) for document in sorted(gold.markups))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:8]


def _facts(markup: Markup) -> bytes:
    by_id: dict[str, list[Span]] = defaultdict(list)
    for span in markup.spans:
        if span.id is not None:
            by_id[span.id].append(span)
    spans = sorted(
        msgspec.json.encode([*_place(span), span.attributes, _links(span, by_id)], order="sorted")
        for span in markup.spans
    )
    heading = msgspec.json.encode([markup.doc, markup.sha256])
    return b"\n".join([heading, *spans])


def _links(span: Span, by_id: Mapping[str, Sequence[Span]]) -> dict[str, list[tuple[int, int, str]]]:
    return {
        link: sorted(_place(target) for name in targets for target in by_id.get(name, ()))
        for link, targets in span.links.items()
    }


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label
