#include "ingest/mail/mail_event.h"

#include "base/utf8.h"
#include "ingest/mail/mail_text.h"
#include "names/domain.h"
#include "ocsf/mail_attributes.h"
#include "ocsf/schema.h"

namespace winnow {
namespace {

namespace m = ocsf::mail;
using ocsf::Attribute;
using ocsf::EntityKind;
using ocsf::EventBuilder;
using ocsf::Role;

constexpr std::size_t kLongestSubject = 2048;
constexpr std::size_t kLongestMessageId = 998;  // RFC 5322 section 2.1.1: the longest line

std::int64_t count_of(std::uint64_t count) { return static_cast<std::int64_t>(count); }

void set_text(Attribute attribute, std::string_view text, EventBuilder& event) {
  if (!text.empty()) event.set(attribute, text);
}

void set_texts(Attribute attribute, const std::vector<std::string>& texts, EventBuilder& event) {
  if (texts.empty()) return;
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  event.set(attribute, std::span<const std::string_view>(views));
}

// Those that OCSF's type allows.
void set_emails(Attribute attribute, const std::vector<std::string>& keys, EventBuilder& event) {
  std::vector<std::string_view> valid;
  for (const auto& key : keys) {
    if (is_ocsf_email(key)) valid.push_back(key);
  }
  if (!valid.empty()) event.set(attribute, std::span<const std::string_view>(valid));
}

void set_email(Attribute attribute, const std::optional<MailPerson>& person, EventBuilder& event) {
  if (person && is_ocsf_email(person->key)) event.set(attribute, std::string_view(person->key));
}

void set_from(const MailPeople& people, EventBuilder& event) {
  if (people.from_count > 0) event.set(m::kFromCount, count_of(people.from_count));
  if (!people.from) return;
  const auto& from = *people.from;
  set_email(m::kEmailFrom, people.from, event);
  const auto mailbox = from.display_name.empty() ? from.key
                       : from.key.empty()        ? from.display_name
                                                 : from.display_name + " <" + from.key + ">";
  set_text(m::kEmailFromMailbox, mailbox, event);
  set_text(m::kFrom, from.key, event);
  set_text(m::kFromHost, from.host, event);
  set_text(m::kFromDomain, from.registrable, event);
  set_text(m::kFromDisplayName, from.display_name, event);
  if (!from.key.empty()) event.name_entity(EntityKind::Mailbox, Role::Actor, from.key);
  const auto& domain = from.registrable.empty() ? from.host : from.registrable;
  if (!domain.empty()) event.name_entity(EntityKind::Domain, Role::Actor, domain);
}

}  // namespace

void set_class_facts(std::uint64_t size, EventBuilder& event) {
  event.set(m::kActivityId, ocsf::activity::kReceive);
  event.set(m::kDirectionId, ocsf::direction::kUnknown);
  event.set(m::kSeverityId, ocsf::severity::kInformational);
  event.set(m::kProductName, "Winnow").set(m::kProductVendor, "Winnow");
  event.set(m::kSize, count_of(size));
}

void set_people(const MailPeople& people, EventBuilder& event) {
  set_from(people, event);
  set_email(m::kEmailSender, people.sender, event);
  set_email(m::kEmailReturnPath, people.return_path, event);
  set_emails(m::kEmailTo, people.to_keys, event);
  set_emails(m::kEmailCc, people.cc_keys, event);
  set_emails(m::kEmailReplyToList, people.reply_to_keys, event);
  set_emails(m::kEmailDeliveredTo, people.delivered_to_keys, event);
  if (people.reply_to) {
    set_text(m::kReplyTo, people.reply_to->key, event);
    set_text(m::kReplyToDomain, people.reply_to->registrable, event);
  }
  if (people.sender) {
    set_text(m::kSender, people.sender->key, event);
    set_text(m::kSenderDomain, people.sender->registrable, event);
  }
  if (people.return_path) {  // empty for the null path, which says something too
    event.set(m::kReturnPath, std::string_view(people.return_path->key));
    set_text(m::kReturnPathDomain, people.return_path->registrable, event);
  }
  std::vector<std::string_view> recipients(people.to_keys.begin(), people.to_keys.end());
  recipients.insert(recipients.end(), people.cc_keys.begin(), people.cc_keys.end());
  if (!recipients.empty()) event.set(m::kRecipients, std::span<const std::string_view>(recipients));
  event.set(m::kToCount, count_of(people.to_count)).set(m::kCcCount, count_of(people.cc_count));
  for (const auto key : recipients) event.name_entity(EntityKind::Mailbox, Role::Target, key);
}

void set_subject(std::string_view subject, EventBuilder& event) {
  event.set(m::kSubject, utf8_prefix(trim_ascii(subject), kLongestSubject));
}

void set_message_id(std::string_view value, EventBuilder& event) {
  const auto id = utf8_prefix(trim_ascii(value), kLongestMessageId);
  if (id.empty()) return;
  event.set(m::kMessageUid, id);
  const auto at = id.rfind('@');
  if (at == std::string_view::npos) return;
  const auto host = to_ascii_domain(id.substr(at + 1, id.find('>', at) - at - 1));
  if (host) set_text(m::kMessageIdDomain, registrable_domain(*host), event);
}

void set_body(const MailBody& body, const MailLimits& limits, MailProblems& problems,
              EventBuilder& event) {
  const auto layout = read_layout(body.text);
  bool cut = false;
  std::string shortened;
  const auto fit = [&](std::string_view text) {
    const auto kept =
        head_and_tail(text, limits.text_head_bytes, limits.text_tail_bytes, shortened);
    cut = cut || kept.data() != text.data();
    return kept;
  };
  event.set(m::kText, fit(body.text));
  event.set(m::kOwnText, fit(layout.own_text));
  set_text(m::kHiddenText, fit(body.hidden_text), event);
  event.set(m::kTextCut, cut);
  if (cut) problems.note("text longer than is kept");
  event.set(m::kTextPartPresent, body.text_part_present);
  event.set(m::kPlainTextBytes, count_of(body.plain_bytes));
  event.set(m::kTextLines, count_of(layout.lines));
  event.set(m::kLongestLine, count_of(layout.longest_line));
  event.set(m::kQuotedLines, count_of(layout.quoted_lines));
  event.set(m::kSignatureLines, count_of(layout.signature_lines));
  event.set(m::kFooterLines, count_of(layout.footer_lines));
  event.set(m::kInvisibleCharacters, count_of(body.invisible));

  event.set(m::kHtmlPresent, body.html_present);
  if (!body.html_present) return;
  const auto& c = body.counts;
  event.set(m::kHtmlBytes, count_of(body.html_bytes)).set(m::kHtmlTags, count_of(c.tags));
  event.set(m::kHtmlVisibleBytes, count_of(body.visible_bytes));
  event.set(m::kHtmlHiddenBytes, count_of(body.hidden_bytes));
  event.set(m::kHtmlForms, count_of(c.forms)).set(m::kHtmlInputs, count_of(c.inputs));
  event.set(m::kHtmlPasswordInputs, count_of(c.password_inputs));
  event.set(m::kHtmlImages, count_of(c.images));
  event.set(m::kHtmlRemoteImages, count_of(c.remote_images));
  event.set(m::kHtmlEmbeddedImages, count_of(c.embedded_images));
  event.set(m::kHtmlDataImages, count_of(c.data_images));
  event.set(m::kHtmlTinyImages, count_of(c.tiny_images));
  event.set(m::kHtmlScripts, count_of(c.scripts));
  event.set(m::kHtmlEventHandlers, count_of(c.event_handlers));
  event.set(m::kHtmlFrames, count_of(c.frames)).set(m::kHtmlObjects, count_of(c.objects));
  event.set(m::kHtmlStyleBlocks, count_of(c.style_blocks));
  event.set(m::kHtmlExternalStyles, count_of(c.external_styles));
  event.set(m::kHtmlMetaRefresh, count_of(c.meta_refresh));
  event.set(m::kHtmlComments, count_of(c.comments));
  event.set(m::kHtmlCharacterReferences, count_of(c.character_references));
  set_text(m::kHtmlBaseHref, utf8_prefix(body.base_href, kLongestSubject), event);
}

void set_received(std::span<const PlacedHop> hops, std::uint64_t count, EventBuilder& event) {
  event.set(m::kReceivedCount, count_of(count));
  event.begin_list(m::kReceived);
  for (const auto& [position, hop] : hops) {
    event.begin_record();
    set_text(m::received::kHelo, hop.helo, event);
    set_text(m::received::kHost, hop.host, event);
    if (hop.ip) set_text(m::received::kIp, hop.ip->text(), event);
    set_text(m::received::kBy, hop.by, event);
    set_text(m::received::kProtocol, hop.protocol, event);
    if (hop.encrypted) event.set(m::received::kEncrypted, true);
    if (hop.time) event.set(m::received::kTime, hop.time->micros());
  }
  event.end_list();
}

void set_auth(const MailAuth& auth, EventBuilder& event) {
  set_text(m::kEmailSpf, auth.spf, event);
  set_text(m::kEmailDkim, auth.dkim, event);
  if (!auth.dkim_domains.empty()) set_text(m::kEmailDkimDomain, auth.dkim_domains.front(), event);
  set_text(m::kEmailDmarc, auth.dmarc, event);
  set_text(m::kEmailDmarcPolicy, auth.dmarc_policy, event);

  event.set(m::kAuthTrusted, auth.trusted).set(m::kAuthIgnored, count_of(auth.ignored));
  set_text(m::kAuthServer, auth.server, event);
  set_text(m::kSpf, auth.spf, event);
  set_text(m::kSpfDomain, auth.spf_domain, event);
  set_text(m::kDkim, auth.dkim, event);
  set_texts(m::kDkimDomains, auth.dkim_domains, event);
  set_text(m::kDmarc, auth.dmarc, event);
  set_text(m::kDmarcPolicy, auth.dmarc_policy, event);
  set_text(m::kArc, auth.arc, event);
}

void set_problems(const MailProblems& problems, EventBuilder& event) {
  if (!problems.texts().empty()) {
    event.set(m::kProblems, std::span<const std::string_view>(problems.texts()));
  }
}

}  // namespace winnow
