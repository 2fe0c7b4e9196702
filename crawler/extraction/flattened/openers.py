"""Words that open Italian sentences (and English ones, for other editions): articles, prepositions, adverbs.

Grammar, not vocabulary of any site: a capitalised one right behind another word shows that something was glued.
"""

_OPENERS = """
Il Lo La I Gli Le L' L’ Un Uno Una Un' Un’ Di Del Dello Della Dei Degli Delle Dell' Dell’ A Ad Al Allo Alla Ai
Agli Alle All' All’ Da Dal Dallo Dalla Dai Dagli Dalle Dall' Dall’ In Nel Nello Nella Nei Negli Nelle Nell'
Nell’ Con Col Su Sul Sullo Sulla Sui Sugli Sulle Sull' Sull’ Per Tra Fra E Ed Ma O Oppure Né Se Che Chi Come
Quando Quanto Quanti Dove Dov' Dov’ Perché Poiché Dopo Prima Durante Secondo Mentre Anche Non Si È C' C’ Ci
Era Erano Sono Siamo Ha Hanno Questo Questa Questi Queste Quest' Quest’ Quello Quella Quelli Quelle Quell'
Quell’ Lui Lei Loro Egli Essi Noi Tale Tali Tutti Tutte Tutto Tutta Molti Molte Alcuni Alcune Nessuno Nessuna
Ogni Oggi Ieri Domani Ora Adesso Già Ancora Inoltre Infine Intanto Tuttavia Però Quindi Così Invece Infatti
Nonostante Malgrado Sebbene Finora Attualmente Recentemente Successivamente Precedentemente Poi Lunedì Martedì
Mercoledì Giovedì Venerdì Sabato Domenica Stando Sempre Più Circa Oltre Senza Contro Verso Fino Entro Presso
Attraverso Grazie Due Tre Quattro Cinque Poco Subito Allora Ecco Proprio Solo Dunque Pertanto Insomma Comunque
Eppure Quasi Qui Ciò Cosa Quale Quali Nessun Nessun' Altri Altre Altro Diversi Diverse Parlando Commentando
Rispondendo Intervenendo Nonché Affinché Dato Visto Bisogna Lungo Accanto Davanti Dietro Fuori Vicino Lontano
Sotto Sopra Chiunque Ognuno Entrambi Entrambe Sei Sette Otto Nove Dieci Cento Mille Migliaia Centinaia
Numerosi Numerose Parecchi Qualche Qualcuno Niente Nulla Mai Spesso Forse Magari Certo Naturalmente Ovviamente
Purtroppo Fortunatamente Sfortunatamente Stamattina Stasera Stavolta Finalmente Innanzitutto Soprattutto
Piuttosto Anzi Altrimenti Basta Resta Restano Rimane Rimangono Va Vanno Viene Vengono Arriva Arrivano Nasce
Torna Tornano Manca Mancano Tanto Tanti Troppo Appena Gran Ultimo Ultima Primo Primi The An On At It He She
They We This That These According However Meanwhile Earlier After Before But And For From As When While With
"""

_ARTICLES_AND_PREPOSITIONS = """
il lo la i gli le l un uno una di del dello della dei degli delle dell a ad al allo alla ai agli alle all da
dal dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell con col su sul sullo sulla sui
sugli sulle sull per tra fra e ed o d de mc mac the of
"""

OPENERS = frozenset(_OPENERS.split())

#: Openers that also end names in camel case (LinkedIn) or stand as a letter behind one (SerieA).
ALSO_ENGLISH = frozenset({"A", "I", "O", "E", "In", "On", "At", "It", "An", "As", "Me", "No"})

#: Words that cannot end a subhead: the noun they belong to is still to come (LaPresse, DiCaprio, dell"Unione).
JOINED_TO_NOUN = frozenset(_ARTICLES_AND_PREPOSITIONS.split())
