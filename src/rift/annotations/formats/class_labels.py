"""Class labels of the Hugging Face library `datasets`: numbers whose names stand beside the table."""

import json
from collections.abc import Callable, Mapping

_KEYS = ("label", "labels")


def decoder(features: object) -> Callable[[object], object]:
    """Return what gives a row with the names of its labels for their numbers.

    `features` is the dict that `datasets.Features.to_dict` gives and its files hold; one without a class label called
    `label` or `labels` gives rows as they are.
    """
    names = _names(features)
    return lambda row: _named(row, names)


def noted_features(metadata: Mapping[bytes, bytes] | None) -> object:
    """Return the features that `datasets` notes in the metadata of an Arrow schema, {} for none."""
    try:
        noted: object = json.loads((metadata or {}).get(b"huggingface", b"{}"))
    except (ValueError, RecursionError):
        return {}
    for key in ("info", "features"):
        noted = noted.get(key) if isinstance(noted, dict) else None
    return noted or {}


def _names(features: object) -> list[str]:
    """Return the names of the first class label that is called `label` or `labels`, however deep; [] for none."""
    if isinstance(features, list):
        return next(filter(None, map(_names, features)), [])
    if not isinstance(features, dict):
        return []
    here = (_class_names(value) for key, value in features.items() if key in _KEYS)
    return next(filter(None, here), []) or next(filter(None, map(_names, features.values())), [])


def _class_names(feature: object) -> list[str]:
    if isinstance(feature, list) and feature:
        return _class_names(feature[0])
    if not isinstance(feature, dict):
        return []
    if feature.get("_type") == "ClassLabel" and isinstance(feature.get("names"), list):
        return [str(name) for name in feature["names"]]
    return _class_names(feature.get("feature"))


def _named(value: object, names: list[str], key: str = "") -> object:
    if isinstance(value, dict) and names:
        return {name: _named(item, names, name) for name, item in value.items()}
    if isinstance(value, list) and names:
        return [_named(item, names, key) for item in value]
    is_number = key in _KEYS and isinstance(value, int) and not isinstance(value, bool)
    return names[value] if is_number and isinstance(value, int) and 0 <= value < len(names) else value
