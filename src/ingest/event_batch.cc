#include "ingest/detail/event_batch.h"

#include <fmt/format.h>

#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"

namespace winnow {
namespace {

// Longer ones gain less by their neighbours, and are seldom read in the order of arrival.
constexpr std::size_t kShortRecord = 4096;

StoredEvent stored_event(const NewEvent& event) {
  return {.digest = event.digest,
          .form = event.form,
          .mapping = event.mapping,
          .event_time = event.event_time,
          .received_time = event.received_time,
          .source = event.source,
          .label = event.label,
          .label_origin = event.label_origin,
          .raw_bytes = event.raw.size(),
          .at = {}};
}

}  // namespace

Status EventBatch::add(const NewEvent& event) {
  const bool is_short = event.raw.size() <= kShortRecord;
  if (!is_short || waiting_bytes_ + event.raw.size() > kBlockBytes) WINNOW_TRY(finish());
  entries_.push_back({.event = stored_event(event), .label = {}});
  if (is_short) {
    waiting_.push_back(&event);
    waiting_bytes_ += event.raw.size();
    return {};
  }
  WINNOW_TRY(entries_.back().event->at, log_->append(event_payload(event), kEventRecord));
  return {};
}

Status EventBatch::finish() {
  if (waiting_.empty()) return {};
  const auto is_alone = waiting_.size() == 1;
  WINNOW_TRY(const auto at,
             log_->append(is_alone ? event_payload(*waiting_.front()) : block_payload(waiting_),
                          is_alone ? kEventRecord : kBlockRecord));
  for (auto& entry : std::span(entries_).last(waiting_.size())) entry.event->at = at;
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

Status EventBatch::add_label(const NewEvent& event) {
  WINNOW_TRY(finish());
  LabelEntry entry{.digest = event.digest,
                   .label = event.label,
                   .origin = event.label_origin,
                   .given = event.received_time};
  WINNOW_TRY(log_->append(label_payload(entry), kLabelRecord));
  entries_.push_back({.event = {}, .label = std::move(entry)});
  return {};
}

Status EventBatch::add_statement(const LabelStatement& statement) {
  WINNOW_TRY(finish());
  WINNOW_TRY(log_->append(statement_payload(statement), kStatementRecord));
  entries_.push_back({.event = {}, .label = {}, .statement = statement});
  return {};
}

Status EventBatch::add_removal(const RemovalEntry& removal) {
  WINNOW_TRY(finish());
  WINNOW_TRY(log_->append(removal_payload(removal), kRemovalRecord));
  entries_.push_back({.event = {}, .label = {}, .removal = removal});
  return {};
}

Status read_entries(const SegmentRecord& record, std::vector<IndexedEntry>& entries) {
  const auto add_event = [&](StoredEvent event) {
    event.at = record.at;
    entries.push_back({.event = std::move(event), .label = {}});
  };
  switch (record.kind) {
    case kEventRecord:
    case kRemovedRecord: {
      WINNOW_TRY(auto read, read_event_payload(record.payload));
      add_event(std::move(read.event));
      return {};
    }
    case kBlockRecord: {
      WINNOW_TRY(const auto block, EventBlock::read(record.payload));
      for (const auto& item : block.items()) add_event(item.event);
      return {};
    }
    case kLabelRecord: {
      WINNOW_TRY(auto label, read_label_payload(record.payload));
      entries.push_back({.event = {}, .label = std::move(label)});
      return {};
    }
    case kStatementRecord: {
      WINNOW_TRY(auto statement, read_statement_payload(record.payload));
      entries.push_back({.event = {}, .label = {}, .statement = std::move(statement)});
      return {};
    }
    case kRemovalRecord: {
      WINNOW_TRY(auto removal, read_removal_payload(record.payload));
      entries.push_back({.event = {}, .label = {}, .removal = std::move(removal)});
      return {};
    }
    default:
      return Error(Code::Unsupported,
                   fmt::format("a record of kind {} in the event log", record.kind))
          .with_hint("it was written by a newer version");
  }
}

}  // namespace winnow
