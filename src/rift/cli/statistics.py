"""`rift corpus stats`: the numbers that a paper's tables on a corpus would hold, and plots of them."""

import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.collection import GOLD, documents_of, layer_files, read_collection, sealed_splits, splits
from rift.annotations.layer import Layer
from rift.annotations.profile import Profile, Unseen, profile, unseen
from rift.annotations.sealed import find_key
from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.options import sources_option
from rift.corpus.build import build_collection, collection_folder, collections
from rift.corpus.manifest import Split, read_manifest
from rift.corpus.stats import Row, size_rows
from rift.guidelines import scheme
from rift.issues import Issue, Level, Where, has_errors, needs
from rift.paths import write_whole

_ORDER: Sequence[Split] = ("train", "dev", "test")


class Part(msgspec.Struct, frozen=True):
    """One split of one collection: what its layer holds, and what of it training lacks (None: a training split)."""

    collection: str
    split: str
    profile: Profile
    unseen: Unseen | None


class Statistics(msgspec.Struct, frozen=True):
    """The sizes of the texts at hand, and what the layer holds, by collection and split; the last part is the whole."""

    layer: str
    texts: Sequence[Row]
    parts: Sequence[Part]


@click.command("stats")
@click.argument("names", metavar="[COLLECTION]...", nargs=-1)
@click.option("--layer", default=GOLD, show_default=True, help="The layer to count.")
@click.option("--plot", type=click.Path(path_type=pathlib.Path), help="Write plots (SVG) into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@sources_option
@click.pass_context
def stats_command(
    context: click.Context,
    names: tuple[str, ...],
    *,
    layer: str,
    plot: pathlib.Path | None,
    as_json: bool,
    sources: pathlib.Path | None,
) -> None:
    """Count texts, spans, attribute values, links, figures, distances and what is new, by collection and split.

    The row `all` is of gold made by the guidelines, where there is any: others' gold is counted by itself.
    """
    chosen = tuple(dict.fromkeys(names)) or tuple(collections())
    built = [build_collection(name, sources) for name in chosen]
    issues = [issue for collection in built for issue in collection.issues]
    texts = documents_of(built)
    labels = list(scheme().labels)
    layers, missing = _layers(chosen, layer)
    issues.extend(missing)
    training, _ = _layers(tuple(collections()), GOLD)
    seen = [found for (_, split), found in training.items() if split == "train"]
    parts = [
        Part(name, split, profile(found, texts, labels), None if split == "train" else unseen(found, seen, labels))
        for (name, split), found in layers.items()
    ]
    ours = {name for name in chosen if read_manifest(collection_folder(name)).ours} or set(chosen)
    whole = Layer(layer, (markup for (name, _), found in layers.items() if name in ours for markup in found))
    parts.append(Part("all", "", profile(whole, texts, labels), None))
    rows = size_rows([item for collection in built for item in collection.documents])
    found = Statistics(layer, rows, parts)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for table in _tables(found):
            print_table(table)
    if plot is not None:
        _write_plots(plot, parts)
    for issue in dict.fromkeys(issues):
        click.echo(str(issue), err=True)
    if has_errors(issues):
        context.exit(FINDINGS)


def _layers(names: Sequence[str], layer: str) -> tuple[Mapping[tuple[str, str], Layer], list[Issue]]:
    """Return the layer of each collection and split that has documents in it, and why others are left out."""
    found: dict[tuple[str, str], Layer] = {}
    issues: list[Issue] = []
    for name in names:
        if layer not in {path.stem for path in layer_files(name)}:
            issues.append(Issue("no-layer", Level.WARNING, Where(name), f"it has no layer {layer!r}"))
            continue
        present = set(splits(name).values())
        for split in (its for its in _ORDER if its in present):
            if split in sealed_splits(name) and find_key() is None:
                message = "its annotations are sealed, and no key is at hand"
                issues.append(Issue("sealed", Level.WARNING, Where(f"{name}/{split}"), message))
                continue
            if len(marks := read_collection(name, layer, split)):
                found[name, split] = marks
    return found, issues


Cells = Callable[[Part], Iterable[object]]


def _tables(found: Statistics) -> list[Table]:
    first = found.parts[0]
    whole = found.parts[-1].profile
    links = list(whole.links)
    tables = [
        _size_table(found.texts),
        _part_table("spans", found.parts, [*whole.spans, "all"], _spans),
        _part_table("figures by size", found.parts, list(whole.sizes), lambda part: part.profile.sizes.values()),
        _part_table("what figures assert", found.parts, list(whole.ranges), lambda part: part.profile.ranges.values()),
        _part_table("links", found.parts, links, lambda part: (part.profile.links.get(name, 0) for name in links)),
    ]
    for name, values in whole.attributes.items():
        tables.append(
            _part_table(
                name,
                found.parts,
                list(values),
                lambda part, name=name, values=values: (  # type: ignore[misc]  # mypy cannot type a lambda's defaults
                    part.profile.attributes.get(name, {}).get(value, 0) for value in values
                ),
            )
        )
    headings = ("tolls", "25 %", "median", "75 %", "95 %", "other sentence")
    for role in first.profile.distances:
        title = f"characters from a toll to the nearest {role}"
        tables.append(_part_table(title, found.parts, headings, lambda part, role=role: _distance(part, role)))  # type: ignore[misc]
    held_out = [part for part in found.parts if part.unseen is not None]
    if held_out and (example := held_out[0].unseen):
        columns = [*example.surfaces, *example.ids]
        tables.append(_part_table("not in training: surfaces by label, and ids", held_out, columns, _new))
    return tables


def _spans(part: Part) -> Iterable[object]:
    return (*part.profile.spans.values(), sum(part.profile.spans.values()))


def _distance(part: Part, role: str) -> Iterable[object]:
    found = part.profile.distances[role]
    quantiles = [f"{value:,.0f}" for value in found.quantiles] if found.quantiles else ["n/a"] * 4
    return (found.tolls, *quantiles, _percent(found.outside))


def _new(part: Part) -> Iterable[object]:
    if part.unseen is None:
        return ()
    return (_percent(share) for share in (*part.unseen.surfaces.values(), *part.unseen.ids.values()))


def _percent(share: float | None) -> str:
    return "n/a" if share is None else f"{share:.1%}"


def _part_table(title: str, parts: Sequence[Part], columns: Sequence[str], cells: Cells) -> Table:
    table = Table("collection", "split", title=title, title_justify="left", box=rich.box.SIMPLE)
    for column in ("documents", *columns):
        table.add_column(column, justify="right")
    for part in parts:
        shown = [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells(part)]
        table.add_row(part.collection, part.split, f"{part.profile.documents:,}", *shown)
    return table


def _size_table(rows: Sequence[Row]) -> Table:
    table = Table("collection", "split", title="texts at hand", title_justify="left", box=rich.box.SIMPLE)
    for column in ("documents", "paragraphs", "sentences", "words"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = (row.documents, row.paragraphs, row.sentences, row.words)
        table.add_row(row.collection, row.split, *(f"{count:,}" for count in counts))
    return table


def _write_plots(folder: pathlib.Path, parts: Sequence[Part]) -> None:
    with needs("report", "plots"):
        from rift.eval import profile_plot  # noqa: PLC0415 - matplotlib loads slowly, and only plots need it
    profiles = {f"{part.collection} {part.split}": part.profile for part in parts[:-1]}
    held_out = {f"{part.collection} {part.split}": part.unseen for part in parts if part.unseen is not None}
    plots = {
        "spans": profile_plot.span_plot(profiles),
        "figures": profile_plot.size_plot(profiles),
        "distances": profile_plot.distance_plot(profiles),
        "unseen": profile_plot.unseen_plot(held_out),
    }
    for name, svg in plots.items():
        write_whole(folder / f"{name}.svg", svg.encode())
    click.echo(f"{folder}: {', '.join(f'{name}.svg' for name in plots)}", err=True)
