// A Finding: a decision worth telling, with what its mail says about which others it belongs to.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "cases/case_entity.h"
#include "cases/domain_set.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"
#include "ingest/record_mapping.h"
#include "intel/intel_snapshot.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"

namespace winnow::cases {

struct Finding {
  std::uint64_t place = 0;  // among decisions
  DecisionRecord record;
  DomainSet domains;          // the one it was decided in; empty where that is not known any more
  std::string sender_domain;  // of a mail: registrable; empty without one
  std::vector<std::string> recipients;  // mailboxes, each once, at most kMaxRecipients
  // Where its links lead, each once, at most kMaxLinkSites: registrable domains, or whole host
  // names below a domain where anybody gets one. Sites that many unrelated mails link to are left
  // out.
  std::vector<std::string> link_sites;
  std::vector<CaseEntity> entities;  // of what is no mail
  std::vector<std::uint32_t> terms;  // of its text (features/text_likeness.h)
};
inline constexpr std::size_t kMaxRecipients = 100, kMaxLinkSites = 8;

// The snapshot of the bundle that decided; null without one.
using IntelOfBundle =
    std::function<Result<std::shared_ptr<const IntelSnapshot>>(const Digest& bundle)>;
// From the registry, each bundle's once. `registry` outlives it.
IntelOfBundle intel_from(Registry& registry);

// The domain whose bundle it is; empty for one that the registry does not know.
using DomainOfBundle = std::function<Result<DomainSet>(const Digest& bundle)>;
// From the registry, each bundle's once. `registry` outlives it.
DomainOfBundle domain_from(Registry& registry);

// Reads stored events as the bundle does that decided; null for one that the registry does not
// know, or whose mappings it cannot read any more.
using ReaderOfBundle =
    std::function<Result<std::shared_ptr<StoredEventReader>>(const Digest& bundle)>;
// From the registry, each bundle's once. `registry` outlives it.
ReaderOfBundle reader_from(Registry& registry);

// Reads what a finding's mail or event says. One thread at a time. `events` outlives it.
class FindingReader {
 public:
  FindingReader(const EventLog& events, IntelOfBundle intel, DomainOfBundle domain,
                ReaderOfBundle reader)
      : events_(&events),
        intel_(std::move(intel)),
        domain_(std::move(domain)),
        reader_(std::move(reader)) {}

  // A mail or event that is not kept any more, or is damaged, leaves what the decision itself
  // knows: no finding is lost for it. Errors: Unavailable, of the log or the registry.
  Result<Finding> read(std::uint64_t place, DecisionRecord record) const;

 private:
  Status read_record(Finding& finding) const;
  Status read_mail(const StoredEvent& stored, Finding& finding) const;
  Status read_event(const StoredEvent& stored, Finding& finding) const;
  Result<std::shared_ptr<const IntelSnapshot>> intel_of(const Digest& bundle) const;
  const EventLog* events_;
  IntelOfBundle intel_;
  DomainOfBundle domain_;
  ReaderOfBundle reader_;
  // Always the same one, whatever the bundle's: grouping must not depend on who decides today.
  RecordMapping mapping_;
};

}  // namespace winnow::cases
