#include "registry/merkle.h"

#include <bit>

#include "tests/support/support.h"

namespace winnow::merkle {
namespace {

using testing::code_of;

// RFC 9162 section 2.1.1, as it is written there.
Digest plain_root(const std::vector<Digest>& leaves, std::size_t low, std::size_t high) {
  if (low == high) return sha256("");
  if (high - low == 1) return leaves[low];
  const auto k = std::bit_floor(high - low - 1);
  return node_hash(plain_root(leaves, low, low + k), plain_root(leaves, low + k, high));
}

struct Tree {
  explicit Tree(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      leaves.push_back(leaf_hash(std::to_string(i)));
      frontier.append(leaves.back(), &stored);
    }
  }
  HashReader reader() const {
    return [this](std::uint64_t index) -> Result<Digest> { return stored.at(index); };
  }
  Digest root_at(std::size_t size) const { return plain_root(leaves, 0, size); }

  std::vector<Digest> leaves, stored;
  Frontier frontier;
};

TEST(Merkle, HashesAreThoseOfRfc6962) {
  // The test vectors of Certificate Transparency's reference implementation: empty tree, empty
  // leaf, "L123456", node "N123","N456".
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash("").hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(leaf_hash("L123456").hex(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST(Merkle, TheFrontierAgreesWithTheDefinition) {
  const Tree tree(70);
  Frontier growing;
  for (std::size_t size = 0; size <= 70; ++size) {
    EXPECT_EQ(growing.root(), tree.root_at(size)) << size;
    EXPECT_EQ(root(size, tree.reader()).value(), tree.root_at(size)) << size;
    EXPECT_EQ(Frontier::load(size, tree.reader()).value().root(), tree.root_at(size)) << size;
    if (size < 70) growing.append(tree.leaves[size], nullptr);
  }
  EXPECT_EQ(stored_count(70), tree.stored.size());
}

TEST(Merkle, EveryInclusionProofVerifiesAndNoOtherDoes) {
  const Tree tree(33);
  for (std::uint64_t size = 1; size <= 33; ++size) {
    const auto root = tree.root_at(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.reader()).value();
      EXPECT_OK(verify_inclusion(tree.leaves[index], index, size, root, proof));
      EXPECT_EQ(code_of(verify_inclusion(leaf_hash("other"), index, size, root, proof)),
                Code::Denied);
      EXPECT_EQ(code_of(verify_inclusion(tree.leaves[index], (index + 1) % (size + 1), size, root,
                                         proof)),
                Code::Denied);
      auto longer = proof;
      longer.push_back(root);
      EXPECT_EQ(code_of(verify_inclusion(tree.leaves[index], index, size, root, longer)),
                Code::Denied);
      if (proof.empty()) continue;
      auto shorter = proof;
      shorter.pop_back();
      EXPECT_EQ(code_of(verify_inclusion(tree.leaves[index], index, size, root, shorter)),
                Code::Denied);
    }
    EXPECT_EQ(code_of(inclusion_proof(size, size, tree.reader())), Code::InvalidArgument);
  }
}

TEST(Merkle, EveryConsistencyProofVerifiesAndNoOtherDoes) {
  const Tree tree(33);
  for (std::uint64_t after = 0; after <= 33; ++after) {
    for (std::uint64_t before = 0; before <= after; ++before) {
      const auto proof = consistency_proof(before, after, tree.reader()).value();
      const auto old_root = tree.root_at(before), new_root = tree.root_at(after);
      EXPECT_OK(verify_consistency(before, old_root, after, new_root, proof));
      EXPECT_EQ(code_of(verify_consistency(before, leaf_hash("x"), after, new_root, proof)),
                Code::Denied);
      if (before > 0) {
        EXPECT_EQ(code_of(verify_consistency(before, old_root, after, leaf_hash("x"), proof)),
                  Code::Denied);
      }
      for (std::size_t i = 0; i < proof.size(); ++i) {
        auto changed = proof;
        changed[i] = leaf_hash("x");
        EXPECT_EQ(code_of(verify_consistency(before, old_root, after, new_root, changed)),
                  Code::Denied);
      }
    }
    EXPECT_EQ(code_of(consistency_proof(after + 1, after, tree.reader())), Code::InvalidArgument);
  }
}

}  // namespace
}  // namespace winnow::merkle
