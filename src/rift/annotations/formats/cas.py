"""UIMA CAS (https://uima.apache.org) as XMI, ours or as INCEpTION exports it, read."""

import io
import pathlib
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rift.annotations.formats.brat import typed
from rift.annotations.formats.cas_types import EXTRA, ID, PACKAGE, TYPES, label_of, type_system
from rift.annotations.formats.codes import finding
from rift.annotations.formats.content import LIMITS, whole
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.names import stem
from rift.annotations.formats.text_index import TextIndex
from rift.annotations.layer import Markup, Span, Value, reading_order
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Where, needs

_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RuntimeError, SyntaxError)
"""What cassis raises for what is no XMI; the last is lxml's."""

_OF_TOOLS = re.compile(r"\b(?:uima|de\.tudarmstadt\.ukp|org\.dkpro)\.")
"""Types that tools add to every CAS, such as tokens and sentences."""


def is_cas(path: pathlib.Path) -> bool:
    """Say whether a path is named as an XMI file or a zip file of such, or is a folder that holds some."""
    return path.suffix in {".xmi", ".zip"} or (path.is_dir() and any(path.glob("*.xmi")))


def read(path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings) -> Iterator[tuple[int, Markup]]:
    """Yield (0, markup) for each XMI of a folder or a zip file, or for the one that `path` names.

    An XMI is of the document that it is named for, else of the first with its text. Annotations of the types of
    `cas_types.type_system` are spans; one without `id` gets one from its number in the file. The types are those of the
    `TypeSystem.xml` beside it, else ours. For files that one trusts: cassis bounds neither memory nor time.

    Codes: `unknown-format` (no XMI), `unknown-document`, `text-differs`, `duplicate-document`, `offset-outside`,
    `not-read` (types other than ours and those that tools add). Raises InputError as `content.whole`, and with
    `missing-package`, `bad-compression` and `too-large`.
    """
    index = TextIndex(documents)
    seen: set[str] = set()
    for name, content, types in _files(path):
        cas = _loaded(content, types, Where(name), found)
        if cas is None:
            continue
        document = index.find(pathlib.PurePath(name).stem, cas.sofa_string or "", Where(name))
        if isinstance(document, Issue):
            found.add(document)
            continue
        where = Where(name, 0, document.id)
        if document.id in seen:
            found.add(finding("duplicate-document", where, "the document has an XMI already", "keep one of the two"))
            continue
        seen.add(document.id)
        spans = tuple(_spans(cas, where, found))
        yield 0, Markup(doc=document.id, sha256=document.sha256, layer=stem(path), spans=spans)


def _files(path: pathlib.Path) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Yield the name and content of each XMI, with the type system beside it, None where there is none."""
    if path.suffix == ".zip":
        yield from _packed_files(path)
        return
    beside = (path if path.is_dir() else path.parent) / TYPES
    types = whole(beside) if beside.exists() else None
    for file in sorted(path.glob("*.xmi")) if path.is_dir() else [path]:
        yield str(file), whole(file), types


def _packed_files(path: pathlib.Path) -> Iterator[tuple[str, bytes, bytes | None]]:
    try:
        with zipfile.ZipFile(io.BytesIO(whole(path))) as packed:
            sizes = {one.filename: one.file_size for one in packed.infolist()}
            if sum(sizes.values()) > LIMITS.file:
                message = f"unpacks to more than {LIMITS.file >> 20} MiB, more than is read"
                raise InputError([finding("too-large", Where(str(path)), message)])
            for name in sorted(name for name in sizes if name.endswith(".xmi")):
                beside = f"{name.removesuffix(pathlib.PurePosixPath(name).name)}{TYPES}"
                yield f"{path}/{name}", packed.read(name), packed.read(beside) if beside in sizes else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # the last two: ways of packing
        raise InputError([finding("bad-compression", Where(str(path)), f"cannot be unpacked: {error}")]) from error


def _loaded(content: bytes, types: bytes | None, where: Where, found: Findings) -> Any:  # noqa: ANN401 - an extra's type
    """Return the CAS, None for what is none; what cassis warns of becomes an issue."""
    with needs(*EXTRA):
        from cassis import load_cas_from_xmi, load_typesystem  # noqa: PLC0415 - an extra
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            system = load_typesystem(io.BytesIO(types)) if types else type_system()
            cas = load_cas_from_xmi(io.BytesIO(content), typesystem=system, lenient=True)
    except _FAULTS as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        hint = "export UIMA CAS XMI (XML 1.0), and keep its TypeSystem.xml beside it"
        found.add(finding("unknown-format", where, f"is no XMI of the types beside it: {first}", hint))
        return None
    for message in dict.fromkeys(str(one.message) for one in warned):
        if "offset" in message:
            found.add(finding("offset-outside", where, message, "offsets count UTF-16 units of the text"))
        elif not _OF_TOOLS.search(message):
            found.add(finding("not-read", where, message))
    return cas


def _spans(cas: Any, where: Where, found: Findings) -> Iterator[Span]:  # noqa: ANN401 - an extra's type
    """Yield the spans of a CAS in reading order, and report the types of annotations that are none."""
    annotations = [(one.type.name, one) for one in cas.select_all_annotations()]
    others = Counter(name for name, _ in annotations if not name.startswith(PACKAGE) and not _OF_TOOLS.match(name))
    for name, count in others.items():
        found.add(finding("not-read", where, f"{count} annotations of the type {name} are no spans of labels"))
    yield from sorted((_span(one) for name, one in annotations if name.startswith(PACKAGE)), key=reading_order)


def _span(annotation: Any) -> Span:  # noqa: ANN401 - an extra's type
    name = annotation.type.name.removeprefix(PACKAGE)
    label = label_of(name)
    attributes: dict[str, Value] = {}
    for key, attribute in label.attributes.items():
        value = annotation.get(key)
        if value not in {None, False}:
            attributes[key] = value if attribute.type == "flag" else typed(attribute.type, str(value))
    arrays = {key: annotation.get(key) for key in label.links}
    ends = {key: [_id(link.target) for link in array.elements if link.target] for key, array in arrays.items() if array}
    return Span(
        id=_id(annotation), start=annotation.begin, end=annotation.end, label=name,
        surface=annotation.get_covered_text(), attributes=attributes,
        links={key: targets for key, targets in ends.items() if targets},
    )  # fmt: skip


def _id(annotation: Any) -> str:  # noqa: ANN401 - an extra's type
    return annotation.get(ID) or f"x{annotation.xmiID}"
