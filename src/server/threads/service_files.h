// Where the workspace keeps what the service reads and writes.
#pragma once

#include "base/file.h"

namespace winnow::server {

struct ServiceFiles {
  Path events, quarantine, states;  // a folder, a database, a folder
  Path database;                    // of decisions, cases, tokens
  Path spool;                       // a folder: what was accepted and not yet decided
  Path sessions;                    // a database: who is signed in
  Path mappings = {};               // a folder, of other logs than mail; empty: there are none
};

}  // namespace winnow::server
