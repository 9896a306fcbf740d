"""All benchmarks one after the other."""

import sys

from tests.benchmarks import packet


def main() -> int:
    return packet.main()


if __name__ == "__main__":
    sys.exit(main())
