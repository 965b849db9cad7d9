"""spaCy's DocBin (https://spacy.io/api/docbin), read and written: a span group a label, attributes beside the spans."""

import itertools
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rift.annotations.formats.codes import finding, quoted
from rift.annotations.formats.content import whole
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.names import stem
from rift.annotations.formats.rendering import Context, Losses, Rendering, place, with_texts
from rift.annotations.formats.spans import GREATEST
from rift.annotations.formats.text_index import TextIndex
from rift.annotations.layer import Layer, Markup, Span, Value, reading_order
from rift.corpus.document import Document
from rift.corpus.tokens import Token, cut, tokenize
from rift.issues import InputError, Issue, Where, needs

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

_EXTRA = ("spacy", "files of spaCy")


def render(layer: Layer, context: Context) -> Rendering:
    """Render a layer as a DocBin, a Doc a document whose `user_data` holds `doc` and `layer`.

    Tokens are those of `rift.corpus.tokens`, cut further where a span begins or ends inside one, and white space other
    than single spaces between tokens, so that each span is one of tokens. `doc.spans[LABEL]` has the spans of a label;
    `id_` is a span's id, `kb_id_` its entity or place, and `attrs` of the group has the lists `attributes` and `links`,
    an item a span. Where no spans overlap they are `doc.ents` too, elsewhere entities are left unset. Not held: spans
    that are empty or outside the text; whole numbers of more than 64 bits; documents without a text. Raises InputError
    (`missing-package`). The same layer gives the same bytes.
    """
    with needs(*_EXTRA):
        from spacy.tokens import DocBin  # noqa: PLC0415 - an extra
        from spacy.vocab import Vocab  # noqa: PLC0415
    losses = Losses()
    vocab = Vocab()
    held = DocBin(attrs=("ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID"), store_user_data=True)
    for markup, document in with_texts(layer, context, losses):
        held.add(_doc(vocab, markup, document.text, losses))
    return Rendering(held.to_bytes(), losses.listed())


def _doc(vocab: Any, markup: Markup, text: str, losses: Losses) -> "Doc":  # noqa: ANN401 - an extra's type
    from spacy import tokens as spacy  # noqa: PLC0415

    spans = [span for span in sorted(markup.spans, key=reading_order) if span.start < span.end <= len(text)]
    for span in markup.spans:
        if not span.start < span.end <= len(text):
            losses.add("spans", "that are empty or outside the text", place(markup, span))
    tokens, spaces = _tokens(text, spans)
    doc = spacy.Doc(vocab, words=[text[token.start : token.end] for token in tokens], spaces=spaces)
    first = {token.start: index for index, token in enumerate(tokens)}
    last = {token.end: index for index, token in enumerate(tokens, start=1)}
    doc.user_data.update({"doc": markup.doc, "layer": markup.layer})
    made = [
        spacy.Span(doc, first[span.start], last[span.end], span.label, kb_id=_entry(span), span_id=span.id or "")
        for span in spans
    ]
    for label in dict.fromkeys(span.label for span in spans):
        members = [index for index, span in enumerate(spans) if span.label == label]
        attrs = {
            "attributes": [_attributes(markup, spans[index], losses) for index in members],
            "links": [{key: list(targets) for key, targets in spans[index].links.items()} for index in members],
        }
        doc.spans[label] = spacy.SpanGroup(doc, name=label, attrs=attrs, spans=[made[index] for index in members])
    if all(one.end <= other.start for one, other in itertools.pairwise(spans)):
        doc.set_ents(made)
    return doc


def _tokens(text: str, spans: Sequence[Span]) -> tuple[list[Token], list[bool]]:
    """Return tokens that together are the text, and whether a single space that is part of none follows each."""
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    tokens: list[Token] = []
    spaces: list[bool] = []
    position = 0
    for word in [*cut(tokenize(text), starts | ends), Token(len(text), len(text))]:
        apart = position not in starts and position + 1 not in ends
        if tokens and apart and text.startswith(" ", position, word.start):
            spaces[-1] = True
            position += 1
        gap = [Token(position, word.start)] if position < word.start else []
        more = [*cut(gap, starts | ends), *([word] if word.start < word.end else [])]
        tokens.extend(more)
        spaces.extend([False] * len(more))
        position = word.end
    return tokens, spaces


def _entry(span: Span) -> str:
    """Return the entry of the knowledge files that a span names, "" for none."""
    return next((value for key in ("entity", "place") if isinstance(value := span.attributes.get(key), str)), "")


def _attributes(markup: Markup, span: Span, losses: Losses) -> dict[str, Value]:
    kept = {key: value for key, value in span.attributes.items() if isinstance(value, str) or abs(value) <= GREATEST}
    lost = len(span.attributes) - len(kept)
    losses.add("attributes", "that are a number of more than 64 bits", place(markup, span), lost)
    return kept


def read(path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings) -> Iterator[tuple[int, Markup]]:
    """Yield (1-based number of the Doc, markup) for each Doc of a DocBin, of RIFT's or of another hand.

    A Doc is of the document that its `user_data` names, else of the first with its text. Its spans are those of its
    span groups, or where it has none its entities; attributes and links are those in a group's `attrs`. For files that
    one trusts: spaCy bounds neither memory nor time. Raises InputError as `content.whole`, and with `missing-package`
    and `bad-compression` (no DocBin). Codes: `unknown-document`, `text-differs`, `duplicate-document`, `not-read`.
    """
    index = TextIndex(documents)
    seen: set[str] = set()
    for number, doc in enumerate(_docs(path), start=1):
        name = str(doc.user_data.get("doc", ""))
        document = index.find(name, doc.text, Where(str(path), number, name))
        if isinstance(document, Issue):
            found.add(document)
            continue
        where = Where(str(path), number, document.id)
        if document.id in seen:
            found.add(finding("duplicate-document", where, "the document has a Doc already"))
            continue
        seen.add(document.id)
        layer = str(doc.user_data.get("layer", stem(path)))
        spans = tuple(sorted(_spans(doc, where, found), key=reading_order))
        yield number, Markup(doc=document.id, sha256=document.sha256, layer=layer, spans=spans)


def _docs(path: pathlib.Path) -> Iterator["Doc"]:
    """Yield the Docs of a file; what spaCy says of a damaged one becomes an issue."""
    with needs(*_EXTRA):
        from spacy.tokens import DocBin  # noqa: PLC0415 - an extra
        from spacy.vocab import Vocab  # noqa: PLC0415
    content = whole(path)
    try:
        yield from DocBin().from_bytes(content).get_docs(Vocab())
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
    ) as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise InputError([finding("bad-compression", Where(str(path)), f"is no DocBin: {first}")]) from error


def _spans(doc: "Doc", where: Where, found: Findings) -> Iterator[Span]:
    for key, group in doc.spans.items():
        told = [group.attrs.get(name, [{}] * len(group)) for name in ("attributes", "links")]
        if any(len(each) != len(group) for each in told):
            message = f"the attrs of the group {quoted(key)} have not an item for each of its spans"
            found.add(finding("not-read", where, message))
            told = [[{}] * len(group)] * len(told)
        for span, attributes, links in zip(group, *told, strict=True):
            yield _span(span, attributes, links)
    if not doc.spans:
        yield from (_span(entity, {}, {}) for entity in doc.ents)


def _span(span: "SpacySpan", attributes: Mapping[str, Value], links: Mapping[str, Sequence[str]]) -> Span:
    return Span(
        id=span.id_ or None, start=span.start_char, end=span.end_char, label=span.label_, surface=span.text,
        attributes=attributes, links=links,
    )  # fmt: skip
