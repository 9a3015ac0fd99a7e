"""How languages say no: plain negations, words that hold one, and phrases whose negation another language leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Negation:
    """Regular expressions of one language, case ignored, each linear.

    `plain`: what negates and nothing else ("nicht", "n't").
    `implied`: what may stand for a negation of the other language ("unable", "failed to", "kaum", "-los").
    `idle`: phrases with a plain negation that is often left out or turned round ("nicht zuletzt", "no doubt").
    """

    plain: re.Pattern[str]
    implied: re.Pattern[str]
    idle: re.Pattern[str]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(text.split())})", re.IGNORECASE)


NEGATIONS = {
    "de": Negation(
        plain=_pattern(
            r"nicht\b nichts\b kein(?:e[nmrs]?|erlei|esfalls|eswegs)?\b nie\b niemals\b niemand(?:e[nm])?\b nirgend\w* "
            r"weder\b"
        ),
        implied=_pattern(
            r"ohne\b un(?!d\b|ter|s\b|ser|i|garn|gar) \w+los(?:e[nmrs]?|igkeit)?\b \w+frei(?:e[nmrs]?)?\b kaum\b erst\b nur\b "
            r"bis\b außer\b statt\b anstatt\b selten\w*\b wenig\w*\b verzicht \w*fehl(?:e|t|te|ten|en|s\w+)\b miss(?!ion) miß weiger "
            r"verweiger \w*lehn(?:t|te|en|ten|ung)\b vermeid vermied verhind verbot verbiet verfehl mangel anders\b sonst\b nein\b "
            r"scheiter egal\b schw(?:er|ierig) trotz gegen\b vergess vergaß vergeblich stopp verlor verlier bloß\b lediglich\b "
            r"nicht- non in(?:akzept|effizient|toler|stabil|kompeten|diskut|offiziell|direkt|aktiv) il(?:legal|legit) ir(?:relev|regul|ratio) "
            r"ausge(?:schlossen|blieben) ausschl bleib aus\b versäum unterlass unterlie wider ausblieb entzog entzieh "
            r"entfern entfall entfiel zu\s+\w+,\s+um gleichgültig\b null\b vermiss lang(?:e|er|st)?\b einzig nix\b schnuppe bestr[ei]i?t dagegen\b Gegner absag abgesagt gekündigt hinder dement negativ Absage ausgefallen ausfall falsch\b fern\b fremd sinnlos umsonst neben\b wenn\b noch\b kürzlich "
            r"nah(?:e|en)?\b sondern\b Nr\b Nummer\b allein"
        ),
        idle=_pattern(
            r"nicht\s+nur\b nicht\s+zuletzt\b nicht\s+umsonst\b nicht\s+allein\b nicht\s+weniger\b nicht\s+minder\b nicht\s+einmal\b nicht\s+wahr\b nicht\s+ausgeschlossen\b nicht\s+auszuschließen\b nicht\s+von\s+der\s+Hand\b nicht\s+zu\s+(?:vergessen|verwechseln|unterschätzen|übersehen|sprechen|reden)\b nicht\s+selten\b nicht\s+ganz\b nicht\s+unbedingt\b nicht\s+so\b nicht\s+lange\b nicht\s+unter\b nicht\s+zufrieden\b nicht\s+genug\b nicht\s+ohne\b nicht\s+un\w+\b nicht\s+leicht\b nicht\s+einfach\b nicht\s+vergessen\b nicht\s+im\b nicht\s+länger\b nicht\s+mehr\s+als\b nicht\s+locker\b nicht\s+der\s+Rede\b nicht\s+rund\b nicht\s+fern\b nicht\s+weit\b nicht\s+anders\b nicht\s+auf\b nicht\s+alle?s?\b noch\s+nie\b noch\s+nicht\b wenn\s+(?:\w+\s+)?nicht\b ob\s+(?:\w+\s+)?nicht\b bevor\s+(?:\w+\s+)?nicht\b bis\s+(?:\w+\s+)?nicht\b warum\s+(?:\w+\s+)?nicht\b wieso\s+(?:\w+\s+)?nicht\b um\s+(?:\w+\s+)?nicht\b als\s+(?:\w+\s+)?nicht\b so\s+(?:\w+\s+)?nicht\b kein(?:e[nr]?)?\s+(?:Wunder|Zweifel|Geringer\w*|Problem\w*|Frage|Hehl|Ahnung|Rolle|andere[rsn]?|Ende|Grund|Spur|Halten|Einzelfall|Chance) nichts\s+als\b nichts\s+anderes\b nichts\s+zu\b nichts\s+mit\b nichts\s+mehr\b nichts\s+wie\b nichts\s+geht\b nie\s+zuvor\b nie\s+wieder\b nie\s+da\b nirgends weder nicht[^.]{0,40}\bbevor nicht[^.]{0,80}\bsondern nichts\b"
        ),
    ),
    "en": Negation(
        plain=re.compile(
            r"\b(?:not|cannot|no|never|none|nobody|nothing|nowhere|neither|nor|no-?one)\b|n['’´`]t\b", re.IGNORECASE
        ),
        implied=_pattern(
            r"without\b un(?!i|der|til|to\b|cle\b) in(?:abil|capab|adequa|suffic|visib|secur|stead\b|complet|correct|access|compet|toler|activ|"
            r"diff|eff|expl|appropri|valid|experi|flex|signif|conv|conclus|humane|frequent|justice|decent|formal|direct|offens|depend) "
            r"im(?:possib|perfect|polite|mature|probab|pract|mobil|patien) il(?:legal|legit|l-|l\b|log) ir(?:regul|relev|respons|ration) "
            r"dis(?!trict|cuss|tan|play|aster|cover|tribut|patch|h|c\b|ease|solv|turb) non \w+less\b fail refus lack den(?:y|ie|ial) hardly\b "
            r"barely\b scarcely\b rare(?:ly)?\b seldom\b only\b unless\b until\b stop prevent avoid reject rather\b too\b despite\b ban(?:s|ned)?\b "
            r"prohibit forbid forbad forbidden declin miss(?!ile|ion|issip|our) absen ignor exclu except beyond\b far\b few\b little\b "
            r"any(?:more|thing|one|body|where)?\b ever\b yet\b free\b loss\b los(?:t|e|es|ing)\b oppos against\b contrary\b difficult hard\b "
            r"least\b other\s+than but\b wonder zero\b escap neglect wrong doubt abandon former cease end(?:s|ed|ing)?\b still\b "
            r"remain(?:s|ed|ing)?\b keep less\b otherwise\b out\s+of away\b fall(?:s|en|ing)?\s+short fell\s+short mere just\b different block "
            r"withh resist struggl short\b poor(?:ly)?\b bad(?:ly)?\b almost\b nearly\b apart\b break broke minor exempt forg[eo]t omit skip "
            r"ain\b never- dont\b didnt\b doesnt\b isnt\b cant\b wont\b vain\b empty hate hated negativ spare ambig indist loath off- incomb inconc infin inoff instabil inacti inval clash ill-? halt freez froz suspend cancel spurn evad lose\b zero-"
        ),
        idle=_pattern(
            r"not\s+only\b not\s+just\b not\s+least\b not\s+to\s+mention\b not\s+far\b not\s+long\b not\s+un\w+\b not\s+even\b not\s+simply\b not\s+all\b not\s+merely\b not\s+yet\b not\s+so\b not\s+very\b not\s+too\b not\s+quite\b not\s+more\b not\s+less\b not\s+fewer\b not\s+unlike\b not\s+necessarily\b not\s+in\b no\s+doubt\b no\s+longer\b no\s+matter\b no\s+wonder\b no\s+less\b no\s+more\b no\s+fewer\b no\s+later\b no\s+sooner\b no\s+secret\b no\s+means\b no\s+way\b no\s+stranger\b no\s+problem\b no\s+deal\b no\s+other\b no\s+one\b no\s+need\b no\s+end\b no\s+idea\b no\s+1\b nothing\s+but\b nothing\s+more\b nothing\s+less\b nothing\s+short\b nothing\s+new\b nothing\s+like\b nothing\s+to\b nothing\s+else\b nothing\s+other\b nothing\s+wrong\b no\W never\s+mind\b never\s+before\b never\s+again\b never\s+been\b why\s+not if\s+not cannot\s+wait can't\s+wait\b can't\s+help\b nor\b neither\b none\s+other none\s+of nowhere isn['’]t\s+it don['’]t\s+forget\b don['’]t\s+know\b don['’]t\s+worry\b don['’]t\s+care\b don['’]t\s+mind\b don['’]t\s+get\b don['’]t\s+want\b cannot\s+but nobody no-?one couldn['’]t\s+be\b couldn['’]t\s+agree\b couldn['’]t\s+have\b"
        ),
    ),
}
"""By primary subtag."""
