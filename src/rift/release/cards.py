"""The card of a release, as the Hugging Face hub shows it; every number in it is counted."""

from collections.abc import Mapping, Sequence

import huggingface_hub
import jinja2

from rift.release.contents import Part
from rift.release.load import ALL
from rift.release.version import About

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))


def readme(about: About, parts: Sequence[Part], ours: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return the card: metadata in YAML, with a config a collection and one for all of `ours`, then the text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rift.release"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, from our own files
    )
    labels = sorted({label for part in parts for label in part.spans})
    text = environment.get_template("README.md").render(
        about=about, parts=parts, labels=labels, titles=titles, ours=ours
    )
    return f"---\n{_metadata(about, parts, ours)}\n---\n{text}"


def _metadata(about: About, parts: Sequence[Part], ours: Sequence[str]) -> str:
    documents = sum(part.documents for part in parts)
    return huggingface_hub.DatasetCardData(
        pretty_name=about.title,
        language=about.language,
        license=about.license,
        annotations_creators=["machine-generated"],
        language_creators=["found", "machine-generated"],
        multilinguality=["monolingual"],
        size_categories=[next(name for most, name in _SIZES if documents < most)],
        source_datasets=["extended"],
        task_categories=list(about.tasks),
        task_ids=["named-entity-recognition"],
        tags=list(about.keywords),
        configs=configs(parts, ours),
    ).to_yaml()


def configs(parts: Sequence[Part], ours: Sequence[str]) -> list[dict[str, object]]:
    """Return the configs of a release: one for all of `ours`, the default, and one for each collection."""
    found: dict[str, list[Part]] = {ALL: [part for part in parts if part.collection in ours]}
    for part in parts:
        found.setdefault(part.collection, []).append(part)
    return [
        {
            "config_name": name,
            **({"default": True} if name == ALL else {}),
            "data_files": [
                {"split": split, "path": [part.path for part in members if part.split == split]}
                for split in dict.fromkeys(part.split for part in members)
            ],
        }
        for name, members in found.items()
    ]
