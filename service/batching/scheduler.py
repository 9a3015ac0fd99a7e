"""Which batch runs next, over all models, and how long a new request would wait. No clock, lock or thread.

From the outside in:

1. Interactive jobs go before bulk jobs, but while both wait, whichever model's they are, one batch in `bulk_every` is
   bulk, so neither starves. The two never share a batch: a bulk neighbour would make an interactive answer wait for
   work nobody hurries for.
2. Between models with work of that class the one with the least engine time goes next: start-time fair queueing (Goyal,
   Vin and Cheng, SIGCOMM 1996), where each model and class has a virtual time, which its batches move on. A batch is
   charged with what it is expected to take when it starts, or a model of slow batches would get every replica that is
   free before the first of them is charged; and set right when it ends. A model that was idle starts at the present
   minimum: it can't claim the time that it left to others. What it has overdrawn it still owes, so sending one batch
   after another, each of them when the last is done, gets nobody more than a share.
3. Within a model and class: `fair_queue`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from service.batching.admission import Throughput
from service.batching.fair_queue import FairQueue
from service.core.ports import Engine
from service.core.types import Job, Priority

_URGENCY = 1.15
"""What predictions are multiplied by to tell whether there is time to lose: less than admission's caution, so that an
order that is better for all is kept while it can be."""
_BATCH_SHARE = 0.125
"""The share of its time that a batch may take of the request that is due first. A batch can't be interrupted: where it
takes half of what requests have, half of them come too late for the next one. Chosen by `tests/batching/overload.py`:
where a full batch takes 8 of 15 s, goodput .69 -> .92 of what full batches at leisure give, attempts 35 -> 5."""
_BATCH_LEAST = 0.25  # seconds: who allows less than two can't have all batches small for that


@dataclass(eq=False, slots=True)
class Account:
    """One model's engine time in one class: `virtual_seconds` is when, in virtual time, its next batch would start."""

    virtual_seconds: float = 0.0
    waiting: bool = False  # when it was last looked at


@dataclass(eq=False, slots=True)
class ModelState:
    """What is known of one model: what waits, how fast it is, and how much engine time it has had.

    `replicas` is how many batches its engine runs side by side in the pool, `running` how many do, express threads not
    counted; `engine_seconds` is the total so far.
    """

    name: str
    engine: Engine
    queue: FairQueue
    throughput: Throughput
    replicas: int
    running: int = 0
    engine_seconds: float = 0.0
    accounts: dict[Priority, Account] = field(default_factory=lambda: {priority: Account() for priority in Priority})

    def seconds(self, priority: Priority) -> float:
        """What all replicas together need for the waiting jobs of one class."""
        return self.queue.tokens(priority) / self.throughput.tokens_per_second


@dataclass(eq=False, slots=True)
class Batch:
    """Jobs of one model and class that run together. `expected_seconds` is what was charged for them."""

    model: ModelState
    jobs: list[Job]
    priority: Priority
    express: bool
    expected_seconds: float


class Scheduler:
    """Picks batches from the queues of all models. Not thread-safe: callers hold a lock. Costs O(models) a batch."""

    def __init__(self, *, bulk_every: int = 4) -> None:
        if bulk_every < 2:
            raise ValueError("bulk_every must be at least 2")
        self.models: list[ModelState] = []
        self._bulk_every = bulk_every
        self._interactive_in_a_row = 0
        self._running = dict.fromkeys(Priority, 0)
        self._virtual_time = dict.fromkeys(Priority, 0.0)  # the latest start of a batch

    def waits(self, priority: Priority) -> bool:
        """Whether any job of a class waits."""
        return any(model.queue.count(priority) for model in self.models)

    def has_work(self, *, express: bool) -> bool:
        """Whether `pick` would find a batch. Express threads take interactive jobs, and only while bulk runs."""
        if express:
            return self._running[Priority.BULK] > 0 and self.waits(Priority.INTERACTIVE)
        return any(len(model.queue) and model.running < model.replicas for model in self.models)

    def pick(self, *, express: bool, now: float) -> Batch | None:
        """Take out the batch that runs next, None when there is none. `ended` must follow."""
        if not self.has_work(express=express):
            return None
        able = [model for model in self.models if express or model.running < model.replicas]
        priority = Priority.INTERACTIVE if express else self._next_class(able)
        self._look(priority)
        able = [model for model in able if model.queue.count(priority)]
        model = min(able, key=lambda each: each.accounts[priority].virtual_seconds)
        seconds = max(_BATCH_LEAST, _BATCH_SHARE * model.queue.first_allowed(priority))
        most = seconds * model.throughput.tokens_per_second / model.replicas
        jobs = model.queue.pick(priority, urgent=self._is_urgent(model, priority, now), most_tokens=most)
        tokens = sum(job.length for job in jobs)
        batch = Batch(model, jobs, priority, express, tokens * model.replicas / model.throughput.tokens_per_second)
        account = model.accounts[priority]
        self._virtual_time[priority] = max(self._virtual_time[priority], account.virtual_seconds)
        account.virtual_seconds += batch.expected_seconds
        account.waiting = model.queue.count(priority) > 0
        self._running[priority] += 1
        model.running += not express
        return batch

    def ended(self, batch: Batch, engine_seconds: float) -> None:
        """Set the charge for `batch` right: it took `engine_seconds` of one replica."""
        model, priority = batch.model, batch.priority
        model.running -= not batch.express
        model.engine_seconds += engine_seconds
        model.accounts[priority].virtual_seconds += engine_seconds - batch.expected_seconds
        self._running[priority] -= 1
        if not self._running[priority] and not self.waits(priority):
            # A busy period is over, and with it all debts: whoever comes next starts level.
            for each in self.models:
                account = each.accounts[priority]
                account.waiting = False
                self._virtual_time[priority] = max(self._virtual_time[priority], account.virtual_seconds)

    def _next_class(self, able: list[ModelState]) -> Priority:
        interactive, bulk = (any(model.queue.count(priority) for model in able) for priority in Priority)
        if not bulk:
            self._interactive_in_a_row = 0
            return Priority.INTERACTIVE
        if interactive and self._interactive_in_a_row < self._bulk_every - 1:
            self._interactive_in_a_row += 1
            return Priority.INTERACTIVE
        self._interactive_in_a_row = 0
        return Priority.BULK

    def _look(self, priority: Priority) -> None:
        """Let the models whose work of a class came since the last look start at the present minimum."""
        found = [(model.accounts[priority], model.queue.count(priority) > 0) for model in self.models]
        present = min(
            (account.virtual_seconds for account, waits in found if waits and account.waiting),
            default=self._virtual_time[priority],
        )
        for account, waits in found:
            if waits and not account.waiting:
                account.virtual_seconds = max(account.virtual_seconds, present)
            account.waiting = waits

    def seconds_until_done(self, model: ModelState, tokens: int, priority: Priority) -> float:
        """About when a new request of `tokens` in all to `model` would be done, were it queued now."""
        return self.seconds_for(model, tokens + model.queue.shared_ahead(tokens, priority), priority)

    def demands(
        self, model: ModelState, tokens: int, due: float, priority: Priority, now: float
    ) -> list[tuple[float, float]]:
        """(seconds until a deadline, seconds of work due by then) for a new request that is `due`, and for what waits
        and is due later.
        """
        before = tokens
        later = []
        for when, waiting in model.queue.due_tokens(priority):
            if when <= due:
                before += waiting
            else:
                later.append((when, waiting))
        found = [(due - now, self.seconds_for(model, before, priority))]
        for when, waiting in later:
            before += waiting
            found.append((when - now, self.seconds_for(model, before, priority)))
        return found

    def _is_urgent(self, model: ModelState, priority: Priority, now: float) -> bool:
        """Whether some of what waits is late unless it goes first, or nearly so."""

        def needed(tokens: int) -> float:
            return _URGENCY * self.seconds_for(model, tokens, priority) + 2 * model.throughput.batch_seconds

        if model.queue.first_due(priority) - now >= needed(model.queue.tokens(priority)):
            return False  # as mostly: all of it would be in time, whatever goes first
        tokens = 0
        for due, waiting in model.queue.due_tokens(priority):
            tokens += waiting
            if due - now < needed(tokens):
                return True
        return False

    def seconds_for(self, model: ModelState, tokens: int, priority: Priority) -> float:
        """About how long `tokens` of one class of a model take that go before the rest of it.

        They wait for as much of each other model's work, since they share, if there is so much; and for the other
        class: interactive work for the part that bulk gets while both wait, bulk for all interactive work, or for its
        guaranteed share, whichever comes first.
        """
        own = tokens / model.throughput.tokens_per_second
        shared = own + sum(min(own, other.seconds(priority)) for other in self.models if other is not model)
        if priority is Priority.INTERACTIVE:
            bulk = sum(each.seconds(Priority.BULK) for each in self.models)
            return shared + min(bulk, shared / (self._bulk_every - 1))
        interactive = sum(each.seconds(Priority.INTERACTIVE) for each in self.models)
        return min(shared + interactive, shared * self._bulk_every)

    def seconds_until_drained(self, model: ModelState) -> float:
        """About when all that waits for `model` would be done."""

        def backlog(each: ModelState) -> float:
            return sum(each.seconds(priority) for priority in Priority)

        own = backlog(model)
        return own + sum(min(own, backlog(other)) for other in self.models if other is not model)
