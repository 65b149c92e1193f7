// Scoring allocates nothing: counted by replacing operator new in this program.
#include <atomic>
#include <cstdlib>
#include <new>

#include "model/forest_model.h"
#include "model/isolation_forest.h"
#include "tests/model/random_forest.h"
#include "tests/support/support.h"

namespace {

std::atomic<long> allocations = 0;  // relaxed: one thread counts its own

}  // namespace

#ifndef WINNOW_SANITIZED  // the sanitizers have operators of their own
static void* allocate(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

namespace winnow {
namespace {

TEST(Allocation, ScoringAllocatesNothing) {
#ifdef WINNOW_SANITIZED
  GTEST_SKIP() << "nothing is counted beside a sanitizer's own allocator";
#endif
  Rng rng(5);
  for (const auto depth : {6U, 9U}) {
    const auto forest =
        testing::random_forest({.features = 30, .trees = 40, .max_depth = depth}, rng);
    const auto rows = testing::random_rows(forest, 1000, rng);
    std::vector<float> scores(1000);
    for (const auto level : cpu_levels()) {
      const auto model = ForestModel::compile(forest, level).value();
      const long before = allocations;
      model.score({rows.data(), 1000, forest.features}, scores);
      model.score({rows.data(), 1, forest.features}, scores);
      EXPECT_EQ(allocations, before) << name_of(level);
    }
  }
}

TEST(Allocation, ScoringNoveltyAllocatesNothing) {
#ifdef WINNOW_SANITIZED
  GTEST_SKIP() << "nothing is counted beside a sanitizer's own allocator";
#endif
  const IsolationTree tree = {{0, 0.5F, false, 2, 0}, {0, 0, false, 0, 1}, {0, 0, false, 0, 255}};
  const IsolationTrees hundred{{"bytes"}, std::vector<IsolationTree>(100, tree), average_path(256)};
  const std::vector<float> rows(1000, 0.25F);
  std::vector<float> novelty(1000);
  for (const auto level : cpu_levels()) {
    const auto forest = IsolationForest::create(hundred, level).value();
    const long before = allocations;
    forest.score({rows.data(), 1000, 1}, novelty);
    forest.score({rows.data(), 1, 1}, novelty);
    EXPECT_EQ(allocations, before) << name_of(level);
  }
}

}  // namespace
}  // namespace winnow
