#include "cases/process_tree.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cases/detail/around_event.h"
#include "ocsf/schema.h"

namespace winnow::cases {
namespace {

using ocsf::Attribute;

// Where an event keeps a process.
struct Where {
  Attribute uid, pid, name, path, command, user, hashes;
};

Where below(const std::string& prefix, const std::string& user) {
  return {Attribute::of(prefix + ".uid"),        Attribute::of(prefix + ".pid"),
          Attribute::of(prefix + ".name"),       Attribute::of(prefix + ".file.path"),
          Attribute::of(prefix + ".cmd_line"),   Attribute::of(user),
          Attribute::of(prefix + ".file.hashes")};
}

// What an event says of a process and of the one that started it.
struct Told {
  std::string key, parent_key;  // by which events name a process; empty: this one does not
  KnownProcess process, parent;
  bool is_start = false;
};

std::string text(const ocsf::Event& event, Attribute attribute, std::size_t most) {
  return std::string(utf8_prefix(event.get(attribute).as_text(), most));
}

// A number that no other process ever has, or the system's, which it gives out again.
std::string key_of(const ocsf::Event& event, const Where& where) {
  const auto uid = event.get(where.uid).as_text();
  if (!uid.empty()) return std::string(uid);
  const auto pid = event.get(where.pid);
  return pid.kind() == ocsf::Value::Kind::Int ? fmt::format("pid {}", pid.as_int()) : "";
}

std::string sha256_of(const ocsf::Event& event, Attribute hashes) {
  static const auto kAlgorithm = Attribute::of("algorithm_id"), kValue = Attribute::of("value");
  for (const auto& hash : event.get(hashes).as_records()) {
    if (hash.get(kAlgorithm).as_int() == ocsf::hash_algorithm::kSha256)
      return std::string(utf8_prefix(hash.get(kValue).as_text(), 64));
  }
  return {};
}

KnownProcess process_at(const ocsf::Event& event, const Where& where) {
  constexpr std::size_t kName = 512;
  KnownProcess process;
  process.name = text(event, where.name, kName);
  process.path = text(event, where.path, kName);
  process.command = text(event, where.command, kShownCommandBytes);
  process.user = text(event, where.user, kName);
  process.sha256 = sha256_of(event, where.hashes);
  const auto pid = event.get(where.pid);
  if (pid.kind() == ocsf::Value::Kind::Int) process.pid = pid.as_int();
  return process;
}

// A start tells of the process and, as its actor, of the parent; another event of its actor only;
// an alert keeps both among its evidence.
Told told_by(const ocsf::Event& event) {
  static const auto kProcess = below("process", "process.user.name"),
                    kActor = below("actor.process", "actor.user.name"),
                    kEvidence = below("evidences.0.process", "evidences.0.user.name"),
                    kEvidenceParent = below("evidences.0.process.parent_process",
                                            "evidences.0.process.parent_process.user.name");
  static const auto kActivity = Attribute::of("activity_id");
  constexpr std::int64_t kLaunch = 1;
  Told told;
  const bool is_process = event.class_uid() == ocsf::ClassUid::ProcessActivity;
  told.is_start = is_process && event.get(kActivity).as_int() == kLaunch;
  const bool is_alert = event.class_uid() == ocsf::ClassUid::DetectionFinding;
  const auto& own = told.is_start ? kProcess : is_alert ? kEvidence : kActor;
  told.key = key_of(event, own);
  told.process = process_at(event, own);
  if (told.is_start || is_alert) {
    const auto& parent = told.is_start ? kActor : kEvidenceParent;
    told.parent_key = key_of(event, parent);
    told.parent = process_at(event, parent);
  }
  if (told.is_start) told.process.started = event.time();
  return told;
}

// The starts on one machine, in the order of arrival.
struct Starts {
  std::vector<Told> told;
  std::size_t looked_at = 0;

  // Numbers of processes are given out again: the newest start by then counts.
  const Told* of(const std::string& key, std::optional<Timestamp> by) const {
    const Told* found = nullptr;
    for (const auto& one : told) {
      if (one.key == key && (!by || *one.process.started <= *by)) found = &one;
    }
    return found;
  }
};

Result<Starts> starts_around(const EventLog& events, const DomainMapping& mapping,
                             const StoredEvent& stored, std::string_view host) {
  static const auto kHost = Attribute::of("device.hostname");
  Starts starts;
  const auto look_at = [&](const StoredEvent& one, const ocsf::Event& event) {
    if (event.get(kHost).as_text() != host) return;
    auto told = told_by(event);
    if (!told.is_start || told.key.empty()) return;
    told.process.event = one.digest;
    starts.told.push_back(std::move(told));
  };
  WINNOW_TRY(starts.looked_at, read_around(events, mapping, stored, look_at));
  return starts;
}

// Who started it, who started that, ..., the outermost first.
std::vector<KnownProcess> ancestors_of(const Starts& starts, Told told) {
  std::vector<KnownProcess> found;
  while (!told.parent_key.empty() && found.size() < kShownAncestors) {
    const auto* start = starts.of(told.parent_key, told.process.started);
    found.push_back(start != nullptr ? start->process : told.parent);
    if (start == nullptr || start->parent_key == told.parent_key) break;
    told = *start;
  }
  for (auto& one : found) one.kin = Kin::Ancestor;
  std::ranges::reverse(found);
  for (std::size_t i = 0; i < found.size(); ++i) found[i].depth = i;
  return found;
}

// What `key` started, and what that started, each before what comes beside it.
void add_descendants(const Starts& starts, const std::string& key, std::optional<Timestamp> since,
                     std::size_t depth, ProcessTree& tree) {
  constexpr std::size_t kDepth =
      24;  // of descendants; numbers that are given out again may go round
  if (depth > kDepth) return;
  for (const auto& one : starts.told) {
    if (one.parent_key != key || one.key == key || (since && *one.process.started < *since))
      continue;
    if (tree.processes.size() >= kShownAncestors + 1 + kShownDescendants) {
      tree.cut = true;
      return;
    }
    tree.processes.push_back(one.process);
    tree.processes.back().kin = Kin::Descendant;
    tree.processes.back().depth = depth;
    add_descendants(starts, one.key, one.process.started, depth + 1, tree);
  }
}

}  // namespace

std::string_view name_of(Kin kin) {
  static constexpr std::array<std::string_view, 3> kNames = {"ancestor", "own", "descendant"};
  return kNames[static_cast<std::size_t>(kin)];
}

Result<ProcessTree> process_tree(const EventLog& events, const DomainMapping& mapping,
                                 const StoredEvent& stored) {
  static const auto kHost = Attribute::of("device.hostname");
  WINNOW_TRY(const auto raw, events.read_raw(stored));
  StoredEventReader reader(mapping);
  WINNOW_TRY(const auto event, reader.read(stored, raw));
  auto told = told_by(event);
  ProcessTree tree;
  if (told.key.empty()) return tree;
  if (told.is_start) told.process.event = stored.digest;
  WINNOW_TRY(const auto starts, starts_around(events, mapping, stored, event.get(kHost).as_text()));
  tree.looked_at = starts.looked_at;
  // An event by a process that was started before: its start tells more.
  if (const auto* start = told.is_start ? nullptr : starts.of(told.key, event.time()))
    told = *start;
  tree.processes = ancestors_of(starts, told);
  const auto depth = tree.processes.size();
  tree.processes.push_back(told.process);
  tree.processes.back().depth = depth;
  add_descendants(starts, told.key, told.process.started, depth + 1, tree);
  return tree;
}

Json to_json(const ProcessTree& tree) {
  Json processes = Json::array();
  for (const auto& one : tree.processes) {
    processes.push(Json::object({{"kin", name_of(one.kin)},
                                 {"depth", static_cast<std::int64_t>(one.depth)},
                                 {"name", one.name},
                                 {"path", one.path},
                                 {"command", one.command},
                                 {"user", one.user},
                                 {"sha256", one.sha256},
                                 {"pid", one.pid ? Json(*one.pid) : Json()},
                                 {"started", one.started ? Json(one.started->text()) : Json()},
                                 {"event", one.event ? Json(one.event->hex()) : Json()}}));
  }
  return Json::object({{"processes", std::move(processes)},
                       {"looked_at", static_cast<std::int64_t>(tree.looked_at)},
                       {"cut", tree.cut}});
}

}  // namespace winnow::cases
