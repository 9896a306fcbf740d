"""Where the code lies, what the environment says, and the folder of everything that is written."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# Everything that Overa writes at run time lives below this folder.
VAR = Path(env.str("OVERA_VAR", default=str(BASE_DIR / "var")))
