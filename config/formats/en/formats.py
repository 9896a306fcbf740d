"""Dates in English."""

from config.formats.shared import *
