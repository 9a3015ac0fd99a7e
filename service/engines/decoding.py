"""What both engines must do alike around their library's search: frame sources, bound lengths, trim outputs.

How the two searches are made to agree, token for token:

- Both look at 2 x beam candidates a step, finish those among the first `beam` that end, and rank finished hypotheses
  by log-probability / length ** length_penalty. transformers counts the end token in that length; CTranslate2 counts
  what it returns, so it must return the end token (`return_end_token=True`).
- CTranslate2 stops a search when `beam` hypotheses are finished (patience 1). That is `early_stopping=True` in
  transformers; its default goes on while a running beam might still win.
- CTranslate2 masks forbidden tokens before the softmax, transformers after it; `renormalize_logits=True` makes up for
  that. Its repetition penalty works on logits as well, and spares the decoder's start token (`search_rules`).
- A search that is broken off takes its best unfinished beam, so both break off at the same step (`run_by_steps`).
- A forced prefix counts as output in both: in lengths, and in what must not be repeated.
- Neither may use its own defaults or those in a snapshot's generation_config.json.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.core.types import DecodingOptions, Hypothesis


@dataclass(frozen=True, slots=True)
class Framing:
    """What a model wants around a source, and what it can take.

    `max_source_tokens` counts source tokens without `prefix` and `suffix`. `max_positions` is the number of position
    embeddings, which bounds outputs as well; by default it is what the longest source needs.
    """

    prefix: tuple[str, ...]
    suffix: tuple[str, ...]
    max_source_tokens: int
    max_positions: int

    @classmethod
    def of(
        cls, prefix: Sequence[str], suffix: Sequence[str], max_source_tokens: int, max_positions: int | None
    ) -> Framing:
        """Raises ValueError when the longest source and what goes around it exceed `max_positions`."""
        needed = max_source_tokens + len(prefix) + len(suffix)
        if max_source_tokens < 1 or (max_positions is not None and needed > max_positions):
            raise ValueError(f"max_source_tokens {max_source_tokens} doesn't fit a model of {max_positions} positions")
        return cls(tuple(prefix), tuple(suffix), max_source_tokens, max_positions or needed)

    def check(self, sources: Sequence[Sequence[str]]) -> None:
        """Raises ValueError, for the whole batch, if a source is too long: nothing is cut silently."""
        longest = max(map(len, sources), default=0)
        if longest > self.max_source_tokens:
            raise ValueError(f"a source has {longest} tokens; the model takes {self.max_source_tokens}")

    def check_targets(self, targets: Sequence[Sequence[str]], options: DecodingOptions) -> None:
        """Raises ValueError, for the whole batch, if a target with its forced prefix and end token is too long."""
        longest = max(map(len, targets), default=0)
        if len(options.target_prefix) + longest + 1 > self.max_positions:
            raise ValueError(f"a target has {longest} tokens; the model has {self.max_positions} positions")

    def frame(self, sources: Sequence[Sequence[str]]) -> list[list[str]]:
        """Sources as the model reads them."""
        return [[*self.prefix, *source, *self.suffix] for source in sources]

    def steps(self, source_length: int, options: DecodingOptions) -> int:
        """How many tokens to generate at most for a source, forced prefix and end token included.

        With a cap that depends on the source, the next of 32, 128, 512, ..., so that a batch mostly shares one: nearly
        all sentences of news have caps of 33 to 128.
        """
        cap = options.cap(source_length)
        if options.max_length_factor is not None:
            cap = min(options.max_length, _step_limit(cap))
        return min(len(options.target_prefix) + cap + 1, self.max_positions)


def _step_limit(cap: int) -> int:
    limit = 32
    while limit < cap:
        limit *= 4
    return limit


def shortest(options: DecodingOptions) -> int:
    """The least number of tokens to generate, forced prefix included.

    At least one follows a forced prefix: CTranslate2 allows an end there only to the best beam, transformers to all.
    """
    if not options.target_prefix:
        return options.min_length
    return len(options.target_prefix) + max(1, options.min_length)


Run = Callable[[list[Sequence[str]], int], list[Hypothesis]]


def run_by_steps(
    sources: Sequence[Sequence[str]], options: DecodingOptions, framing: Framing, run: Run
) -> list[Hypothesis]:
    """Call `run` with the sources that share a limit of steps, and that limit; outputs in the order of `sources`.

    A limit shared by a whole batch would let neighbours change an output: where it breaks a beam search off, the best
    unfinished beam wins. So each source is searched under a limit of its own length. Nothing translates to nothing
    (CTranslate2 would give no end token then).
    """
    framing.check(sources)
    groups: dict[int, list[int]] = {}
    for index, source in enumerate(sources):
        if source:
            groups.setdefault(framing.steps(len(source), options), []).append(index)
    outputs = [Hypothesis((), finished=True)] * len(sources)
    for steps, indices in groups.items():
        for index, hypothesis in zip(indices, run([sources[index] for index in indices], steps), strict=True):
            outputs[index] = hypothesis
    return outputs


def trim(
    output: Sequence[str], end_token: str, options: DecodingOptions, source_length: int, score: float | None = None
) -> Hypothesis:
    """The hypothesis in a raw `output`, which begins with the forced prefix and may hold the end token.

    It is cut to the cap of its source, beyond which the search may have gone. `score` is what it has then.
    """
    tokens = tuple(output[len(options.target_prefix) :])
    finished = end_token in tokens
    if finished:
        tokens = tokens[: tokens.index(end_token)]
    cap = options.cap(source_length)
    return Hypothesis(tokens[:cap], finished=finished and len(tokens) <= cap, score=score)


def mean_log_probability(score: float, length: int, options: DecodingOptions) -> float | None:
    """The mean of a token from a search's score, which is their sum / length ** length_penalty.

    `length` counts what the search counts: forced prefix and end token included. A forced token costs nothing, so the
    mean leaves those out. None where there is nothing else.
    """
    free = length - len(options.target_prefix)
    return score * length**options.length_penalty / free if free > 0 else None


def ranked(hypotheses: Sequence[Hypothesis]) -> Hypothesis:
    """The best hypothesis of a search, with those behind it that differ from it."""
    best, *others = hypotheses
    return Hypothesis(best.tokens, best.finished, tuple(other for other in others if other != best), best.score)
