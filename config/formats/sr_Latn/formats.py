"""Dates in Latin."""

from config.formats.shared import *
