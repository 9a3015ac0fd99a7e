"""What a lexicon holds: the words and habits of one language that segmentation and ranking rest on. No decisions.

A language is one file beside this one, named by its code, with one `Lexicon` called LEXICON; `de.py` is the fullest.
Everything but the code may be left out, and what is left out is simply not known of that language.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.language.lexicons import shared

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """What one language contributes; there is one object a language, compared by identity.

    Abbreviations stand without their final full stop, without the space that some writers put inside ("z. B." and
    "z.B." are both "z.b"), and in lower case; one with capitals counts only where it is spelled so ("M" for "M.
    Dupont", not for "5 m."). Regular expressions are verbose, ignore case, and must be linear: no repetition inside a
    repetition.

    Of the language as a whole:

    `code`: primary subtag of BCP 47, "und" for what holds in any language.
    `stemmer`: name of the Snowball stemmer in the package snowballstemmer, "" for none.
    `stop_words`: function words, lower-case. Without them ranking says that it doesn't know the language.
    `months`: names and short names, as written inside a sentence.
    `conjunctions`: lower-case words that a clause begins with.
    `leading`: lower-case words that never end a sentence or headline, because what they belong to follows ("der", "in",
        "the", "of"); not those that a verb may leave at the end ("er kommt an").
    `nouns_capitalized`: a capital says little about where a sentence begins.

    For segmentation:

    `never_final`: always bound to the next word ("Dr.", "z. B.").
    `before_number`: an abbreviation only when a number follows ("No. 5"), otherwise an ordinary word.
    `street_endings`: end the name of a street when a house number follows ("Lindenstr. 12").
    `may_end`: can stand inside a sentence or at its end ("U.S.", "Inc.", "usw."); the next word decides.
    `may_end_names`: the same, but only when capitalized ("Mass.", "Sun."); in lower case they are ordinary words.
    `titles`: always bound to the next word, but only when capitalized ("Rep. Ann Ray", not "a sales rep.").
    `lower_case_only`: of the entries of other sets those that are words or names when capitalized ("max. fünf", not
        "er heißt Max.").
    `after_number`: abbreviations only behind a number ("3 Bio. Euro", not "alles ist bio.").
    `openers`: words that are capitalized only because a sentence begins with them, which makes them good evidence;
        one in lower case begins a sentence behind an apostrophe ("'s" of "'s Avonds").
    `polite`: those of them that are capitalized anywhere, out of politeness ("Sie").
    `ordinals_have_full_stop`: "4. November", "2. Bundesliga".
    `rulers_have_full_stop`: "Ludwig XIV." inside a sentence; `numbered_things` are counted so without being rulers.
    `ordinal_nouns`: besides months, what follows an ordinal with a capital.
    `before_ordinal`: words an ordinal follows ("am 4.", "der 16."); `before_year`: those of them that a year follows
        as well, and then without a full stop ("seit 2010").
    `speech_verbs`: after a quoted question and a name, these make the name part of the same sentence.
    `times`: abbreviations of a time of day ("p.m"); `after_time`: what continues a sentence after one with a capital.
    `elides`: words lose their vowel before another and join it ("l'art. 5", "dell'on. Rossi").
    `names_with_mark`, `company_forms`: "Yahoo! Inc" is one name.
    `units`: written without a full stop, so one that follows them ends the sentence.

    For ranking, where an opening is one to six words at the beginning of a sentence, lower-case, letters only:

    `pronoun_openings`: point at somebody or something named before ("er", "das ist").
    `dummy_openings`: exceptions from these that point at nothing ("es gibt", "it remains").
    `connective_openings`: continue a thought ("doch", "as a result").
    `anaphors`: one or two words that lean on what came before anywhere near the beginning ("of them").
    `demonstratives`: lean the same way ("diese"), except before one of `after_demonstrative` ("diese Woche").
    `first_person`: words as spelled inside a sentence that give away a quotation without marks, or the author's voice.
    `time_words`: after a number these make it a time of day ("Uhr").
    `age`: regular expression for what makes the number before it somebody's age ("-jährig").
    `aged_opening`: regular expression for an opening that names somebody by age alone ("Der 34-Jährige").
    `response`: regular expression for a denial, a rejection, or no comment (the other side of a claim).
    `furniture`: regular expression for how a line of the page begins that isn't reporting ("Lesen Sie auch").
    `furniture_anywhere`: the same, wherever in the line.
    `byline`: words that stand before the author's name ("Von").
    """

    code: str
    stemmer: str = ""
    stop_words: frozenset[str] = _NONE
    months: frozenset[str] = _NONE
    conjunctions: frozenset[str] = _NONE
    leading: frozenset[str] = _NONE
    nouns_capitalized: bool = False

    never_final: frozenset[str] = _NONE
    before_number: frozenset[str] = _NONE
    street_endings: tuple[str, ...] = ()
    may_end: frozenset[str] = _NONE
    may_end_names: frozenset[str] = _NONE
    titles: frozenset[str] = _NONE
    lower_case_only: frozenset[str] = _NONE
    after_number: frozenset[str] = _NONE
    openers: frozenset[str] = _NONE
    polite: frozenset[str] = _NONE
    ordinals_have_full_stop: bool = False
    rulers_have_full_stop: bool = False
    numbered_things: frozenset[str] = _NONE
    ordinal_nouns: frozenset[str] = _NONE
    before_ordinal: frozenset[str] = _NONE
    before_year: frozenset[str] = _NONE
    speech_verbs: frozenset[str] = _NONE
    times: frozenset[str] = _NONE
    after_time: frozenset[str] = _NONE
    elides: bool = False
    names_with_mark: frozenset[str] = shared.NAMES_WITH_MARK
    company_forms: frozenset[str] = shared.COMPANY_FORMS
    units: frozenset[str] = shared.UNITS

    pronoun_openings: frozenset[str] = _NONE
    dummy_openings: frozenset[str] = _NONE
    connective_openings: frozenset[str] = _NONE
    anaphors: frozenset[str] = _NONE
    demonstratives: frozenset[str] = _NONE
    after_demonstrative: frozenset[str] = _NONE
    first_person: frozenset[str] = _NONE
    time_words: frozenset[str] = _NONE
    age: str = ""
    aged_opening: str = ""
    response: str = ""
    furniture: str = ""
    furniture_anywhere: str = ""
    byline: frozenset[str] = _NONE

    @property
    def ranks(self) -> bool:
        """Whether ranking knows the language; without its stop words it rests on what holds for any."""
        return bool(self.stop_words)
