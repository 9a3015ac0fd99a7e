"""The batching policy: which waiting jobs an engine runs next. Pure data in, batch out: no clock, lock or future.

Three rules, from the outside in:

1. Interactive jobs go before bulk jobs, but while both wait, one batch in `bulk_every` is bulk, so neither starves.
   The two never share a batch: a bulk neighbour would make an interactive answer wait for work nobody hurries for.
2. Within a class, a request with very few jobs left comes first, so that one sentence passes an article. Of larger
   ones the smallest has one turn in four, so that articles that arrive together end one after another, and the oldest
   has one, whatever else there is, so that a stream of small ones can't starve it.
3. The batch is anchored on the longest job of its request, or, in the two turns that are left, of all requests, and
   filled up with the neighbours in length, from all requests of the class, under a budget of padded tokens. From the
   longest down, what is left over stays dense, and so the next batch finds near neighbours, too. All must have equal
   decoding options: an engine runs a batch with one set. Second tries, whose options are rare, wait for the rest of
   their request and for company.
4. What waits is shared out: where it doesn't fill a batch for every replica, batches are smaller, so that an article
   alone on the machine keeps all replicas busy. Batches too small to be efficient aren't made for that.
"""

from __future__ import annotations

import bisect
from collections import OrderedDict

from service.batching.queued_job import QueuedJob
from service.core.types import DecodingOptions, Priority

_FEW = 2  # jobs
_LEAST_SHARE = 4  # jobs


class FairQueue:
    """Waiting jobs, indexed for picking batches. Costs about O(log n) a job, with small memory moves.

    `batch_size` bounds the jobs of a batch and `batch_tokens` its jobs times its longest source; a single job that is
    longer than the budget runs alone. `replicas` is how many batches run side by side.
    """

    def __init__(self, *, batch_size: int, batch_tokens: int, replicas: int = 1, bulk_every: int = 4) -> None:
        if batch_size < 1 or batch_tokens < 1 or bulk_every < 2:
            raise ValueError("batch_size and batch_tokens must be at least 1, bulk_every at least 2")
        self._batch_size = batch_size
        self._replicas = replicas
        self._batch_tokens = batch_tokens
        self._bulk_every = bulk_every
        self._lanes = {priority: _Lane() for priority in Priority}
        self._interactive_in_a_row = 0

    def __len__(self) -> int:
        return sum(lane.jobs for lane in self._lanes.values())

    @property
    def tokens(self) -> int:
        """Source tokens of all waiting jobs."""
        return sum(lane.tokens for lane in self._lanes.values())

    def count(self, priority: Priority) -> int:
        """Waiting jobs of one class."""
        return self._lanes[priority].jobs

    def add(self, queued: QueuedJob) -> None:
        """Let `queued` wait with its request, in the class that its priority names."""
        self._lanes[queued.priority].add(queued)

    def remove(self, queued: QueuedJob) -> None:
        """Take `queued` out unserved. Raises KeyError if it isn't there."""
        self._lanes[queued.priority].remove(queued)

    def clear(self) -> list[QueuedJob]:
        """Take everything out, oldest first."""
        jobs = sorted((job for lane in self._lanes.values() for job in lane.waiting()), key=lambda job: job.sequence)
        for job in jobs:
            self.remove(job)
        return jobs

    def pick(self, only: Priority | None = None) -> list[QueuedJob]:
        """Take out the next batch, of one class where it is given, anchor first; empty only when nothing waits."""
        lane = self._next_lane() if only is None else self._lanes[only]
        if lane.jobs == 0:
            return []
        size = min(self._batch_size, max(_LEAST_SHARE, -(-lane.jobs // self._replicas)))
        anchor = lane.take_turn()
        return [anchor, *lane.take_neighbours(anchor, size, self._batch_tokens)]

    def _next_lane(self) -> _Lane:
        interactive, bulk = self._lanes[Priority.INTERACTIVE], self._lanes[Priority.BULK]
        if bulk.jobs == 0:
            self._interactive_in_a_row = 0
            return interactive
        if interactive.jobs and self._interactive_in_a_row < self._bulk_every - 1:
            self._interactive_in_a_row += 1
            return interactive
        self._interactive_in_a_row = 0
        return bulk

    def tokens_until_done(self, tokens: int, priority: Priority) -> float:
        """About how many tokens the engine works through before a new request of `tokens` in all would be done.

        It waits for no more than its own size of each other one: what is smaller is done first, and of what is larger
        only the oldest gets a share. Bulk takes a part of what interactive work gets while both wait; bulk itself waits
        for all interactive work, or for its guaranteed share, whichever comes first.
        """
        interactive, bulk = self._lanes[Priority.INTERACTIVE], self._lanes[Priority.BULK]
        own = tokens + self._lanes[priority].shared_ahead(tokens)
        if priority is Priority.INTERACTIVE:
            return own + min(bulk.tokens, own / (self._bulk_every - 1))
        return min(own + interactive.tokens, own * self._bulk_every)


class _Lane:
    """The jobs of one class: by request, for choosing whose turn it is, and by length, for finding neighbours."""

    def __init__(self) -> None:
        self._turns = 0
        self.jobs = 0
        self.tokens = 0
        # OrderedDicts, since their first item is found and removed in constant time; a dict's is not.
        self._requests: OrderedDict[int, OrderedDict[int, QueuedJob]] = OrderedDict()
        self._request_tokens: dict[int, int] = {}
        self._by_length: dict[DecodingOptions, list[tuple[int, int, QueuedJob]]] = {}

    def add(self, queued: QueuedJob) -> None:
        self._requests.setdefault(queued.request, OrderedDict())[queued.sequence] = queued
        self._request_tokens[queued.request] = self._request_tokens.get(queued.request, 0) + queued.length
        bisect.insort(self._by_length.setdefault(queued.job.options, []), _length_key(queued), key=_order)
        self.jobs += 1
        self.tokens += queued.length

    def remove(self, queued: QueuedJob) -> None:
        jobs = self._requests[queued.request]
        del jobs[queued.sequence]
        self._request_tokens[queued.request] -= queued.length
        if not jobs:
            del self._requests[queued.request], self._request_tokens[queued.request]
        row = self._by_length[queued.job.options]
        del row[bisect.bisect_left(row, (queued.length, queued.sequence), key=_order)]
        if not row:
            del self._by_length[queued.job.options]
        self.jobs -= 1
        self.tokens -= queued.length

    def waiting(self) -> list[QueuedJob]:
        return [job for jobs in self._requests.values() for job in jobs.values()]

    def shared_ahead(self, tokens: int) -> int:
        return sum(min(tokens, waiting) for waiting in self._request_tokens.values())

    def take_turn(self) -> QueuedJob:
        """The longest job of the request whose turn it is, or of all. Second tries come last in their request."""
        self._turns += 1
        turn = self._turns % 4
        request = min(self._request_tokens, key=self._request_tokens.__getitem__)
        if turn == 0:
            request = next(iter(self._requests))
        if turn in (0, 1) or len(self._requests[request]) <= _FEW:
            anchor = max(self._requests[request].values(), key=_precedence)
        else:
            anchor = max(self._by_length.values(), key=len)[-1][2]
        self.remove(anchor)
        return anchor

    def take_neighbours(self, anchor: QueuedJob, batch_size: int, batch_tokens: int) -> list[QueuedJob]:
        """The jobs to run with `anchor`, always the one next that costs the least padding."""
        row = self._by_length.get(anchor.job.options, [])
        right = bisect.bisect_left(row, (anchor.length, anchor.sequence), key=_order)
        left = right - 1
        taken: list[QueuedJob] = []
        longest = anchor.length
        while len(taken) + 1 < batch_size and longest * (len(taken) + 2) <= batch_tokens:
            room = batch_tokens // (len(taken) + 2)
            shorter = row[left][0] if left >= 0 else None
            longer = row[right][0] if right < len(row) and row[right][0] <= room else None
            if longer is not None and (shorter is None or (longer - longest) * (len(taken) + 1) <= longest - shorter):
                taken.append(row[right][2])
                longest, right = longer, right + 1
            elif shorter is not None:
                taken.append(row[left][2])
                left -= 1
            else:
                break
        for queued in taken:
            self.remove(queued)
        return taken


def _precedence(queued: QueuedJob) -> tuple[bool, int]:
    return not queued.second_try, queued.length


def _length_key(queued: QueuedJob) -> tuple[int, int, QueuedJob]:
    return queued.length, queued.sequence, queued


def _order(row: tuple[int, int, QueuedJob]) -> tuple[int, int]:
    return row[0], row[1]
