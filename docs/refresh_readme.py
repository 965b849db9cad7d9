"""Write the outputs that the READMEs show anew: a block after the comment `<!-- $ command -->` is that output.

Run from the root with RIFT_SOURCES and RIFT_TEST_KEY set (`make readme`), as the board shows all splits. The
line with the report's path and the time is left out, and of the board the signatures.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FILES = ("README.md", "annotations/README.md", "corpus/DATASHEET.md", "corpus/re3d/README.md")
BLOCK = re.compile(r"(<!-- \$ (?P<command>[^>]+) -->\n```text\n).*?(?=```)", re.DOTALL)


def output(command: str) -> str:
    """Return what a `rift` command prints, without blank lines at the ends and white space at line ends."""
    words = [str(pathlib.Path(sys.executable).with_name("rift")), *command.split()[1:]]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own commands
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    board = ("rift:", "report:") if command == "rift reproduce" else ("report:",)
    kept = [line for line in lines if line and not line.startswith(board)]
    return "\n".join(kept) + "\n"


def main() -> None:
    """Replace every block."""
    for name in FILES:
        text = (ROOT / name).read_text("utf-8")
        new = BLOCK.sub(lambda block: block[1] + output(block["command"]), text)
        (ROOT / name).write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
