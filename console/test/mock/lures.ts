// What the invented mails say. Every name and domain is reserved for examples.
export interface Lure {
  titles: string[];
  name: string;
  sender: string; // {n} is a number
  reasons: [feature: string, text: string, weight: number][];
  text: string;
  link: [text: string, target: string, domain: string] | null;
  attachment: [name: string, type: string, problem: string] | null;
  techniques: string[];
  probability: [low: number, high: number];
  benign?: boolean;
}

const sign = (link: string) => `\n\nKind regards,\nThe account team\n\n${link}`;

export const lures: Lure[] = [
  {
    titles: ['Invoice {n} is overdue', 'Second reminder: invoice {n}', 'Outstanding balance, invoice {n}'],
    name: 'Accounts Receivable',
    sender: 'billing@northwind-ledger{n}.example',
    reasons: [
      ['link_text_mismatch', 'a link shows ledger.example and leads to pay-now.example', 1.86],
      ['sender_age', 'nobody here has had mail from this sender before', 1.12],
      ['auth_dmarc', 'DMARC failed for the sender’s domain', 0.94],
      ['words_urgent', 'it presses for payment within 24 hours', 0.61],
      ['recipients', 'it went to one person only', -0.22],
    ],
    text: `Dear customer,\n\nour records show that invoice {n} is still unpaid. To avoid late fees and a suspension of your account, please settle it within 24 hours through our secure portal:\n\nhttps://ledger.example/invoices/{n}\n\nIf you have paid in the meantime, please disregard this message.${sign('')}`,
    link: ['https://ledger.example/invoices/{n}', 'hxxps://pay-now[.]example/i/{n}?c=a91f', 'pay-now[.]example'],
    attachment: null,
    techniques: ['T1566.002'],
    probability: [0.9, 0.995],
  },
  {
    titles: ['Your password expires today', 'Action required: password expires in {d} hours', 'Passwort läuft heute ab'],
    name: 'IT Service Desk',
    sender: 'helpdesk@soc-examp1e{n}.example',
    reasons: [
      ['from_lookalike', 'the sender’s domain imitates soc.example', 2.31],
      ['html_password_field', 'the mail itself asks for a password', 1.74],
      ['auth_spf', 'SPF failed: the server may not send for this domain', 0.88],
      ['text_model', 'its words resemble known phishing', 0.73],
      ['thread', 'it answers no mail of ours', 0.18],
    ],
    text: `Hello,\n\nthe password of your account expires today. Keep your current password by confirming it below. Accounts that are not confirmed by the end of the day are locked.\n\n[Keep my password]\n\nThis is an automatic message of the IT Service Desk.`,
    link: ['Keep my password', 'hxxps://login[.]soc-examp1e[.]example/keep?u=…', 'login[.]soc-examp1e[.]example'],
    attachment: null,
    techniques: ['T1566.002', 'T1656'],
    probability: [0.93, 0.998],
  },
  {
    titles: ['Scan from the 3rd floor printer', 'Voicemail from +49 30 555 {n}', 'New fax: {d} pages'],
    name: 'Office Multifunction',
    sender: 'scanner{n}@print-relay.example',
    reasons: [
      ['attachment_disguised', 'the attachment pretends to be a PDF and is HTML', 2.05],
      ['auth_dkim', 'it carries no signature', 0.52],
      ['sender_age', 'nobody here has had mail from this sender before', 0.49],
      ['text_short', 'it says next to nothing', 0.33],
      ['date_skew', 'it arrived when it says it was sent', -0.15],
    ],
    text: `A document was scanned and sent to you.\n\nPages: {d}\nResolution: 200 dpi\n\nPlease open the attachment.`,
    link: null,
    attachment: ['Scan_{n}.pdf.html', 'text/html', 'says it is a PDF and is HTML that runs a script'],
    techniques: ['T1566.001'],
    probability: [0.82, 0.97],
  },
  {
    titles: ['Quick favour', 'Are you at your desk?', 'Confidential: need this before noon'],
    name: 'Helena Brandt (CEO)',
    sender: 'h.brandt.office{n}@freemail.example',
    reasons: [
      ['name_foreign', 'the name is that of an executive, the mailbox is a stranger’s', 1.93],
      ['reply_to_differs', 'answers go to another mailbox', 1.04],
      ['words_secrecy', 'it asks to tell nobody', 0.66],
      ['links', 'it has no links', -0.41],
    ],
    text: `Hi,\n\nI am in a meeting and cannot take calls. I need you to buy gift cards for a client, today and discreetly. Send me the codes by mail and I will see that you are paid back.\n\nPlease keep this between us.\n\nHelena`,
    link: null,
    attachment: null,
    techniques: ['T1656'],
    probability: [0.74, 0.95],
  },
  {
    titles: ['Ihr Paket konnte nicht zugestellt werden', 'Votre colis est en attente', 'Parcel {n} is held at the depot'],
    name: 'Parcel Notice',
    sender: 'notice@track-parcel{n}.example',
    reasons: [
      ['name_foreign_brand', 'the sender’s name is a brand that its domain does not belong to', 1.55],
      ['link_shortener', 'a link hides behind a shortener', 0.97],
      ['domain_age', 'its links lead to a domain nobody here has visited', 0.71],
      ['html_remote_images', 'it loads {d} images from elsewhere', 0.24],
      ['list_unsubscribe', 'it can be unsubscribed from', -0.31],
    ],
    text: `Guten Tag,\n\nwir konnten Ihr Paket {n} nicht zustellen. Bitte bestätigen Sie Ihre Anschrift und die Zustellgebühr von 1,99 EUR innerhalb von {d} Stunden, sonst geht die Sendung zurück.\n\nJetzt bestätigen: kurz.example/{n}`,
    link: ['Jetzt bestätigen', 'hxxps://kurz[.]example/{n}', 'kurz[.]example'],
    attachment: null,
    techniques: ['T1566.002', 'T1656'],
    probability: [0.66, 0.93],
  },
  {
    titles: ['Shared document: Q{d} salary review', '“Offer {n}.xlsm” was shared with you'],
    name: 'Shared Documents',
    sender: 'no-reply@docs-share{n}.example',
    reasons: [
      ['attachment_macro', 'the attachment carries macros', 1.42],
      ['hosted_link', 'it links to a page on free hosting', 0.86],
      ['words_money', 'it is about salaries', 0.47],
      ['auth_dmarc', 'DMARC passed', -0.58],
      ['sender_mails', 'the sender has written here {d} times', -0.35],
    ],
    text: `A document was shared with you.\n\nSalary review Q{d}.xlsm\nLast changed by HR today\n\nEnable editing and content to see the figures.`,
    link: ['Open document', 'hxxps://free-pages[.]example/s/{n}', 'free-pages[.]example'],
    attachment: ['Salary review.xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12', 'carries a macro that runs when it is opened'],
    techniques: ['T1566.001', 'T1566.002'],
    probability: [0.48, 0.82],
  },
  {
    titles: ['Newsletter: what is new in October', 'Your ticket for the trade fair', 'Webinar tomorrow: last seats'],
    name: 'Trade Fair Team',
    sender: 'news@fair-weekly{n}.example',
    benign: true,
    reasons: [
      ['links_many', 'it has {d} links to different domains', 0.62],
      ['html_remote_images', 'it loads images from elsewhere', 0.38],
      ['auth_dkim', 'DKIM passed for the sender’s domain', -0.74],
      ['sender_mails', 'the sender has written here many times', -0.91],
    ],
    text: `Dear reader,\n\nthis month: the halls are full, the programme is out, and early tickets end on Friday. We look forward to seeing you.\n\nTo change your subscription, follow the link below.`,
    link: ['Programme', 'hxxps://fair-weekly[.]example/programme', 'fair-weekly[.]example'],
    attachment: null,
    techniques: [],
    probability: [0.4, 0.58],
  },
  {
    titles: ['Security awareness: can you spot it?', 'Mandatory training: your score', 'Please confirm your training result'],
    name: 'Awareness Training',
    sender: 'training@phish-drill.example',
    benign: true,
    reasons: [
      ['words_credentials', 'it asks to sign in', 0.81],
      ['link_text_mismatch', 'a link shows one address and leads to another', 0.77],
      ['sender_mails', 'the sender writes to everyone here every month', -0.69],
    ],
    text: `Hello,\n\nyour training result is ready. Sign in to see your score and confirm that you have taken part.\n\nYour awareness team`,
    link: ['https://intranet.soc.example/training', 'hxxps://phish-drill[.]example/t/{n}', 'phish-drill[.]example'],
    attachment: null,
    techniques: ['T1566.002'],
    probability: [0.52, 0.78],
  },
];

export const people = ['ann', 'ben', 'chidi', 'dana', 'elif'];
export const staff = [
  'a.lindqvist', 'b.okafor', 'c.marchetti', 'd.novak', 'e.svensson', 'f.haddad', 'g.moreau', 'h.tanaka', 'i.petrova', 'j.silva', 'k.weber', 'l.oconnor',
];
