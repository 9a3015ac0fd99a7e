"""The words of Ukrainian. Snowball has no stemmer for it."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    а або адже але б без би був була були було бути в вам вас весь вже ви вона вони воно все всі всіх втім від він де
    для до дуже з за звідки зі й його коли крім куди лише має мене мені ми могли може можна між мій на над нам нас наш
    не нею неї ним них ні ніж о об один однак ось перед по понад потім при про проте під після раз разом саме свого
    своїх свій себе серед та так такий також там те теж ти тим тих то того тоді тому тут у усе усі хоча хто це цей цього
    цьому цю ця ці через чи чому ще що щоб щодо я як яка яке який яких якої якщо які є із їй їм їх її
    """
)

LEXICON = Lexicon(
    code="uk",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень січня лютого
        березня квітня травня червня липня серпня вересня жовтня листопада грудня
        """
    ),
    conjunctions=word_set("і й та а але або чи що щоб бо який яка яке які коли де хоча якщо як тому однак проте"),
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        зв проф акад доц лейт інж канд чл.-кор зам заст нач дир св вул просп пр бул бульв пл пров пл ім див напр наприкл
        т.зв т.е тзв ред упоряд англ нім рос укр с.г
        """
    ),
    before_number=word_set("ст п пп ч рис табл с стор розд гл ном тел кв буд оф №"),
    # "100 тис. грн." may end a sentence, "2020 р." and "м. Київ" go by the next word.
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set(
        "ген полк тис млн млрд грн коп крб дол руб  рр ст н.е т.д т.п т.ін ін і.т.д та.ін год хв сек кг обл  гр чол"
    ),
    openers=capitalized(_STOP_WORDS),
)
