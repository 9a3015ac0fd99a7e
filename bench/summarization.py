"""Prints the extractive summary of text files with every sentence's score, to be judged by eye; computes no metric.

python -m bench.summarization [--language de] [--count 3] [--speed N] FILE...
python -m bench.summarization --agreement DIR    how many picks stay the same when a language's lexicon is switched off
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from bench.segmentation import read_sets
from service.ranking.textrank import TextRankRanker
from service.segmentation.segmenter import SentenceSegmenter

# A language that has no lexicon and no stemmer.
_UNKNOWN = "und"
_SHORTEST_ARTICLE = 8


def split(text: str, language: str) -> list[str]:
    """The sentences of `text`."""
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


def show(path: Path, language: str, count: int) -> None:
    """Print every sentence of the file at `path` with its score, picked ones marked."""
    sentences = split(path.read_text(encoding="utf-8"), language)
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


def articles(lines: list[str]) -> Iterator[list[str]]:
    """The articles of a newstest, which doesn't mark them: one begins where a line ends without a stop."""
    article: list[str] = []
    for line in lines:
        if not line.rstrip("\"”“»'").endswith((".", "!", "?", ":")) and len(article) >= _SHORTEST_ARTICLE:
            yield article
            article = []
        article.append(line)
    if len(article) >= _SHORTEST_ARTICLE:
        yield article


def agreement(folder: Path, count: int) -> None:
    """Print for every language of the newstests in `folder` what of the picks stays without its lexicon."""
    texts: dict[str, list[list[str]]] = {}
    for name, lines in read_sets(folder):
        texts.setdefault(name.rpartition(".")[2], []).extend(articles(lines))
    ranker = TextRankRanker()
    print(f"{'language':<10}{'articles':>9}{'picks kept':>12}{'all kept':>10}{'lead kept':>11}")
    for language, found in texts.items():
        kept = same = lead = total = 0
        for article in found:
            picked = set(ranker.pick(article, language, count))
            neutral = set(ranker.pick(article, _UNKNOWN, count))
            total += len(picked)
            kept += len(picked & neutral)
            lead += len(picked & set(range(count)))
            same += picked == neutral
        print(f"{language:<10}{len(found):>9}{kept / total:>12.3f}{same / len(found):>10.3f}{lead / total:>11.3f}")


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--language", default="de")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--speed", type=int, metavar="N", help="time a text of N sentences made from the files")
    parser.add_argument("--agreement", type=Path, metavar="DIR", help="folder of newstest20NN.de and .en")
    options = parser.parse_args()
    if options.agreement:
        agreement(options.agreement, options.count)
    for path in options.files:
        show(path, options.language, options.count)
    if options.speed:
        sentences = [s for path in options.files for s in split(path.read_text("utf-8"), options.language)]
        speed(sentences, options.language, options.speed)


if __name__ == "__main__":
    main()
