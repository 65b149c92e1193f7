#include "labels/label_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "ingest/records/label.h"

namespace winnow {
namespace {

using ocsf::Attribute;

// Where tools' own ids of events go.
const std::array kIds = {Attribute::of("metadata.uid"),
                         Attribute::of("metadata.original_event_uid"),
                         Attribute::of("finding_info.uid"),
                         Attribute::of("connection_info.uid"),
                         Attribute::of("evidences.0.connection_info.uid"),
                         Attribute::of("api.request.uid"),
                         Attribute::of("email.message_uid")};

// A Message-ID is written with angle brackets and without.
std::string_view bare(std::string_view id) {
  return id.size() > 2 && id.front() == '<' && id.back() == '>' ? id.substr(1, id.size() - 2) : id;
}

struct Stretch {
  std::optional<Timestamp> from, before;  // nothing: from the first, to the last
};

// Nothing stands before everything.
bool begins_earlier(const Stretch& a, const Stretch& b) { return a.from < b.from; }

// The times of the lines, none twice.
std::vector<Stretch> stretches_of(std::span<const LabelLine> lines) {
  std::vector<Stretch> all;
  for (const auto& line : lines) {
    if (line.digest.empty()) all.push_back({line.from, line.before});
  }
  std::ranges::sort(all, begins_earlier);
  std::vector<Stretch> apart;
  for (const auto& one : all) {
    const bool touches =
        !apart.empty() && (!apart.back().before || !one.from || *one.from <= *apart.back().before);
    if (!touches) {
      apart.push_back(one);
    } else if (apart.back().before) {
      apart.back().before =
          one.before ? std::optional(std::max(*apart.back().before, *one.before)) : std::nullopt;
    }
  }
  return apart;
}

class LabelSearch {
 public:
  LabelSearch(const EventLog& events, const RecordMapping& mails, LogMappings& logs,
              std::span<const LabelLine> lines, std::string_view file,
              const LabelSearchLimits& limits)
      : events_(&events),
        mails_(&mails),
        logs_(&logs),
        lines_(lines),
        file_(file),
        limits_(limits) {
    for (const auto& line : lines) {
      if (line.entity) by_entity_[*line.entity].push_back(&line);
      if (!line.id.empty()) by_id_[std::string(bare(line.id))].push_back(&line);
    }
    for (auto& [entity, its] : by_entity_) std::ranges::sort(its, {}, &LabelLine::from);
  }

  Result<FoundLabels> run(Progress& progress) {
    progress.stage("looking for events", 0);
    for (const auto& line : lines_) {
      if (!line.digest.empty()) WINNOW_TRY(look_up(line));
    }
    for (const auto& stretch : stretches_of(lines_)) WINNOW_TRY(go_over(stretch, progress));
    for (const auto& line : lines_) {
      if (!meant_.contains(&line)) result_.without.push_back(&line);
    }
    std::ranges::stable_sort(result_.found, {}, [](const FoundLabel& found) { return found.line; });
    return std::move(result_);
  }

 private:
  Error at(const LabelLine& line, Code code, std::string_view message) const {
    return Error(code, fmt::format("{}:{}: {}", file_, line.line, message));
  }

  Status look_up(const LabelLine& line) {
    const auto found = events_->find(line.digest);
    if (!found && found.error().code() == Code::NotFound) return {};
    if (!found && found.error().code() == Code::InvalidArgument)
      return at(line, Code::InvalidArgument, found.error().message())
          .with_hint(found.error().hint());
    if (!found) return found.error();
    return take(line, *found);
  }

  Status go_over(const Stretch& stretch, Progress& progress) {
    EventFilter filter{.from = stretch.from, .before = stretch.before};
    filter.mappings = mappings_named();
    auto scan = events_->scan(filter);
    for (;;) {
      WINNOW_TRY(const bool more, scan.next());
      if (!more) return {};
      progress.advance(1);
      const auto& stored = scan.event();
      WINNOW_TRY(const auto raw, scan.read_raw());
      const auto event = read(stored, raw);
      if (!event) {
        ++result_.unreadable;
        continue;
      }
      WINNOW_TRY(take_by_id(*event, stored));
      WINNOW_TRY(take_by_entity(*event, stored));
    }
  }

  // Of the lines that look for events; nothing: one of them names none.
  std::optional<std::vector<std::string>> mappings_named() const {
    std::set<std::string> names;
    for (const auto& line : lines_) {
      if (!line.digest.empty()) continue;
      if (line.mapping.empty()) return std::nullopt;
      names.insert(line.mapping == "mail" ? "" : line.mapping);
    }
    return std::vector(names.begin(), names.end());
  }

  Result<ocsf::Event> read(const StoredEvent& stored, std::string_view raw) {
    if (stored.mapping.empty()) return mails_->apply(stored, raw);
    return logs_->read(stored.mapping, stored.form, raw, stored.digest,
                       {.reported = stored.event_time, .arrived = stored.event_time});
  }

  Status take_by_id(const ocsf::Event& event, const StoredEvent& stored) {
    if (by_id_.empty()) return {};
    for (const auto& attribute : kIds) {
      const auto lines = by_id_.find(std::string(bare(event.get(attribute).as_text())));
      if (lines == by_id_.end()) continue;
      for (const auto* const line : lines->second) WINNOW_TRY(take(*line, stored));
    }
    return {};
  }

  Status take_by_entity(const ocsf::Event& event, const StoredEvent& stored) {
    if (by_entity_.empty()) return {};
    for (const auto& entity : event.entities()) {
      const auto lines = by_entity_.find(labelled_entity(entity.kind, entity.key));
      if (lines == by_entity_.end()) continue;
      for (const auto* const line : lines->second) {
        if (line->from > stored.event_time) break;  // so do all behind it
        WINNOW_TRY(take(*line, stored));
      }
    }
    return {};
  }

  // What a line says of an event, unless it is of another time, mapping or source, or its bytes are
  // gone.
  Status take(const LabelLine& line, const StoredEvent& stored) {
    if (stored.removed || !may_mean(line, stored)) return {};
    WINNOW_TRY(const auto label, label_of(line, stored));
    const auto [place, is_new] = places_.try_emplace(stored.digest, result_.found.size());
    if (!is_new) {
      const auto& before = result_.found[place->second];
      if (before.label == label && before.line->step == line.step) {
        meant_.emplace(&line, 0);
        return {};
      }
      return at(line, Code::InvalidArgument,
                fmt::format("it says '{}' of event {}, of which line {} says '{}'",
                            text_of(label, line), stored.digest.short_hex(), before.line->line,
                            text_of(before.label, *before.line)));
    }
    if (++meant_[&line] > limits_.events_of_line) {
      return at(line, Code::Exhausted,
                fmt::format("it means more than {} events", limits_.events_of_line))
          .with_hint("narrow it by time, mapping or source; --most allows more");
    }
    if (result_.found.size() == limits_.events)
      return at(line, Code::Exhausted,
                fmt::format("the list means more than {} events", limits_.events))
          .with_hint("import it in parts");
    result_.found.push_back({stored, label, &line});
    return {};
  }

  static bool may_mean(const LabelLine& line, const StoredEvent& stored) {
    if (line.from && stored.event_time < *line.from) return false;
    if (line.before && stored.event_time >= *line.before) return false;
    if (!line.source.empty() && line.source != stored.source) return false;
    const std::string_view mapping = stored.mapping.empty() ? "mail" : stored.mapping;
    return line.mapping.empty() || line.mapping == mapping;
  }

  static std::string text_of(Label label, const LabelLine& line) {
    return line.step.empty() ? std::string(name_of(label))
                             : fmt::format("{}, {}", name_of(label), line.step);
  }

  // What a mail is called phishing for is another record's malice.
  Result<Label> label_of(const LabelLine& line, const StoredEvent& stored) const {
    const bool is_mail = stored.mapping.empty();
    const auto label = read_label(line.label, is_mail ? Label::Phish : Label::Malicious);
    if (!label || (!is_mail && *label == Label::Spam)) {
      return at(line, Code::InvalidArgument,
                fmt::format("'{}' is said of mails, and event {} is none", line.label,
                            stored.digest.short_hex()))
          .with_hint("malicious or benign");
    }
    return *label;
  }

  const EventLog* events_;
  const RecordMapping* mails_;
  LogMappings* logs_;
  std::span<const LabelLine> lines_;
  std::string_view file_;
  LabelSearchLimits limits_;
  std::map<LabelledEntity, std::vector<const LabelLine*>> by_entity_;
  std::unordered_map<std::string, std::vector<const LabelLine*>> by_id_;
  std::unordered_map<Digest, std::size_t> places_;             // in what was found
  std::unordered_map<const LabelLine*, std::uint64_t> meant_;  // events
  FoundLabels result_;
};

}  // namespace

Result<FoundLabels> find_labelled(const EventLog& events, const RecordMapping& mails,
                                  LogMappings& logs, std::span<const LabelLine> lines,
                                  std::string_view file, const LabelSearchLimits& limits,
                                  Progress& progress) {
  return LabelSearch(events, mails, logs, lines, file, limits).run(progress);
}

}  // namespace winnow
