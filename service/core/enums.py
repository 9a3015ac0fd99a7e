"""The closed sets of words that the contract knows: tasks, tiers, methods, flags, warnings. Listed here only."""

from __future__ import annotations

import enum


class Task(enum.StrEnum):
    """What a model does."""

    TRANSLATION = "translation"
    SUMMARIZATION = "summarization"


class Tier(enum.StrEnum):
    """What a model is fit for. `BUILTIN` are the methods that need no weights."""

    PRODUCTION = "production"
    EVALUATION = "evaluation"
    STARTER = "starter"
    DEMO = "demo"
    BUILTIN = "builtin"

    @property
    def notice(self) -> str | None:
        """What to tell people about such a model, in one line; None where nothing has to be said."""
        return _NOTICES.get(self)


_NOTICES = {
    Tier.STARTER: "the starter model is for evaluation, not for publication: its English has mistakes",
    Tier.DEMO: "demo models know their small corpus by heart and are worthless outside it",
}


class Method(enum.StrEnum):
    """How a summary was made; `NONE` where the article was too short and came back as it was."""

    EXTRACTIVE = "extractive"
    ABSTRACTIVE = "abstractive"
    NONE = "none"


class Quality(enum.StrEnum):
    """How hard to search: as the model's spec says, or for the likeliest next token only (a third of the time)."""

    BEST = "best"
    FAST = "fast"


class Severity(enum.StrEnum):
    """How much a finding matters to a reader, after MQM: a changed fact, a damaged sentence, a blemish."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Category(enum.StrEnum):
    """What kind of error a finding speaks of: the names of MQM's typology (themqm.org), dimension and type."""

    MISTRANSLATION = "accuracy/mistranslation"
    OMISSION = "accuracy/omission"
    ADDITION = "accuracy/addition"
    UNTRANSLATED = "accuracy/untranslated"
    DO_NOT_TRANSLATE = "accuracy/do-not-translate"
    PUNCTUATION = "linguistic-conventions/punctuation"
    SPELLING = "linguistic-conventions/spelling"
    CHARACTER_ENCODING = "linguistic-conventions/character-encoding"


class Flag(enum.StrEnum):
    """What is to be said of one output: what a check found, or, for the last three, how the output was made."""

    TRUNCATED = "truncated"
    REPETITION = "repetition"
    LENGTH_RATIO = "length_ratio"
    COPIED_SOURCE = "copied_source"
    NUMBERS_CHANGED = "numbers_changed"
    NUMBER_REPEATED = "number_repeated"
    NUMBERS_SWAPPED = "numbers_swapped"
    TIME_CHANGED = "time_changed"
    DATE_CHANGED = "date_changed"
    UNIT_CHANGED = "unit_changed"
    LITERAL_CHANGED = "literal_changed"
    CHARACTERS_CHANGED = "characters_changed"
    QUOTES_CHANGED = "quotes_changed"
    UNTRANSLATED = "untranslated"
    SPLIT = "split"
    RETRIED = "retried"
    UNKNOWN_CHARACTERS = "unknown_characters"

    @property
    def category(self) -> Category:
        """The kind of error, where it is one."""
        return _CATEGORIES.get(self.value, Category.MISTRANSLATION)


_CATEGORIES = {
    "truncated": Category.OMISSION,
    "length_ratio": Category.OMISSION,
    "omission": Category.OMISSION,
    "repetition": Category.ADDITION,
    "number_repeated": Category.ADDITION,
    "copied_source": Category.UNTRANSLATED,
    "untranslated": Category.UNTRANSLATED,
    "literal_changed": Category.DO_NOT_TRANSLATE,
    "quotes_changed": Category.PUNCTUATION,
    "unknown_words": Category.SPELLING,
    "characters_changed": Category.CHARACTER_ENCODING,
}
"""Where it isn't a mistranslation."""


class WarningCode(enum.StrEnum):
    """What is to be said of a whole text."""

    ALREADY_TARGET_LANGUAGE = "already_target_language"
    LANGUAGE_UNCERTAIN = "language_uncertain"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    MIXED_LANGUAGES = "mixed_languages"
    PIVOT = "pivot"
    SEGMENTS_FLAGGED = "segments_flagged"
    TOO_SHORT = "too_short"
    INPUT_SELECTED = "input_selected"
    SENTENCE_DROPPED = "sentence_dropped"
    UNSUPPORTED_NUMBER = "unsupported_number"
    UNSUPPORTED_QUOTE = "unsupported_quote"
    NEUTRAL_RANKING = "neutral_ranking"
