"""Agreement of two annotators: spans, tokens, units, attributes and links, each with its interval."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from rift import __version__
from rift.annotations.layer import Layer, Span
from rift.annotations.records import TOLL
from rift.annotations.validate import offset_issues
from rift.corpus.document import Document
from rift.eval.collected import BELOW, ratios
from rift.eval.kappa import count_codes, kappa, mark_tokens
from rift.eval.links import count_links
from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.scoring import DEFAULT_BOOTSTRAP, Estimate
from rift.eval.signature import layer_fingerprint
from rift.eval.statistics import GOLD, PREDICTED, Counts, collect, measures
from rift.eval.tracks import MODES, Mode
from rift.eval.unitizing import Bounds, Continuum, alphas, count_units, disagreements
from rift.eval.values import collect_values
from rift.guidelines import scheme
from rift.issues import InputError, Issue, Level, Where

ALL = "all"
"""The row of all labels, and of all roles."""

FORMS = ("ACTOR name", "ACTOR generic")
"""The rows of actors by their form, beside the labels."""

_SHOWN = 5  # ids named in a warning

_Measure = Callable[[Counts], npt.NDArray[np.float64]]


class Figure(Estimate, frozen=True):
    """A number with its interval (see `Estimate`), and what it rests on: `documents`, and `n` items in them.

    Items are spans of both sides (F1), tokens (kappa), units of both sides (alpha), pairs of spans (attributes), or
    links of both sides.
    """

    documents: int
    n: int


class Row(msgspec.Struct, frozen=True):
    """The agreement on one label: the spans of either side, F1 by mode, Cohen's kappa, and Krippendorff's alpha."""

    a: int
    b: int
    f1: Mapping[Mode, Figure]
    kappa: Figure
    alpha: Figure


class LinkRow(msgspec.Struct, frozen=True):
    """The agreement on the links of one role, as F1: by the very span that they lead to, and by what that means."""

    span: Figure
    value: Figure


class Agreement(msgspec.Struct, frozen=True):
    """How far two layers, called `a` and `b`, agree; serialises to JSON as it is.

    `documents` are those of both; `only_a` and `only_b` list the others. `rows` are by label, with `ALL` first and the
    `FORMS` after ACTOR; `attributes` by `LABEL.attribute`; `links` by role, with `ALL` first.
    """

    signature: str
    a: str
    b: str
    documents: int
    only_a: Sequence[str]
    only_b: Sequence[str]
    rows: Mapping[str, Row]
    attributes: Mapping[str, Figure]
    links: Mapping[str, LinkRow]
    issues: Sequence[Issue]


def agreement(
    a: Layer,
    b: Layer,
    bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
    *,
    texts: Mapping[str, Document | None] | None = None,
) -> Agreement:
    """Return the agreement of two layers over the documents of both; docs/evaluation.md defines every number.

    Kappa and alpha rest on the documents that `texts` holds by id (None or absent: not at hand). A number that rests on
    nothing is None. Swapping the layers swaps `a` and `b` and changes no number; the order of documents and spans has
    no influence. Warnings: `no-shared-documents`, `unshared-documents`, `no-text`, and `overlap` where spans of a label
    overlap, whose alpha is then None. Raises InputError with every document whose markups count on different texts and
    every span that is not in its text (codes of `rift.annotations.validate.offset_issues`).
    """
    shared = sorted(a.markups.keys() & b.markups.keys())
    read = [document for doc in shared if (document := (texts or {}).get(doc))]
    _check(a, b, read)
    spans = _Spans(a.only(shared), b.only(shared))
    kappas = _kappas(spans, read, bootstrap)
    units, overlapping = _alphas(spans, read, bootstrap)
    return Agreement(
        signature=(
            f"rift:{__version__}|agreement|a:{layer_fingerprint(spans.layers[0])}|b:{layer_fingerprint(spans.layers[1])}"
            f"|docs:{len(shared)}|texts:{len(read)}|seed:{bootstrap.seed}|resamples:{bootstrap.resamples}"
        ),
        a=a.name,
        b=b.name,
        documents=len(shared),
        only_a=sorted(a.markups.keys() - b.markups.keys()),
        only_b=sorted(b.markups.keys() - a.markups.keys()),
        rows={
            row: Row(*sizes, f1=f1, kappa=kappas[row], alpha=units[row])
            for row, (sizes, f1) in _f1(spans, bootstrap).items()
        },
        attributes=_attributes(*spans.layers, bootstrap),
        links=_links(*spans.layers, bootstrap),
        issues=[*_warnings(a, b, read), *overlapping],
    )


class _Spans:
    """The spans of two layers over the same documents, by row."""

    def __init__(self, a: Layer, b: Layer) -> None:
        self.layers = (a, b)
        used = {span.label for layer in self.layers for markup in layer for span in markup.spans}
        self.labels = tuple(dict.fromkeys([*scheme().labels, *sorted(used)]))
        place = self.labels.index("ACTOR") + 1
        self.rows = (*self.labels[:place], *FORMS, *self.labels[place:])

    def by_form(self) -> tuple[Layer, Layer]:
        """Return both layers with each ACTOR labelled by its form."""
        return _by_form(self.layers[0]), _by_form(self.layers[1])

    def by_row(self, doc: str) -> list[list[list[Span]]]:
        """Return the spans of a document, of either side, row by row."""
        return [
            [[span for span in layer.markups[doc].spans if row in {span.label, _form(span)}] for row in self.rows]
            for layer in self.layers
        ]


def _by_form(layer: Layer) -> Layer:
    change = msgspec.structs.replace
    return Layer(layer.name, (change(m, spans=[change(span, label=_form(span)) for span in m.spans]) for m in layer))


def _form(span: Span) -> str:
    form = span.attributes.get("form") if span.label == "ACTOR" else None
    return f"ACTOR {form}" if form in {"name", "generic"} else span.label


def _figures(counts: Counts, measure: _Measure, items: Sequence[int], bootstrap: Bootstrap) -> list[Figure]:
    """Return a figure for each of the second axis of `counts`, whose first one is the documents."""
    values, drawn = measure(counts.sum(axis=0)), measure(resample(counts, bootstrap))
    return [_figure(values[at], drawn[:, at], len(counts), n) for at, n in enumerate(items)]


def _figure(value: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], documents: int, n: int) -> Figure:
    if np.isnan(value):
        return Figure(None, None, documents, n)
    return Figure(float(value), interval(drawn, documents), documents, n)


def _f1_of(counts: Counts) -> npt.NDArray[np.float64]:
    return measures(counts)[..., 2]


def _f1(spans: _Spans, bootstrap: Bootstrap) -> dict[str, tuple[tuple[int, int], dict[Mode, Figure]]]:
    """Return the numbers of spans and F1 by mode, by row."""
    plain = collect(*spans.layers, MODES, spans.labels)
    split = collect(*spans.by_form(), MODES, (*FORMS, *spans.labels))
    found = dict(zip(plain.labels, np.moveaxis(plain.counts, 2, 0), strict=True))
    found |= dict(zip(FORMS, np.moveaxis(split.counts, 2, 0), strict=False))
    names = (ALL, *spans.rows)
    table = np.stack([plain.counts.sum(axis=2), *(found[name] for name in spans.rows)], axis=1)
    sizes = table[:, :, 0].sum(axis=0)[:, [GOLD, PREDICTED]].astype(int)
    flat = table.reshape(len(table), len(names) * len(MODES), 4)
    figures = iter(_figures(flat, _f1_of, np.repeat(sizes.sum(axis=1), len(MODES)).tolist(), bootstrap))
    return {
        name: ((int(one), int(other)), dict(zip(MODES, figures, strict=False)))
        for name, (one, other) in zip(names, sizes, strict=True)
    }


def _kappas(spans: _Spans, read: Sequence[Document], bootstrap: Bootstrap) -> dict[str, Figure]:
    """Return Cohen's kappa by row: over whether a token has the label, and for all over its set of labels."""
    marked = [np.stack([mark_tokens(found.text, side) for side in spans.by_row(found.id)]) for found in read]
    joined = np.concatenate([np.zeros((2, 0, len(spans.rows)), dtype=np.bool_), *marked], axis=1)
    plain = joined[..., [spans.rows.index(label) for label in spans.labels]]
    sets, codes = np.unique(plain.reshape(-1, plain.shape[-1]), axis=0, return_inverse=True)
    ends = np.cumsum([both.shape[1] for both in marked], dtype=np.int64)
    whole = count_codes(np.split(codes.reshape(2, -1), ends, axis=1)[: len(read)], len(sets))
    binary = [count_codes([both[..., row].astype(np.int64) for both in marked], 2) for row in range(len(spans.rows))]
    figures = [
        *_figures(whole[:, None], kappa, [joined.shape[1]], bootstrap),
        *_figures(np.stack(binary, axis=1), kappa, [joined.shape[1]] * len(spans.rows), bootstrap),
    ]
    return dict(zip((ALL, *spans.rows), figures, strict=True))


def _alphas(spans: _Spans, read: Sequence[Document], bootstrap: Bootstrap) -> tuple[dict[str, Figure], list[Issue]]:
    """Return Krippendorff's alpha by row, and a warning for each label with spans that overlap.

    For all labels together the disagreements of the labels are added up (Krippendorff 2004).
    """
    figures: dict[str, Figure] = {}
    issues: list[Issue] = []
    totals: npt.NDArray[np.float64] = np.zeros(2)
    resampled: npt.NDArray[np.float64] = np.zeros((bootstrap.resamples, 2))
    items = 0
    grouped = [(found, spans.by_row(found.id)) for found in read]
    for position, row in enumerate(spans.rows):
        documents = [Continuum(len(doc.text), *(_bounds(side[position]) for side in sides)) for doc, sides in grouped]
        number = sum(len(side) for found in documents for side in found[1:])
        faulty = [doc.id for doc, found in zip(read, documents, strict=True) if any(map(_overlap, found[1:]))]
        units = count_units([] if faulty else documents)
        value, drawn = (
            disagreements(sums, units.lengths) + (np.nan if faulty else 0)
            for sums in (units.counts.sum(axis=0), resample(units.counts, bootstrap))
        )
        figures[row] = _figure(alphas(value), alphas(drawn), len(read), number)
        if row in spans.labels:
            totals, resampled, items = totals + value, resampled + drawn, items + number
            if faulty:
                message = f"spans of {row} overlap in {_some(faulty)}: alpha is not defined for it"
                issues.append(_warning("overlap", spans.layers, message, "`rift annotations check` lists them"))
    return {ALL: _figure(alphas(totals), alphas(resampled), len(read), items), **figures}, issues


def _bounds(spans: Sequence[Span]) -> list[Bounds]:
    return sorted((span.start, span.end) for span in spans if span.start < span.end)


def _overlap(side: Sequence[Bounds]) -> bool:
    return any(right[0] < left[1] for left, right in itertools.pairwise(side))


def _attributes(a: Layer, b: Layer, bootstrap: Bootstrap) -> dict[str, Figure]:
    found = collect_values(a, b).figures
    items = found.counts[..., BELOW].sum(axis=0).astype(int).tolist()
    return dict(zip(found.names, _figures(found.counts, ratios, items, bootstrap), strict=True))


def _links(a: Layer, b: Layer, bootstrap: Bootstrap) -> dict[str, LinkRow]:
    counts = count_links(a, b)
    counts = np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
    flat = counts.reshape(len(a), counts.shape[1] * 2, 4)
    items = flat[..., [GOLD, PREDICTED]].sum(axis=(0, 2)).astype(int).tolist()
    figures = iter(_figures(flat, _f1_of, items, bootstrap))
    return {role: LinkRow(next(figures), next(figures)) for role in (ALL, *scheme().labels[TOLL].links)}


def _check(a: Layer, b: Layer, read: Sequence[Document]) -> None:
    issues = [
        Issue(
            "hash-mismatch", Level.ERROR, Where(b.name, doc=doc), f"the offsets count on another text than {a.name}'s"
        )
        for doc in sorted(a.markups.keys() & b.markups.keys())
        if a.markups[doc].sha256 != b.markups[doc].sha256
    ]
    for layer in (a, b):
        for document in read:
            issues.extend(offset_issues(layer.markups[document.id], document, Where(layer.name, doc=document.id)))
    if issues:
        raise InputError(issues)


def _warnings(a: Layer, b: Layer, read: Sequence[Document]) -> Iterator[Issue]:
    shared = a.markups.keys() & b.markups.keys()
    if not shared:
        yield _warning("no-shared-documents", (a, b), "no document is in both layers: nothing is defined")
    for one, other in itertools.permutations((a, b)):
        if alone := sorted(one.markups.keys() - shared):
            message = f"{len(alone)} of {len(one)} documents are not in {other.name} and are left out: {_some(alone)}"
            yield _warning("unshared-documents", (one,), message)
    if missing := sorted(shared - {document.id for document in read}):
        message = f"{len(missing)} texts are not at hand, so kappa and alpha leave them out: {_some(missing)}"
        yield _warning("no-text", (a, b), message, "docs/sources.md says how to get them")


def _warning(code: str, layers: Sequence[Layer], message: str, hint: str = "") -> Issue:
    return Issue(code, Level.WARNING, Where(", ".join(layer.name for layer in layers)), message, hint)


def _some(documents: Sequence[str]) -> str:
    return ", ".join(documents[:_SHOWN]) + (" …" if len(documents) > _SHOWN else "")
