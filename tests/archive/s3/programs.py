"""Runs one of Swift's servers, with Debian's Python: programs.py <folder> <server>.

With "rings" as the server it writes where the parts of the one disk lie.
"""

import sys
from importlib import import_module
from pathlib import Path

from swift.common import utils

KINDS = ("account", "container", "object")


def rings(folder: Path) -> None:
    ring = import_module("swift.common.ring")
    for kind, port in zip(KINDS, sys.argv[3:], strict=True):
        builder = ring.RingBuilder(part_power=4, replicas=1, min_part_hours=1)
        place = {"ip": "127.0.0.1", "port": int(port), "device": "disk", "weight": 1}
        builder.add_dev({"region": 1, "zone": 1, **place})
        builder.rebalance()
        builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def main() -> int:
    folder, server = Path(sys.argv[1]), sys.argv[2]
    utils.set_swift_dir(str(folder))
    if server == "rings":
        rings(folder)
        return 0
    wsgi = import_module("swift.common.wsgi")  # it reads the folder's settings as it comes
    return wsgi.run_wsgi(str(folder / f"{server}.conf"), f"{server}-server", verbose=True)


if __name__ == "__main__":
    sys.exit(main())
