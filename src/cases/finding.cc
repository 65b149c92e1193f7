#include "cases/finding.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "features/text_likeness.h"
#include "names/domain.h"
#include "ocsf/mail_attributes.h"

namespace winnow::cases {
namespace {

namespace m = ocsf::mail;

constexpr std::uint32_t kCommonRank = 100'000;  // domains ranked so high or higher are everybody's
constexpr std::size_t kMaxLinksRead = 100;
constexpr std::size_t kMaxMailboxBytes = 320;

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

bool is_brand(const IntelSnapshot& intel, std::string_view domain) {
  return std::ranges::any_of(intel.brands(), [&](const Brand& brand) {
    return std::ranges::find(brand.domains, domain) != brand.domains.end();
  });
}

// What a link says about the campaign it belongs to; empty: nothing.
std::string_view site_of(const ocsf::Record& link, const IntelSnapshot* intel, Timestamp at) {
  const auto registrable = link.get(m::link::kRegistrable).as_text();
  const auto host = link.get(m::link::kHost).as_text();
  if (registrable.empty()) return host;  // an IP address
  if (intel == nullptr) return registrable;
  const Observable domain{IndicatorKind::Domain, registrable};
  if (intel->is("hosting", domain, at)) return host == registrable ? std::string_view() : host;
  const auto rank = intel->popularity_rank(registrable, at);
  const bool common = (rank > 0 && rank <= kCommonRank) || is_brand(*intel, registrable) ||
                      intel->is("shortener", domain, at) || intel->is("freemail", domain, at);
  return common ? std::string_view() : registrable;
}

// A damaged record must not keep the queue waiting; the log's own check reports it too.
bool is_lost(const Error& error) {
  return error.code() == Code::NotFound || error.code() == Code::Corrupt ||
         error.code() == Code::InvalidArgument;
}

}  // namespace

IntelOfBundle intel_from(Registry& registry) {
  using Known = std::map<Digest, std::shared_ptr<const IntelSnapshot>>;
  return [&registry, known = std::make_shared<Known>()](
             const Digest& bundle) -> Result<std::shared_ptr<const IntelSnapshot>> {
    if (const auto found = known->find(bundle); found != known->end()) return found->second;
    std::shared_ptr<const IntelSnapshot> snapshot;
    auto listed = registry.bundle(bundle_id_of(bundle).text());
    if (!listed && listed.error().code() != Code::NotFound) return listed.error();
    if (listed) {
      for (const auto& artifact : listed->bundle.all(ArtifactKind::IntelSnapshot)) {
        WINNOW_TRY(auto bytes, registry.read(artifact.digest));
        WINNOW_TRY(auto read, IntelSnapshot::from_bytes(std::move(bytes)));
        snapshot = std::make_shared<const IntelSnapshot>(std::move(read));
      }
    }
    known->emplace(bundle, snapshot);
    return snapshot;
  };
}

DomainOfBundle domain_from(Registry& registry) {
  using Known = std::map<Digest, DomainSet>;
  return [&registry, known = std::make_shared<Known>()](const Digest& bundle) -> Result<DomainSet> {
    if (const auto found = known->find(bundle); found != known->end()) return found->second;
    auto listed = registry.bundle(bundle_id_of(bundle).text());
    if (!listed && listed.error().code() != Code::NotFound) return listed.error();
    const auto domain = listed ? domain_named(listed->bundle.domain) : std::nullopt;
    return known->emplace(bundle, domain ? DomainSet(*domain) : DomainSet()).first->second;
  };
}

ReaderOfBundle reader_from(Registry& registry) {
  using Known = std::map<Digest, std::shared_ptr<StoredEventReader>>;
  return [&registry, known = std::make_shared<Known>()](
             const Digest& bundle) -> Result<std::shared_ptr<StoredEventReader>> {
    if (const auto found = known->find(bundle); found != known->end()) return found->second;
    std::shared_ptr<StoredEventReader> reader;
    auto listed = registry.bundle(bundle_id_of(bundle).text());
    if (!listed && listed.error().code() != Code::NotFound) return listed.error();
    const auto domain = listed ? domain_named(listed->bundle.domain) : std::nullopt;
    if (domain) {
      std::vector<std::string> artifacts;
      for (const auto& artifact : listed->bundle.all(ArtifactKind::Mapping)) {
        WINNOW_TRY(artifacts.emplace_back(), registry.read(artifact.digest));
      }
      const auto mapping = DomainMapping::from_artifacts(*domain, artifacts);
      if (mapping) reader = std::make_shared<StoredEventReader>(*mapping);
    }
    return known->emplace(bundle, reader).first->second;
  };
}

Result<Finding> FindingReader::read(std::uint64_t place, DecisionRecord record) const {
  Finding finding;
  finding.place = place;
  finding.record = std::move(record);
  WINNOW_TRY(finding.domains, domain_(finding.record.decision.bundle));
  const auto known = read_record(finding);
  if (!known && !is_lost(known.error())) return known.error();
  if (!known) {
    log::warn("a finding's record cannot be read: it is grouped by sender and subject",
              {{"finding", finding.record.decision.id_text()}, {"error", known.error().text()}});
  }
  // An actor of another log may have an '@' too (a cloud identity), and is no mailbox for it.
  const auto& sender = finding.record.sender;
  const auto at = sender.rfind('@');
  if (finding.domains.has(Domain::Mail) && at != std::string::npos)
    finding.sender_domain = registrable_domain(std::string_view(sender).substr(at + 1));
  return finding;
}

Status FindingReader::read_record(Finding& finding) const {
  WINNOW_TRY(const auto stored, events_->find(finding.record.decision.event.hex()));
  return stored.mapping.empty() ? read_mail(stored, finding) : read_event(stored, finding);
}

Result<std::shared_ptr<const IntelSnapshot>> FindingReader::intel_of(const Digest& bundle) const {
  return intel_ ? intel_(bundle) : std::shared_ptr<const IntelSnapshot>();
}

// Its actor and what happened are its grounds; what else it names makes other cases similar.
Status FindingReader::read_event(const StoredEvent& stored, Finding& finding) const {
  if (!reader_ || stored.removed) return {};
  const auto& decision = finding.record.decision;
  WINNOW_TRY(const auto reader, reader_(decision.bundle));
  if (reader == nullptr) return {};
  WINNOW_TRY(const auto raw, events_->read_raw(stored));
  WINNOW_TRY(const auto event, reader->read(stored, raw));
  WINNOW_TRY(const auto intel, intel_of(decision.bundle));
  finding.entities = entities_of(event, intel.get());
  return {};
}

Status FindingReader::read_mail(const StoredEvent& stored, Finding& finding) const {
  const auto& decision = finding.record.decision;
  finding.domains.add(kMailAlone);
  WINNOW_TRY(const auto raw, events_->read_raw(stored));
  WINNOW_TRY(const auto event, mapping_.apply(stored, raw));
  const auto recipients = event.get(m::kRecipients).as_texts();
  for (const auto recipient : recipients) {
    if (finding.recipients.size() == kMaxRecipients) break;
    if (recipient.size() <= kMaxMailboxBytes && !contains(finding.recipients, recipient))
      finding.recipients.emplace_back(recipient);
  }
  WINNOW_TRY(const auto intel, intel_of(decision.bundle));
  const auto links = event.get(m::kLinks).as_records();
  for (const auto& link : links.first(std::min(links.size(), kMaxLinksRead))) {
    if (finding.link_sites.size() == kMaxLinkSites) break;
    const auto site = site_of(link, intel.get(), decision.event_time);
    if (!site.empty() && site.size() <= kMaxDomainBytes && !contains(finding.link_sites, site))
      finding.link_sites.emplace_back(site);
  }
  finding.terms = text_terms(event.get(m::kOwnText).as_text(), recipients);
  return {};
}

}  // namespace winnow::cases
