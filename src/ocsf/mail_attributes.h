// The attributes of a mail event (Email Activity, class 4009): what the mail reader sets and what
// features and rules may ask for. Meaning, units and when an attribute is absent:
// docs/formats/mail-event.md.
#pragma once

#include "ocsf/event.h"

namespace winnow::ocsf::mail {

// What OCSF has a place for. Addresses stand here only in the form the schema allows
// (local@host.tld, ASCII); the normalised mailboxes of `unmapped.mail` below are always there when
// the mail names one.
inline const Attribute kActivityId = Attribute::of("activity_id");
inline const Attribute kDirectionId = Attribute::of("direction_id");
inline const Attribute kSeverityId = Attribute::of("severity_id");
inline const Attribute kProductName = Attribute::of("metadata.product.name");
inline const Attribute kProductVendor = Attribute::of("metadata.product.vendor_name");
inline const Attribute kEmailFrom = Attribute::of("email.from");
inline const Attribute kEmailFromMailbox = Attribute::of("email.from_mailbox");
inline const Attribute kEmailTo = Attribute::of("email.to");                      // texts
inline const Attribute kEmailCc = Attribute::of("email.cc");                      // texts
inline const Attribute kEmailReplyToList = Attribute::of("email.reply_to_list");  // texts
inline const Attribute kEmailReturnPath = Attribute::of("email.return_path");
inline const Attribute kEmailSender = Attribute::of("email.sender");
inline const Attribute kEmailDeliveredTo = Attribute::of("email.delivered_to_list");  // texts
inline const Attribute kSubject = Attribute::of("email.subject");
inline const Attribute kMessageUid = Attribute::of("email.message_uid");
inline const Attribute kSize = Attribute::of("email.size");  // bytes of the mail as received
inline const Attribute kEmailSpf = Attribute::of("email_auth.spf");
inline const Attribute kEmailDkim = Attribute::of("email_auth.dkim");
inline const Attribute kEmailDkimDomain = Attribute::of("email_auth.dkim_domain");
inline const Attribute kEmailDmarc = Attribute::of("email_auth.dmarc");
inline const Attribute kEmailDmarcPolicy = Attribute::of("email_auth.dmarc_policy");

inline const Attribute kUrls = Attribute::of("email.urls");  // records, unique by url_string
namespace url {
inline const Attribute kUrlString = Attribute::of("url_string");
inline const Attribute kHostname = Attribute::of("hostname");
inline const Attribute kDomain = Attribute::of("domain");  // registrable
inline const Attribute kScheme = Attribute::of("scheme");
inline const Attribute kPath = Attribute::of("path");
inline const Attribute kPort = Attribute::of("port");
inline const Attribute kQuery = Attribute::of("query_string");
}  // namespace url

inline const Attribute kFiles =
    Attribute::of("email.files");  // records: what kAttachments lists, as OCSF files
namespace file {
inline const Attribute kName = Attribute::of("name");
inline const Attribute kExtension = Attribute::of("ext");
inline const Attribute kMimeType = Attribute::of("mime_type");
inline const Attribute kSize = Attribute::of("size");
inline const Attribute kTypeId = Attribute::of("type_id");
inline const Attribute kHashAlgorithmId = Attribute::of("hashes.0.algorithm_id");
inline const Attribute kHashValue = Attribute::of("hashes.0.value");
}  // namespace file

// People. A mailbox is names' normal form (lower case, ASCII host), a domain the registrable one.
inline const Attribute kFrom = Attribute::of("unmapped.mail.from");
inline const Attribute kFromDomain = Attribute::of("unmapped.mail.from_domain");
inline const Attribute kFromHost = Attribute::of("unmapped.mail.from_host");
inline const Attribute kFromDisplayName = Attribute::of("unmapped.mail.from_display_name");
inline const Attribute kFromCount =
    Attribute::of("unmapped.mail.from_count");  // mailboxes in all From headers
inline const Attribute kReplyTo = Attribute::of("unmapped.mail.reply_to");
inline const Attribute kReplyToDomain = Attribute::of("unmapped.mail.reply_to_domain");
inline const Attribute kReturnPath =
    Attribute::of("unmapped.mail.return_path");  // empty text: the null path <>
inline const Attribute kReturnPathDomain = Attribute::of("unmapped.mail.return_path_domain");
inline const Attribute kSender = Attribute::of("unmapped.mail.sender");
inline const Attribute kSenderDomain = Attribute::of("unmapped.mail.sender_domain");
inline const Attribute kRecipients =
    Attribute::of("unmapped.mail.recipients");  // texts: To and Cc, in order
inline const Attribute kToCount = Attribute::of("unmapped.mail.to_count");
inline const Attribute kCcCount = Attribute::of("unmapped.mail.cc_count");
inline const Attribute kMessageIdDomain = Attribute::of("unmapped.mail.message_id_domain");

// Texts, UTF-8, of at most the mapping's cap (64 KiB of the beginning, 16 KiB of the end).
inline const Attribute kText =
    Attribute::of("unmapped.mail.text");  // what a reader sees, no subject
inline const Attribute kOwnText =
    Attribute::of("unmapped.mail.own_text");  // without quotes, signature, footers
inline const Attribute kHiddenText =
    Attribute::of("unmapped.mail.hidden_text");  // in the HTML, but not seen
inline const Attribute kTextCut =
    Attribute::of("unmapped.mail.text_cut");  // bool: the cap left something out
inline const Attribute kTextPartPresent = Attribute::of("unmapped.mail.text_part_present");
inline const Attribute kPlainTextBytes =
    Attribute::of("unmapped.mail.plain_text_bytes");  // of the text/plain parts
inline const Attribute kQuotedLines = Attribute::of("unmapped.mail.layout.quoted_lines");
inline const Attribute kSignatureLines = Attribute::of("unmapped.mail.layout.signature_lines");
inline const Attribute kFooterLines = Attribute::of("unmapped.mail.layout.footer_lines");
inline const Attribute kTextLines = Attribute::of("unmapped.mail.layout.lines");
inline const Attribute kLongestLine = Attribute::of("unmapped.mail.layout.longest_line");  // bytes
inline const Attribute kInvisibleCharacters =
    Attribute::of("unmapped.mail.layout.invisible");  // zero-width and the like

inline const Attribute kLinks =
    Attribute::of("unmapped.mail.links");  // records, in the order of the mail
inline const Attribute kLinkCount =
    Attribute::of("unmapped.mail.link_count");  // also those beyond the limit
namespace link {
inline const Attribute kUrl =
    Attribute::of("url");  // as a browser reads it; as written if it cannot
inline const Attribute kScheme = Attribute::of("scheme");
inline const Attribute kHost =
    Attribute::of("host");  // ASCII; absent for mailto:, data:, unreadable
inline const Attribute kHostKind = Attribute::of("host_kind");  // domain, ipv4, ipv6: with kHost
inline const Attribute kQuirks = Attribute::of("quirks");  // texts: which UrlQuirks hold, if any
inline const Attribute kRegistrable = Attribute::of("registrable");  // absent for an IP address
inline const Attribute kText = Attribute::of("text");  // anchor text or alternative text
inline const Attribute kKind =
    Attribute::of("kind");  // href text form image area meta frame script style
inline const Attribute kShownHost =
    Attribute::of("shown_host");  // where `text` itself reads as a URL or domain
inline const Attribute kShownRegistrable = Attribute::of("shown_registrable");
inline const Attribute kHidden = Attribute::of("hidden");  // bool: where the reader sees nothing
inline const Attribute kNested = Attribute::of("nested");  // bool: in a mail within the mail
}  // namespace link

// HTML, counted over all HTML parts. Only kHtmlPresent is there when there is none.
inline const Attribute kHtmlPresent = Attribute::of("unmapped.mail.html.present");
inline const Attribute kHtmlBytes = Attribute::of("unmapped.mail.html.bytes");
inline const Attribute kHtmlTags = Attribute::of("unmapped.mail.html.tags");
inline const Attribute kHtmlVisibleBytes = Attribute::of("unmapped.mail.html.visible_bytes");
inline const Attribute kHtmlHiddenBytes = Attribute::of("unmapped.mail.html.hidden_bytes");
inline const Attribute kHtmlForms = Attribute::of("unmapped.mail.html.forms");
inline const Attribute kHtmlInputs = Attribute::of("unmapped.mail.html.inputs");
inline const Attribute kHtmlPasswordInputs = Attribute::of("unmapped.mail.html.password_inputs");
inline const Attribute kHtmlImages = Attribute::of("unmapped.mail.html.images");
inline const Attribute kHtmlRemoteImages = Attribute::of("unmapped.mail.html.remote_images");
inline const Attribute kHtmlEmbeddedImages =
    Attribute::of("unmapped.mail.html.embedded_images");                                   // cid:
inline const Attribute kHtmlDataImages = Attribute::of("unmapped.mail.html.data_images");  // data:
inline const Attribute kHtmlTinyImages =
    Attribute::of("unmapped.mail.html.tiny_images");  // at most 1x1
inline const Attribute kHtmlScripts = Attribute::of("unmapped.mail.html.scripts");
inline const Attribute kHtmlEventHandlers = Attribute::of("unmapped.mail.html.event_handlers");
inline const Attribute kHtmlFrames = Attribute::of("unmapped.mail.html.frames");  // iframe, frame
inline const Attribute kHtmlObjects =
    Attribute::of("unmapped.mail.html.objects");  // object, embed, applet
inline const Attribute kHtmlStyleBlocks = Attribute::of("unmapped.mail.html.style_blocks");
inline const Attribute kHtmlExternalStyles = Attribute::of("unmapped.mail.html.external_styles");
inline const Attribute kHtmlMetaRefresh = Attribute::of("unmapped.mail.html.meta_refresh");
inline const Attribute kHtmlBaseHref = Attribute::of("unmapped.mail.html.base_href");  // text
inline const Attribute kHtmlComments = Attribute::of("unmapped.mail.html.comments");
inline const Attribute kHtmlCharacterReferences =
    Attribute::of("unmapped.mail.html.character_references");

inline const Attribute kAttachments = Attribute::of("unmapped.mail.attachments");  // records
inline const Attribute kAttachmentCount = Attribute::of("unmapped.mail.attachment_count");
namespace attachment {
inline const Attribute kName = Attribute::of("name");
inline const Attribute kExtension =
    Attribute::of("extension");  // of the name, lower case, without the dot
inline const Attribute kDeclaredType = Attribute::of("declared_type");  // "application/pdf"
inline const Attribute kDetectedType =
    Attribute::of("detected_type");  // by content; absent when unknown
inline const Attribute kTypeMismatch =
    Attribute::of("type_mismatch");                    // content contradicts name or declaration
inline const Attribute kSize = Attribute::of("size");  // bytes, decoded
inline const Attribute kSha256 = Attribute::of("sha256");  // lower-case hex, of the decoded bytes
inline const Attribute kInline = Attribute::of("inline");  // shown within the text (cid: images)
inline const Attribute kDoubleExtension = Attribute::of("double_extension");  // invoice.pdf.exe
inline const Attribute kDirectionOverride =
    Attribute::of("direction_override");  // U+202E and kin in the name
inline const Attribute kExecutable =
    Attribute::of("executable");                         // a program or script, by name or content
inline const Attribute kHtml = Attribute::of("html");    // HTML or SVG that a browser would open
inline const Attribute kMacro = Attribute::of("macro");  // carries Office macros
inline const Attribute kEncrypted =
    Attribute::of("encrypted");  // archive or document needs a password
inline const Attribute kArchiveFormat =
    Attribute::of("archive_format");  // "zip", "rar", "7z", "iso", ...
inline const Attribute kArchiveEntries = Attribute::of("archive_entries");
inline const Attribute kArchiveNames = Attribute::of("archive_names");  // texts, the first ones
inline const Attribute kArchiveExecutables =
    Attribute::of("archive_executables");                    // entries that are programs
inline const Attribute kNested = Attribute::of("nested");    // bool: in a mail within the mail
inline const Attribute kDamaged = Attribute::of("damaged");  // bool: its encoding or archive is
inline const Attribute kMessage = Attribute::of("message");  // a mail inside the mail
}  // namespace attachment

// The path the mail took, from the Received headers, nearest receiver first.
inline const Attribute kReceived = Attribute::of("unmapped.mail.received");  // records
inline const Attribute kReceivedCount = Attribute::of("unmapped.mail.received_count");
namespace received {
inline const Attribute kHelo = Attribute::of("helo");  // what the client called itself
inline const Attribute kHost = Attribute::of("host");  // the client's name by reverse DNS
inline const Attribute kIp = Attribute::of("ip");
inline const Attribute kBy = Attribute::of("by");
inline const Attribute kProtocol = Attribute::of("protocol");    // "esmtps", lower case
inline const Attribute kEncrypted = Attribute::of("encrypted");  // bool: by TLS
inline const Attribute kTime = Attribute::of("time_us");         // microseconds since 1970
}  // namespace received

// Authentication as a trusted receiver recorded it (RFC 8601). Results are the RFC's lower-case
// words; absent: no trusted receiver said.
inline const Attribute kAuthTrusted =
    Attribute::of("unmapped.mail.auth.trusted");  // bool: there was such a record
inline const Attribute kAuthServer = Attribute::of("unmapped.mail.auth.server");
inline const Attribute kAuthIgnored =
    Attribute::of("unmapped.mail.auth.ignored_count");  // records by others
inline const Attribute kSpf = Attribute::of("unmapped.mail.auth.spf");
inline const Attribute kSpfDomain = Attribute::of("unmapped.mail.auth.spf_domain");
inline const Attribute kDkim =
    Attribute::of("unmapped.mail.auth.dkim");  // the best signature's result
inline const Attribute kDkimDomains =
    Attribute::of("unmapped.mail.auth.dkim_domains");  // texts: those that passed
inline const Attribute kDmarc = Attribute::of("unmapped.mail.auth.dmarc");
inline const Attribute kDmarcPolicy = Attribute::of("unmapped.mail.auth.dmarc_policy");
inline const Attribute kArc = Attribute::of("unmapped.mail.auth.arc");
inline const Attribute kArcSets = Attribute::of("unmapped.mail.auth.arc_sets");  // ARC-Seal headers
inline const Attribute kDkimSignatures =
    Attribute::of("unmapped.mail.auth.dkim_signatures");  // headers, unchecked

// Headers of a generic kind.
inline const Attribute kListId = Attribute::of("unmapped.mail.headers.list_id");  // bool
inline const Attribute kListUnsubscribe =
    Attribute::of("unmapped.mail.headers.list_unsubscribe");                             // bool
inline const Attribute kInReplyTo = Attribute::of("unmapped.mail.headers.in_reply_to");  // bool
inline const Attribute kReferences = Attribute::of("unmapped.mail.headers.references");  // count
inline const Attribute kAutoSubmitted =
    Attribute::of("unmapped.mail.headers.auto_submitted");  // bool, not "no"
inline const Attribute kPrecedence = Attribute::of("unmapped.mail.headers.precedence");  // text
inline const Attribute kMessageIdPresent =
    Attribute::of("unmapped.mail.headers.message_id");  // bool
inline const Attribute kDatePresent =
    Attribute::of("unmapped.mail.headers.date");  // bool: readable
inline const Attribute kDuplicateHeaders =
    Attribute::of("unmapped.mail.headers.duplicates");  // of once-only headers
inline const Attribute kDateSkew =
    Attribute::of("unmapped.mail.date_skew_s");  // Date minus topmost Received

inline const Attribute kProblems =
    Attribute::of("unmapped.mail.problems");  // texts: what was damaged or cut

}  // namespace winnow::ocsf::mail
