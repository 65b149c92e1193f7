#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kGerman = R"grammar(
hello: Hallo $name, | Hi $name, | Liebe Kollegin, lieber Kollege, | Guten Morgen $name, | $name,
dear: Sehr geehrte Damen und Herren, | Guten Tag $full, | Hallo $name, | Sehr geehrter Kunde,
  | Liebe Kundin, lieber Kunde,
bye: Viele Grüße/$sender | Gruß/$given | Danke und viele Grüße/$sender | Beste Grüße,/$sender
  | $given
regards: Mit freundlichen Grüßen/$brand | Ihr Team von $brand | Freundliche Grüße/Kundenservice
  $brand
thing: den Entwurf | die Zahlen | die Folien | die Testergebnisse | den Vertrag | das Angebot
  | die Liste der offenen Punkte | die Spezifikation
event: die Abnahme | den Lenkungskreis | das Audit | den Kundentermin | die Wochenrunde | die
  Freigabe
when: morgen | am Donnerstag | nächste Woche | bis Freitag | heute Nachmittag | vor dem $date
  | zum Monatsende
talk_subject: $project: offene Punkte | Protokoll | $project, nächste Schritte | Rückfrage zu
  $project | Terminverschiebung {when} | Kurzer Stand $project
talk_body: {hello}//{talk_line} {talk_line}//{bye} | {hello}//{talk_line}//{talk_more}//{bye}
  | {hello}//{talk_line} {talk_more}//{bye}
talk_line: ich habe mir {thing} angesehen und zwei Anmerkungen. | kannst du vor dem Termin noch
  über {thing} schauen? | wir haben {event} verschoben, jetzt {when}. | der Kunde hat sich wegen
  $project gemeldet. | die Unterlagen liegen im Projektordner. | wie besprochen wird alles {when}
  fertig. | ein Punkt ist noch offen. | wer kümmert sich um {thing}? | bitte schickt mir eure
  Anmerkungen {when}. | die Lieferung ist für {when} bestätigt.
talk_more: Abschnitt drei muss noch einmal überarbeitet werden. | Ohne die Kollegen aus der
  Finanzabteilung möchte ich das nicht entscheiden. | Es eilt nicht, bitte aber nicht vergessen.
  | Sag Bescheid, wenn du es anders siehst. | Die letzte Fassung hänge ich zur Sicherheit an.
reply: {hello}//{reply_line}//{bye} | {reply_line}//$given | {reply_line} {talk_more}//{bye}
reply_line: Passt für mich. | Danke, das hilft. | Können wir das auf den Nachmittag legen?
  | Schaue ich mir {when} an. | Einverstanden, bitte so machen. | Beim zweiten Punkt bin ich
  nicht sicher. | Erledigt, siehe Ordner. | Ja, das stimmt so. | Entschuldige die späte Antwort.
request_subject: Kurze Frage | Bitte um Unterstützung | Bist du am Platz? | Heute noch | Zahlung
  $number | Rückruf | $project
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name,//{request_line}//{request_more}//$given
request_line: hast du kurz Zeit? Ich brauche {when} etwas von dir. | bitte bereite die Zahlung
  über $amount für $project vor. | schick mir bitte die Liste der offenen Rechnungen. | ich bin
  den ganzen Tag in Terminen, bitte nur per Mail antworten. | kannst du das {when} erledigen?
  | haben wir den unterschriebenen Vertrag schon? | besorge bitte die Gutscheine für das
  Teamfest, zusammen $amount, ich erstatte es.
request_more: $pressure Gib Bescheid, wenn es erledigt ist. | $pressure Ich verlasse mich auf
  dich. | Bitte erst einmal unter uns. | Danke dir. | $pressure
invoice_subject: Rechnung $number | Ihre Rechnung $number vom $date | Zahlungserinnerung zu
  Rechnung $number | Mahnung $number | $brand: Abrechnung $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards} | {dear}//{invoice_line}
  {invoice_pay}//$pressure//{bye}
invoice_line: anbei erhalten Sie die Rechnung $number über $amount für $project. | unsere
  Rechnung $number über $amount ist noch offen. | Ihre Rechnung $number steht bereit: <Rechnung
  ansehen> | vielen Dank für Ihren Auftrag. Der Betrag von $amount ist bis $date fällig.
invoice_pay: Bitte überweisen Sie auf das angegebene Konto. | Zahlbar innerhalb von $days Tagen
  ohne Abzug. | Sollten Sie schon gezahlt haben, ist diese Nachricht gegenstandslos. | Online
  bezahlen: <Jetzt bezahlen> | Bitte geben Sie die Rechnungsnummer an.
bank_change: Bitte beachten Sie unsere neue Bankverbindung: $account. | Wegen einer Prüfung bei
  unserer Bank bitten wir um Zahlung auf das neue Konto $account. | Wie angekündigt haben wir die
  Bank gewechselt. Neues Konto: $account.
newsletter_subject: Neues von $brand | Nur noch $days Tage: sparen bei $project | Einladung zum
  Webinar $project | Ihr Monatsrückblick | {news_offer}
news_offer: Ein Drittel günstiger | Ihr Geschenk wartet | Die besten Angebote des Monats | Nur
  bis $date
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{regards} | {news_line}
  <{news_button}>//{news_line} <{news_button}>//{regards}
news_button: Mehr lesen | Jetzt anmelden | Angebot sichern | Platz reservieren | Jetzt aktivieren
news_line: Wir haben $project von Grund auf erneuert. | In dieser Ausgabe: drei Kunden berichten.
  | Nur bis $date: {news_offer}. | Unsere Preise ändern sich zum $date. | Auf Ihrem Konto liegt
  noch ein Guthaben von $amount.
share_subject: $sender hat "$file" für Sie freigegeben | Dokument freigegeben: $file | "$file"
  | Neue Datei in $project
share_body: {hello}//$sender hat eine Datei für Sie freigegeben: $file//<Öffnen>//{share_line}
  $pressure//{regards} | {dear}//ein geschütztes Dokument wartet auf Sie: <$file>//{share_line}
  $pressure//{regards}
share_line: Der Link gilt nur für Sie. | Der Link läuft in $days Tagen ab. | Melden Sie sich mit
  Ihrem Firmenkonto an. | Sie können kommentieren.
ticket_subject: [$project-$number] Ihnen zugewiesen | [$project-$number] neuer Kommentar
  | Vorgang $number geändert | Build $number fehlgeschlagen
ticket_body: $sender hat $project-$number kommentiert://{talk_line}//<Vorgang ansehen>//{regards}
  | $project-$number wartet auf Ihre Freigabe.//<Im System öffnen>//{regards}
it_subject: Ihr Passwort läuft in $days Tagen ab | Handlungsbedarf: {it_thing} | {it_thing} bitte
  bestätigen | Postfach fast voll | Wartungsarbeiten {when} | Anmeldung mit zweitem Faktor ab
  $date | Zurückgehaltene Nachrichten
it_thing: Postfachumzug | Passwortwechsel | Kontobestätigung | Sicherheitsupdate | Erneuerung des
  VPN-Zertifikats
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end}
it_line: das Passwort Ihres Kontos $mailbox läuft in $days Tagen ab. | wir ziehen alle Postfächer
  {when} auf die neue Plattform um. | Ihr Postfach ist fast voll, neue Nachrichten können
  abgewiesen werden. | ab $date ist für die Anmeldung ein zweiter Faktor nötig. | am $date sind
  Mail und VPN eine Stunde lang nicht verfügbar. | einige Nachrichten an Sie werden
  zurückgehalten. | einmal im Jahr bitten wir alle, ihre Daten zu bestätigen.
it_ask: Bitte hier ändern: <Passwort ändern> | <Aktuelles Passwort behalten> | Bitte anmelden und
  bestätigen: <Konto bestätigen> | Scannen Sie den Code mit dem Telefon. | Sie müssen nichts tun.
  | <Nachrichten freigeben> | Öffnen Sie wie gewohnt das Selbstbedienungsportal.
it_end: Ihre IT-Hotline | $company IT | Gruß/IT-Service, Durchwahl 4455 | Ihr Systemadministrator
  | $brand
pressure: Andernfalls wird Ihr Zugang gesperrt. | Das duldet keinen Aufschub. | Ohne Rückmeldung
  binnen 24 Stunden wird das Konto geschlossen. | Bitte dringend und vertraulich behandeln. | Es
  entstehen sonst weitere Kosten. | Dies ist die letzte Erinnerung.
demand: Bitte bestätigen Sie Ihr Postfach, um eine Sperrung zu vermeiden: <Jetzt bestätigen>
  | <Passwort behalten> und weiter wie bisher. | <Hier klicken>, um den Zugang
  wiederherzustellen. | <Wartende Nachrichten freigeben> | Bestätigen Sie Ihre Daten innerhalb
  von 24 Stunden: <Bestätigen> | Ihr Konto wird deaktiviert, wenn Sie es nicht verifizieren:
  <Verifizieren>
signin_subject: Neue Anmeldung bei Ihrem Konto | Sicherheitshinweis | Ihr Bestätigungscode:
  $number | Ungewöhnliche Aktivität bei $brand
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
signin_line: am $date wurde Ihr Konto bei $brand von einem neuen Gerät benutzt. | Ihr
  Bestätigungscode lautet $number. | das Passwort Ihres Kontos bei $brand wurde geändert.
  | jemand hat versucht, sich mit Ihrem Passwort anzumelden.
signin_ask: Wenn Sie das waren, ist nichts zu tun. | Waren Sie das nicht? <Konto sichern>
  | <Aktivität prüfen> | Bitte bestätigen Sie Ihre Identität: <Jetzt bestätigen>
parcel_subject: Ihr Paket ist unterwegs | Zustellung {when} | Paket $number: wir haben Sie nicht
  angetroffen | Sendung $number wartet | Zoll: Sendung $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards}
parcel_line: Ihr Paket $number wird {when} zugestellt. | wir konnten Ihr Paket $number nicht
  zustellen. | Ihre Bestellung hat unser Lager verlassen. | Ihre Sendung aus dem Ausland liegt
  beim Zoll. | die Anschrift auf Paket $number ist unvollständig.
parcel_ask: <Sendung verfolgen> | Anderen Tag wählen: <Zustellung ändern> | Es ist eine Gebühr
  von $amount fällig: <Gebühr zahlen> | Es liegt $days Tage im Paketshop. | <Anschrift
  bestätigen>
bank_subject: Ihr Kontoauszug | Zahlungseingang | Zahlungsavis $number | Ihre Karte wurde benutzt
  | Wichtige Mitteilung zu Ihrem Konto | Neue Bedingungen ab $date
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards}
bank_line: Ihr Kontoauszug des letzten Monats liegt bereit. | wir haben eine Zahlung über $amount
  für Sie erhalten. | mit Ihrer Karte wurden am $date $amount bezahlt. | unsere Bedingungen
  ändern sich zum $date. | Ihr Sicherheitsverfahren muss bis $date erneuert werden.
bank_ask: Melden Sie sich wie gewohnt an. | <Zum Onlinebanking> | Wir fragen nie per Mail nach
  Ihrem Passwort. | Sie kennen die Zahlung nicht? <Zahlung melden> | <Jetzt erneuern>
hr_subject: Gehaltsabrechnung | Urlaubsplanung | Neue Reiserichtlinie | Umfrage | Ihr
  Bonusschreiben | Änderung meiner Bankverbindung
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye}
hr_line: deine Abrechnung liegt im Portal. | bitte trage deinen Urlaub bis $date ein. | die
  Richtlinie zu Reisen und Auslagen hat sich geändert. | das Schreiben zu deinem Bonus ist
  fertig. | ich habe die Bank gewechselt und bitte ab diesem Monat um Überweisung auf ein anderes
  Konto.
hr_ask: <Zum Portal> | Bitte lesen und bestätigen: <Richtlinie lesen> | <Zur Umfrage> | Welches
  Formular braucht ihr? | <Schreiben ansehen>
private_subject: Wochenende | Fotos | Essen am Freitag? | Alles Gute! | Karten | Eine Bitte
private_body: {hello}//{private_line} {private_line}//$given | {hello} {private_line}//$given
private_line: schön war es am Sonntag. | Die Fotos sind hier: <Album> | Buchen wir wieder
  dasselbe Haus? | Mama lässt grüßen. | Ich habe zwei Karten für {when}. | Mein Telefon ist
  kaputt, schreib bitte an diese Adresse. | Kannst du mir bis Monatsende $amount leihen?
application_subject: Bewerbung als Ingenieur | Bewerbung, Kennziffer $number | Initiativbewerbung
  $sender
application_body: {dear}//mit großem Interesse habe ich Ihre Anzeige $number gelesen.
  {application_line}//Meine Unterlagen finden Sie im Anhang.//{bye}
application_line: Ich bringe $days Jahre Erfahrung mit. | Beginnen könnte ich am $date. | Ihr
  Vorhaben $project passt zu meinem Werdegang.
travel_subject: Buchungsbestätigung $number | Ihre Reise am $date | Jetzt einchecken
travel_body: {dear}//Ihre Buchung $number ist bestätigt. Abreise am $date, Gesamtpreis
  $amount.//<Buchung verwalten>//{regards}
voicemail_subject: Neue Sprachnachricht | Verpasster Anruf | Sprachnachricht ($days Sekunden)
voicemail_body: {dear}//Sie haben eine neue Nachricht von $days Sekunden vom $date.//<Nachricht
  anhören>//$pressure//{regards}
signature_subject: Bitte unterschreiben: $file | $sender bittet um Ihre Unterschrift
  | Erinnerung: $file
signature_body: {hello}//$sender bittet Sie, "$file" zu unterschreiben.//<Prüfen und
  unterschreiben>//Die Anfrage läuft am $date ab. $pressure//{regards} | {dear}//alle haben
  "$file" unterschrieben.//<Herunterladen>//{regards}
advance_subject: Vertrauliche Anfrage | Ihre Erbschaft | Entschädigung | Geschäftsvorschlag
advance_body: {dear}//{advance_line} {advance_line}//Bitte antworten Sie mit vollem Namen und
  Telefonnummer. $pressure//{bye}
advance_line: ich wende mich vertraulich wegen $amount an Sie, für die es keinen Erben gibt.
  | als Anwalt verwalte ich den Nachlass eines Mandanten Ihres Namens. | unser Ausschuss hat Ihre
  Adresse für eine Entschädigung von $amount bestimmt. | eine kleine Gebühr von $amount deckt die
  Urkunde.
footer: Sie erhalten diese Mail, weil Sie ein Konto bei $brand haben. <Abmelden> | $brand.
  <Einstellungen> <Abmelden> | Bitte antworten Sie nicht auf diese automatische Mail. | Diese
  Nachricht kann vertraulich sein.
quote_line: Am $date schrieb $sender:
)grammar";

}  // namespace winnow::simulate
