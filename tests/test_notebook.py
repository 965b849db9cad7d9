"""The notebook: it runs as it stands, in an empty folder and without sources, and is stored without output."""

import os
import pathlib

import nbclient
import nbformat
import pytest

import rift

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))

PLOTS = 8
"""Figures, score, classes of errors, labels, forms of figures, slots, outcomes, estimates."""


def read(path: pathlib.Path) -> nbformat.NotebookNode:
    """Read a notebook."""
    book: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # not annotated
    return book


def test_there_is_a_notebook() -> None:
    assert [path.name for path in NOTEBOOKS] == ["tolls.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_without_output(path: pathlib.Path) -> None:
    book = read(path)
    nbformat.validate(book)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert cells
    assert [(cell.outputs, cell.execution_count) for cell in cells] == [([], None)] * len(cells)


def test_the_notebook_on_tolls_trains_scores_and_shows_its_errors(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    package = str(pathlib.Path(rift.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")])))
    book = read(NOTEBOOKS[0])
    nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == PLOTS
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    (documents,) = (output.data["text/html"] for output in outputs if "text/html" in output.get("data", {}))
    assert documents.count("<h4>briefs-") == 3
