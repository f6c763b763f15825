"""Whether a request that has no picture may have none."""

from urllib.parse import unquote

SLACK = 0.1      # seconds: so far apart two clocks may be read
AFTERMATH = 1.0  # seconds, after a server has its descriptors again
TRIES = 2
REFUSALS = ("the picture cannot be read", "the picture takes more memory than a render may have")


class Judge:
    """Of the strikes that there were, and of the deaths that each node's log tells of."""

    def __init__(self, strikes, deaths_by_node):
        self._deaths = deaths_by_node
        self._starved = [(strike.begun, strike.starved + AFTERMATH) for strike in strikes if strike.starved]

    def is_failure(self, request):
        if request.status == 200:
            return bool(request.said)
        if request.status == 422:
            return request.said not in REFUSALS or not self._was_killed_twice(request)
        return not (request.status == 503 and request.retry and self._is_starved(request))

    def _was_killed_twice(self, request):
        """Whether one node, meanwhile, lost as many renderers with that original as try a picture."""
        return any(sum(_is_of(death, request) for death in deaths) >= TRIES for deaths in self._deaths)

    def _is_starved(self, request):
        return any(begun <= request.ended and request.begun <= ended for begun, ended in self._starved)


def _is_of(death, request):
    name = unquote(request.target.partition("?")[0]).removeprefix("/")
    return death.name == name and request.begun - SLACK <= death.at <= request.ended + SLACK
