#include "simulate/detail/phrases.h"

namespace winnow::simulate {

const std::string_view kEnglish = R"grammar(
hello: Hi $name, | Hello $name, | $name, | Dear $name, | Good morning $name, | Hi,
dear: Dear $full, | Dear $name, | Dear customer, | Hello $full, | Dear user, | Hello,
bye: Best,/$sender | Thanks,/$sender | Kind regards,/$sender | Cheers/$given | Best
  regards/$sender | $given
regards: Kind regards/$brand | Best regards,/The $brand team | Sincerely,/$brand | Your $brand
  team | $brand support
thing: the draft | the numbers | the slides | the test results | the contract | the plan | the
  list of open points | the report | the offer | the specification
event: the review | the steering meeting | the workshop | the audit | the release | the customer
  visit | the weekly call | the board meeting
when: tomorrow | on Thursday | next week | by Friday | this afternoon | before $date | at the end
  of the month | on $date
talk_subject: $project: {thing} | {thing} for $project | Notes from {event} | $project, next
  steps | Question about $project | {event} {when} | Short update on $project | Minutes | Agenda
  for {event}
talk_body: {hello}//{talk_line} {talk_line}//{talk_more}//{bye} | {hello}//{talk_line}//{bye}
  | {hello}//{talk_line} {talk_more} {talk_line}//{bye}
talk_line: I went through {thing} and have two remarks. | Could you look at {thing} before
  {event}? | We moved {event}, it is {when} now. | The customer came back to us about {thing}.
  | I put {thing} into the project folder. | As discussed, {thing} will be ready {when}. | There
  is still one point open in {thing}. | Who takes care of {thing}? | The build is green again, so
  we can go on with $project. | Please send me your comments {when}. | I am out of office {when},
  Grace stands in for me. | The supplier confirmed the delivery {when}.
talk_more: Section three needs another pass, the rest is fine from my side. | I would rather not
  decide this without the finance people. | If nobody objects I will book the room. | It is not
  urgent, but please do not forget it. | Let me know if you see it differently. | The second
  column does not add up, maybe I read it wrong. | We can talk about it over lunch. | I attach
  the last version to be safe.
reply: {hello}//{reply_line}//{bye} | {reply_line}//{bye} | {reply_line} {talk_line}//{given_only}
given_only: $given | Thanks, $given | Best, $given
reply_line: Fine with me. | Thanks, that helps. | Can we move it to the afternoon? | I will have
  a look {when}. | Agreed, please go ahead. | I am not sure about the second point, let us talk.
  | Done, see the folder. | Yes, that is correct. | Sorry for the late answer, I was travelling.
  | Let me check with the team and come back to you.
request_subject: Quick question | Request | Are you at your desk? | Need your help | $project
  | Short favour | Today | Available? | Payment $number | Following up
request_body: {hello}//{request_line} {request_more}//{bye}
  | $name,//{request_line}//{request_more}//{given_only} | {hello}//{request_line}//{bye}
request_line: Are you available for a moment? I need you to take care of something {when}.
  | Please prepare the payment of $amount for $project, the details follow. | Could you send me
  the list of open invoices? | I am in meetings all day, please answer by mail. | Can you get
  this done {when}? | I need the updated staff list for {event}. | Do we have the signed copy of
  {thing}? I need it {when}. | Please buy the gift cards for the team event, $amount in total, I
  pay you back.
request_more: $pressure Let me know when it is done. | $pressure I count on you. | Please keep it
  between us until {event}. | Thanks for handling this. | I will explain later. | Tell me how
  much time you need. | $pressure
invoice_subject: Invoice $number | Invoice $number from $brand | Your invoice $number is ready
  | Payment reminder: invoice $number | $brand: statement $number | Invoice $number, due $date
  | Overdue invoice $number
invoice_body: {dear}//{invoice_line}//{invoice_pay} $pressure//{regards}
  | {hello}//{invoice_line} {invoice_pay}//$pressure//{bye}
invoice_line: please find attached invoice $number over $amount for $project. | enclosed you
  receive invoice $number, payable until $date. | according to our books invoice $number over
  $amount is still open. | your invoice $number is ready: <View invoice $number> | thank you for
  your order. The amount due is $amount. | this is a reminder of invoice $number, due $date.
invoice_pay: Please transfer the amount to the account given on the invoice. | Payment is due
  within $days days without deduction. | If you have paid in the meantime, please disregard this
  message. | You can pay online: <Pay now> | Please mention the invoice number with your payment.
  | Questions about this invoice? Just answer this mail.
bank_change: Please note that our bank details have changed: from now on use the account $account
  only. | Because of an audit at our bank, payments must go to our new account $account. | Kindly
  update our bank details in your system before the next payment: $account. | As announced, we
  have moved to another bank. New account: $account.
newsletter_subject: $brand news: what changed in $project | This week at $brand | $days days
  left: save on $project | New: $project for teams | You are invited: $project webinar | Your
  monthly digest | Do not miss it: {news_offer} | $full, {news_offer}
news_offer: a third off everything | the early price ends soon | free for $days days | our best
  offers of the month | a gift is waiting for you
newsletter_body: {dear}//{news_line}//{news_line} <{news_button}>//{news_line}//{regards}
  | {news_line} <{news_button}>//{news_line} <{news_button}>//{regards}
news_button: Read more | Register now | Claim your offer | See what is new | Save your seat
  | Shop now | Activate now
news_line: We rebuilt $project from the ground up, and it shows. | In this issue: three customers
  tell how they work with $project. | Only until $date: {news_offer}. | Join our experts for a
  free session on $date. | Our prices will change on $date, so act now. | What you read most last
  month, in one place. | Your account has unused credit worth $amount. | We listened to you and
  changed a few things.
share_subject: $sender shared "$file" with you | $sender shared a file with you | "$file"
  | Document shared with you: $file | $file, for your review | New document in $project
share_body: {hello}//$sender has shared a file with you.//$file//<Open>//$pressure//{regards}
  | $sender added you to "$file" in $project. {share_line}//<View document>//$pressure//{regards}
  | {dear}//a secure document is waiting for you: <$file>//{share_line} $pressure//{regards}
share_line: The link works for you only. | The link expires in $days days. | You may be asked to
  sign in. | Sign in with your work account to see it. | You can comment and edit.
ticket_subject: [$project-$number] {ticket_state} | Re: [$project-$number] {thing} | Ticket
  $number was updated | Build $number {ticket_result} | [$project] {ticket_state}
ticket_state: assigned to you | new comment | status changed to in progress | closed | waits for
  your approval
ticket_result: failed | is fixed | passed
ticket_body: $sender commented on $project-$number://{talk_line} {talk_more}//<View
  ticket>//{regards} | $project-$number: {ticket_state}//Reporter: $sender/Priority: medium/Due:
  $date//<Open in tracker>//{regards} | Build $number of $project {ticket_result}.//<See the
  log>//You get this mail because you watch the project.
it_subject: Your password expires in $days days | Action required: {it_thing} | {it_thing}:
  please confirm | Mailbox almost full | Planned maintenance {when} | Multi-factor sign-in will
  be required from $date | $company IT: {it_thing} | Messages are on hold for you | Password
  expiry notice for $mailbox | Your account needs attention
it_thing: mailbox migration | password change | verification of your account | new sign-in page
  | security update | VPN certificate renewal | re-enrolment of your second factor
it_body: {dear}//{it_line}//{it_ask} $pressure//{it_end} | {hello}//{it_line}
  {it_line}//{it_ask}//$pressure//{it_end} | {dear}//{it_line} $pressure//{it_ask}//{it_end}
it_line: the password of your account $mailbox expires in $days days. | we are moving all
  mailboxes to the new platform {when}. | your mailbox has used almost all of its space; new
  messages may be returned. | from $date signing in needs a second factor. | during maintenance
  on $date mail and VPN will be down for an hour. | some messages to you are on hold because your
  profile is not complete. | our security policy asks everybody to confirm their details once a
  year. | the certificate of your VPN access runs out on $date.
it_ask: Please change it here: <Change password> | <Keep my current password> | Please sign in
  and confirm: <Confirm account> | Scan the code below with your phone to enrol. | You need not
  do anything. | Open the self-service page as usual and follow the steps. | <Release messages>
  | To go on without interruption, use this link: <Update now>
it_end: Your IT service desk | $company IT | Regards/IT support | Service desk, extension 4455
  | System administrator | $brand
pressure: Otherwise your access will be blocked. | This cannot wait. | If we do not hear from you
  within 24 hours the account will be closed. | Please treat this as urgent and confidential.
  | Failure to act will lead to extra cost. | It has to be today. | This is the last notice. | Do
  not ignore this message. | Only a few hours are left.
demand: Verify your mailbox now to avoid suspension: <Verify now> | <Keep my password> and
  continue as before. | <Click here> to restore full access. | Your messages are held. <Release
  pending messages> | Confirm your details within 24 hours: <Confirm> | Your account will be
  deactivated unless you validate it: <Validate account> | Settle the outstanding amount to avoid
  return: <Settle now>
signin_subject: New sign-in to your account | Security alert | Your verification code: $number
  | Was this you? | Unusual activity in your $brand account | New device: confirm that it was you
signin_body: {dear}//{signin_line}//{signin_ask} $pressure//{regards}
  | {signin_line}//{signin_ask}//$pressure//{regards}
signin_line: we noticed a sign-in to your $brand account on $date from a new device. | your
  verification code is $number. It is valid for $days minutes. | somebody tried to sign in with
  your password on $date. | the password of your $brand account was changed on $date. | an
  application was given access to your account.
signin_ask: If this was you, there is nothing to do. | If it was not you: <Secure your account>
  | <Review activity> | Do not share this code with anybody. | Please verify your identity:
  <Verify now>
parcel_subject: Your parcel is on its way | Delivery {when} | Parcel $number: we missed you
  | Your order $number has shipped | Parcel $number waits for you | Customs: parcel $number
parcel_body: {dear}//{parcel_line}//{parcel_ask} $pressure//{regards} | {parcel_line}
  {parcel_ask}//$pressure//{regards}
parcel_line: your parcel $number will be delivered {when}. | we could not deliver your parcel
  $number because nobody was in. | your order has left our warehouse. | your parcel from abroad
  is held by customs. | the address of your parcel $number is incomplete.
parcel_ask: <Track your parcel> | Choose another day: <Change delivery> | A customs fee of
  $amount is due: <Pay fee> | It waits at the parcel shop for $days days. | Please confirm your
  address: <Confirm address>
bank_subject: Your statement for $project | Payment received | Payment advice $number | Your card
  was used | Important information about your account | New terms from $date | Your online access
bank_body: {dear}//{bank_line}//{bank_ask} $pressure//{regards} | {dear}//{bank_line}
  {bank_ask}//$pressure//{regards}
bank_line: your statement for the last month is ready. | we received a payment of $amount for
  you. | your card was used for a payment of $amount on $date. | our terms change on $date; you
  find them in online banking. | your security application must be renewed until $date. | a
  transfer of $amount is waiting for your approval.
bank_ask: Sign in as usual to see it. | <Sign in to online banking> | We never ask for your
  password by mail. | If you do not know this payment: <Report it> | <Renew now> | Details: <View
  transaction>
hr_subject: Payslip for last month | Holiday planning | Updated policy on travel | Survey: how do
  you work? | Your yearly review | Bonus letter | Benefits: choose until $date | Change of your
  payroll data
hr_body: {hello}//{hr_line} {hr_ask}//$pressure//{bye} | {dear}//{hr_line}//{hr_ask}
  $pressure//{bye}
hr_line: your payslip is in the portal. | please enter your holidays until $date. | the policy on
  travel and expenses has changed. | we would like to hear how you work: the survey takes five
  minutes. | the letter about your bonus is ready. | benefits for the coming year can be chosen
  until $date. | I have changed banks and would like my salary to go to another account from this
  month on.
hr_ask: <Open the portal> | Please read and acknowledge: <Read the policy> | <Take the survey>
  | Which form do you need from me? | Come and see us if you have questions. | <View letter>
private_subject: Weekend | Photos | Dinner on Friday? | Re: holiday | Happy birthday! | Tickets
  | Hello from the coast | A favour
private_body: {hello}//{private_line} {private_line}//{given_only} | {hello}
  {private_line}//{given_only}
private_line: it was lovely to see you all on Sunday. | The photos are here: <album> | Shall we
  book the same house again? | Mum says hello and asks about the bread recipe. | I got two
  tickets for the concert {when}. | My phone is broken, so please write to this address. | Can
  you pick up the kids {when}? | Do you still have the drill? | Could you lend me $amount until
  the end of the month?
application_subject: Application as engineer | Application, reference $number | Internship | Your
  job advertisement | Application documents $sender
application_body: {dear}//with great interest I read your advertisement ($number).
  {application_line}//My documents are attached.//{bye}
application_line: I have worked in operations for $days years. | I finished my studies this
  summer. | Your project $project matches what I did before. | I could start on $date.
travel_subject: Booking confirmation $number | Your trip on $date | Check in now | Your hotel
  booking | Ticket $number
travel_body: {dear}//your booking $number is confirmed. {travel_line}//<Manage booking>//{regards}
travel_line: Departure is on $date. | Check-in opens $days hours before. | The total is $amount.
  | Free cancellation until $date.
voicemail_subject: New voice message from extension $days | Missed call | Voice message ($days
  seconds) | Fax received: $number pages
voicemail_body: {dear}//you have a new message of $days seconds, received on $date.//<Play
  message>//$pressure//{regards} | Missed call from $sender on
  $date.//<Listen>//$pressure//{regards}
signature_subject: Please sign: $file | $sender sent you a document to sign | Completed: $file
  | Reminder: $file waits for your signature
signature_body: {hello}//$sender asks you to sign "$file".//<Review and sign>//{signature_line}
  $pressure//{regards} | {dear}//all parties have signed "$file".//<Download>//{regards}
  | $sender is waiting for your signature.//<Open $file>//$pressure//{regards}
signature_line: The request expires on $date. | Do not forward this mail: it is meant for you
  only. | You can also decline.
advance_subject: Partnership | Your inheritance | Compensation fund | Greetings | Business
  proposal | Unclaimed deposit of $amount
advance_body: {dear}//{advance_line} {advance_line}//{advance_ask}//{bye}
advance_line: I write to you in confidence about an amount of $amount which was left without an
  heir. | I am a lawyer and have handled the estate of a client with your family name. | Our
  committee has chosen your address for a compensation of $amount. | I am seriously ill and wish
  to give my savings to somebody who uses them well. | My bank will release the deposit to a
  foreign partner only. | We look for agents who receive payments for us at home and keep a
  tenth.
advance_ask: Please answer with your full name, address and telephone number. | Answer only to my
  private address. | A small fee of $amount covers the certificate. | Keep this between us until
  the transfer is done. $pressure
footer: You get this mail because you have an account with $brand. <Unsubscribe> | $brand, all
  rights reserved. <Preferences> <Unsubscribe> | Please do not answer this mail, it was sent
  automatically. | This message may be confidential. If it is not for you, please delete it.
quote_line: On $date, $sender wrote:
)grammar";

}  // namespace winnow::simulate
