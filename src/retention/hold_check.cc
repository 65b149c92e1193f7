#include "retention/hold_check.h"

#include <algorithm>

#include "ocsf/mail_attributes.h"

namespace winnow {
namespace {

namespace m = ocsf::mail;

bool came_in_time(const HoldScope& scope, Timestamp received) {
  return (!scope.from || *scope.from <= received) && (!scope.until || received < *scope.until);
}

// What a mail says of itself, read when it is first asked for.
class Facts {
 public:
  Facts(const StoredEvent& event, const EventLog& events, const CasesOf& cases_of,
        const RecordMapping& mapping)
      : event_(&event), events_(&events), cases_of_(&cases_of), mapping_(&mapping) {}

  Result<bool> is_in(const std::string& case_id) {
    if (!cases_) {
      WINNOW_TRY(cases_, (*cases_of_)(event_->digest));
    }
    return std::ranges::find(*cases_, case_id) != cases_->end();
  }

  // A mail that went after the hold was placed had been looked at then, and was none of its.
  Result<bool> names(const std::string& mailbox, Timestamp held_since) {
    if (event_->removed && event_->removed->at >= held_since) return false;
    if (!read_) WINNOW_TRY(read());
    return !mailboxes_ || mailboxes_->contains(mailbox);
  }

 private:
  Status read() {
    read_ = true;
    const auto raw = events_->read_raw(*event_);
    if (!raw && raw.error().code() != Code::NotFound && raw.error().code() != Code::Corrupt)
      return raw.error();
    if (!raw) return {};
    if (const auto mail = mapping_->apply(*event_, *raw)) mailboxes_ = mailboxes_of(*mail);
    return {};
  }

  const StoredEvent* event_;
  const EventLog* events_;
  const CasesOf* cases_of_;
  const RecordMapping* mapping_;
  std::optional<std::vector<std::string>> cases_;
  bool read_ = false;
  std::optional<std::set<std::string>> mailboxes_;  // nothing: nobody knows
};

}  // namespace

std::optional<std::set<std::string>> mailboxes_of(const ocsf::Event& mail) {
  std::set<std::string> mailboxes;
  for (const auto& one : {m::kFrom, m::kSender, m::kReplyTo, m::kReturnPath}) {
    if (const auto mailbox = mail.get(one).as_text(); !mailbox.empty()) mailboxes.emplace(mailbox);
  }
  for (const auto& list : {m::kRecipients, m::kEmailDeliveredTo, m::kEmailReplyToList}) {
    for (const auto mailbox : mail.get(list).as_texts()) mailboxes.emplace(mailbox);
  }
  const auto named = mail.get(m::kToCount).as_int() + mail.get(m::kCcCount).as_int();
  const auto read = static_cast<std::int64_t>(mail.get(m::kRecipients).as_texts().size());
  if (named > read) return std::nullopt;
  return mailboxes;
}

Result<bool> HoldCheck::covers(const StoredEvent& event) const {
  Facts facts(event, *events_, cases_of_, mapping_);
  for (const auto& hold : active_) {
    const auto& scope = hold.scope;
    if (!came_in_time(scope, event.received_time)) continue;
    if (scope.case_id) {
      WINNOW_TRY(const bool inside, facts.is_in(*scope.case_id));
      if (!inside) continue;
    }
    if (scope.mailbox) {
      WINNOW_TRY(const bool named, facts.names(*scope.mailbox, hold.placed_at));
      if (!named) continue;
    }
    return true;
  }
  return false;
}

Result<bool> HoldCheck::covers(const Digest& event) const {
  const auto stored = events_->find(event.hex());
  if (stored) return covers(*stored);
  if (stored.error().code() != Code::NotFound) return stored.error();
  WINNOW_TRY(const auto cases, cases_of_(event));
  return std::ranges::any_of(active_, [&](const Hold& hold) {
    return !hold.scope.case_id || std::ranges::find(cases, *hold.scope.case_id) != cases.end();
  });
}

bool HoldCheck::covers_unread(Timestamp came) const {
  return std::ranges::any_of(active_, [&](const Hold& hold) {
    return !hold.scope.case_id && came_in_time(hold.scope, came);
  });
}

}  // namespace winnow
