"""What numbers are counted in: currencies, measures, spans of time, and common things. Data only.

One line is one unit: its name here, then its words, language by language, in lower case and in every form.
"""

from __future__ import annotations

from collections.abc import Mapping

# What any language writes so; a word may be several units ("pounds" are money or weight), of which one is meant.
SIGNS = {
    "€": "euro", "eur": "euro", "$": "dollar", "usd": "dollar", "us$": "dollar", "£": "pound", "gbp": "pound",
    "¥": "yen", "jpy": "yen", "chf": "franc", "cny": "yuan", "rub": "rouble", "sek": "crown", "₽": "rouble",
    "₹": "rupee", "inr": "rupee",
    "%": "percent", "‰": "per mille",
    "km": "kilometre", "km/h": "kilometre", "kmh": "kilometre", "kph": "kilometre", "m": "metre", "cm": "centimetre",
    "mm": "millimetre", "mi": "mile", "mph": "mile", "ft": "foot",
    "m²": "square metre", "m2": "square metre", "qm": "square metre", "sqm": "square metre", "km²": "square kilometre",
    "km2": "square kilometre", "m³": "cubic metre", "m3": "cubic metre",
    "kg": "kilogram", "g": "gram", "mg": "milligram", "t": "tonne", "lb": "lb", "lbs": "lb", "oz": "ounce",
    "l": "litre", "ml": "millilitre", "cl": "centilitre", "ha": "hectare",
    "°": "degree", "°c": "degree", "°f": "degree", "c": "degree", "f": "degree",
    "kw": "kilowatt", "mw": "megawatt", "gw": "gigawatt", "kwh": "kilowatt hour", "mwh": "megawatt hour",
    "gb": "gigabyte", "mb": "megabyte", "tb": "terabyte", "mhz": "megahertz", "ghz": "gigahertz",
}  # fmt: skip

_GERMAN = """
    euro: euro euros
    dollar: dollar dollars us-dollar us-dollars
    pound: pfund
    lb: pfund
    yen: yen
    franc: franken francs schweizer-franken
    rouble: rubel rubeln
    yuan: yuan renminbi
    rupee: rupie rupien
    crown: krone kronen
    peso: peso pesos
    zloty: zloty złoty
    lira: lira lire
    cent: cent cents eurocent
    penny: pence penny
    percent: prozent prozentpunkt prozentpunkte prozentpunkten prozentig prozentige prozentigen prozentiger prozentiges
    percentage point: prozentpunkt prozentpunkte prozentpunkten
    per mille: promille
    kilometre: kilometer kilometern kilometers stundenkilometer stundenkilometern
    metre: meter metern meters höhenmeter höhenmetern höhenmeters
    centimetre: zentimeter zentimetern zentimeters
    millimetre: millimeter millimetern millimeters
    mile: meile meilen
    foot: fuß
    inch: zoll
    yard: yard yards
    square metre: quadratmeter quadratmetern quadratmeters
    square kilometre: quadratkilometer quadratkilometern
    square mile: quadratmeile quadratmeilen
    square foot: quadratfuß
    cubic metre: kubikmeter kubikmetern
    kilogram: kilo kilos kilogramm
    gram: gramm
    milligram: milligramm
    tonne: tonne tonnen
    ounce: unze unzen
    litre: liter litern
    millilitre: milliliter millilitern
    gallon: gallone gallonen
    barrel: barrel fass
    hectare: hektar
    acre: acre acres
    degree: grad
    horsepower: ps pferdestärken
    watt: watt
    kilowatt: kilowatt
    megawatt: megawatt
    gigawatt: gigawatt
    kilowatt hour: kilowattstunde kilowattstunden
    megawatt hour: megawattstunde megawattstunden
    gigabyte: gigabyte
    megabyte: megabyte
    volt: volt
    second: sekunde sekunden sekündig sekündige sekündigen
    minute: minute minuten minütig minütige minütigen minütiger minütiges
    hour: stunde stunden stündig stündige stündigen stündiger stündiges
    day: tag tage tagen tages tägig tägige tägigen tägiger tägiges
    week: woche wochen wöchig wöchige wöchigen
    month: monat monate monaten monats monatig monatige monatigen
    year: jahr jahre jahren jahres jährig jährige jährigen jähriger jähriges jährigem
    decade: jahrzehnt jahrzehnte jahrzehnten
    century: jahrhundert jahrhunderte jahrhunderten
"""
_ENGLISH = """
    euro: euro euros
    dollar: dollar dollars us-dollar us-dollars bucks
    pound: pound pounds quid sterling
    lb: pound pounds
    yen: yen yens
    franc: franc francs
    rouble: rouble roubles ruble rubles
    yuan: yuan renminbi
    rupee: rupee rupees
    crown: crown crowns krona kronor krone kroner
    peso: peso pesos
    zloty: zloty zlotys
    lira: lira liras lire
    cent: cent cents eurocents
    penny: pence penny p
    percent: percent pc percentage
    percentage point: percent percentage
    kilometre: kilometre kilometres kilometer kilometers kms
    metre: metre metres meter meters
    centimetre: centimetre centimetres centimeter centimeters
    millimetre: millimetre millimetres millimeter millimeters
    mile: mile miles
    foot: foot feet
    inch: inch inches
    yard: yard yards
    square metre: square-metre square-metres square-meter square-meters
    square kilometre: square-kilometre square-kilometres square-kilometer square-kilometers
    square mile: square-mile square-miles
    square foot: square-foot square-feet
    cubic metre: cubic-metre cubic-metres cubic-meter cubic-meters
    kilogram: kilo kilos kilogram kilograms kilogramme kilogrammes kgs
    gram: gram grams gramme grammes
    milligram: milligram milligrams
    tonne: ton tons tonne tonnes
    ounce: ounce ounces
    litre: litre litres liter liters
    millilitre: millilitre millilitres milliliter milliliters
    gallon: gallon gallons
    barrel: barrel barrels
    hectare: hectare hectares
    acre: acre acres
    degree: degree degrees
    horsepower: hp horsepower bhp
    watt: watt watts
    kilowatt: kilowatt kilowatts
    megawatt: megawatt megawatts
    gigawatt: gigawatt gigawatts
    kilowatt hour: kilowatt-hour kilowatt-hours
    megawatt hour: megawatt-hour megawatt-hours
    gigabyte: gigabyte gigabytes gigs
    megabyte: megabyte megabytes
    volt: volt volts
    second: second seconds secs
    minute: minute minutes mins
    hour: hour hours hrs
    day: day days
    week: week weeks
    month: month months
    year: year years year-old year-olds yr
    decade: decade decades
    century: century centuries
"""
CURRENCIES = frozenset(
    ("euro", "dollar", "pound", "yen", "franc", "rouble", "yuan", "rupee", "crown", "peso", "zloty", "lira")
)

# Common things that news counts, by which swapped numbers give themselves away; no forms are missing but rare ones.
_GERMAN_THINGS = """
    people: mensch menschen leute leuten person personen einwohner einwohnern
    child: kind kinder kindern
    woman: frau frauen
    man: mann männer männern
    victim: opfer opfern
    dead: tote toten todesopfer todesopfern
    injured: verletzte verletzten
    soldier: soldat soldaten
    police: polizist polizisten beamte beamten
    refugee: flüchtling flüchtlinge flüchtlingen
    student: student studenten schüler schülern studierende
    employee: mitarbeiter mitarbeitern beschäftigte beschäftigten angestellte
    job: arbeitsplatz arbeitsplätze arbeitsplätzen stelle stellen job jobs
    goal: tor tore toren treffer treffern
    point: punkt punkte punkten zähler
    game: spiel spiele spielen partie partien
    time: mal
    place: platz plätze plätzen rang
    seat: sitz sitze sitzen
    vote: stimme stimmen
    car: auto autos wagen
    house: haus häuser häusern
    country: land länder ländern staaten staat
    city: stadt städte städten
    company: unternehmen firma firmen
    page: seite seiten
    medal: medaille medaillen
    win: sieg siege siegen
    club: klub klubs verein vereine
    round: runde runden
    minute of play: spielminute
    participant: teilnehmer teilnehmern
    member: mitglied mitglieder mitgliedern
    flat: wohnung wohnungen
    patient: patient patienten
    customer: kunde kunden
    visitor: besucher besuchern
    viewer: zuschauer zuschauern
    case: fall fälle fällen
    metre run: lauf
"""
_ENGLISH_THINGS = """
    people: people persons person inhabitants residents
    child: child children kids
    woman: woman women
    man: man men
    victim: victim victims
    dead: dead deaths
    injured: injured injuries
    soldier: soldier soldiers troops
    police: officers policemen
    refugee: refugee refugees
    student: student students pupils
    employee: employee employees staff workers
    job: job jobs positions
    goal: goal goals
    point: point points
    game: game games match matches
    time: time times
    place: place places
    seat: seat seats
    vote: vote votes
    car: car cars
    house: house houses homes
    country: country countries states
    city: city cities
    company: company companies firms
    page: page pages
    medal: medal medals
    win: win wins victories
    club: club clubs
    round: round rounds
    participant: participant participants
    member: member members
    flat: flat flats apartment apartments
    patient: patient patients
    customer: customer customers
    visitor: visitor visitors
    viewer: viewer viewers spectators
    case: case cases
    metre run: race
"""


def _by_word(*lists: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {sign: frozenset((unit,)) for sign, unit in SIGNS.items()}
    for line in "\n".join(lists).splitlines():
        unit, _, forms = line.strip().partition(": ")
        for form in forms.split():
            found[form] = found.get(form, frozenset()) | {unit}
    return found


UNITS = {"de": _by_word(_GERMAN), "en": _by_word(_ENGLISH)}
"""The units that a word may mean, by primary subtag and word."""

THINGS = {"de": _by_word(_GERMAN_THINGS), "en": _by_word(_ENGLISH_THINGS)}

NEGATIVE = {
    "de": r"minus|negativ|unter|gesunken|gefallen|sank|fiel|fallen|sinken|verlor|verlust|weniger|rückgang|einbuß"
    r"|gab|kalt",
    "en": r"minus|negative|below|under|fell|fall|drop|declin|decreas|lost|lose|loss|down|less|fewer|cold|slump|sank",
}
"""What may stand for a minus sign on the other side, as regular expressions."""
