"""Write the outputs that the documents show anew: all of them, or those named.

    python docs/refresh_readme.py [FILE ...]

In `SHOWN` a block after the comment `<!-- $ command -->` is that output; these need RIFT_SOURCES and RIFT_TEST_KEY
(`make readme`), as the board shows all splits. The line with the report's path and the time is left out, and of the
board the signatures. The documents of `RUN` run as they stand, without sources and key (`run_document.py`).
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHOWN = (
    "README.md",
    "annotations/README.md",
    "corpus/DATASHEET.md",
    "corpus/re3d/README.md",
    "docs/sources.md",
    "docs/evaluation.md",
)
RUN = ("docs/loading.md", "docs/submitting.md", "docs/extending.md", "docs/releasing.md", "README.md")
BLOCK = re.compile(r"(<!-- \$ (?P<command>[^>]+) -->\n```text\n).*?(?=```)", re.DOTALL)


def output(command: str) -> str:
    """Return what a command prints, without blank lines at the ends and white space at line ends."""
    program, *arguments = command.split()
    words = [str(pathlib.Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - our own commands
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    board = ("rift:", "report:") if command == "rift reproduce" else ("report:",)
    kept = [line for line in lines if line and not line.startswith(board)]
    return "\n".join(kept) + "\n"


def run(path: pathlib.Path) -> str:
    """Return a document with what its blocks print now."""
    words = [sys.executable, str(ROOT / "docs" / "run_document.py"), str(path)]
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603 - our own program


def main(names: list[str]) -> None:
    """Replace every block."""
    for name in dict.fromkeys([*SHOWN, *RUN]):
        path = ROOT / name
        if names and path not in [pathlib.Path(named).resolve() for named in names]:
            continue
        if name in SHOWN:
            new = BLOCK.sub(lambda block: block[1] + output(block["command"]), path.read_text("utf-8"))
            path.write_text(new, encoding="utf-8")
        if name in RUN:
            path.write_text(run(path), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
