"""The jobs of one model that wait, and which of them make the next batch. Pure data: no clock, lock or thread.

Three rules, from the outside in (which model and which class has its turn is `scheduler`'s choice):

1. Within a class, a request with very few jobs left comes first, so that one sentence passes an article. Of larger
   ones the smallest has one turn in four, so that articles that arrive together end one after another, and the oldest
   has one, whatever else there is, so that a stream of small ones can't starve it.
2. The batch is anchored on the longest job of its request, or, in the two turns that are left, of all requests, and
   filled up with the neighbours in length, from all requests of the class, under a budget of padded tokens. From the
   longest down, what is left over stays dense, and so the next batch finds near neighbours, too. All must have equal
   decoding options: an engine runs a batch with one set. Second tries, whose options are rare, wait for the rest of
   their request and for company.
   Where what waits has no time to lose, what is due first goes first instead.
3. What waits is shared out: where it doesn't fill a batch for every replica, batches are smaller, so that an article
   alone on the machine keeps all replicas busy. Batches too small to be efficient aren't made for that.
"""

from __future__ import annotations

import bisect
import heapq
import math
from collections import OrderedDict
from itertools import islice

from service.core.types import DecodingOptions, Job, JobState, Priority

_FEW = 2  # jobs
_LEAST_SHARE = 4  # jobs
_WINDOW = 2  # batches
_STALE_DEADLINES = 64  # of jobs that are gone, over as many as there are jobs, before they are swept out


class FairQueue:
    """Waiting jobs, indexed for picking batches. Costs about O(log n) a job, with small memory moves.

    `batch_size` bounds the jobs of a batch and `batch_tokens` its jobs times its longest source; a single job that is
    longer than the budget runs alone. `replicas` is how many batches run side by side. Keeps the `state` of its jobs:
    WAITING from `add` on, then RUNNING when picked, ENDED when taken out unserved; and no reference to those.
    """

    def __init__(self, *, batch_size: int, batch_tokens: int, replicas: int = 1) -> None:
        if batch_size < 1 or batch_tokens < 1 or replicas < 1:
            raise ValueError("batch_size, batch_tokens and replicas must be at least 1")
        self._batch_size = batch_size
        self._replicas = replicas
        self._batch_tokens = batch_tokens
        self._lanes = {priority: _Lane() for priority in Priority}
        self._jobs: dict[int, Job] = {}  # by sequence
        self._deadlines: list[tuple[float, int]] = []  # a heap of (deadline, sequence); stale ones are skipped

    def __len__(self) -> int:
        return len(self._jobs)

    def count(self, priority: Priority) -> int:
        """Waiting jobs of one class."""
        return self._lanes[priority].jobs

    def tokens(self, priority: Priority) -> int:
        """Source tokens of the waiting jobs of one class."""
        return self._lanes[priority].tokens

    @property
    def all_tokens(self) -> int:
        """Source tokens of all waiting jobs."""
        return sum(lane.tokens for lane in self._lanes.values())

    def due_tokens(self, priority: Priority) -> list[tuple[float, int]]:
        """(when, source tokens) for each request of one class that waits, in the order of when it is due."""
        return self._lanes[priority].due_tokens()

    def first_due(self, priority: Priority) -> float:
        """When the first of the requests of one class that wait is due; infinity when none waits."""
        return self._lanes[priority].first_due()

    def shared_ahead(self, tokens: int, priority: Priority) -> int:
        """Tokens of its class that a new request of `tokens` in all waits for.

        No more than its own size of each other request: what is smaller is done first, and of what is larger only the
        oldest gets a share.
        """
        return self._lanes[priority].shared_ahead(tokens)

    def add(self, job: Job) -> None:
        """Let `job` wait with its request, in the class that its priority names. Its `sequence` must be unique."""
        self._lanes[job.priority].add(job)
        self._jobs[job.sequence] = job
        job.state = JobState.WAITING
        self._push_deadline(job)

    def remove(self, job: Job) -> None:
        """Take `job` out unserved. Raises KeyError if it isn't there."""
        del self._jobs[job.sequence]
        self._lanes[job.priority].remove(job)
        job.state = JobState.ENDED

    def extend(self, job: Job, deadline: float, priority: Priority) -> None:
        """Give a waiting job the later deadline and the more urgent priority."""
        if deadline > job.deadline:
            job.deadline = deadline
            self._push_deadline(job)
        if priority < job.priority:
            self._lanes[job.priority].remove(job)
            job.priority = priority
            self._lanes[priority].add(job)

    def pop_expired(self, now: float) -> list[Job]:
        """Take out the jobs whose deadline has come."""
        expired = []
        while self._deadlines and self._deadlines[0][0] <= now:
            job = self._jobs.get(heapq.heappop(self._deadlines)[1])
            if job is not None and job.deadline <= now:
                self.remove(job)
                expired.append(job)
        return expired

    def clear(self) -> list[Job]:
        """Take everything out unserved, oldest first."""
        jobs = sorted(self._jobs.values(), key=lambda job: job.sequence)
        for job in jobs:
            self.remove(job)
        self._deadlines.clear()
        return jobs

    def first_allowed(self, priority: Priority) -> float:
        """How many seconds the request that is due first was given when it came; infinity when none waits."""
        return self._lanes[priority].first_allowed()

    def pick(self, priority: Priority, *, urgent: bool = False, most_tokens: float = math.inf) -> list[Job]:
        """Take out the next batch of one class, anchor first; empty only when none of it waits.

        `urgent`: what is due first goes first, since nothing has time to lose. `most_tokens` lowers the budget.
        """
        lane = self._lanes[priority]
        if lane.jobs == 0:
            return []
        budget = int(min(self._batch_tokens, most_tokens))
        size = min(self._batch_size, max(_LEAST_SHARE, -(-lane.jobs // self._replicas)))
        if urgent:
            batch = lane.take_due(size, budget)
        else:
            anchor = lane.take_turn()
            batch = [anchor, *lane.take_neighbours(anchor, size, budget)]
        for job in batch:
            del self._jobs[job.sequence]
            job.state = JobState.RUNNING
        return batch

    def _push_deadline(self, job: Job) -> None:
        heapq.heappush(self._deadlines, (job.deadline, job.sequence))
        if len(self._deadlines) > 2 * len(self._jobs) + _STALE_DEADLINES:
            self._deadlines = [(each.deadline, each.sequence) for each in self._jobs.values()]
            heapq.heapify(self._deadlines)


class _Lane:
    """The jobs of one class: by request, for choosing whose turn it is, and by length, for finding neighbours."""

    def __init__(self) -> None:
        self._turns = 0
        self.jobs = 0
        self.tokens = 0
        # OrderedDicts, since their first item is found and removed in constant time; a dict's is not.
        self._requests: OrderedDict[int, OrderedDict[int, Job]] = OrderedDict()
        self._request_tokens: dict[int, int] = {}
        self._due: dict[int, float] = {}
        self._dues: list[tuple[float, int]] = []  # a heap of what was ever in `_due`; stale items are skipped
        self._by_length: dict[DecodingOptions, list[tuple[int, int, Job]]] = {}

    def add(self, job: Job) -> None:
        self._requests.setdefault(job.request, OrderedDict())[job.sequence] = job
        self._request_tokens[job.request] = self._request_tokens.get(job.request, 0) + job.length
        if job.due < self._due.get(job.request, math.inf) or job.request not in self._due:
            self._due[job.request] = job.due
            heapq.heappush(self._dues, (job.due, job.request))
        bisect.insort(self._by_length.setdefault(job.options, []), (job.length, job.sequence, job), key=_order)
        self.jobs += 1
        self.tokens += job.length

    def remove(self, job: Job) -> None:
        jobs = self._requests[job.request]
        del jobs[job.sequence]
        self._request_tokens[job.request] -= job.length
        if not jobs:
            del self._requests[job.request], self._request_tokens[job.request], self._due[job.request]
        row = self._by_length[job.options]
        del row[bisect.bisect_left(row, (job.length, job.sequence), key=_order)]
        if not row:
            del self._by_length[job.options]
        self.jobs -= 1
        self.tokens -= job.length

    def first_due(self) -> float:
        while self._dues and self._due.get(self._dues[0][1]) != self._dues[0][0]:
            heapq.heappop(self._dues)
        return self._dues[0][0] if self._dues else math.inf

    def first_allowed(self) -> float:
        if self.first_due() == math.inf:
            return math.inf
        job = next(iter(self._requests[self._dues[0][1]].values()))
        return job.allowed

    def due_tokens(self) -> list[tuple[float, int]]:
        return sorted((due, self._request_tokens[request]) for request, due in self._due.items())

    def take_due(self, batch_size: int, batch_tokens: int) -> list[Job]:
        """The jobs of the request that is due first, and to fill up, of what is due next, the nearest in length.

        Of a few batches that are due next: fewer would cost padding, more would hold up their short and long jobs.
        """
        first: list[Job] = []
        for request in sorted(self._due, key=lambda each: (self._due[each], each)):
            first += islice(self._requests[request].values(), _WINDOW * batch_size - len(first))
            if len(first) >= _WINDOW * batch_size:
                break
        urgent = first[0]
        own = sorted((job for job in first if job.request == urgent.request), key=_precedence, reverse=True)
        anchor = own[0]
        if anchor.second_try:  # all that is left of the request: it takes along what others have of its rare kind
            self.remove(anchor)
            return [anchor, *self.take_neighbours(anchor, batch_size, batch_tokens)]
        rest = sorted(
            (job for job in first if job.request != urgent.request), key=lambda job: abs(job.length - anchor.length)
        )
        batch: list[Job] = []
        longest = 0
        for job in (*own, *rest):
            if len(batch) == batch_size:
                break
            if job.options == anchor.options and (
                max(longest, job.length) * (len(batch) + 1) <= batch_tokens or not batch
            ):
                batch.append(job)
                longest = max(longest, job.length)
        for job in batch:
            self.remove(job)
        return batch

    def shared_ahead(self, tokens: int) -> int:
        return sum(min(tokens, waiting) for waiting in self._request_tokens.values())

    def take_turn(self) -> Job:
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

    def take_neighbours(self, anchor: Job, batch_size: int, batch_tokens: int) -> list[Job]:
        """The jobs to run with `anchor`, always the one next that costs the least padding."""
        row = self._by_length.get(anchor.options, [])
        right = bisect.bisect_left(row, (anchor.length, anchor.sequence), key=_order)
        left = right - 1
        taken: list[Job] = []
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
        for job in taken:
            self.remove(job)
        return taken


def _precedence(job: Job) -> tuple[bool, int]:
    return not job.second_try, job.length


def _order(row: tuple[int, int, Job]) -> tuple[int, int]:
    return row[0], row[1]
