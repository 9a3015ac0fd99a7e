"""Prints the extractive summary of text files with every sentence's score, to be judged by eye; computes no metric.

python -m bench.summarization [--language de] [--count 3] [--speed N] FILE...
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from service.ranking.textrank import TextRankRanker

# Good enough for looking at a summary; the service has a segmenter.
_BOUNDARY = re.compile(r"(?:(?<=[^\d\s][.!?…])|(?<=[.!?…][“”\"»«]))\s+(?=[„“\"»A-ZÄÖÜ])|\n\s*\n")


def split(text: str) -> list[str]:
    """Rough sentences of `text`."""
    return [sentence.strip() for sentence in _BOUNDARY.split(text) if sentence.strip()]


def show(path: Path, language: str, count: int) -> None:
    """Print every sentence of the file at `path` with its score, picked ones marked."""
    sentences = split(path.read_text(encoding="utf-8"))
    ranker = TextRankRanker()
    scores, picked = ranker.rank(sentences, language), ranker.pick(sentences, language, count)
    print(f"# {path.name}: {len(sentences)} sentences, {ranker.info_id} revision {ranker.revision}")
    for index, (sentence, score) in enumerate(zip(sentences, scores, strict=True)):
        print(f"{'*' if index in picked else ' '} {score:.3f} {sentence}")


def speed(sentences: list[str], language: str, size: int) -> None:
    """Time a text of `size` sentences, each of the given ones repeated with its running number."""
    text = [f"{sentences[i % len(sentences)]} ({i})" for i in range(size)]
    began = time.perf_counter()
    TextRankRanker().pick(text, language, 10)
    print(f"{size} sentences, {sum(map(len, text))} characters: {time.perf_counter() - began:.2f} s")


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--language", default="de")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--speed", type=int, metavar="N", help="time a text of N sentences made from the files")
    options = parser.parse_args()
    for path in options.files:
        show(path, options.language, options.count)
    if options.speed:
        speed([s for path in options.files for s in split(path.read_text("utf-8"))], options.language, options.speed)


if __name__ == "__main__":
    main()
