"""`python -m cardops VERB`: cards and readers for engineers; `--help` says the rest."""

import sys

from cardops.cli import program

if __name__ == "__main__":
    sys.exit(program.main(sys.argv[1:]))
