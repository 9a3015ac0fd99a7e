"""Words that hold in many languages: titles, firms, units, agencies. Data only; the lexicons take what fits them."""

from __future__ import annotations

from service.language.wordlist import word_set

# German and English together, and so the best guess where the language isn't known.
NEVER_FINAL = word_set(
    """dr prof mr mrs ms mme mlle messrs st ste vs cf approx ca bzw resp dipl rer habil rev mt e.g i.e z.b d.h i.d.r
        u.a hon fr univ-prof"""
)
MAY_END = word_set(
    """inc ltd corp co jr sr etc bros al phil med jur nat ing ft u.s u.k u.n e.u u.s.a u.a.e d.c p.m a.m ph.d m.d b.a
        m.a j.d a.d b.c l.a n.y min max est tel"""
)
MONTHS_SHORT = word_set("jan feb mar mär apr jun jul aug sep sept oct okt nov dec dez")
# What stays itself in the news of any language that is written in Latin letters.
INTERNATIONAL_NEVER_FINAL = word_set("dr prof mr mrs ms st vs cf")
INTERNATIONAL_MAY_END = word_set("inc ltd corp co jr sr etc al u.s u.k u.n e.u u.s.a d.c ph.d")

# Proper names that end in a mark, and what follows when such a name is part of a longer one: "Yahoo! Inc".
NAMES_WITH_MARK = word_set("yahoo jeopardy joomla wham yum")
COMPANY_FORMS = word_set("Inc Ltd Corp LLC PLC AG GmbH SE Group Holdings Japan Europe Deutschland")
# Units are written without a full stop, so one that follows them ends the sentence.
UNITS = word_set(
    """kg km cm mm ml mg kw mw gw kwh hz khz mhz ghz kb mb gb tb db km/h m/s mph kbit/s mbit/s gbit/s mb/s gb/s g/km
        mg/l"""
)

# Lower-case words between names: "Von Karla Brenneke und Jan de Wit".
NAME_LINKS = word_set("und and et y e i en och og und von van der den de da di du la le")

# News agencies and archives whose name alone, or before a slash and a sign ("dpa/kbr"), is a credit.
AGENCIES = word_set("dpa afp apa kna epd sid reuters ap pa getty imago rtr sda awp dapd ots")

# Names that begin small even at the beginning of a line, besides those with a capital inside ("iPhone", "eBay").
SMALL_NAMES = word_set(
    """adidas arte bofrost comdirect dm dpa dtv easyjet flatex freenet kicker mobilcom o2 otto ran taz tegut tesa
        thyssenkrupp trivago uvex ver.di zooplus"""
)
