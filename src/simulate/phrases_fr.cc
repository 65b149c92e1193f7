#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kFrench = R"grammar(
hello: Bonjour $name, | Salut $name, | Bonjour à tous, | $name,
dear: Madame, Monsieur, | Bonjour $full, | Cher client, | Bonjour,
bye: Cordialement,/$sender | Bien à toi,/$given | Merci d'avance/$sender | Bonne journée,/$given
regards: Cordialement,/L'équipe $brand | Le service clients $brand | $brand
when: demain | jeudi | la semaine prochaine | avant vendredi | cet après-midi | avant le $date
talk_subject: $project : points ouverts | Compte rendu | $project, la suite | Question sur
  $project | Réunion {when}
talk_body: {hello}//{talk_line} {talk_line}//{bye} | {hello}//{talk_line}//{bye}
talk_line: J'ai relu le document et j'ai deux remarques. | Peux-tu regarder les chiffres avant la
  réunion ? | La réunion est déplacée, c'est {when}. | Le client est revenu vers nous pour
  $project. | Tout est dans le dossier du projet. | Il reste un point à régler. | Qui s'occupe du
  contrat ? | Envoyez-moi vos commentaires {when}. | La livraison est confirmée {when}. | Ce
  n'est pas urgent, mais ne l'oublions pas.
reply: {hello}//{reply_line}//{bye} | {reply_line}//$given
reply_line: C'est bon pour moi. | Merci, cela m'aide. | Peut-on décaler à l'après-midi ? | Je
  regarde {when}. | D'accord, vas-y. | Je ne suis pas sûr du deuxième point. | C'est fait, voir
  le dossier. | Désolé pour la réponse tardive.
request_subject: Petite question | Besoin de ton aide | Es-tu disponible ? | Aujourd'hui
  | Paiement $number | $project
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name,//{request_line}//{request_more}//$given
request_line: Es-tu disponible un instant ? J'ai besoin de toi {when}. | Merci de préparer le
  paiement de $amount pour $project. | Peux-tu m'envoyer la liste des factures ouvertes ? | Je
  suis en réunion toute la journée, réponds par mail. | Avons-nous la copie signée du contrat ?
  | Achète s'il te plaît les cartes cadeaux pour l'équipe, $amount en tout, je te rembourse.
request_more: $pressure Dis-moi quand c'est fait. | $pressure Je compte sur toi. | Garde cela
  entre nous pour le moment. | Merci. | $pressure
invoice_subject: Facture $number | Votre facture $number | Relance : facture $number | $brand :
  relevé $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards}
invoice_line: veuillez trouver ci-joint la facture $number d'un montant de $amount. | sauf
  erreur, notre facture $number de $amount reste impayée. | votre facture $number est disponible
  : <Voir la facture> | merci de votre commande. Le montant de $amount est dû le $date.
invoice_pay: Merci de régler sur le compte indiqué. | Paiement à $days jours. | Si vous avez déjà
  payé, ne tenez pas compte de ce message. | Payer en ligne : <Payer> | Merci de rappeler le
  numéro de facture.
bank_change: Veuillez noter nos nouvelles coordonnées bancaires : $account. | En raison d'un
  contrôle, merci de régler sur notre nouveau compte $account. | Comme annoncé, nous avons changé
  de banque. Nouveau compte : $account.
newsletter_subject: Les nouveautés de $brand | Plus que $days jours : $project | Invitation au
  webinaire $project | Votre résumé du mois
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{regards} | {news_line}
  <{news_button}>//{regards}
news_button: Lire la suite | S'inscrire | Profiter de l'offre | Réserver
news_line: Nous avons entièrement revu $project. | Dans ce numéro : trois clients racontent.
  | Jusqu'au $date : un tiers de remise. | Nos tarifs changent le $date. | Il vous reste un
  crédit de $amount.
share_subject: $sender a partagé « $file » | Document partagé : $file | Nouveau fichier dans
  $project
share_body: {hello}//$sender a partagé un fichier : $file//<Ouvrir>//{share_line}
  $pressure//{regards} | {dear}//un document sécurisé vous attend : <$file>//{share_line}
  $pressure//{regards}
share_line: Le lien n'est valable que pour vous. | Le lien expire dans $days jours.
  | Connectez-vous avec votre compte professionnel.
ticket_subject: [$project-$number] vous est attribué | [$project-$number] nouveau commentaire
  | Ticket $number modifié
ticket_body: $sender a commenté $project-$number ://{talk_line}//<Voir le ticket>//{regards}
it_subject: Votre mot de passe expire dans $days jours | Action requise : {it_thing} | Boîte
  presque pleine | Maintenance {when} | Messages en attente
it_thing: migration des boîtes | changement de mot de passe | vérification du compte | mise à
  jour de sécurité
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end}
it_line: le mot de passe du compte $mailbox expire dans $days jours. | nous migrons toutes les
  boîtes {when}. | votre boîte est presque pleine, de nouveaux messages pourront être refusés.
  | à partir du $date, un second facteur sera demandé. | le $date, la messagerie et le VPN seront
  coupés une heure. | des messages qui vous sont adressés sont retenus.
it_ask: Changez-le ici : <Changer le mot de passe> | <Garder le mot de passe actuel> | Merci de
  vous connecter et de confirmer : <Confirmer le compte> | Scannez le code avec votre téléphone.
  | Vous n'avez rien à faire. | <Libérer les messages>
it_end: Le support informatique | $company IT | L'administrateur | $brand
pressure: Sinon votre accès sera bloqué. | Cela ne peut pas attendre. | Sans réponse sous 24
  heures, le compte sera fermé. | À traiter en urgence et en toute confidentialité. | Ceci est le
  dernier rappel.
demand: Vérifiez votre boîte pour éviter la suspension : <Vérifier> | <Conserver mon mot de
  passe> | <Cliquez ici> pour rétablir l'accès. | <Débloquer les messages en attente> | Confirmez
  vos données sous 24 heures : <Confirmer> | Votre compte sera désactivé sans validation :
  <Valider>
signin_subject: Nouvelle connexion à votre compte | Alerte de sécurité | Votre code : $number
  | Activité inhabituelle sur $brand
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
signin_line: une connexion à votre compte $brand a eu lieu le $date depuis un nouvel appareil.
  | votre code de vérification est $number. | le mot de passe de votre compte $brand a été
  changé.
signin_ask: Si c'était vous, rien à faire. | Ce n'était pas vous ? <Sécuriser le compte>
  | <Vérifier l'activité> | Merci de confirmer votre identité : <Confirmer>
parcel_subject: Votre colis est en route | Livraison {when} | Colis $number : vous étiez absent
  | Douane : colis $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards}
parcel_line: votre colis $number sera livré {when}. | nous n'avons pas pu livrer votre colis
  $number. | votre commande est partie. | votre colis est retenu en douane. | l'adresse du colis
  $number est incomplète.
parcel_ask: <Suivre le colis> | <Changer la livraison> | Des frais de $amount sont dus : <Payer
  les frais> | Il vous attend $days jours au relais. | <Confirmer l'adresse>
bank_subject: Votre relevé | Paiement reçu | Votre carte a été utilisée | Information importante
  sur votre compte
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards}
bank_line: votre relevé du mois est disponible. | nous avons reçu un paiement de $amount. | votre
  carte a servi à payer $amount le $date. | votre dispositif de sécurité doit être renouvelé
  avant le $date.
bank_ask: Connectez-vous comme d'habitude. | <Accéder à mes comptes> | Nous ne demandons jamais
  votre mot de passe. | <Signaler un paiement> | <Renouveler>
hr_subject: Bulletin de paie | Congés | Nouvelle politique de voyages | Enquête | Votre prime
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye}
hr_line: ton bulletin est sur le portail. | merci de saisir tes congés avant le $date. | la
  politique de voyages a changé. | la lettre de prime est prête. | j'ai changé de banque et
  souhaite recevoir mon salaire sur un autre compte.
hr_ask: <Ouvrir le portail> | Merci de lire et confirmer : <Lire> | <Répondre à l'enquête> | De
  quel formulaire avez-vous besoin ? | <Voir la lettre>
private_subject: Ce week-end | Photos | Dîner vendredi ? | Bon anniversaire ! | Un service
private_body: {hello}//{private_line} {private_line}//$given
private_line: C'était bien dimanche. | Les photos sont ici : <album> | On reprend la même maison
  ? | J'ai deux places pour {when}. | Mon téléphone est cassé, écris à cette adresse. | Peux-tu
  me prêter $amount jusqu'à la fin du mois ?
application_subject: Candidature | Candidature, référence $number
application_body: {dear}//je vous adresse ma candidature à l'offre $number. J'ai $days ans
  d'expérience et serais libre le $date.//Mes documents sont joints.//{bye}
travel_subject: Confirmation de réservation $number | Votre voyage du $date
travel_body: {dear}//votre réservation $number est confirmée. Départ le $date, montant
  $amount.//<Gérer la réservation>//{regards}
voicemail_subject: Nouveau message vocal | Appel manqué
voicemail_body: {dear}//vous avez un message de $days secondes du
  $date.//<Écouter>//$pressure//{regards}
signature_subject: À signer : $file | $sender vous demande de signer
signature_body: {hello}//$sender vous demande de signer « $file ».//<Lire et signer>//La demande
  expire le $date. $pressure//{regards}
advance_subject: Proposition | Votre héritage | Indemnisation
advance_body: {dear}//{advance_line} {advance_line}//Merci de répondre avec vos nom et téléphone.
  $pressure//{bye}
advance_line: je vous écris en confidence au sujet de $amount restés sans héritier. | notaire, je
  règle la succession d'un client de votre nom. | votre adresse a été retenue pour une indemnité
  de $amount. | de petits frais de $amount couvrent l'acte.
footer: Vous recevez ce message car vous avez un compte $brand. <Se désabonner> | $brand.
  <Préférences> <Se désabonner> | Merci de ne pas répondre à ce message automatique.
quote_line: Le $date, $sender a écrit :
)grammar";

}  // namespace winnow::simulate
