#include "retention/kinds.h"

#include <memory>

namespace winnow {
namespace {

constexpr std::size_t kPage = 1024;

// Ids of mails, of decisions and of records in quarantine are digests.
Result<std::vector<Digest>> digests_of(std::span<const std::string> ids, std::string_view prefix) {
  std::vector<Digest> digests;
  for (const auto& id : ids) {
    WINNOW_TRY(digests.emplace_back(),
               Digest::from_hex(std::string_view(id).substr(prefix.size())));
  }
  return digests;
}

RowKind mails(std::string_view rule, bool labelled, EventLog& events, WhyMailsStay why) {
  const auto last = std::make_shared<std::uint64_t>(0);
  const auto next = [&events, labelled, why = std::move(why),
                     last](Timestamp before) -> Result<std::vector<OldRow>> {
    std::vector<OldRow> rows;
    while (rows.empty()) {  // a page of arrivals may have none that is meant
      WINNOW_TRY(const auto page, events.arrivals(*last, kPage));
      *last = page.empty() ? 0 : page.back().id;
      if (page.empty()) break;
      for (const auto& mail : page) {
        if (mail.removed || mail.received_time >= before) continue;
        if (labelled != (mail.label != Label::None)) continue;
        WINNOW_TRY(const auto stays, why(mail));
        rows.push_back({mail.digest.hex(), mail.received_time, mail.raw_bytes, stays});
      }
    }
    return rows;
  };
  const auto remove = [&events](std::span<const std::string> ids,
                                const Removal& removal) -> Result<std::uint64_t> {
    WINNOW_TRY(const auto digests, digests_of(ids, ""));
    return events.remove(digests, removal);
  };
  return {std::string(rule), next, remove};
}

}  // namespace

RowKind mail_rows(EventLog& events, WhyMailsStay why) {
  return mails("retention.mails", false, events, std::move(why));
}

RowKind labelled_mail_rows(EventLog& events, WhyMailsStay why) {
  return mails("retention.labelled_mails", true, events, std::move(why));
}

RowKind decision_rows(DecisionStore& decisions, const HoldCheck& holds) {
  const auto last = std::make_shared<std::optional<OldDecision>>();
  const auto next = [&decisions, &holds, last](Timestamp before) -> Result<std::vector<OldRow>> {
    WINNOW_TRY(const auto page, decisions.closed_before(before, *last, kPage));
    *last = page.empty() ? std::nullopt : std::optional(page.back());
    std::vector<OldRow> rows;
    for (const auto& one : page) {
      WINNOW_TRY(const bool held, holds.covers(one.event));
      rows.push_back({.id = "d-" + one.id.hex(),
                      .since = one.decided_at,
                      .stays = held ? Stays::Held : Stays::No});
    }
    return rows;
  };
  const auto remove = [&decisions](std::span<const std::string> ids,
                                   const Removal& removal) -> Result<std::uint64_t> {
    WINNOW_TRY(const auto digests, digests_of(ids, "d-"));
    return decisions.remove(digests, removal);
  };
  return {"retention.decisions", next, remove};
}

RowKind quarantine_rows(Quarantine& quarantine, const HoldCheck& holds) {
  const auto last = std::make_shared<std::uint64_t>(0);
  const auto next = [&quarantine, &holds, last](Timestamp before) -> Result<std::vector<OldRow>> {
    WINNOW_TRY(const auto page, quarantine.list({.seen_before = before}, *last, kPage));
    *last = page.empty() ? 0 : page.back().id;
    std::vector<OldRow> rows;
    for (const auto& record : page) {
      const bool held = holds.covers_unread(record.first_seen);
      rows.push_back({.id = record.digest.hex(),
                      .since = record.first_seen,
                      .stays = held ? Stays::Held : Stays::No});
    }
    return rows;
  };
  const auto remove = [&quarantine](std::span<const std::string> ids,
                                    const Removal&) -> Result<std::uint64_t> {
    WINNOW_TRY(const auto digests, digests_of(ids, ""));
    return quarantine.remove(digests);
  };
  return {"retention.quarantine", next, remove};
}

}  // namespace winnow
