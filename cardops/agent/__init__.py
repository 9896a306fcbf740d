"""The desk's program: takes orders from the server, does them at the card, answers."""

VERSION = "1.0"  # a server of another major version may not understand it
