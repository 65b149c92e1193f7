#include "bench/cases/decided_mails.h"

#include <cstdlib>

#include "ocsf/mail_attributes.h"

namespace winnow::bench {
namespace {

Path new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "winnow-cases-XXXXXX").string();
  return mkdtemp(pattern.data());
}

}  // namespace

DecidedMails::DecidedMails() : folder_(new_folder()) {
  registry_ = Registry::open(folder_, clock_, Access::ReadWrite).value();
  events_ = EventLog::open(folder_ / "events", Access::ReadWrite).value();
  decisions_ = DecisionStore::open(database(), Access::ReadWrite).value();
}

DecidedMails::~DecidedMails() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void DecidedMails::add(const std::string& raw, Timestamp time, Route route, double probability) {
  static const RecordMapping kMapping;
  const auto event = kMapping.apply(RecordForm::Mail, raw);
  if (!event) return;
  DecisionRecord record;
  record.decision.event = event->raw_digest();
  record.decision.event_time = record.decided_at = time;
  record.decision.route = route;
  record.decision.probability = probability;
  record.decision.reasons = {{"links", "a link shows one address and leads to another", 1.0F}};
  record.sender = event->get(ocsf::mail::kFrom).as_text();
  record.subject = event->get(ocsf::mail::kSubject).as_text();
  records_.push_back(std::move(record));
  raws_.push_back(raw);
  if (records_.size() == 1000) flush();
}

void DecidedMails::flush() {
  std::vector<NewEvent> batch;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    batch.push_back({.raw = raws_[i],
                     .digest = records_[i].decision.event,
                     .event_time = records_[i].decided_at,
                     .received_time = records_[i].decided_at,
                     .source = "bench"});
    clock_.set(std::max(clock_.now(), records_[i].decided_at));
  }
  events_->append(batch).value();
  decisions_->add(records_).value();
  records_.clear();
  raws_.clear();
}

cases::CaseBook DecidedMails::book() {
  flush();
  return cases::CaseBook::open(*registry_, *events_, database(), cases::CasePolicy()).value();
}

}  // namespace winnow::bench
