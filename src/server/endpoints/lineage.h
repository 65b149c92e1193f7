// Where a decision, a bundle, a run or an artifact comes from, back to data and code, as a graph.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "server/threads/records.h"

namespace winnow::server {

// {start, nodes: [{id, kind, name, at, facts}...], edges: [{from, to, how}...]}: each edge leads
// from what came of something to what it came of. `id` is that of a decision, bundle or run, or a
// unique beginning of it, or the whole digest of an artifact. Of the start alone the graph also
// tells what became of it: the outputs of a run, the bundles that hold them. Errors:
// InvalidArgument (it is no id), NotFound, Conflict (the beginning of several), Corrupt,
// Unavailable.
Result<Json> lineage_of(RecordStores& stores, std::string_view id);

}  // namespace winnow::server
