"""The frame that all forms share: crispy without its own form tag, rows of twelve columns."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row


def row(**widths: int) -> Any:
    """Return a row of fields; the numbers are columns out of twelve on a wide screen."""
    columns = (
        Column(name, css_class=f"col-{min(12, 2 * width + 2)} col-lg-{width}")
        for name, width in widths.items()
    )
    return Row(*columns, css_class="gx-3")


def helper(*parts: Any) -> Any:
    """Return crispy's helper for these parts; the page writes form tag, token and buttons."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*parts)
    return made
