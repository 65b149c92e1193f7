#include "ingest/detail/recent_blocks.h"

#include <algorithm>

namespace winnow {

const UnpackedBlock* RecentBlocks::find(RecordPosition at, const SegmentVersion& version) {
  const auto found = std::ranges::find(blocks_, at, &Kept::at);
  if (found == blocks_.end()) return nullptr;
  if (found->version != version) {
    blocks_.erase(found);
    return nullptr;
  }
  std::rotate(blocks_.begin(), found, std::next(found));
  return &blocks_.front().block;
}

const UnpackedBlock& RecentBlocks::keep(RecordPosition at, const SegmentVersion& version,
                                        UnpackedBlock block) {
  if (blocks_.size() == kMost) blocks_.pop_back();
  return blocks_.insert(blocks_.begin(), {at, version, std::move(block)})->block;
}

}  // namespace winnow
