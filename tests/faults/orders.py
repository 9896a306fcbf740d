"""How a lane's process is spoken to: an order in a JSON line, its answer in another."""

import json
import sys
import traceback


def serve(lane: object) -> None:
    """Do what is ordered until there is nothing more to read."""
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = getattr(lane, order.pop("do"))(**order)
        except Exception as fault:  # noqa: BLE001 whatever it was, the matrix tells it
            answer = {"violations": [f"crash: {fault!r}"], "crash": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
