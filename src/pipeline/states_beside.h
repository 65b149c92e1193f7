// Entity states that are filled beside those that decide, and take their place at once (ADR 20):
// which bundle decides with which states, whatever crashes in between.
#pragma once

#include <optional>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "pipeline/decision_store.h"
#include "registry/bundle.h"

namespace winnow {

// Who decides with the states of a folder.
struct StatesUse {
  BundleId bundle;
  Timestamp since;
  bool waited = false;  // it was promoted before, and waited until they were filled
  friend bool operator==(const StatesUse&, const StatesUse&) = default;
};

// Nobody has the folder open. Nothing: it is not there, or nobody said so. Errors: Corrupt, Denied,
// Unavailable.
Result<std::optional<StatesUse>> use_of(const Path& folder);
// Durable when it returns. Errors: as use_of(); Exhausted (disk full).
Status note_use(const Path& folder, const StatesUse& use);

// Where others are filled beside the states of `folder`; and where those are kept that decided
// before them, until others are filled. These have a use_of(), those have none.
Path beside(const Path& folder);

// Puts the states beside, which are of this history, in the place of those in `folder`, from where
// `use.bundle` decides with them: at once, so that a crash leaves the one or the other there. What
// the outbox holds goes to `decisions` first, and what waits for a bundle that can read it goes on
// to wait. Nobody has any of them open. Errors: as use_of(); Exhausted (disk full), of `decisions`.
Status put_in_place(const Path& folder, const Digest& history, const StatesUse& use,
                    DecisionStore& decisions);

}  // namespace winnow
