// The Merkle tree of RFC 6962 / RFC 9162 section 2.1: hashes, proofs and their verification. Pure
// functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"

namespace winnow::merkle {

Digest leaf_hash(std::string_view entry);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();

// Complete subtrees are stored in the order in which they become complete: after leaf n its hash,
// then those of all subtrees that end with it, from small to large. So a growing tree only ever
// appends.
std::uint64_t stored_count(std::uint64_t leaves);  // hashes of a tree of that size
std::uint64_t stored_index(unsigned level,
                           std::uint64_t index);  // of the index-th subtree of 2^level leaves

// Reads the stored hash at an index. Errors are passed on.
using HashReader = std::function<Result<Digest>(std::uint64_t stored_index)>;

// The right edge of a growing tree: all that appending needs. Copyable.
class Frontier {
 public:
  Frontier() = default;
  static Result<Frontier> load(std::uint64_t size, const HashReader& read);

  // Appends a leaf hash, and to `stored` the hashes that it completes.
  void append(const Digest& leaf, std::vector<Digest>* stored);
  std::uint64_t size() const { return size_; }
  Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> edge_;  // complete subtrees, largest first: one for each bit set in size_
};

using Proof = std::vector<Digest>;
Result<Digest> root(std::uint64_t size, const HashReader& read);
// Errors: InvalidArgument (index >= size, before > after), and of `read`.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const HashReader& read);
Result<Proof> consistency_proof(std::uint64_t before, std::uint64_t after, const HashReader& read);

// Errors: Denied (the proof does not show it).
Status verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                        const Digest& root, const Proof& proof);
Status verify_consistency(std::uint64_t before, const Digest& root_before, std::uint64_t after,
                          const Digest& root_after, const Proof& proof);

}  // namespace winnow::merkle
