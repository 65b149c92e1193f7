#include <fmt/format.h>

#include "base/json_text.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMaxCheckpointBytes = 64UL << 10;

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  const auto& audit = workspace->registry().audit();
  const auto limit =
      static_cast<std::uint64_t>(std::max<std::int64_t>(arguments.integer("limit"), 0));
  const auto size = audit.size();
  Table table({{"entry", true}, {"time"}, {"actor"}, {"action"}, {"subject"}, {"details"}});
  Json entries = Json::array();
  const auto show_entry = [&](std::uint64_t index, std::string_view text) -> Result<bool> {
    WINNOW_TRY(const auto entry, audit_entry_of(text));
    WINNOW_TRY(auto json, parse_json(text));
    entries.push(json.set("index", index));
    table.add({std::to_string(index), short_time(entry.time), entry.actor, entry.action,
               entry.subject.substr(0, 20), to_text(entry.details)});
    return true;
  };
  WINNOW_TRY(audit.scan(size > limit ? size - limit : 0, size, show_entry));
  console.document("audit.list", Json::object({{"size", size}, {"entries", std::move(entries)}}));
  table.print_or(console, "nothing is on record yet");
  return 0;
}

Result<int> verify(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  std::vector<std::string> known;
  for (const auto& file : arguments.texts("known")) {
    WINNOW_TRY(known.emplace_back(), read_file(file, kMaxCheckpointBytes));
  }
  WINNOW_TRY(const auto keys, KeyRing::open(folder / "data" / "keys", Access::ReadOnly));
  WINNOW_TRY(const auto found,
             verify_audit_log(folder / "data" / "audit", keys, known, console.progress()));
  Json findings = Json::array();
  for (const auto& finding : found.findings) {
    findings.push(Json::object({{"what", finding.what},
                                {"entry", finding.entry ? Json(*finding.entry) : Json()},
                                {"since", json_text(finding.since)}}));
  }
  console.document("audit.verify", Json::object({{"entries", found.entries},
                                                 {"checkpoints", found.checkpoints},
                                                 {"verified", found.holds()},
                                                 {"root", to_base64(found.latest.root.as_text())},
                                                 {"findings", std::move(findings)}}));
  for (const auto& finding : found.findings) {
    console.line(
        console.tinted("broken  ", Console::Tone::Bad) + printable(finding.what) +
        (finding.since ? fmt::format("  (unchanged up to {})", finding.since->text()) : ""));
  }
  if (found.holds()) {
    console.line(fmt::format("{}{} entries, {} signed checkpoints, root {}",
                             console.tinted("verified  ", Console::Tone::Good),
                             human_count(found.entries), human_count(found.checkpoints),
                             to_base64(found.latest.root.as_text())));
  }
  return found.holds() ? 0 : kAnswerIsNo;
}

Result<int> prove(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  const auto index = arguments.integer("entry");
  if (index < 0)
    return Error(Code::InvalidArgument, fmt::format("entries are counted from 0, not {}", index));
  WINNOW_TRY(const auto proof,
             workspace->registry().audit().prove(static_cast<std::uint64_t>(index)));
  console.document(
      "audit.prove",
      Json::object({{"index", proof.index}, {"entry", proof.entry}, {"proof", to_text(proof)}}));
  const auto text = to_text(proof);
  if (!arguments.has("output")) {
    console.line(std::string_view(text).substr(0, text.find_last_not_of('\n') + 1));
    return 0;
  }
  WINNOW_TRY(write_atomically(arguments.text("output"), text));
  console.note(fmt::format("wrote {}; the entry itself: {}", arguments.text("output"),
                           printable(proof.entry)));
  return 0;
}

Result<int> checkpoint(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  const auto note = workspace->registry().audit().checkpoint();
  console.document("audit.checkpoint", Json::object({{"checkpoint", note}}));
  console.line(std::string_view(note).substr(0, note.find_last_not_of('\n') + 1));
  return 0;
}

}  // namespace

std::vector<Command> audit_commands() {
  using Kind = Option::Kind;
  return {
      {"audit list",
       "Lists who changed what, when and why",
       "Oldest first; the newest LIMIT entries.",
       "winnow audit list --limit 20",
       {{Kind::Integer, "limit", "at most so many", "50"}, workspace_option()},
       list},
      {"audit verify",
       "Proves that nothing in the audit log was changed, removed or reordered",
       "Reads the whole log, recomputes its Merkle tree and checks every signed checkpoint. A "
       "checkpoint kept elsewhere (--known) also "
       "finds a log that was replaced as a whole. Exit code 3 when the log does not hold; the "
       "findings say what and since when.",
       "winnow audit verify",
       {{Kind::Texts, "known", "file with a checkpoint kept elsewhere; may be given again"},
        workspace_option()},
       verify},
      {"audit prove",
       "Writes a proof that one entry is in the log",
       "The proof (C2SP tlog-proof) verifies without Winnow, with the log's public key and the "
       "entry alone.",
       "winnow audit prove 0",
       {{Kind::Positional, "entry", "its place in the log, counted from 0", "", true},
        {Kind::Text, "output", "write the proof to this file"},
        workspace_option()},
       prove},
      {"audit checkpoint",
       "Prints the latest signed checkpoint, to be kept elsewhere",
       "Whoever keeps a checkpoint can later prove that the log has only grown since.",
       "winnow audit checkpoint",
       {workspace_option()},
       checkpoint},
  };
}

}  // namespace winnow::cli
