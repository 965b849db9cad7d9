"""The pre-annotation of a session's documents: any layer, or what a baseline makes of them."""

import pathlib
from collections.abc import Sequence

from rift import guidelines
from rift.annotations.collection import GOLD, layer_files, read_collection, splits
from rift.annotations.layer import Layer, read_layer
from rift.annotations.validate import check_markups
from rift.baselines.extractor import load_extractor, plugins, predict_layer
from rift.corpus.build import build_collection, collections
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where, has_errors


def pre_annotate(name: str, documents: Sequence[Document], sources: pathlib.Path | None) -> tuple[Layer, list[Issue]]:
    """Return the markup of the documents by `name`: a layer's file, a layer of their collections, or a baseline.

    A baseline is trained on the training texts at hand. The issues are warnings: `not-pre-annotated` counts the
    documents that a layer has nothing on. Raises InputError: `no-pre` where there is nothing of that name, and every
    error of the layer.
    """
    where = Where("--pre")
    layer = _layer(name, documents)
    if layer is None and name not in {plugin.name for plugin in plugins()}:
        known = sorted({plugin.name for plugin in plugins()} | set(_layer_names(documents)))
        message = f"there is no layer and no baseline {name!r}"
        raise InputError([Issue("no-pre", Level.ERROR, where, message, f"a file, or one of: {', '.join(known)}")])
    if layer is None:
        layer = predict_layer(load_extractor(name).fit(*_training(sources)), documents)
    layer = layer.only(document.id for document in documents)
    texts = {document.id: document for document in documents}
    rows = enumerate(layer, start=1)
    issues = list(check_markups(rows, texts, guidelines.scheme(), guidelines.knowledge(), name))
    if has_errors(issues):
        raise InputError(issues)
    if lacking := len(documents) - len(layer):
        message = f"{name} has nothing on {lacking} of {len(documents)} documents"
        return layer, [Issue("not-pre-annotated", Level.WARNING, where, message, "their tasks begin empty")]
    return layer, []


def _layer(name: str, documents: Sequence[Document]) -> Layer | None:
    path = pathlib.Path(name)
    if path.is_file():
        return read_layer(path)
    if name not in _layer_names(documents):
        return None
    ids = [document.id for document in documents]
    return Layer(name, (markup for collection in _of(documents) for markup in _read(collection, name, ids)))


def _read(collection: str, layer: str, ids: Sequence[str]) -> Layer:
    """Return what the layer has on the documents, opening sealed splits only where one of them is in one."""
    wanted = {split for doc, split in splits(collection).items() if doc in ids}
    return Layer(layer, (markup for split in sorted(wanted) for markup in read_collection(collection, layer, split)))


def _layer_names(documents: Sequence[Document]) -> set[str]:
    return {path.stem for collection in _of(documents) for path in layer_files(collection)}


def _of(documents: Sequence[Document]) -> list[str]:
    """Return the collections of the corpus that the documents are of."""
    return sorted({document.collection for document in documents} & set(collections()))


def _training(sources: pathlib.Path | None) -> tuple[list[Document], Layer]:
    """Return the training texts at hand with their gold."""
    documents: list[Document] = []
    gold: list[Layer] = []
    for name in collections():
        texts = [item.document for item in build_collection(name, sources).documents if item.split == "train"]
        if texts and GOLD in {path.stem for path in layer_files(name)}:
            gold.append(read_collection(name, GOLD, "train").only(document.id for document in texts))
            documents.extend(document for document in texts if document.id in gold[-1].markups)
    return documents, Layer(GOLD, (markup for layer in gold for markup in layer))
