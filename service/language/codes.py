"""Language codes as people write them, as the one form in which Depesche knows languages. By `langcodes`."""

from __future__ import annotations

import functools

AUTO = "auto"
"""Stands for a language that is to be found out; "und" (ISO 639: undetermined) says the same."""

_UNDETERMINED = ("", AUTO, "und")
_MACRO = {"nb": "no", "nn": "no"}
"""Norwegian is asked for as "no" mostly, and models of it read both written forms."""


@functools.lru_cache(maxsize=256)
def spellings(language: str) -> tuple[str, ...]:
    """The codes in ISO 639-1, -2 (both sets) and -3 of a `canonical` language, without regions: de, deu, ger."""
    import langcodes  # noqa: PLC0415 - as below

    if language == AUTO:
        return _UNDETERMINED[1:]
    codes = [language, *(short for short, whole in _MACRO.items() if whole == language)]
    longer = [langcodes.Language.get(code).to_alpha3(variant) for code in tuple(codes) for variant in ("T", "B")]
    return tuple(dict.fromkeys((*codes, *longer)))


def primary(code: str) -> str:
    """The part of a BCP 47 code before its region and script, in lower case: "de" of "de-AT". Checks nothing."""
    return code.replace("_", "-").partition("-")[0].lower()


@functools.lru_cache(maxsize=4096)
def canonical(code: str) -> str:
    """The primary BCP 47 language of `code` in lower case, or "auto".

    Takes BCP 47 and ISO 639-1, -2 (both sets) and -3 in any case, with "-" or "_": de, DE, de-AT, de_AT, deu, ger are
    all "de". Raises ValueError for what is no language code.
    """
    if code.strip().lower() in _UNDETERMINED:
        return AUTO
    import langcodes  # noqa: PLC0415 - takes some 50 ms, and most requests name no language

    # Its errors are ValueErrors.
    tag = langcodes.standardize_tag(code.strip())
    if not langcodes.tag_is_valid(tag):
        raise ValueError("no language has this code")
    language = primary(tag)
    if language == "und":
        return AUTO
    return _MACRO.get(language, language)
