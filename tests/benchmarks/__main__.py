"""All benchmarks one after the other."""

import sys

from tests.benchmarks import cardwrite, intake, packet, search


def main() -> int:
    return packet.main() or cardwrite.main() or intake.main() or search.main()


if __name__ == "__main__":
    sys.exit(main())
