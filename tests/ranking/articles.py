"""Invented news articles, one sentence per item, with the lines of a page around them where a test needs those."""

HARBOUR_FIRE_DE = [
    "Bei einem Brand in einer Lagerhalle im Hafen von Brackstedt sind in der Nacht zum Freitag sechs Menschen verletzt "
    "worden.",
    "Nach Angaben der Feuerwehr brach das Feuer gegen 2.30 Uhr in einem Bereich aus, in dem Reifen gelagert wurden.",
    "Rund 120 Einsatzkräfte kämpften bis zum Morgen gegen die Flammen.",
    "Zwei der Verletzten schweben in Lebensgefahr, wie ein Sprecher der Uniklinik sagte.",
    "Die Polizei geht von Brandstiftung aus und nahm einen 34-jährigen Mann fest.",
    "Der 34-Jährige bestreitet die Tat.",
    "Er soll früher bei der betroffenen Spedition gearbeitet haben.",
    "Der Sachschaden liegt nach ersten Schätzungen bei 3,5 Millionen Euro.",
    "Wegen des dichten Rauchs wurden die Anwohner aufgefordert, Fenster und Türen geschlossen zu halten.",
    "Auch der Bahnverkehr war zeitweise unterbrochen.",
    "Die Züge fahren seit 9 Uhr wieder nach Plan.",
    "Bereits im Februar hatte es in dem Hafengebiet gebrannt, damals entstand nur geringer Schaden.",
]

COUNCIL_DE = [
    "Stadtrat stoppt Ausbau der Uferstraße",
    "Von Karla Brenneke",
    "Der Stadtrat von Lindenau hat am Dienstagabend den Ausbau der Uferstraße mit knapper Mehrheit gestoppt.",
    "Für den Antrag der Grünen stimmten 27 von 52 Abgeordneten, das Projekt sollte ursprünglich 48 Millionen Euro "
    "kosten.",
    "Foto: Karla Brenneke",
    "„Das ist ein guter Tag für den Fluss.“",
    "Oberbürgermeister Henrik Vollmer nannte die Entscheidung einen schweren Fehler und kündigte an, den Beschluss "
    "rechtlich prüfen zu lassen.",
    "Er sprach von einem Vertrauensbruch gegenüber den Unternehmen.",
    "Doch auch in seiner eigenen Fraktion gab es Zweifel an den Kosten.",
    "Ein Gutachten der Hochschule Reinfeld war im März zu dem Schluss gekommen, dass die vierspurige Straße 65 "
    "Millionen Euro kosten würde.",
    "Die Verwaltung bestritt diese Zahl und verwies auf laufende Verhandlungen mit dem Land.",
    "Wie geht es nun weiter?",
    "Anwohner hatten mehr als 9.000 Unterschriften gegen den Ausbau gesammelt.",
    "Lesen Sie auch: Wie Lindenau den Verkehr neu ordnen will",
    "dpa/kbr",
]

FERRY_EN = [
    "Ferry operator Nordline said on Monday it would cut 430 jobs and close its route between Harwick and Esterby "
    "after losses doubled last year.",
    "The company blamed high fuel costs and a fall in freight traffic, which dropped 18 percent since January.",
    "It said the last sailing would take place on 30 September.",
    '"We have looked at every alternative," chief executive Marian Tolk said in a statement.',
    "But unions rejected that explanation and accused the management of paying out 12 million pounds in dividends.",
    '"This is a betrayal."',
    "The Maritime Workers' Federation announced a strike ballot among its 2,100 members at the company.",
    "Nordline denied that the dividend had affected the decision.",
    "What happens to passengers who have already booked?",
    "They will be offered a refund or a place on the southern route, the operator said.",
    "Harwick, a town of 14,000 people, depends on the ferry for much of its tourism.",
    "Read more: The slow decline of the northern ferries",
    "Copyright 2024 Example Press.",
]

TELESCOPE_EN = [
    "Astronomers in Calvera have photographed a comet that last passed the Earth about 6,200 years ago.",
    "The comet, named Ostrow after its discoverer, was first seen in March by a telescope on Mount Dellin.",
    "This makes it one of the oldest returning comets on record.",
    "Lena Ostrow, who leads the survey, said the comet would be visible to the naked eye in the second week of May.",
    "She expects thousands of visitors at the observatory, which has ordered 900 extra pairs of binoculars.",
    "However, a rival team at the Pelham Institute does not believe that the comet has been here before.",
    "Their calculation puts the orbit at more than 20,000 years, a difference of 14,000 years.",
    "The survey has scanned a quarter of the sky since it began and cost 8.4 million dollars.",
    "Photo: Mount Dellin Observatory",
    "Sign up to our science newsletter here",
]

ALL = [(HARBOUR_FIRE_DE, "de"), (COUNCIL_DE, "de"), (FERRY_EN, "en"), (TELESCOPE_EN, "en")]
