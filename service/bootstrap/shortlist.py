"""Makes a model's shortlist, measures what it costs in quality, and says whether it is used.

The list lies beside the weights, where CTranslate2 reads it; what was measured lies in the model's folder. Neither is
part of the model's digest: a list that is missing, or another than was measured, is not used.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean

import sentencepiece

from service.core.errors import ModelError
from service.core.ports import Tokenizer
from service.core.text import normalize
from service.core.types import Hypothesis
from service.engines import shortlist
from service.engines.control_symbols import is_control
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.language.samples import sample
from service.models.progress import Progress
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.segmentation.segmenter import SentenceSegmenter
from service.settings.cpu import physical_cores

EVERYWHERE = 8000
"""Pieces that are scored for every source, or fewer where that is more than a share of the vocabulary:"""
_EVERYWHERE_SHARE = 0.5
_PER_SOURCE = 200
_HELD_OUT = 20  # every so many sentences one is kept for measuring
_MEASURED, _MEASURED_LEAST = 400, 100  # sentences
_BATCH = 16
_CHUNK = 512  # sentences between two savings of a harvest
_LONGEST = 400  # characters of a sentence that is harvested from

LEAST_CHRF = 90.0
LEAST_SCORE_DIFFERENCE = -0.02
"""A list is used where its outputs are this much like those of the whole vocabulary, and the model itself finds them
this much less likely at most (mean log-probability of a token; two searches of the starter with beams of 3 and 4 differ
by 0.01)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a list does to `sentences` that weren't harvested from, against the whole vocabulary.

    `identical` is the share of outputs that are the same, `chrf` the mean likeness of the outputs (0 to 100),
    `score_difference` how much more likely (nats a token) the model finds the list's outputs than the others,
    `alone` the share of outputs that are the same in a batch and alone, `speed` how many times as fast the search is.
    """

    sentences: int
    identical: float
    chrf: float
    score_difference: float
    alone: float
    speed: float

    @property
    def objection(self) -> str | None:
        """Why the list shouldn't be used, None where it should."""
        if self.chrf < LEAST_CHRF:
            return f"its outputs are only {self.chrf:.1f} like those of the whole vocabulary (chrF; {LEAST_CHRF:.0f})"
        if self.score_difference < LEAST_SCORE_DIFFERENCE:
            return f"the model finds its outputs {-self.score_difference:.3f} nats a token less likely"
        if self.speed < 1:
            return "the search isn't faster with it"
        return None


def shortlist_of(model: InstalledModel) -> str:
    """The digest of the list that is used for a model on CTranslate2; "" where none is."""
    record = model.shortlist_record()
    if record is None or record.get("on") is not True:
        return ""
    there = shortlist.digest(model.ctranslate2_dir)
    return there[:16] if there is not None and there == record.get("digest") else ""


def describe(model: InstalledModel) -> dict[str, object] | None:
    """What is known of a model's list: whether it is on, why not, and what was measured. None where there is none."""
    record = model.shortlist_record()
    if record is None:
        return None
    return {"on": bool(shortlist_of(model)), **{key: record[key] for key in ("why", "measured") if record.get(key)}}


def switch_off(model: InstalledModel) -> None:
    """Use the whole vocabulary again. Raises OSError."""
    model.shortlist_file.unlink(missing_ok=True)
    (model.ctranslate2_dir / shortlist.FILE).unlink(missing_ok=True)


def make_shortlist(
    spec: ModelSpec,
    model: InstalledModel,
    texts: Sequence[str],
    progress: Progress,
    *,
    compute_type: str = "int8",
    everywhere: int | None = None,
) -> Measured:
    """Make, measure and keep the list of a Marian model, and switch it on where nothing speaks against it.

    `texts` are plain text in the source language. What was harvested from the same texts before an interruption isn't
    harvested again. Raises ModelError where there is nothing to make a list from, or it can't be kept.
    """
    if spec.tokenizer != "marian":
        raise ModelError(f"{spec.id} is no Marian model; only those have shortlists")
    tokenizer = MarianSubwordTokenizer(
        model.snapshot_dir / "source.spm", model.snapshot_dir / "target.spm", model.snapshot_dir / "vocab.json"
    )
    usual = _usual_pieces(model)
    sentences = _sentences(texts, spec)
    measuring = sentences[::_HELD_OUT][:_MEASURED]
    if len(measuring) < _MEASURED_LEAST:
        measuring = [normalize(each) for each in sample(spec.source_languages[0])]
    if len(measuring) < _MEASURED_LEAST:
        raise ModelError(
            f"there is no text to measure a shortlist of {spec.id} with; give at least "
            f"{_HELD_OUT * _MEASURED_LEAST} sentences with --text"
        )
    held_out = set(measuring)
    harvest = _harvested(spec, model, tokenizer, [each for each in sentences if each not in held_out], progress)
    if not usual and not harvest.sentences:
        raise ModelError(
            f"{spec.id} doesn't say what is frequent in its target language; give plain text in "
            f"{spec.source_languages[0]} with --text"
        )
    vocabulary = json.loads((model.snapshot_dir / "vocab.json").read_text(encoding="utf-8"))
    made = shortlist.make(
        list(vocabulary),
        usual,
        harvest,
        everywhere=everywhere or min(EVERYWHERE, int(_EVERYWHERE_SHARE * len(vocabulary))),
        per_source=_PER_SOURCE,
    )
    progress.step(f"comparing with the whole vocabulary on {len(measuring)} sentences")
    with _beside_the_weights(model.ctranslate2_dir, made) as folder:
        measured = _measure(spec, folder, tokenizer, measuring, compute_type)
    try:
        digest = made.write(model.ctranslate2_dir)
        record = {
            "model": model.digest,
            "digest": digest,
            "on": measured.objection is None,
            "why": measured.objection,
            "harvested": harvest.sentences,
            "everywhere": len(made.everywhere),
            "measured": asdict(measured),
        }
        model.shortlist_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(f"the shortlist of {spec.id} can't be kept: {error.strerror}") from error
    _unfinished(model).unlink(missing_ok=True)
    return measured


def _usual_pieces(model: InstalledModel) -> list[str]:
    """Pieces by falling frequency in the target language, where it has a sentencepiece model of its own."""
    source, target = ((model.snapshot_dir / name).read_bytes() for name in ("source.spm", "target.spm"))
    if source == target:
        return []
    pieces = sentencepiece.SentencePieceProcessor(model_proto=target)
    ids = [number for number in range(pieces.get_piece_size()) if not is_control(pieces.id_to_piece(number))]
    ids.sort(key=lambda number: -pieces.get_score(number))
    return [pieces.id_to_piece(number) for number in ids]


def _sentences(texts: Sequence[str], spec: ModelSpec) -> list[str]:
    segmenter = SentenceSegmenter()
    language = spec.source_languages[0]
    found = (normalize(text[span.start : span.end]) for text in texts for span in segmenter.sentences(text, language))
    return [each for each in dict.fromkeys(found) if 0 < len(each) <= _LONGEST]


def _unfinished(model: InstalledModel) -> Path:
    return model.shortlist_file.with_suffix(".part")


def _harvested(
    spec: ModelSpec, model: InstalledModel, tokenizer: Tokenizer, sentences: Sequence[str], progress: Progress
) -> shortlist.Harvest:
    import ctranslate2  # noqa: PLC0415 - not needed to serve

    harvest = shortlist.Harvest()
    if not sentences:
        return harvest
    of = [model.digest, len(sentences), sentences[0], sentences[-1]]
    with suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads(_unfinished(model).read_text(encoding="utf-8"))
        if stored["of"] == of:
            harvest = shortlist.Harvest.from_json(stored["harvest"])
    translator = ctranslate2.Translator(
        str(model.ctranslate2_dir), device="cpu", compute_type="int8", inter_threads=physical_cores(), intra_threads=1
    )
    end_token = spec.source_suffix[-1]
    for start in range(harvest.sentences, len(sentences), _CHUNK):
        progress.counted("translating text to harvest from", start, len(sentences))
        part = sentences[start : start + _CHUNK]
        sources = [tokenizer.encode(sentence)[: spec.max_source_tokens] for sentence in part]
        for source, output, attention in shortlist.translate_with_attention(translator, sources, end_token):
            harvest.add(source, output, attention)
        with suppress(OSError):
            _unfinished(model).write_text(json.dumps({"of": of, "harvest": harvest.to_json()}), encoding="utf-8")
    progress.counted("translating text to harvest from", len(sentences), len(sentences))
    return harvest


@contextmanager
def _beside_the_weights(folder: Path, made: shortlist.Shortlist) -> Iterator[Path]:
    """A folder with links to the model's files and the list, so that it is measured before it is kept."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        for file in folder.iterdir():
            if file.name != shortlist.FILE:
                (trial / file.name).symlink_to(file.resolve())
        made.write(trial)
        yield trial


def _measure(
    spec: ModelSpec, folder: Path, tokenizer: Tokenizer, sentences: Sequence[str], compute_type: str
) -> Measured:
    engine = CTranslate2Engine(
        folder,
        replicas=1,
        compute_type=compute_type,
        source_prefix=spec.source_prefix,
        source_suffix=spec.source_suffix,
        max_source_tokens=spec.max_source_tokens + bool(spec.target_tokens),
    )
    whole = spec.decoding
    listed = replace(whole, shortlist="measured")
    asks_for = next(iter(spec.target_tokens.values()), None)
    sources = [
        [*([asks_for] if asks_for else []), *tokenizer.encode(sentence)[: spec.max_source_tokens]]
        for sentence in sentences
    ]
    order = sorted(range(len(sources)), key=lambda number: len(sources[number]))
    batches = [[sources[number] for number in order[i : i + _BATCH]] for i in range(0, len(order), _BATCH)]
    engine.generate(batches[0], whole)  # allocates
    outputs: dict[bool, list[Hypothesis]] = {False: [], True: []}
    ratios = []
    for batch in batches:  # in turns, since the machine's speed drifts
        seconds = {}
        for options in (whole, listed):
            began = time.perf_counter()
            outputs[bool(options.shortlist)] += engine.generate(batch, options)
            seconds[bool(options.shortlist)] = time.perf_counter() - began
        ratios.append(seconds[False] / seconds[True])
    some = [source for batch in batches for source in batch][:: max(1, len(sources) // 100)]
    alone = [engine.generate([source], listed)[0] for source in some]
    in_batch = outputs[True][:: max(1, len(sources) // 100)]
    pairs = list(zip(outputs[False], outputs[True], strict=True))
    ordered = [source for batch in batches for source in batch]
    scores = [
        engine.score(ordered, [output.tokens for output in found], whole) for found in (outputs[False], outputs[True])
    ]
    engine.close()
    return Measured(
        sentences=len(pairs),
        identical=round(fmean(one.tokens == other.tokens for one, other in pairs), 4),
        chrf=round(
            fmean(_chrf(tokenizer.decode(one.tokens), tokenizer.decode(other.tokens)) for one, other in pairs), 2
        ),
        score_difference=round(fmean(new - old for old, new in zip(*scores, strict=True)), 4),
        alone=round(fmean(one.tokens == other.tokens for one, other in zip(alone, in_batch, strict=True)), 4),
        speed=round(math.exp(fmean(map(math.log, ratios))), 2),
    )


def _chrf(reference: str, output: str, order: int = 6, beta: float = 2.0) -> float:
    """The character n-gram F-score of a sentence (Popović, 2015), 0 to 100, without white space."""
    if reference == output:
        return 100.0
    one, other = "".join(reference.split()), "".join(output.split())
    scores = []
    for size in range(1, order + 1):
        expected = Counter(one[i : i + size] for i in range(len(one) - size + 1))
        given = Counter(other[i : i + size] for i in range(len(other) - size + 1))
        if not expected or not given:
            continue
        shared = (expected & given).total()
        precision, recall = shared / given.total(), shared / expected.total()
        divisor = beta**2 * precision + recall
        scores.append((1 + beta**2) * precision * recall / divisor if divisor else 0.0)
    return 100 * fmean(scores) if scores else 0.0
