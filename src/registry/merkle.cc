#include "registry/merkle.h"

#include <bit>

#include <fmt/format.h>

namespace winnow::merkle {
namespace {

// A prefix keeps leaves and nodes apart (RFC 6962 section 2.1). The context is reused: making one
// for each hash costs more than the hash.
Digest prefixed(char prefix, std::string_view first, std::string_view second) {
  thread_local Sha256 hasher;
  return hasher.update({&prefix, 1}).update(first).update(second).finish();
}

// Hash of the leaves [low, high) of a larger tree, of which complete subtrees are stored.
Result<Digest> range_hash(std::uint64_t low, std::uint64_t high, const HashReader& read) {
  ensure(low < high, "a range has leaves");
  const auto count = high - low;
  if (std::has_single_bit(count) && (low & (count - 1)) == 0) {
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    return read(stored_index(level, low >> level));
  }
  const auto left = std::bit_floor(count - 1);
  WINNOW_TRY(const auto a, range_hash(low, low + left, read));
  WINNOW_TRY(const auto b, range_hash(low + left, high, read));
  return node_hash(a, b);
}

// PATH(m, D[n]) of RFC 9162 section 2.1.3.1, for the leaves [low, high).
Status inclusion_path(std::uint64_t index, std::uint64_t low, std::uint64_t high,
                      const HashReader& read, Proof& out) {
  if (high - low == 1) return {};
  const auto middle = low + std::bit_floor(high - low - 1);
  const bool in_left = index < middle;
  WINNOW_TRY(in_left ? inclusion_path(index, low, middle, read, out)
                     : inclusion_path(index, middle, high, read, out));
  WINNOW_TRY(const auto sibling,
             in_left ? range_hash(middle, high, read) : range_hash(low, middle, read));
  out.push_back(sibling);
  return {};
}

// SUBPROOF(m, D_n, b) of RFC 9162 section 2.1.4.1, for the leaves [low, high).
Status consistency_path(std::uint64_t before, std::uint64_t low, std::uint64_t high, bool known,
                        const HashReader& read, Proof& out) {
  if (before == high) {
    if (known) return {};
    WINNOW_TRY(const auto hash, range_hash(low, high, read));
    out.push_back(hash);
    return {};
  }
  const auto middle = low + std::bit_floor(high - low - 1);
  const bool in_left = before <= middle;
  WINNOW_TRY(in_left ? consistency_path(before, low, middle, known, read, out)
                     : consistency_path(before, middle, high, false, read, out));
  WINNOW_TRY(const auto sibling,
             in_left ? range_hash(middle, high, read) : range_hash(low, middle, read));
  out.push_back(sibling);
  return {};
}

Error not_shown(std::string_view what) {
  return {Code::Denied, fmt::format("the proof does not show {}", what)};
}

}  // namespace

Digest leaf_hash(std::string_view entry) { return prefixed(0, entry, {}); }
Digest node_hash(const Digest& left, const Digest& right) {
  return prefixed(1, left.as_text(), right.as_text());
}
Digest empty_root() { return sha256({}); }

std::uint64_t stored_count(std::uint64_t leaves) {
  return 2 * leaves - static_cast<std::uint64_t>(std::popcount(leaves));
}

std::uint64_t stored_index(unsigned level, std::uint64_t index) {
  const auto last_leaf = ((index + 1) << level) - 1;
  return stored_count(last_leaf) + level;
}

Result<Frontier> Frontier::load(std::uint64_t size, const HashReader& read) {
  Frontier frontier;
  for (std::uint64_t rest = size; rest != 0;) {
    const auto part = std::bit_floor(rest);
    const auto start = size - rest;
    WINNOW_TRY(const auto hash, range_hash(start, start + part, read));
    frontier.edge_.push_back(hash);
    rest -= part;
  }
  frontier.size_ = size;
  return frontier;
}

void Frontier::append(const Digest& leaf, std::vector<Digest>* stored) {
  Digest node = leaf;
  if (stored != nullptr) stored->push_back(node);
  for (auto rest = size_; (rest & 1) != 0; rest >>= 1) {
    node = node_hash(edge_.back(), node);
    edge_.pop_back();
    if (stored != nullptr) stored->push_back(node);
  }
  edge_.push_back(node);
  ++size_;
}

Digest Frontier::root() const {
  if (edge_.empty()) return empty_root();
  Digest node = edge_.back();
  for (auto i = edge_.size() - 1; i-- > 0;) node = node_hash(edge_[i], node);
  return node;
}

Result<Digest> root(std::uint64_t size, const HashReader& read) {
  if (size == 0) return empty_root();
  return range_hash(0, size, read);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const HashReader& read) {
  if (index >= size) {
    return Error(Code::InvalidArgument,
                 fmt::format("entry {} is not among the first {}", index, size));
  }
  Proof proof;
  WINNOW_TRY(inclusion_path(index, 0, size, read, proof));
  return proof;
}

Result<Proof> consistency_proof(std::uint64_t before, std::uint64_t after, const HashReader& read) {
  if (before > after) {
    return Error(Code::InvalidArgument,
                 fmt::format("a log of {} entries has not grown to {}", before, after));
  }
  Proof proof;
  if (before == 0 || before == after) return proof;
  WINNOW_TRY(consistency_path(before, 0, after, true, read, proof));
  return proof;
}

// RFC 9162 section 2.1.3.2.
Status verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                        const Digest& root, const Proof& proof) {
  if (index >= size) return not_shown(fmt::format("entry {} in a log of {} entries", index, size));
  auto fn = index, sn = size - 1;
  Digest node = leaf;
  for (const auto& hash : proof) {
    if (sn == 0) return not_shown("the entry: it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      node = node_hash(hash, node);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      node = node_hash(node, hash);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0 || node != root)
    return not_shown(fmt::format("entry {} in the log of {} entries", index, size));
  return {};
}

// RFC 9162 section 2.1.4.2.
Status verify_consistency(std::uint64_t before, const Digest& root_before, std::uint64_t after,
                          const Digest& root_after, const Proof& proof) {
  const auto refused =
      not_shown(fmt::format("that the log of {} entries grew from the one of {}", after, before));
  if (before > after) return refused;
  if (before == after || before == 0) {
    const bool holds = proof.empty() &&
                       (before == after ? root_before == root_after : root_before == empty_root());
    return holds ? Status() : refused;
  }
  Proof path;
  if (std::has_single_bit(before)) path.push_back(root_before);
  path.insert(path.end(), proof.begin(), proof.end());
  if (path.empty()) return refused;
  auto fn = before - 1, sn = after - 1;
  for (; (fn & 1) != 0; fn >>= 1) sn >>= 1;
  Digest old_node = path.front(), new_node = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) return refused;
    if ((fn & 1) != 0 || fn == sn) {
      old_node = node_hash(path[i], old_node);
      new_node = node_hash(path[i], new_node);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_node = node_hash(new_node, path[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && old_node == root_before && new_node == root_after ? Status() : refused;
}

}  // namespace winnow::merkle
