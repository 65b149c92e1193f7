#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kItalian = R"grammar(
hello: Ciao $name, | Buongiorno $name, | Ciao a tutti, | $name,
dear: Gentile cliente, | Buongiorno $full, | Spettabile ditta, | Buongiorno,
bye: Saluti,/$sender | Grazie,/$given | A presto,/$given | Un caro saluto,/$given
regards: Cordiali saluti,/Il team $brand | $brand | Assistenza clienti $brand
when: domani | giovedì | la prossima settimana | entro venerdì | oggi pomeriggio | prima del $date
talk_subject: $project: punti aperti | Verbale | $project, prossimi passi | Domanda su $project
  | Riunione {when}
talk_body: {hello}//{talk_line} {talk_line}//{bye} | {hello}//{talk_line}//{bye}
talk_line: ho letto il documento e ho due osservazioni. | puoi guardare i numeri prima della
  riunione? | la riunione è spostata, è {when}. | il cliente ha risposto su $project. | tutto è
  nella cartella del progetto. | resta un punto aperto. | chi si occupa del contratto?
  | mandatemi i commenti {when}. | la consegna è confermata {when}. | non è urgente, ma non
  dimentichiamolo.
reply: {hello}//{reply_line}//{bye} | {reply_line}//$given
reply_line: Per me va bene. | Grazie, mi aiuta. | Spostiamo al pomeriggio? | Ci guardo {when}.
  | D'accordo, procedi. | Sul secondo punto non sono sicuro. | Fatto, vedi la cartella. | Scusa
  il ritardo.
request_subject: Una domanda | Mi serve il tuo aiuto | Sei disponibile? | Oggi | Pagamento
  $number | $project
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name,//{request_line}//{request_more}//$given
request_line: hai un momento? Mi serve una cosa {when}. | prepara per favore il pagamento di
  $amount per $project. | mi mandi l'elenco delle fatture aperte? | sono in riunione tutto il
  giorno, rispondi per mail. | abbiamo la copia firmata del contratto? | compra per favore i
  buoni regalo per il gruppo, $amount in tutto, ti rimborso.
request_more: $pressure Avvisami quando è fatto. | $pressure Conto su di te. | Per ora resti tra
  noi. | Grazie. | $pressure
invoice_subject: Fattura $number | La sua fattura $number | Sollecito: fattura $number | $brand:
  estratto $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards}
invoice_line: in allegato la fattura $number di $amount. | ci risulta non pagata la fattura
  $number di $amount. | la sua fattura $number è disponibile: <Vedi fattura> | grazie per
  l'ordine. L'importo di $amount scade il $date.
invoice_pay: La preghiamo di pagare sul conto indicato. | Pagamento a $days giorni. | Se ha già
  pagato, ignori questo messaggio. | Paghi online: <Paga> | Indichi il numero della fattura.
bank_change: Prendete nota del nostro nuovo conto: $account. | Per una verifica chiediamo il
  pagamento sul nuovo conto $account. | Come annunciato abbiamo cambiato banca. Nuovo conto:
  $account.
newsletter_subject: Novità da $brand | Ancora $days giorni: $project | Invito al seminario
  $project | Il riepilogo del mese
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{regards} | {news_line}
  <{news_button}>//{regards}
news_button: Leggi tutto | Iscriviti | Approfitta | Prenota
news_line: Abbiamo rinnovato $project. | In questo numero tre clienti raccontano. | Fino al $date
  un terzo di sconto. | I prezzi cambiano il $date. | Ha ancora un credito di $amount.
share_subject: $sender ha condiviso "$file" | Documento condiviso: $file | Nuovo file in $project
share_body: {hello}//$sender ha condiviso un file: $file//<Apri>//{share_line}
  $pressure//{regards} | {dear}//un documento protetto la aspetta: <$file>//{share_line}
  $pressure//{regards}
share_line: Il collegamento vale solo per lei. | Il collegamento scade tra $days giorni. | Acceda
  con il conto aziendale.
ticket_subject: [$project-$number] assegnato a lei | [$project-$number] nuovo commento
  | Richiesta $number modificata
ticket_body: $sender ha commentato $project-$number://{talk_line}//<Vedi richiesta>//{regards}
it_subject: La sua password scade tra $days giorni | Azione richiesta: {it_thing} | Casella quasi
  piena | Manutenzione {when} | Messaggi trattenuti
it_thing: migrazione delle caselle | cambio password | verifica del conto | aggiornamento di
  sicurezza
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end}
it_line: la password di $mailbox scade tra $days giorni. | migriamo tutte le caselle {when}. | la
  sua casella è quasi piena e i messaggi potrebbero essere rifiutati. | dal $date servirà un
  secondo fattore. | il $date posta e VPN saranno ferme un'ora. | alcuni messaggi per lei sono
  trattenuti.
it_ask: La cambi qui: <Cambia password> | <Mantieni la password> | Acceda e confermi: <Conferma
  conto> | Legga il codice con il telefono. | Non deve fare nulla. | <Rilascia i messaggi>
it_end: Assistenza informatica | $company IT | L'amministratore | $brand
pressure: Altrimenti l'accesso sarà bloccato. | Non può aspettare. | Senza risposta entro 24 ore
  il conto sarà chiuso. | Da trattare con urgenza e riservatezza. | Questo è l'ultimo avviso.
demand: Verifichi la casella per evitare la sospensione: <Verifica> | <Mantieni la password>
  | <Clicchi qui> per ripristinare l'accesso. | <Sblocca i messaggi in attesa> | Confermi i dati
  entro 24 ore: <Conferma> | Il conto sarà disattivato se non lo convalida: <Convalida>
signin_subject: Nuovo accesso al suo conto | Avviso di sicurezza | Il suo codice: $number
  | Attività insolita su $brand
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
signin_line: il $date c'è stato un accesso al suo conto $brand da un nuovo dispositivo. | il suo
  codice di verifica è $number. | la password del suo conto $brand è stata cambiata.
signin_ask: Se era lei, non faccia nulla. | Non era lei? <Proteggi il conto> | <Controlla
  l'attività> | Confermi la sua identità: <Conferma>
parcel_subject: Il pacco è in viaggio | Consegna {when} | Pacco $number: non l'abbiamo trovata
  | Dogana: pacco $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards}
parcel_line: il pacco $number arriva {when}. | non abbiamo potuto consegnare il pacco $number.
  | il suo ordine è partito. | il pacco è fermo in dogana. | l'indirizzo del pacco $number è
  incompleto.
parcel_ask: <Segui il pacco> | <Cambia consegna> | È dovuta una tassa di $amount: <Paga la tassa>
  | La aspetta $days giorni al punto di ritiro. | <Conferma indirizzo>
bank_subject: Il suo estratto conto | Pagamento ricevuto | La sua carta è stata usata
  | Informazione importante sul conto
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards}
bank_line: l'estratto del mese è disponibile. | abbiamo ricevuto un pagamento di $amount. | con
  la sua carta sono stati pagati $amount il $date. | il dispositivo di sicurezza va rinnovato
  entro il $date.
bank_ask: Acceda come sempre. | <Accedi ai conti> | Non chiediamo mai la password per mail.
  | <Segnala un pagamento> | <Rinnova>
hr_subject: Cedolino | Ferie | Nuova politica dei viaggi | Sondaggio | Il suo premio
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye}
hr_line: il cedolino è nel portale. | inserisci le ferie entro il $date. | la politica dei viaggi
  è cambiata. | la lettera del premio è pronta. | ho cambiato banca e vorrei lo stipendio su un
  altro conto da questo mese.
hr_ask: <Apri il portale> | Leggi e conferma: <Leggi> | <Rispondi al sondaggio> | Quale modulo vi
  serve? | <Vedi la lettera>
private_subject: Fine settimana | Foto | Cena venerdì? | Auguri! | Un favore
private_body: {hello}//{private_line} {private_line}//$given
private_line: Bello domenica. | Le foto sono qui: <album> | Prendiamo la stessa casa? | Ho due
  biglietti per {when}. | Il telefono è rotto, scrivi qui. | Mi presti $amount fino a fine mese?
application_subject: Candidatura | Candidatura, riferimento $number
application_body: {dear}//ho letto con interesse l'annuncio $number. Ho $days anni di esperienza
  e potrei iniziare il $date.//Allego i documenti.//{bye}
travel_subject: Prenotazione $number confermata | Il suo viaggio del $date
travel_body: {dear}//la prenotazione $number è confermata. Partenza il $date, totale
  $amount.//<Gestisci prenotazione>//{regards}
voicemail_subject: Nuovo messaggio vocale | Chiamata persa
voicemail_body: {dear}//ha un messaggio di $days secondi del
  $date.//<Ascolta>//$pressure//{regards}
signature_subject: Da firmare: $file | $sender chiede la sua firma
signature_body: {hello}//$sender le chiede di firmare "$file".//<Leggi e firma>//La richiesta
  scade il $date. $pressure//{regards}
advance_subject: Proposta | La sua eredità | Indennizzo
advance_body: {dear}//{advance_line} {advance_line}//Risponda con nome e telefono.
  $pressure//{bye}
advance_line: le scrivo in confidenza per $amount senza erede. | sono un avvocato e curo
  l'eredità di un cliente del suo cognome. | il suo indirizzo è stato scelto per un indennizzo di
  $amount. | una piccola tassa di $amount copre il certificato.
footer: Riceve questa mail perché ha un conto $brand. <Annulla iscrizione> | $brand. <Preferenze>
  <Annulla iscrizione> | Non risponda a questo messaggio automatico.
quote_line: Il $date $sender ha scritto:
)grammar";

}  // namespace winnow::simulate
