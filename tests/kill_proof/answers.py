"""The answers to hostile files, as a table: a row for each kind of file."""

import collections

HEADINGS = ("kind", "requests", "200", "400", "422", "of these its renderers died", "503", "504", "other", "longest")
DEADLY = "the picture cannot be read"
_STATUSES = (200, 400, 422, 503, 504)


def may_be(request):
    """Whether a hostile file may be answered so."""
    if request.status == 200:
        return not request.said
    return request.status in (400, 422, 504) or (request.status == 503 and request.retry)


def is_deadly(request):
    return request.status == 422 and request.said == DEADLY


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def _row(kind, requests):
    statuses = collections.Counter(request.status for request in requests)
    counts = [statuses.pop(status, 0) for status in _STATUSES]
    counts.insert(3, sum(map(is_deadly, requests)))
    longest = max(request.took for request in requests)
    return _line((kind, len(requests), *counts, sum(statuses.values()), f"{longest:.2f} s"))


def table(requests, kind_of):
    """`kind_of` says of what kind a request's file is."""
    rows = collections.defaultdict(list)
    for request in requests:
        rows[kind_of(request)].append(request)
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    lines += [_row(kind, rows[kind]) for kind in sorted(rows)]
    return "\n".join([*lines, _row("all", requests)])
