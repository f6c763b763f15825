"""What came of each fault, as a table."""

HEADINGS = ("fault", "times", "requests", "pictures", "killed twice (422)", "starved (503)", "failed", "longest")


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def heading():
    return f"{_line(HEADINGS)}\n{_line(['---'] * len(HEADINGS))}"


def row(name, strikes, requests, failures):
    """`failures` are those of the requests that may not be."""
    failed = set(map(id, failures))
    allowed = [request.status for request in requests if id(request) not in failed]
    longest = max((request.took for request in requests), default=0.0)
    return _line((name, len(strikes), len(requests), allowed.count(200), allowed.count(422),
                  allowed.count(503), len(failures), f"{longest:.2f} s"))
