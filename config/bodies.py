"""Certification bodies as the environment names them, a section of settings for each.

What the sections hold is in docs/how-to/connect-a-certification-body.md.
"""

import os
from pathlib import Path
from typing import Any

from environ import Env

_STATUS = "STATUS_"

env = Env()


def section(setting: str, folder: Path) -> dict[str, Any]:
    """Return the body that `setting` names: embedded, or a connector with what is set below it."""
    connector, below = env.str(setting, default="embedded"), _below(f"{setting}_")
    if connector == "embedded":
        return {"KEY_TYPE": "P-384", **below, "CONNECTOR": connector, "FOLDER": folder}
    return {**below, "CONNECTOR": connector}


def published(prefix: str, default: str) -> dict[str, Any]:
    """Return where a body publishes the status of its certificates."""
    return {
        "OCSP": env.str(f"{prefix}OCSP", default=default),
        "CRL": env.str(f"{prefix}CRL", default=default),
        "NONCE_REQUIRED": env.bool(f"{prefix}NONCE_REQUIRED", default=True),
    }


def further(name: str, folder: Path) -> dict[str, Any]:
    """Return a body beside the default one; the embedded kind is published nowhere by itself."""
    setting = f"OVERA_BODY_{name.upper()}"
    given = section(setting, folder / name)
    default = "" if given["CONNECTOR"] == "embedded" else "certificate"
    own = {key: value for key, value in given.items() if not key.startswith(_STATUS)}
    return {"CA": own, "STATUS": published(f"{setting}_{_STATUS}", default)}


def _below(prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value
        for name, value in os.environ.items()
        if name.startswith(prefix)
    }
