// JSON libraries that others would take, each filling the cells that a mapping wants.
#pragma once

#include <memory>

#include "base/json_scan.h"
#include "bench/mapping/path_tree.h"

namespace winnow::bench {

// Parses records into documents of its library, with the memory of the last one used again where
// the library can.
class Peer {
 public:
  virtual ~Peer() = default;
  // False where the record is no JSON object. The texts of `cells` stay valid until the next call.
  virtual bool fill(std::string_view record, const PathTree& tree, JsonCells& cells) = 0;
};

std::unique_ptr<Peer> rapidjson_peer();
std::unique_ptr<Peer> nlohmann_peer();

}  // namespace winnow::bench
