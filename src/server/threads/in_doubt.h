// Which records may be in the event log without having been decided: those of the batch that a
// crash or a failure ended. They come again, behind events that arrived after them; decided then,
// they would meet states that know them already. So they are decided before anything else, at their
// own place in the log.
#pragma once

#include <span>
#include <vector>

#include "ingest/event_log.h"
#include "ingest/ingest.h"
#include "store/spool.h"

namespace winnow::server {

// The digests that a batch's records may be stored under, in their order: what a record of an
// envelope is, is settled as it is stored.
std::vector<Digest> digests_of(std::span<const ReceivedRecord> records);

// The same of the records that wait in the spool, of its first ones, which a crash had in work:
// more than are decided within Spool::Config::remember. Before anybody takes from it. Cost: about 2
// us a record. Errors: of the spool.
Result<std::vector<Digest>> digests_waiting(Spool& spool);

// Those of them that are in the log and arrived last, at most `most`: earlier ones were decided.
// Cost: a look-up each, until thousands in a row are not there. Errors: of the log.
Result<std::vector<StoredEvent>> stored_last(const EventLog& events,
                                             std::span<const Digest> digests, std::size_t most);

}  // namespace winnow::server
