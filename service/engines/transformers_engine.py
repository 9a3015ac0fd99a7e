"""The reference engine, and the one for GPUs: transformers on torch, made to search exactly as CTranslate2 does.

`service.engines.decoding` says how. Importing this module loads neither library; constructing the engine does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from service.core.types import DecodingOptions, Hypothesis
from service.engines.decoding import Framing, ranked, run_by_steps, shortest, trim


class TransformersEngine:
    """Implements the `Engine` port on a snapshot folder with safetensors weights and a vocab.json.

    `device` "auto" takes a GPU when torch sees one. `compute_type` is a torch dtype's name: "float32", "bfloat16",
    "float16". Nothing is downloaded, and no pickle is read. For the other arguments see `CTranslate2Engine` and
    `Framing`; `max_positions` defaults to what the snapshot's config says.
    """

    name = "transformers"

    def __init__(
        self,
        snapshot_dir: Path,
        *,
        max_source_tokens: int,
        device: Literal["auto", "cpu", "cuda"] = "auto",
        compute_type: str = "float32",
        replicas: int = 1,
        source_prefix: Sequence[str] = (),
        source_suffix: Sequence[str] = ("</s>",),
        max_positions: int | None = None,
    ) -> None:
        os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")  # else loading may start a thread that downloads
        import torch  # noqa: PLC0415
        import transformers  # noqa: PLC0415

        from service.engines.search_rules import SearchRules  # noqa: PLC0415

        transformers.utils.logging.disable_progress_bar()
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self._device = torch.device(device)
        self._compute_type = compute_type
        self._replicas = replicas
        model = transformers.AutoModelForSeq2SeqLM.from_pretrained(
            snapshot_dir,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=getattr(torch, compute_type),
        )
        self._model: Any = model.eval().to(self._device)
        config = model.config
        positions = getattr(config, "max_position_embeddings", None)
        self._framing = Framing.of(source_prefix, source_suffix, max_source_tokens, max_positions or positions)
        self._ids: dict[str, int] = json.loads((snapshot_dir / "vocab.json").read_text(encoding="utf-8"))
        self._tokens = {number: token for token, number in self._ids.items()}
        self._unknown = self._ids["<unk>"]
        self._pad: int = config.pad_token_id
        self._end_token = self._tokens[config.eos_token_id]
        self._special_ids = {
            "pad_token_id": config.pad_token_id,
            "eos_token_id": config.eos_token_id,
            "decoder_start_token_id": config.decoder_start_token_id,
        }
        self._model.generation_config = transformers.GenerationConfig(**self._special_ids)
        self._rules = SearchRules(self._model)

    @property
    def compute_type(self) -> str:
        """The torch dtype of the weights."""
        return self._compute_type

    @property
    def device(self) -> str:
        """Where the model is: "cpu" or "cuda"."""
        return str(self._device)

    @property
    def replicas(self) -> int:
        """How many batches can run side by side."""
        return self._replicas

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        """One hypothesis per source, in order, with the others that its beam held.

        Raises ValueError if a source is too long, RuntimeError after `close`.
        """
        model = self._model
        if model is None:
            raise RuntimeError("the engine is closed")
        return run_by_steps(
            sources, options, self._framing, lambda group, steps: self._run(model, group, steps, options)
        )

    def _run(
        self, model: Any, sources: Sequence[Sequence[str]], steps: int, options: DecodingOptions
    ) -> list[Hypothesis]:
        import torch  # noqa: PLC0415
        from transformers import GenerationConfig  # noqa: PLC0415

        prefix = [self._ids[token] for token in options.target_prefix]
        read, mask = self._padded(self._framing.frame(sources))
        config = GenerationConfig(
            **self._special_ids,
            num_beams=options.beam_size,
            do_sample=False,
            early_stopping=options.beam_size > 1,
            length_penalty=options.length_penalty,
            max_new_tokens=steps,
            min_new_tokens=shortest(options) or None,
            no_repeat_ngram_size=options.no_repeat_ngram_size,
            suppress_tokens=[self._pad],
            renormalize_logits=True,
            num_return_sequences=options.beam_size,
            use_cache=True,
        )
        with torch.inference_mode():
            outputs = model.generate(
                input_ids=read,
                attention_mask=mask,
                generation_config=config,
                logits_processor=self._rules.processors(options.repetition_penalty, prefix),
            )
        rows = [[self._tokens[number] for number in row[1:]] for row in outputs.tolist()]
        each = options.beam_size
        found = [
            ranked([trim(row, self._end_token, options, len(source)) for row in rows[each * i : each * (i + 1)]])
            for i, source in enumerate(sources)
        ]
        # To have the search keep its scores takes memory for each step, beam and word of the vocabulary; one more pass
        # over the best outputs costs little.
        ended = [index for index, hypothesis in enumerate(found) if hypothesis.finished]
        scores = self.score([sources[index] for index in ended], [found[index].tokens for index in ended], options)
        for index, score in zip(ended, scores, strict=True):
            found[index] = replace(found[index], score=score)
        return found

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        """The mean log-probability of a token of each target, the end token included. Raises as `generate` does."""
        import torch  # noqa: PLC0415

        if (model := self._model) is None:
            raise RuntimeError("the engine is closed")
        self._framing.check(sources)
        self._framing.check_targets(targets, options)
        if not sources:
            return []
        prefix = list(options.target_prefix)
        read, mask = self._padded(self._framing.frame(sources))
        wanted, counts = self._padded([[*prefix, *target, self._end_token] for target in targets])
        counts[:, : len(prefix)] = 0
        start = torch.full_like(wanted[:, :1], self._special_ids["decoder_start_token_id"])
        with torch.inference_mode():
            logits = model(
                input_ids=read, attention_mask=mask, decoder_input_ids=torch.cat((start, wanted[:, :-1]), 1)
            ).logits
            likelihoods = logits.float().log_softmax(-1).gather(2, wanted.unsqueeze(2)).squeeze(2)
            means = likelihoods.masked_fill(counts == 0, 0.0).sum(1) / counts.sum(1)
        return [float(mean) for mean in means]

    def _padded(self, rows: Sequence[Sequence[str]]) -> tuple[Any, Any]:
        """Ids of tokens, padded at the end, and the mask that tells them from padding."""
        import torch  # noqa: PLC0415

        width = max(map(len, rows))
        ids = [
            [self._ids.get(token, self._unknown) for token in row] + [self._pad] * (width - len(row)) for row in rows
        ]
        mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
        return torch.tensor(ids, device=self._device), torch.tensor(mask, device=self._device)

    def close(self) -> None:
        """Let the model go; batches that run are finished first."""
        self._model = None
