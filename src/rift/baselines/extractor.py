"""Extractors: the protocol that every system follows, and how one is found by its name."""

import importlib.metadata
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

import msgspec

from rift.annotations.layer import Layer, Markup
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where
from rift.paths import data_root

T = TypeVar("T", bound=msgspec.Struct)

GROUP = "rift.extractors"
"""Entry-point group: a name, and a callable that makes an `Extractor` from its settings."""

_OWN = "rift-corpus"

Settings = Mapping[str, object]
"""An extractor's settings, as `baselines/<name>/config.toml` holds them; empty where there is no such file."""


@runtime_checkable
class Extractor(Protocol):
    """A system that marks up documents.

    An extractor never changes: training gives another one. Predictions depend on the extractor and the document alone.
    """

    @property
    def name(self) -> str:
        """The layer's name in what `predict` gives."""

    def fit(self, documents: Sequence[Document], gold: Layer) -> "Extractor":
        """Return an extractor trained on the documents that `gold` marks up; a system that learns nothing, itself.

        Raises InputError where the system cannot be trained on what it is given.
        """

    def predict(self, document: Document) -> Markup:
        """Return the document's spans, named `name`; raises InputError where the system must be trained first.

        `doc` and `sha256` are the document's. Spans obey the scheme: those of one label never overlap, none cross, and
        only a label that may contain another does.
        """


class Plugin(NamedTuple):
    """An installed extractor, not yet loaded: its name, the object that makes it, the distribution it came with."""

    name: str
    target: str
    distribution: str
    version: str


def plugins() -> tuple[Plugin, ...]:
    """Return the installed extractors by name, without importing any; one that is declared twice stands once."""
    return tuple(sorted({_to_plugin(point) for point in importlib.metadata.entry_points(group=GROUP)}))


def read_settings(name: str) -> Settings:
    """Return the settings of `baselines/<name>/config.toml`, or none where the extractor has no such file.

    Raises InputError (`bad-toml`) where the file is not TOML.
    """
    path = data_root() / "baselines" / name / "config.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        issue = Issue("bad-toml", Level.ERROR, Where(str(path)), str(error), "mend the file at that place")
        raise InputError([issue]) from error


def to_settings(kind: type[T], settings: Settings, name: str) -> T:
    """Convert the settings of the extractor `name` to `kind`.

    Raises InputError (`bad-settings`) where one is missing, unknown or of another type.
    """
    try:
        return msgspec.convert(settings, kind)
    except msgspec.ValidationError as error:
        where = Where(f"baselines/{name}/config.toml")
        hint = "compare with the file that RIFT comes with"
        raise InputError([Issue("bad-settings", Level.ERROR, where, str(error), hint)]) from error


def load_extractor(name: str) -> Extractor:
    """Return the installed extractor `name`, untrained, with the settings of its `config.toml`.

    Raises InputError: `unknown-extractor`, `ambiguous-extractor` (two distributions give the name), `missing-extra` (a
    module that it needs is not installed), `broken-extractor` (its entry point names nothing that can be used).
    """
    points = {point.value: point for point in importlib.metadata.entry_points(group=GROUP, name=name)}
    if len(points) != 1:
        raise InputError([_name_issue(name, points)])
    (point,) = points.values()
    where = Where(f"{GROUP}:{name}")
    try:
        made = point.load()(read_settings(name))
    except ModuleNotFoundError as error:
        raise InputError([_module_issue(point, error)]) from error
    except (ImportError, AttributeError, TypeError) as error:
        message = f"{point.value} of {_to_plugin(point).distribution} does not make an extractor: {error}"
        hint = "an entry point must name a callable that takes the settings; tell its author"
        raise InputError([Issue("broken-extractor", Level.ERROR, where, message, hint)]) from error
    if not isinstance(made, Extractor):
        message = f"{point.value} made a {type(made).__name__}, which lacks name, fit or predict"
        hint = "see rift.baselines.extractor.Extractor; tell its author"
        raise InputError([Issue("broken-extractor", Level.ERROR, where, message, hint)])
    return made


def predict_layer(extractor: Extractor, documents: Iterable[Document]) -> Layer:
    """Return the extractor's markup of every document, in order; no document gives an empty layer.

    Raises InputError (`duplicate-document`) where a document occurs twice, before it is predicted again.
    """
    markups: dict[str, Markup] = {}
    for document in documents:
        if document.id in markups:
            where = Where("documents", doc=document.id)
            hint = "give each document once"
            issue = Issue("duplicate-document", Level.ERROR, where, "the document occurs twice", hint)
            raise InputError([issue])
        markups[document.id] = extractor.predict(document)
    return Layer(extractor.name, markups.values())


def _to_plugin(point: importlib.metadata.EntryPoint) -> Plugin:
    found = point.dist
    return Plugin(point.name, point.value, found.name if found else "?", found.version if found else "?")


def _name_issue(name: str, points: Mapping[str, importlib.metadata.EntryPoint]) -> Issue:
    where = Where(f"{GROUP}:{name}")
    if points:
        givers = ", ".join(sorted(_to_plugin(point).distribution for point in points.values()))
        message = f"several distributions give an extractor {name!r}: {givers}"
        return Issue("ambiguous-extractor", Level.ERROR, where, message, "uninstall all but one")
    known = ", ".join(sorted({plugin.name for plugin in plugins()})) or "none"
    message = f"no extractor {name!r} is installed"
    return Issue("unknown-extractor", Level.ERROR, where, message, f"installed ones: {known}")


def _module_issue(point: importlib.metadata.EntryPoint, error: ModuleNotFoundError) -> Issue:
    """Name the missing module and how to get it; our own extras are named after the extractors that need them."""
    giver = _to_plugin(point).distribution
    hint = f"pip install '{_OWN}[{point.name}]'" if giver == _OWN else f"install what {giver} depends on"
    message = f"the extractor {point.name!r} needs the module {error.name!r}, which is not installed"
    return Issue("missing-extra", Level.ERROR, Where(f"{GROUP}:{point.name}"), message, hint)
