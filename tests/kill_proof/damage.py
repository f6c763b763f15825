"""Files that are damaged, by chance."""


def _cut(chance, data):
    return data[:chance.randrange(len(data))]


def _flip(chance, data):
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(chance, data):
    """A number somewhere, with one that is hardly ever right."""
    changed = bytearray(data)
    at, size = chance.randrange(len(changed)), chance.choice((1, 2, 4))
    changed[at:at + size] = chance.choice((b"\0", b"\xff", b"\x7f", b"\x80")) * size
    return bytes(changed)


def _part(chance, data):
    begin = chance.randrange(len(data))
    return begin, data[begin:begin + chance.randint(1, 512)]


def _repeat(chance, data):
    begin, part = _part(chance, data)
    return data[:begin] + part * chance.randint(1, 8) + data[begin:]


def _leave_out(chance, data):
    begin, part = _part(chance, data)
    return data[:begin] + data[begin + len(part):]


def _move(chance, data):
    _, part = _part(chance, data)
    at = chance.randrange(len(data))
    return data[:at] + part + data[at + len(part):]


_WAYS = (_cut, _flip, _flip, _overwrite, _overwrite, _repeat, _leave_out, _move)


def damaged(chance, data):
    """In one to three ways. REQUIRES: there is data."""
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_WAYS)(chance, data) or data
    return data
