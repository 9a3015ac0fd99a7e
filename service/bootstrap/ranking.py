"""The sentence ranker, imported when it is first asked for: numpy takes a tenth of the time that a start takes."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from service.core.ports import SentenceRanker


@functools.lru_cache(maxsize=1)
def ranker() -> SentenceRanker:
    """The ranker of this process. Also a way to have it imported before anybody waits for it."""
    from service.ranking.textrank import TextRankRanker  # noqa: PLC0415 - see above

    return TextRankRanker()


class LateRanker:
    """Implements the `SentenceRanker` port with `ranker`."""

    @property
    def info_id(self) -> str:
        """See the port."""
        return ranker().info_id

    @property
    def revision(self) -> str:
        """See the port."""
        return ranker().revision

    def knows(self, language: str) -> bool:
        """See the port."""
        return ranker().knows(language)

    def rank(self, sentences: Sequence[str], language: str) -> list[float]:
        """See the port."""
        return ranker().rank(sentences, language)

    def pick(self, sentences: Sequence[str], language: str, count: int) -> list[int]:
        """See the port."""
        return ranker().pick(sentences, language, count)

    def support(self, claim: str, sentences: Sequence[str], language: str) -> list[int]:
        """See the port."""
        return ranker().support(claim, sentences, language)
