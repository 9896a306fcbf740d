"""`python -m cardops.agent [enrol] --config FILE`."""

import argparse
import json
import logging
import sys
from pathlib import Path

from cardops.agent import hardening, worker
from cardops.agent.configuration import Configuration

log = logging.getLogger(__name__)


def main() -> int:
    parser = argparse.ArgumentParser(prog="cardops.agent", description="The desk's program.")
    parser.add_argument("verb", nargs="?", choices=["run", "enrol"], default="run")
    parser.add_argument("--config", type=Path, required=True, help="the desk's JSON file")
    arguments = parser.parse_args()
    configuration = Configuration.read(arguments.config)
    if arguments.verb == "enrol":
        json.dump(configuration.own_keys().public.to_json(), sys.stdout)
        return 0
    logging.basicConfig(
        level=configuration.log_level, format="%(asctime)s %(levelname)s %(message)s"
    )
    if not hardening.harden():
        log.warning("memory is not kept out of dumps and debuggers: that is done on Linux only")
    worker.run(configuration)
    return 0


if __name__ == "__main__":
    sys.exit(main())
