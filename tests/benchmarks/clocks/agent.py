"""The desk's program with a clock on the citizen: from the question to its answer."""

import sys

from cardops.agent.__main__ import main
from cardops.pin.screen import CitizenScreen
from tests.benchmarks.clocks import timed

CitizenScreen.ask = timed("citizen", CitizenScreen.ask)  # type: ignore[method-assign]

sys.exit(main())
