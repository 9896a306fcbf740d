"""A bundle in the hands of an inspector, and of whoever wants to change it unseen."""

import io
import json
import runpy
import subprocess
import sys
import zipfile
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from archive import bag
from archive.services import inspection
from archive.services.log import heads

PLAIN = 0o100644


@dataclass(frozen=True)
class Inspector:
    """What somebody brings who checks a bundle: key, chain, a copy of the heads."""

    folder: Path
    key: Path
    ca: Path
    heads: Path

    def refused(self, bundle: bytes, *more: str | Path) -> dict[str, str]:
        """Run the program as an inspector does; return what it refused, and why."""
        path = self.folder / "bundle.zip"
        path.write_bytes(bundle)
        words = [path, "--head-key", self.key, "--ca", self.ca, *more]
        done = subprocess.run(
            [sys.executable, "-I", inspection.VERIFIER, *words],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()[:-1]]
        refused = {name: said for verdict, name, said in lines if verdict == "REFUSED"}
        assert (done.returncode, done.stderr) == (bool(refused), "")
        return refused

    def sees_a_change(self, bundle: bytes) -> bool:
        """Ask only for ZIP, manifest and signature, in this process: for many bundles."""
        path = self.folder / "bundle.zip"
        path.write_bytes(bundle)
        program = runpy.run_path(str(inspection.VERIFIER))
        asked = Namespace(bundle=path, head_key=self.key, ca=self.ca, heads=None)
        return not all(holds for _name, holds, _said in islice(program["verdicts"](asked), 3))


@dataclass
class Opened:
    """A bundle taken apart: a forger changes `files`, lists and signs them anew, packs them."""

    folder: str
    moment: tuple[int, int, int, int, int, int]
    files: dict[str, bytes]

    @classmethod
    def of(cls, data: bytes) -> "Opened":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            folder = file.namelist()[0].partition("/")[0]
            moment = file.infolist()[0].date_time
            files = {name.partition("/")[2]: file.read(name) for name in file.namelist()}
        return cls(folder, moment, files)

    def said(self, path: str) -> Any:
        return json.loads(self.files[f"data/{path}"])

    def say(self, path: str, value: Any) -> None:
        self.files[f"data/{path}"] = json.dumps(value, ensure_ascii=False).encode()

    def edit(self, path: str, change: Callable[[Any], object]) -> None:
        """Let `change` change what a JSON file says."""
        value = self.said(path)
        change(value)
        self.say(path, value)

    def take(self, other: "Opened", *paths: str) -> None:
        """Take files of another bundle in place of one's own."""
        self.files |= {f"data/{path}": other.files[f"data/{path}"] for path in paths}

    def listed(self) -> None:
        """Write the manifests anew, so that they fit the files; the signature does not."""
        payload = {path: data for path, data in self.files.items() if path.startswith("data/")}
        self.files[bag.MANIFEST] = bag.manifest(payload)
        beside = set(self.files) - set(payload) - {bag.TAGS, bag.SIGNATURE}
        self.files[bag.TAGS] = bag.manifest({path: self.files[path] for path in beside})

    def signed(self, sign: Callable[[bytes], bytes] = heads.sign) -> None:
        """List and sign anew: with the counter's key unless another one is given."""
        self.listed()
        self.files[bag.SIGNATURE] = sign(self.files[bag.TAGS])

    def packed(self) -> bytes:
        return self.zipped({})

    def zipped(
        self, more: Mapping[str, bytes], folder: str | None = None, mode: int = PLAIN
    ) -> bytes:
        """Pack the files, and more of them, whatever they are called and are."""
        own = f"{self.folder}/"
        entries = [(own + path, data, PLAIN) for path, data in self.files.items()]
        into = own if folder is None else folder
        entries += [(into + path, data, mode) for path, data in more.items()]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, data, kind in entries:
                entry = zipfile.ZipInfo(name, self.moment)
                entry.external_attr = kind << 16
                file.writestr(entry, data)
        return out.getvalue()
