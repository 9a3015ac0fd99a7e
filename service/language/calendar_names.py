"""What the days and months are called, language by language. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from service.language.wordlist import words


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarNames:
    """The names of one language, as regular expressions that ignore case, from Monday and from January on.

    `weekday_stems`, `month_stems`: one of these stands, as spelled, in every text that names one in letters.
    `short_*`: abbreviations, which may mean something else; those of weekdays heed case.
    `*_endings`: what may follow within the word.
    `night_before`: before a weekday this means the night that leads to it, which is that of the day before elsewhere.
    `compounds`: weekdays and months are also parts of longer words ("Ostermontag", "Septemberausgabe"), except for the
        months of `never_in_compounds` ("Mailand", "Junior", "Julia").
    `capitalized`: a name is written with a capital.
    `ambiguous_months`: numbers of months whose names are other words too; `before_ambiguous` shows that it is a month.
    `day_after_month`: "November 4"; `dates_with_points`: "4.11.2024".
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    weekday_stems: tuple[str, ...]
    month_stems: tuple[str, ...]
    short_weekdays: tuple[str, ...] = ()
    short_months: tuple[str, ...] = ()
    weekday_endings: str = ""
    month_endings: str = ""
    night_before: str = "(?!)"
    compounds: bool = False
    never_in_compounds: frozenset[int] = frozenset()
    capitalized: bool = False
    ambiguous_months: frozenset[int] = frozenset()
    before_ambiguous: str = "(?!)"
    day_after_month: bool = False
    dates_with_points: bool = False


_GERMAN = CalendarNames(
    weekdays=words("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    weekday_stems=words(
        "ontag ienstag ittwoch onnerstag reitag amstag onnabend onntag ONTAG IENSTAG TTWOCH RSTAG REITAG MSTAG"
    ),
    # Montags, Montagabend, Montagnachmittag; not "Sonntagszeitung".
    weekday_endings=r"s|e|en|s?(?:abend|nacht|morgen|früh|vormittag|nachmittag|mittag)s?",
    # "In der Nacht zum Dienstag" is "on Monday night".
    night_before=r"nacht\w* (?:zum|zu|auf|auf den)",
    months=words(
        "januar|jänner februar|feber märz april mai juni juli august september oktober november dezember"
    ),
    month_endings="s|es",
    month_stems=words(
        "anuar änner ebruar Feber ärz pril Mai Jun Jul ugust ptember tober ovember ezember Jan Feb Mär Mrz Apr Aug Sep "
        "Okt Nov Dez MÄRZ MAI JUN JUL"
    ),
    short_months=words("jan feb mär|mrz apr (?!) jun jul aug sept? okt nov dez"),
    compounds=True,
    never_in_compounds=frozenset((5, 6, 7)),
    capitalized=True,
    dates_with_points=True,
)  # fmt: skip
_ENGLISH = CalendarNames(
    weekdays=words("monday tuesday wednesday thursday friday saturday sunday"),
    weekday_stems=("nday", "sday", "riday", "urday", "NDAY", "SDAY", "RIDAY", "RDAY"),
    weekday_endings=r"s",
    short_weekdays=words("Mon Tues? Weds? Thu(?:rs?)? Fri Sat Sun"),
    months=words("january february march april may june july august september october november december"),
    month_stems=words(
        "anuary ebruary March pril May June July ugust ptember tober ovember ecember Jan Feb Mar Apr Jun Jul Aug Sep "
        "Oct Nov Dec MARCH MAY JUN JUL"
    ),
    short_months=words("jan feb mar apr (?!) jun jul aug sept? oct nov dec"),
    capitalized=True,
    # The march, Mrs May; not August, which is hardly ever a name.
    ambiguous_months=frozenset((3, 5)),
    before_ambiguous="in|since|until|till|by|from|through|early|late|mid|last|this|next|of|between|during|for|and|to"
    "|before|after|april|june|around|past|previous|following|every",
    day_after_month=True,
)  # fmt: skip
# Of the others only what is spelled out, and weekdays that are no ordinals (Portuguese "segunda").
_SPANISH = CalendarNames(
    weekdays=words("lunes martes miércoles jueves viernes sábado domingo"),
    weekday_endings="s",
    weekday_stems=words("unes artes iércoles ueves iernes ábado omingo"),
    months=words(
        "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre"
    ),
    month_stems=words("nero ebrero arzo bril ayo unio ulio gosto iembre ctubre"),
    ambiguous_months=frozenset((5, 6, 7)),  # Julio Iglesias, Plaza de Mayo
    before_ambiguous="de|en|desde|hasta|y|a",
)  # fmt: skip
_FRENCH = CalendarNames(
    weekdays=words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    weekday_endings="s",
    weekday_stems=words("undi ardi ercredi eudi endredi amedi imanche"),
    months=words("janvier février mars avril mai juin juillet août|aout septembre octobre novembre décembre"),
    month_stems=words("anvier évrier ars vril ai uin uillet oût out ptembre ctobre ovembre écembre"),
    ambiguous_months=frozenset((3,)),
    before_ambiguous="en|depuis|de|fin|début|mi|à|au|et|dès",
)
_ITALIAN = CalendarNames(
    weekdays=words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    weekday_stems=words("unedì artedì ercoledì iovedì enerdì abato omenica"),
    months=words(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
    ),
    month_stems=words("ennaio ebbraio arzo prile aggio iugno uglio gosto ttembre ttobre ovembre icembre"),
)  # fmt: skip
_DUTCH = CalendarNames(
    weekdays=words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    weekday_endings="en|s|(?:avond|nacht|ochtend|middag|morgen)",
    weekday_stems=words("aandag insdag oensdag onderdag rijdag aterdag ondag"),
    months=words("januari februari maart april mei juni juli augustus september oktober november december"),
    month_stems=words("anuari ebruari aart pril ei uni uli ugustus ptember ktober ovember ecember"),
)

NAMES = {
    "de": _GERMAN,
    "en": _ENGLISH,
    "es": _SPANISH,
    "fr": _FRENCH,
    "it": _ITALIAN,
    "nl": _DUTCH,
}
"""By primary subtag."""
