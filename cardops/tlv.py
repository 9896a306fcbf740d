"""BER-TLV as PIV uses it (ISO/IEC 7816-4, 5.2.2)."""

from collections.abc import Iterator


def pack(tag: int, value: bytes) -> bytes:
    return _tag(tag) + _length(len(value)) + value


def _tag(tag: int) -> bytes:
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    body = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(body),)) + body


def unpack(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value); raise ValueError where the data end too early."""
    position = 0
    while position < len(data):
        tag, position = _read_tag(data, position)
        size, position = _read_length(data, position)
        value = data[position : position + size]
        if len(value) != size:
            raise ValueError("the data end before the value does")
        yield tag, value
        position += size


def find(data: bytes, tag: int) -> bytes:
    """Return the value of the first `tag` at this level; raise ValueError when absent."""
    for found, value in unpack(data):
        if found == tag:
            return value
    raise ValueError(f"no tag {tag:X}")


def _read_tag(data: bytes, position: int) -> tuple[int, int]:
    tag = data[position]
    position += 1
    if tag & 0x1F == 0x1F:
        while True:
            byte = data[position : position + 1]
            if not byte:
                raise ValueError("the data end inside a tag")
            tag = tag << 8 | byte[0]
            position += 1
            if not byte[0] & 0x80:
                break
    return tag, position


def _read_length(data: bytes, position: int) -> tuple[int, int]:
    first = data[position : position + 1]
    if not first:
        raise ValueError("the data end before a length")
    position += 1
    if first[0] < 0x80:
        return first[0], position
    count = first[0] & 0x7F
    return int.from_bytes(data[position : position + count], "big"), position + count
