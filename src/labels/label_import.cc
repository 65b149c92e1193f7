#include "labels/label_import.h"

#include <map>

#include <fmt/format.h>

#include "base/contract.h"

namespace winnow {
namespace {

std::string origin_of(const LabelLine& line, const std::string& actor) {
  return line.by.empty() ? fmt::format("import of {}", actor)
                         : fmt::format("{}, import of {}", line.by, actor);
}

// A line of JSON for each event, so that anybody can see what the list meant.
Result<std::string> text_of(std::span<const LabelChange> changes, const std::string& actor) {
  std::string text;
  for (const auto& [found, corrects] : changes) {
    const auto json = Json::object({{"event", found->event.digest.hex()},
                                    {"label", name_of(found->label)},
                                    {"step", found->line->step},
                                    {"origin", origin_of(*found->line, actor)},
                                    {"line", found->line->line},
                                    {"before", name_of(found->event.label)}});
    WINNOW_TRY(const auto line, to_canonical(json));
    text.append(line).push_back('\n');
  }
  return text;
}

Json counted(std::span<const LabelChange> changes) {
  std::map<std::string_view, std::uint64_t> counts;
  for (const auto& change : changes) ++counts[name_of(change.found->label)];
  Json json = Json::object();
  for (const auto& [label, count] : counts) json.set(std::string(label), count);
  return json;
}

}  // namespace

std::vector<LabelChange> changes_of(std::span<const FoundLabel> found,
                                    const std::unordered_set<Digest>& waiting) {
  std::vector<LabelChange> changes;
  for (const auto& one : found) {
    const bool is_called_so =
        one.label == one.event.label && one.line->step == one.event.label_step;
    if (is_called_so && !waiting.contains(one.event.digest)) continue;
    changes.push_back({&one, !is_called_so && one.event.label_id != 0});
  }
  return changes;
}

Result<LabelImport> record_labels(Registry& registry, WaitingLabels& waiting,
                                  const ImportedList& list, std::span<const LabelChange> changes,
                                  const std::string& actor) {
  ensure(!changes.empty(), "what says nothing new does not go on record");
  LabelImport done;
  WINNOW_TRY(const auto said, text_of(changes, actor));
  WINNOW_TRY(done.list, registry.objects().put(list.text));
  WINNOW_TRY(done.statements, registry.objects().put(said));
  std::uint64_t corrected = 0;
  for (const auto& change : changes) corrected += change.corrects ? 1 : 0;
  // First recorded, then done.
  WINNOW_TRY(done.entry, registry.audit().append(
                             {.time = registry.clock().now(),
                              .actor = actor,
                              .action = "labels.imported",
                              .subject = done.list.hex(),
                              .details = Json::object({{"file", list.file},
                                                       {"lines", list.lines},
                                                       {"events", std::uint64_t{changes.size()}},
                                                       {"corrected", corrected},
                                                       {"labels", counted(changes)},
                                                       {"statements", done.statements.hex()}})}));
  std::vector<LabelStatement> statements;
  for (const auto& [found, corrects] : changes) {
    statements.push_back({.event = found->event.digest,
                          .label = found->label,
                          .step = found->line->step,
                          .origin = origin_of(*found->line, actor),
                          .entry = done.entry,
                          .given = {}});
  }
  WINNOW_TRY(waiting.add(statements));
  return done;
}

}  // namespace winnow
