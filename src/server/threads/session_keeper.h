// Keeps the sessions on disk as they are in memory, and the other way round where another process
// ended some (`winnow sessions end`).
#pragma once

#include <cstdint>

#include "server/access/gate.h"
#include "server/threads/desk.h"

namespace winnow::server {

// On the desk's thread. The gate outlives it.
class SessionKeeper {
 public:
  // `endings` are those of the table when the gate took up what was in it.
  SessionKeeper(Gate& gate, std::uint64_t endings) : gate_(&gate), endings_(endings) {}

  // What cannot be written is logged, and tried again the next time.
  void look(DeskStores& stores);

 private:
  Status write(SessionTable& table);
  Status follow(SessionTable& table);

  Gate* gate_;
  std::uint64_t endings_;
  Sessions::Changes waiting_;  // for the disk
};

}  // namespace winnow::server
