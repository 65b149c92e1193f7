// Writes what an independent verifier needs to a folder: logs of several sizes with their
// checkpoints, an inclusion proof for each entry, a consistency proof between every two
// checkpoints, across a key rotation.
#include <cstdio>

#include <fmt/format.h>

#include "registry/audit_log.h"

namespace winnow {
namespace {

constexpr std::uint64_t kEntries = 300;

Status write_vkeys(const Path& folder, const std::string& origin, const KeyRing& keys) {
  std::string text;
  for (const auto& key : keys.keys()) text += note_verifier_key(origin, key.public_key) + "\n";
  return write_atomically(folder / "vkeys", text);
}

Json hashes_json(const merkle::Proof& hashes) {
  std::vector<Json> items;
  for (const auto& hash : hashes) items.emplace_back(to_base64(hash.as_text()));
  return Json::array(std::move(items));
}

Status write_consistency(const Path& folder, const AuditLog& log,
                         const std::vector<std::string>& checkpoints) {
  std::vector<Json> items;
  for (const auto& note : checkpoints) {
    WINNOW_TRY(const auto before, checkpoint_of(note));
    if (before.size == 0) continue;  // nothing to prove, and Go's tlog asks for at least one entry
    WINNOW_TRY(const auto proof, log.prove_growth(before.size));
    items.push_back(Json::object(
        {{"before", note}, {"after", proof.checkpoint}, {"hashes", hashes_json(proof.hashes)}}));
  }
  return write_atomically(folder / "consistency.json", to_text(Json::array(std::move(items))));
}

Status export_proofs(const Path& folder) {
  const FixedClock clock(Timestamp::from_seconds(1'700'000'000));
  WINNOW_TRY(auto keys, KeyRing::create(folder / "keys", clock));
  WINNOW_TRY(auto log, AuditLog::open(folder / "audit", keys, Access::ReadWrite));
  std::vector<std::string> checkpoints;
  for (std::uint64_t batch = 1; log.size() < kEntries; batch = batch % 13 + 1) {
    std::vector<AuditEntry> entries;
    for (std::uint64_t i = 0; i < batch; ++i) {
      entries.push_back({clock.now(), "ada", "bundle.promoted", fmt::format("b-{}", log.size() + i),
                         Json::object()});
    }
    WINNOW_TRY(log.append(entries));
    checkpoints.push_back(log.checkpoint());
    if (batch == 13) WINNOW_TRY(keys.rotate(clock));
  }
  WINNOW_TRY(make_folders(folder / "inclusion"));
  for (std::uint64_t i = 0; i < log.size(); ++i) {
    WINNOW_TRY(const auto proof, log.prove(i));
    WINNOW_TRY(
        write_atomically(folder / "inclusion" / fmt::format("{}.tlog-proof", i), to_text(proof)));
  }
  WINNOW_TRY(write_consistency(folder, log, checkpoints));
  return write_vkeys(folder, log.origin(), keys);
}

}  // namespace
}  // namespace winnow

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: export_proofs FOLDER\n", stderr);
    return 2;
  }
  const auto done = winnow::export_proofs(argv[1]);
  if (!done) std::fprintf(stderr, "%s\n", done.error().text().c_str());
  return done ? 0 : 1;
}
