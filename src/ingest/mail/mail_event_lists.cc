// The lists of a mail event: links with OCSF's urls, attachments with OCSF's files.
#include <array>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/utf8.h"
#include "ingest/mail/mail_event.h"
#include "ocsf/mail_attributes.h"
#include "ocsf/schema.h"

namespace winnow {
namespace {

namespace m = ocsf::mail;
using ocsf::Attribute;
using ocsf::EntityKind;
using ocsf::EventBuilder;
using ocsf::Role;

constexpr std::size_t kMaxUrls = 200;
constexpr std::size_t kLongestLinkText = 256;
constexpr std::size_t kLongestUrl = 2048;

std::int64_t count_of(std::uint64_t count) { return static_cast<std::int64_t>(count); }

void set_text(Attribute attribute, std::string_view text, EventBuilder& event) {
  if (!text.empty()) event.set(attribute, text);
}

void set_flag(Attribute attribute, bool flag, EventBuilder& event) {
  if (flag) event.set(attribute, true);
}

void set_quirks(const UrlQuirks& q, EventBuilder& event) {
  if (q == UrlQuirks()) return;
  const std::array<std::pair<bool, std::string_view>, 7> all = {
      {{q.control_or_space, "control_or_space"},
       {q.backslash, "backslash"},
       {q.slashes, "slashes"},
       {q.credentials, "credentials"},
       {q.encoded_host, "encoded_host"},
       {q.unicode_host, "unicode_host"},
       {q.odd_ipv4, "odd_ipv4"}}};
  std::vector<std::string_view> names;
  for (const auto& [holds, name] : all) {
    if (holds) names.push_back(name);
  }
  event.set(m::link::kQuirks, std::span<const std::string_view>(names));
}

bool has_host(const Url& url) {
  const auto kind = url.host_kind();
  return kind == HostKind::Domain || kind == HostKind::Ipv4 || kind == HostKind::Ipv6;
}

void set_link(const MailLink& link, EventBuilder& event) {
  event.begin_record();
  const std::string_view text = link.url ? std::string_view(link.url->href()) : link.written;
  event.set(m::link::kUrl, utf8_prefix(text, kLongestUrl));
  event.set(m::link::kKind, name_of(link.kind));
  if (link.url) {
    event.set(m::link::kScheme, link.url->scheme());
    if (has_host(*link.url)) {
      event.set(m::link::kHost, link.url->host());
      event.set(m::link::kHostKind, name_of(link.url->host_kind()));
    }
    set_quirks(link.url->quirks(), event);
  }
  set_text(m::link::kRegistrable, link.registrable, event);
  set_text(m::link::kText, utf8_prefix(link.text, kLongestLinkText), event);
  set_text(m::link::kShownHost, link.shown_host, event);
  set_text(m::link::kShownRegistrable, link.shown_registrable, event);
  set_flag(m::link::kHidden, link.hidden, event);
  set_flag(m::link::kNested, link.nested, event);
}

// What people are led to, rather than what is loaded for the look of it.
bool leads_somewhere(LinkKind kind) {
  return kind != LinkKind::Image && kind != LinkKind::Style && kind != LinkKind::Script;
}

void name_host(const MailLink& link, EventBuilder& event) {
  if (!leads_somewhere(link.kind) || !has_host(*link.url)) return;
  if (link.url->host_kind() == HostKind::Domain) {
    const auto domain =
        link.registrable.empty() ? link.url->host() : std::string_view(link.registrable);
    event.name_entity(EntityKind::Domain, Role::Mentioned, domain);
  } else if (const auto ip = link.url->ip()) {
    event.name_entity(EntityKind::Ip, Role::Mentioned, ip->text());
  }
}

void set_url(const MailLink& link, EventBuilder& event) {
  const auto& url = *link.url;
  event.begin_record();
  event.set(m::url::kUrlString, utf8_prefix(url.href(), kLongestUrl));
  event.set(m::url::kScheme, url.scheme());
  event.set(m::url::kHostname, url.host());
  set_text(m::url::kDomain, link.registrable, event);
  set_text(m::url::kPath, utf8_prefix(url.path(), kLongestUrl), event);
  if (const auto port = url.effective_port()) event.set(m::url::kPort, std::int64_t{*port});
  if (const auto query = url.query())
    set_text(m::url::kQuery, utf8_prefix(*query, kLongestUrl), event);
}

// At most kMaxUrls texts: hashes in a row are faster to look through than nodes are to allocate.
class SeenTexts {
 public:
  bool insert(std::string_view text) {  // false: it was there
    const auto hash = hash64(text);
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      if (hashes_[i] == hash && texts_[i] == text) return false;
    }
    hashes_.push_back(hash);
    texts_.push_back(text);
    return true;
  }
  std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::uint64_t> hashes_;
  std::vector<std::string_view> texts_;
};

void set_attachment(const MailAttachment& a, EventBuilder& event) {
  namespace at = m::attachment;
  event.begin_record();
  set_text(at::kName, a.name, event);
  set_text(at::kExtension, a.extension, event);
  set_text(at::kDeclaredType, a.declared_type, event);
  set_text(at::kDetectedType, a.detected_type, event);
  event.set(at::kSize, count_of(a.size));
  event.set(at::kSha256, std::string_view(a.sha256.hex()));
  set_flag(at::kTypeMismatch, a.type_mismatch, event);
  set_flag(at::kInline, a.is_inline, event);
  set_flag(at::kNested, a.is_nested, event);
  set_flag(at::kMessage, a.is_message, event);
  set_flag(at::kDoubleExtension, a.double_extension, event);
  set_flag(at::kDirectionOverride, a.direction_override, event);
  set_flag(at::kExecutable, a.executable, event);
  set_flag(at::kHtml, a.html, event);
  set_flag(at::kMacro, a.macro, event);
  set_flag(at::kEncrypted, a.encrypted, event);
  set_flag(at::kDamaged, a.damaged || a.archive.cut, event);
  if (a.archive.format.empty()) return;
  event.set(at::kArchiveFormat, std::string_view(a.archive.format));
  event.set(at::kArchiveEntries, count_of(a.archive.entries));
  event.set(at::kArchiveExecutables, count_of(a.archive.executables));
  const std::vector<std::string_view> names(a.archive.names.begin(), a.archive.names.end());
  if (!names.empty()) event.set(at::kArchiveNames, std::span<const std::string_view>(names));
}

void set_file(const MailAttachment& a, EventBuilder& event) {
  event.begin_record();
  event.set(m::file::kName,
            a.name.empty() ? std::string_view("unnamed") : std::string_view(a.name));
  set_text(m::file::kExtension, a.extension, event);
  set_text(m::file::kMimeType, a.declared_type, event);
  event.set(m::file::kSize, count_of(a.size));
  event.set(m::file::kTypeId, ocsf::file_type::kRegularFile);
  event.set(m::file::kHashAlgorithmId, ocsf::hash_algorithm::kSha256);
  event.set(m::file::kHashValue, std::string_view(a.sha256.hex()));
}

}  // namespace

void set_links(const MailBody& body, EventBuilder& event) {
  event.set(m::kLinkCount, count_of(body.link_count));
  event.begin_list(m::kLinks);
  for (const auto& link : body.links) set_link(link, event);
  event.end_list();

  SeenTexts seen;
  bool listed = false;
  for (const auto& link : body.links) {
    if (!link.url || !has_host(*link.url) || seen.size() >= kMaxUrls) continue;
    if (!seen.insert(link.url->href())) continue;
    if (!listed) event.begin_list(m::kUrls);
    listed = true;
    set_url(link, event);
  }
  if (listed) event.end_list();
  for (const auto& link : body.links) {
    if (link.url) name_host(link, event);
  }
}

void set_attachments(std::span<const MailAttachment> attachments, std::uint64_t count,
                     EventBuilder& event) {
  event.set(m::kAttachmentCount, count_of(count));
  event.begin_list(m::kAttachments);
  for (const auto& attachment : attachments) set_attachment(attachment, event);
  event.end_list();
  if (attachments.empty()) return;
  event.begin_list(m::kFiles);
  for (const auto& attachment : attachments) set_file(attachment, event);
  event.end_list();
  for (const auto& attachment : attachments) {
    event.name_entity(EntityKind::FileHash, Role::Mentioned, attachment.sha256.hex());
  }
}

}  // namespace winnow
