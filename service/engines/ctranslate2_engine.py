"""The default engine: CTranslate2 on the CPU. Imports neither torch nor transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from service.core.types import DecodingOptions, Hypothesis
from service.engines.decoding import Framing, mean_log_probability, ranked, run_by_steps, shortest, trim

_PAD = "<pad>"


class CTranslate2Engine:
    """Implements the `Engine` port on a converted model folder.

    `replicas` batches run side by side, each on `intra_threads` threads, and `spare_replicas` more, which have no cores
    of their own. All share the weights. `source_prefix` and `source_suffix` are put around every source (Marian: only
    the end token; BART: `<s>` and `</s>`). Make it after a fork: its threads don't survive one. For `max_source_tokens`
    and `max_positions` see `Framing`; the folder doesn't tell them.
    """

    name = "ctranslate2"

    def __init__(
        self,
        model_dir: Path,
        *,
        replicas: int,
        max_source_tokens: int,
        spare_replicas: int = 0,
        intra_threads: int = 1,
        compute_type: str = "int8",
        source_prefix: Sequence[str] = (),
        source_suffix: Sequence[str] = ("</s>",),
        max_positions: int | None = None,
    ) -> None:
        import ctranslate2  # noqa: PLC0415  # importing this module must not cost what constructing it does

        self._framing = Framing.of(source_prefix, source_suffix, max_source_tokens, max_positions)
        self._replicas = replicas
        self._translator: Any = ctranslate2.Translator(
            str(model_dir),
            device="cpu",
            compute_type=compute_type,
            inter_threads=replicas + spare_replicas,
            intra_threads=intra_threads,
        )
        self._compute_type = str(self._translator.compute_type)
        self._end_token = str(json.loads((model_dir / "config.json").read_text(encoding="utf-8"))["eos_token"])
        # Unknown tokens in this list would be read as <unk> and forbid that.
        self._suppressed = [[_PAD]] if _PAD in _target_vocabulary(model_dir) else None

    @property
    def compute_type(self) -> str:
        """What CTranslate2 chose, e.g. "int8_float32" for "int8" where layers between stay in float32."""
        return self._compute_type

    @property
    def replicas(self) -> int:
        """How many batches can run side by side."""
        return self._replicas

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        """One hypothesis per source, in order, with the others that its beam held.

        Raises ValueError if a source is too long, RuntimeError after `close` or when CTranslate2 fails.
        """
        translator = self._translator
        if translator is None:
            raise RuntimeError("the engine is closed")
        return run_by_steps(
            sources, options, self._framing, lambda group, steps: self._run(translator, group, steps, options)
        )

    def _run(
        self, translator: Any, sources: Sequence[Sequence[str]], steps: int, options: DecodingOptions
    ) -> list[Hypothesis]:
        results = translator.translate_batch(
            self._framing.frame(sources),
            target_prefix=[list(options.target_prefix)] * len(sources) if options.target_prefix else None,
            beam_size=options.beam_size,
            patience=1,
            length_penalty=options.length_penalty,
            repetition_penalty=options.repetition_penalty,
            no_repeat_ngram_size=options.no_repeat_ngram_size,
            suppress_sequences=self._suppressed,
            return_end_token=True,
            return_scores=True,
            num_hypotheses=options.beam_size,  # the search ends when it has as many, whether they are asked for or not
            max_input_length=0,  # its default cuts long sources silently
            max_decoding_length=steps,
            min_decoding_length=shortest(options),
            # A forced beginning may have pieces that the shortlist lacks.
            use_vmap=bool(options.shortlist) and not options.target_prefix,
        )
        return [
            ranked(
                [
                    trim(found, self._end_token, options, len(source), mean_log_probability(score, len(found), options))
                    for found, score in zip(result.hypotheses, result.scores, strict=True)
                ]
            )
            for source, result in zip(sources, results, strict=True)
        ]

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        """The mean log-probability of a token of each target, the end token included. Raises as `generate` does."""
        translator = self._translator
        if translator is None:
            raise RuntimeError("the engine is closed")
        self._framing.check(sources)
        self._framing.check_targets(targets, options)
        prefix = list(options.target_prefix)
        results = translator.score_batch(
            self._framing.frame(sources), [prefix + list(target) for target in targets], max_input_length=0
        )
        return [fmean(result.log_probs[len(prefix) :]) for result in results]

    def close(self) -> None:
        """Let the model go; batches that run are finished first."""
        self._translator = None


def _target_vocabulary(model_dir: Path) -> list[str]:
    for name in ("shared_vocabulary.json", "target_vocabulary.json"):
        if (model_dir / name).exists():
            tokens: list[str] = json.loads((model_dir / name).read_text(encoding="utf-8"))
            return tokens
    raise FileNotFoundError(f"{model_dir.name} has no vocabulary")
