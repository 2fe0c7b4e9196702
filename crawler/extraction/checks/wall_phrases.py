"""What pages say in place of an article, in Italian and English and the commonest phrases of other languages.

Titles are matched whole (against the title or headline without the site's name), the rest anywhere in the text.
"""

import re


def _any(alternatives: str) -> str:
    """A regular expression for these alternatives, one a line."""
    return "|".join(line.strip() for line in alternatives.strip().splitlines())


_DENIED_PHRASES = r"""
    (?:access|permission)(?: to this (?:page|site))?(?: has been| is)? (?:denied|forbidden|restricted).*
    accesso (?:negato|non consentito|bloccato|vietato).*
    (?:error[e]? )?403\b.*
    forbidden
    non autorizzato
    (?:401 )?(?:unauthorized|authorization required)
    attention required!.*
    just a moment\W*
    ancora un momento\W*
    request (?:blocked|unsuccessful|rejected).*
    (?:are you|you are) (?:a |not a )?(?:human|robot).*
    (?:sei|non sei) un robot.*
    verific(?:a|hiamo) (?:che (?:tu )?(?:sia|sei) (?:un )?uman[oi]|di sicurezza).*
    (?:you have been|sorry, you have been|your (?:ip|access)[\w ]*) (?:blocked|banned).*
    pardon our interruption.*
    security check.*
    controllo di sicurezza.*
    ddos-guard.*
    human verification.*
    captcha.*
    bot (?:check|verification).*
    checking your browser.*
    (?:please )?(?:verify|verifying) (?:that )?you are .*
    un momento\W*
    (?:please )?enable (?:javascript|cookies|js).*
    (?:too many requests|troppe richieste).*
    acc[eè]s (?:refusé|interdit).*
    acceso (?:denegado|prohibido).*
    acesso negado.*
    zugriff verweigert.*
    доступ (?:запрещ[её]н|ограничен).*
    unavailable (?:due to legal|for legal|in your (?:country|region)).*
    (?:this content is |contenuto )?(?:not available|non disponibile) in(?: your| questo)? (?:country|region|paese).*
"""
#: A wall: the server did not let us in.
DENIED = re.compile(rf"^(?:{_any(_DENIED_PHRASES)})$", re.I)

_THING = "(?:page|p[aá]gina|article|articolo|story|content|contenuto|post|seite)"
_GONE = r"""
    (?:is )?(?:not|no longer|isn.?t) (?:found|available|exist)
    (?:cannot|can.?t) be found
    (?:doesn.?t|does not) exist
    non (?:è |e' )?(?:stat[ao] )?(?:più )?(?:trovat[ao]|disponibile|esist\w+)
    (?:has been|è stat[ao]) (?:removed|deleted|rimoss[ao]|cancellat[ao]|eliminat[ao])
    no encontrada
    não encontrada
    introuvable
    nicht gefunden
"""
_DOWN = "(?:unavailable|non disponibile|offline|down)"
_ERROR_PHRASES = r"""
    (?:http )?(?:error|errore)?\W*(?:status )?(?:404|410|429|50[0-4]|52\d)\b.*
    (?:oops|ops|ooops|whoops|uh[- ]oh|spiacenti|ci dispiace|sorry)\b.{0,40}
    .{0,25}\b%THING%\b.{0,40}%GONE%.*
    (?:we )?(?:can.?t|couldn.?t|could not|cannot) find (?:that|this|the) page.*
    страница не найдена.*
    not found
    file not found
    nothing (?:was )?found.*
    nessun (?:risultato|contenuto|articolo).*
    bad gateway
    (?:service|sito|servizio|site|website|page)?\s*(?:is )?(?:temporarily|temporaneamente) %DOWN%.*
    service unavailable
    internal (?:server )?error.*
    gateway time-?out.*
    errore (?:del|interno del|interno|di) .*
    si è verificato un (?:errore|problema).*
    an (?:unexpected )?error .*occurred.*
    something went wrong.*
    qualcosa è andato storto.*
    application error.*
    runtime error.*
    server error.*
    (?:database error|error establishing a database connection).*
    (?:(?:site|sito|we.?re|website) )?(?:is )?(?:under|in|down for|undergoing) (?:maintenance|manutenzione).*
    (?:account|site) suspended.*
    bandwidth limit exceeded.*
    (?:this )?domain .{0,40}for sale.*
    index of /.*
    welcome to nginx.*
    apache2? .{0,20}default page.*
    torniamo (?:subito|presto).*
    coming soon.*
"""
#: An error, a missing page, a server that has no site yet.
ERROR = re.compile(
    rf"^(?:{_any(_ERROR_PHRASES)})$".replace("%THING%", _THING)
    .replace("%GONE%", f"(?:{_any(_GONE)})")
    .replace("%DOWN%", _DOWN),
    re.I,
)

_CONSENT_PHRASES = r"""
    before you continue.*
    prima di (?:continuare|proseguire).*
    we (?:value|care about|respect) your privacy.*
    .{0,40}(?:tua|vostra|sua) privacy.*
    your privacy.*
    (?:informativa|impostazioni|preferenze) (?:sulla|sui|sul|della|dei) (?:privacy|cookie|consenso).*
    cookie (?:consent|policy|settings|wall).*
    consens[oi](?:t)?\b.{0,40}
    consent.{0,20}
    (?:accetta|gestisci|accept|manage) (?:e continua|i cookie|cookies|all|consent).*
    privacy (?:settings|gate|center).*
    scegli (?:come|se) (?:continuare|accedere|leggere|navigare).*
    continua (?:con|accettando).*
    avant de continuer.*
    (?:votre|tu|ihre) (?:vie privée|privacidad|privatsphäre).*
"""
#: A question for consent in place of the page.
CONSENT = re.compile(rf"^(?:{_any(_CONSENT_PHRASES)})$", re.I)

_CONSENT_WORDS_PHRASES = r"""
    cookie
    consens[oi]
    consent
    privacy
    rgpd
    gdpr
    profilazione
    vendors?\b
"""
#: Words of which a consent wall is full.
CONSENT_WORDS = re.compile(_any(_CONSENT_WORDS_PHRASES), re.I)

_PAYWALL_PHRASES = r"""
    abbonati (?:per|e|ora per) (?:continuare|leggere|accedere|sbloccare)
    per (?:continuare a )?leggere.{0,60}(?:abbona|registra|accedi)
    (?:contenuto|articolo) (?:è )?(?:riservato|solo per|esclusivo per)(?: agli| gli)? (?:abbonati|utenti registrati)
    sei già abbonato
    hai già un abbonamento
    subscribe (?:now )?to (?:continue|read|unlock|keep)
    already a subscriber
    this (?:article|content|story) is (?:for|only available to|exclusive to) (?:our )?subscribers
    to (?:continue|keep) reading
    to read the (?:full|rest)
    questo contenuto è riservato
    (?:register|log in|sign in|subscribe) (?:now )?to (?:continue|read)
    réservé aux abonnés
    (?:contenido|artículo) exclusivo para suscriptores
    nur für abonnenten
"""
_PAYWALL = re.compile(_any(_PAYWALL_PHRASES), re.I)
#: Each of these phrases holds one of these words: hardly any page has them, and they are found much faster.
_PAYWALL_WORDS = (
    *("abbona", "leggere", "utenti registrati", "riservato", "subscri", "to continue", "to keep", "to read"),
    *("abonn", "suscriptor"),
)


def keeps_the_rest(text: str) -> bool:
    """Whether a page's text says what stands where the rest of a closed article would."""
    lowered = text.lower()
    return any(word in lowered for word in _PAYWALL_WORDS) and bool(_PAYWALL.search(text))
