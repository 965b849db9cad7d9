"""Run the blocks of a document in order, and print the document with what they print now.

    python docs/run_document.py docs/loading.md

A `python` block runs in one namespace with those before it, an `sh` block in bash, which stops at its first failure. A
block after the comment `<!-- file: NAME -->` is written to that file instead. A `text` block right after a block that
runs is what it prints, and is written anew. All of it happens in an empty folder, without sources, key and network; a
document that has the comment `<!-- in a clone -->` gets a copy of the repository's program and data there. Exit 1 with
the block's first line where one fails.
"""

import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[1]
CLONED = ("annotations", "baselines", "corpus", "eval", "guidelines", "src", "CHANGELOG.md", "CITATION.cff")
CLONE = "<!-- in a clone -->"
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w*)\n(?P<code>.*?)^```\n(?P<shown>\n```text\n.*?^```\n)?",
    re.DOTALL | re.MULTILINE,
)
WITHOUT = ("RIFT_SOURCES", "RIFT_TEST_KEY")


class BlockError(Exception):
    """A block that failed, and how."""


def outputs(text: str) -> str:
    """Return `text` with the outputs of its blocks written anew; raises BlockError."""
    names: dict[str, object] = {"__name__": "__main__"}

    def rewritten(block: re.Match[str]) -> str:
        line = text.count("\n", 0, block.start()) + 1
        try:
            printed = _run(block, names)
        except (Exception, SystemExit) as error:
            raise BlockError(f"line {line}: the block fails: {traceback.format_exc()}") from error
        return block[0].replace(block["shown"], f"\n```text\n{printed}```\n") if block["shown"] else block[0]

    return BLOCK.sub(rewritten, text)


def _run(block: re.Match[str], names: dict[str, object]) -> str:
    """Return what a block prints, without empty lines, white space at line ends and the working folder's path."""
    if block["file"]:
        path = pathlib.Path(block["file"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["code"], encoding="utf-8")
        return ""
    printed = ""
    if block["kind"] == "python":
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block["code"], "<block>", "exec"), names)  # noqa: S102 - our own documents
        printed = out.getvalue()
    elif block["kind"] == "sh":
        words = ["bash", "-euo", "pipefail", "-c", block["code"]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - likewise
        if done.returncode:
            raise BlockError(f"exit {done.returncode}\n{done.stdout}{done.stderr}")
        printed = done.stdout
    lines = [line.rstrip() for line in printed.replace(f"{pathlib.Path.cwd()}/", "").splitlines()]
    return "".join(f"{line}\n" for line in lines if line)


def main(name: str) -> int:
    """Print the document at the path `name` with its outputs as they are now."""
    text = pathlib.Path(name).read_text("utf-8")
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made).resolve()
        package = ROOT / "src"
        work = folder / "work"
        work.mkdir()
        if CLONE in text:
            for item in CLONED:
                copy = shutil.copytree if (ROOT / item).is_dir() else shutil.copy
                copy(ROOT / item, work / item)
            package = work / "src"
        for variable in WITHOUT:
            os.environ.pop(variable, None)
        programs = pathlib.Path(sys.executable).parent
        os.environ |= {
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / "hub"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(package),
            "RIFT_CACHE": str(folder / "cache"),
        }
        sys.path.insert(0, str(package))
        warnings.simplefilter("error")
        with contextlib.chdir(work):
            try:
                new = outputs(text)
            except BlockError as error:
                sys.stderr.write(f"{name}: {error}\n")
                return 1
    sys.stdout.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
