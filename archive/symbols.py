"""Codes as QR symbols (ISO/IEC 18004): pictures for what the archive prints."""

import base64

import zxingcpp

_LEVEL = "Q"  # a quarter of the symbol may be scratched off


def picture(code: str) -> str:
    """Return the symbol with its quiet zone, as the address of an SVG picture (data URI)."""
    symbol = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level=_LEVEL)
    svg: str = symbol.to_svg(add_quiet_zones=True)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
