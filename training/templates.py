"""Sentence frames and word lists of the synthetic pairs. All written for this project; the names are invented mixes.

A frame is German and English with the same slots. A slot is named for its kind; `_2` asks for a second, other filler.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FRAMES: tuple[tuple[str, str], ...] = (
    ("Rund {count} Menschen kamen am {weekday} nach {place}.", "Around {count} people came to {place} on {weekday}."),
    ("Die Polizei zählte {count} Teilnehmer.", "Police counted {count} participants."),
    ("Der Umsatz stieg um {percent} auf {money}.", "Revenue rose by {percent} to {money}."),
    ("Der Gewinn sank um {percent} auf {money}.", "Profit fell by {percent} to {money}."),
    ("{org} beschäftigt nach eigenen Angaben {count} Menschen.", "{org} says it employs {count} people."),
    ("Der Aktienkurs von {org} fiel um {percent}.", "Shares in {org} fell by {percent}."),
    (
        "Das Projekt kostet {money}, {money_2} mehr als geplant.",
        "The project costs {money}, {money_2} more than planned.",
    ),
    ("{person} wurde am {date} in {place} geboren.", "{person} was born in {place} on {date}."),
    ("{person} ({age}) aus {place} gewann das Rennen.", "{person} ({age}) from {place} won the race."),
    ("Der {age}-jährige {person} starb am {date}.", "{person}, {age}, died on {date}."),
    ("Die {age}-jährige {person} wohnt seit {year} in {place}.", "{person}, {age}, has lived in {place} since {year}."),
    (
        "Zwischen {year} und {year_2} wuchs die Bevölkerung um {percent}.",
        "Between {year} and {year_2}, the population grew by {percent}.",
    ),
    ("Am {date} um {time} begann die Sitzung in {place}.", "The meeting in {place} began at {time} on {date}."),
    ("Die Sitzung beginnt am {weekday} um {time}.", "The meeting begins at {time} on {weekday}."),
    (
        "Gegen {time} ging bei der Feuerwehr der Notruf ein.",
        "The fire department received the emergency call at around {time}.",
    ),
    (
        "{person} traf in der {ordinal} Minute zum {score}.",
        "{person} scored in the {ordinal} minute to make it {score}.",
    ),
    ("{org} verlor {score} gegen {org_2}.", "{org} lost {score} to {org_2}."),
    ("{org} gewann das Spiel mit {score}.", "{org} won the match {score}."),
    ("Die Temperatur lag bei {degrees} Grad.", "The temperature was {degrees} degrees."),
    (
        "In {place} fielen {decimal} Liter Regen pro Quadratmeter.",
        "In {place}, {decimal} liters of rain fell per square meter.",
    ),
    ("Die Strecke ist {decimal} Kilometer lang.", "The route is {decimal} kilometers long."),
    ("Die neue Brücke ist {count} Meter lang.", "The new bridge is {count} meters long."),
    (
        "Das Haus wurde {year} gebaut und {year_2} renoviert.",
        "The house was built in {year} and renovated in {year_2}.",
    ),
    ("Die Inflation lag im {month} bei {percent}.", "Inflation stood at {percent} in {month}."),
    ("Im {month} {year} waren es noch {count}.", "In {month} {year}, it was still {count}."),
    ("Die Partei kam auf {percent} der Stimmen.", "The party won {percent} of the vote."),
    (
        "{person} erhielt {percent}, {person_2} nur {percent_2}.",
        "{person} received {percent}, {person_2} only {percent_2}.",
    ),
    ("{count} Abgeordnete stimmten dafür, {small} dagegen.", "{count} lawmakers voted in favor, {small} against."),
    (
        "Bei dem Unfall in {place} wurden {small} Menschen verletzt.",
        "{small} people were injured in the accident in {place}.",
    ),
    ("{person} traf sich am {weekday} mit {person_2}.", "{person} met with {person_2} on {weekday}."),
    (
        "{person} und {person_2} reisten gemeinsam nach {place}.",
        "{person} and {person_2} traveled to {place} together.",
    ),
    ("Neuer Chef von {org} wird {person}.", "{person} will become the new head of {org}."),
    (
        "{person}, Sprecherin von {org}, wollte sich nicht äußern.",
        "{person}, a spokeswoman for {org}, declined to comment.",
    ),
    ("Das teilte {org} am {weekday} in {place} mit.", "{org} announced this in {place} on {weekday}."),
    ("Von {place} nach {place_2} sind es {count} Kilometer.", "It is {count} kilometers from {place} to {place_2}."),
    ("{place} hat {count} Einwohner.", "{place} has {count} inhabitants."),
    ("Die Miete stieg von {euros} auf {euros_2} Euro.", "The rent rose from {euros} to {euros_2} euros."),
    ("Ein Liter Benzin kostet derzeit {euros} Euro.", "A liter of gasoline currently costs {euros} euros."),
    ("Der Prozess gegen {person} beginnt am {date}.", "The trial of {person} begins on {date}."),
    ("Das Gesetz soll zum {date} in Kraft treten.", "The law is to take effect on {date}."),
    ("Seit {year} leitet {person} den Verband.", "{person} has led the association since {year}."),
    (
        "Der DAX schloss bei {points} Punkten, ein Plus von {percent}.",
        "The DAX closed at {points} points, up {percent}.",
    ),
    ("Der Euro wurde mit {rate} Dollar gehandelt.", "The euro traded at {rate} dollars."),
    ("{small} der {count} Befragten antworteten nicht.", "{small} of the {count} respondents did not answer."),
    (
        "Die Studie erschien am {date} mit Daten von {count} Patienten.",
        "The study, with data from {count} patients, was published on {date}.",
    ),
    (
        "Der Zug nach {place} fährt um {time} von Gleis {small} ab.",
        "The train to {place} departs at {time} from platform {small}.",
    ),
    ("Telefon: {phone}", "Phone: {phone}"),
    ("{person} sammelte {money} für {org}.", "{person} raised {money} for {org}."),
    ("Bis {year} sollen {money} investiert werden.", "By {year}, {money} are to be invested."),
    ("Der Anteil stieg von {percent} auf {percent_2}.", "The share rose from {percent} to {percent_2}."),
)

STATEMENTS: tuple[tuple[str, str], ...] = (
    ("Wir sind sehr zufrieden", "We are very satisfied"),
    ("Das ist ein guter Tag für unsere Stadt", "This is a good day for our city"),
    ("Wir brauchen mehr Zeit", "We need more time"),
    ("Niemand hat damit gerechnet", "Nobody expected this"),
    ("Die Lage ist ernst", "The situation is serious"),
    ("Wir haben {count} Stellen geschaffen", "We have created {count} jobs"),
    ("Das kostet uns {money}", "This will cost us {money}"),
    ("Ich habe {person} seit {year} nicht gesehen", "I have not seen {person} since {year}"),
    ("Wir werden am {date} entscheiden", "We will decide on {date}"),
    ("Das Ergebnis von {percent} ist enttäuschend", "The result of {percent} is disappointing"),
    ("{place} ist meine Heimat", "{place} is my home"),
    ("Wir fahren um {time} los", "We are leaving at {time}"),
    ("Das müssen die Gerichte klären", "The courts will have to clarify that"),
    ("Ich bin froh, dass niemand verletzt wurde", "I am glad that nobody was injured"),
)

SPEECH: tuple[tuple[str, str], ...] = (
    ("{open}{statement}{close}, sagte {person}.", '"{statement}," said {person}.'),
    ("{open}{statement}{close}, sagte {person} am {weekday}.", '"{statement}," {person} said on {weekday}.'),
    ("{open}{statement}{close}, erklärte {person} von {org}.", '"{statement}," explained {person} of {org}.'),
    ("{person} sagte: {open}{statement}.{close}", '{person} said: "{statement}."'),
    ("{open}{statement}{close}, so {person}.", '"{statement}," according to {person}.'),
    ("{open}{statement}.{close}", '"{statement}."'),
    ("{open}{statement}{close}, schrieb {person} auf {org}.", '"{statement}," {person} wrote on {org}.'),
)

QUOTES: tuple[tuple[str, str], ...] = (("„", "“"), ("„", "“"), ('"', '"'), ("»", "«"), ("“", "”"))

FIRST_NAMES = _words(
    "Anna Lena Jürgen Björn Käthe Mehmet Ayşe Łukasz Małgorzata José María Zoë Noël Håkon Søren Ewa Giorgi Tamar Olena "
    "Wolodymyr Chiara Luca Aurélie François Nguyen Priya Arjun Mei Hiroshi Fatima Omar Thandiwe Kwame Niamh Ewan Tomáš "
    "Jiří Petra Sándor Ilse Grażyna Paul Emma Jonas Sophie Marie-Luise Hans-Peter Ursula Günther Monika Dieter"
)
SURNAMES = _words(
    "Müller Schäfer Groß Weiß Köhler Öztürk Yılmaz Kowalczyk Wiśniewski García Fernández Ødegård Nyström Bălan Horváth "
    "Nováková Dvořák Shevchuk Ivanenko Rossi Bianchi Lefèvre Dupont Tran Patel Sharma Wang Tanaka Hassan al-Masri "
    "Okafor Mensah O'Brien MacLeod Schmidt-Rottluff Vogelsang Kretzschmar Hohenstein Brandstätter Uhlmann"
)
SYLLABLES = _words("bar dem fel gor han jul kas lin mor nev ost pra rul sel tor ulm vik wen zau ster burg hof tal")

# German name, English name: exonyms must change, all others must not.
PLACES: tuple[tuple[str, str], ...] = (
    ("München", "Munich"),
    ("Köln", "Cologne"),
    ("Nürnberg", "Nuremberg"),
    ("Hannover", "Hanover"),
    ("Wien", "Vienna"),
    ("Zürich", "Zurich"),
    ("Genf", "Geneva"),
    ("Mailand", "Milan"),
    ("Rom", "Rome"),
    ("Neapel", "Naples"),
    ("Venedig", "Venice"),
    ("Prag", "Prague"),
    ("Warschau", "Warsaw"),
    ("Moskau", "Moscow"),
    ("Kiew", "Kyiv"),
    ("Brüssel", "Brussels"),
    ("Lissabon", "Lisbon"),
    ("Athen", "Athens"),
    ("Kopenhagen", "Copenhagen"),
    ("Peking", "Beijing"),
    ("Tokio", "Tokyo"),
    ("Bayern", "Bavaria"),
    ("Sachsen", "Saxony"),
    ("Niedersachsen", "Lower Saxony"),
    ("Nordrhein-Westfalen", "North Rhine-Westphalia"),
    ("Österreich", "Austria"),
    ("Frankreich", "France"),
    ("Spanien", "Spain"),
    ("Polen", "Poland"),
    ("Griechenland", "Greece"),
    ("Berlin", "Berlin"),
    ("Hamburg", "Hamburg"),
    ("Stuttgart", "Stuttgart"),
    ("Leipzig", "Leipzig"),
    ("Görlitz", "Görlitz"),
    ("Osnabrück", "Osnabrück"),
    ("Kassel", "Kassel"),
    ("Lwiw", "Lviv"),
    ("Charkiw", "Kharkiv"),
    ("Paris", "Paris"),
    ("London", "London"),
    ("Washington", "Washington"),
    ("Chicago", "Chicago"),
    ("Reykjavík", "Reykjavík"),
)
MONTHS: tuple[tuple[str, str], ...] = tuple(
    zip(
        _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        _words("January February March April May June July August September October November December"),
        strict=True,
    )
)
WEEKDAYS: tuple[tuple[str, str], ...] = tuple(
    zip(
        _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        strict=True,
    )
)
SCALES: tuple[tuple[str, str], ...] = (
    ("Millionen", "million"),
    ("Milliarden", "billion"),
    ("Mio.", "million"),
    ("Mrd.", "billion"),
)
CURRENCIES: tuple[tuple[str, str], ...] = (
    ("Euro", "euros"),
    ("Dollar", "dollars"),
    ("Franken", "francs"),
    ("Pfund", "pounds"),
)
COMPANY_FORMS = ("AG", "GmbH", "SE", "Group", "Bank", "FC", "TV", "Media")
