"""Dates in Cyrillic."""

from config.formats.shared import *
