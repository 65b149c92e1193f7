#include "features/detail/grams.h"

#include <bit>
#include <set>

#include "tests/features/small_sets.h"

namespace winnow::features {
namespace {

struct Text {
  explicit Text(std::string_view content) : normal(normalise(content, Replace::Nothing, {})) {
    found = find_words(normal.text);
    words.text = normal.text;
    words.words = found;
  }
  NormalText normal;
  std::vector<Word> found;
  Words words;
};

std::size_t buckets_of(const TextBlock& block, std::string_view content) {
  const Text text(content);
  BucketMarks seen(block.buckets());
  mark_grams(block, text.words, seen);
  std::size_t count = 0;
  seen.take([&](std::uint32_t) { ++count; });
  return count;
}

TextBlock block_of(TextBlock::Grams grams, unsigned least, unsigned most) {
  TextBlock block;
  block.grams = grams;
  block.least = least;
  block.most = most;
  block.first = 1000;
  block.bits = 20;
  return block;
}

TEST(BucketMarks, AreTakenOnceInOrder) {
  BucketMarks marks(1U << 20);
  const std::vector<std::uint32_t> buckets = {0, 63, 64, 4095, 4096, 262'144, (1U << 20) - 1};
  for (auto i = buckets.size(); i-- > 0;) marks.set(buckets[i]);
  marks.set(64);
  std::vector<std::uint32_t> found;
  const auto keep = [&](std::uint32_t bucket) { found.push_back(bucket); };
  marks.take(keep);
  EXPECT_EQ(found, buckets);
  marks.take(keep);
  EXPECT_EQ(found, buckets) << "taking empties the set";
}

TEST(Grams, AreWordsAndPairsOfThem) {
  const auto block = block_of(TextBlock::Grams::Words, 1, 2);
  EXPECT_EQ(buckets_of(block, "one two three"), 5U);
  EXPECT_EQ(buckets_of(block, "one two one two"), 4U);  // one, two, one two, two one
  EXPECT_EQ(buckets_of(block, ""), 0U);
  EXPECT_NE(buckets_of(block, "extraordinarily long words hashed"), 0U);
}

TEST(Grams, AreLettersWithinATokenAndItsBlanks) {
  const auto block = block_of(TextBlock::Grams::Letters, 3, 5);
  // " abc ": 3 of three, 2 of four, 1 of five
  EXPECT_EQ(buckets_of(block, "abc"), 6U);
  EXPECT_EQ(buckets_of(block, "abc abc"), 6U);
  EXPECT_EQ(buckets_of(block, "a"), 1U);  // " a " is its only gram
}

TEST(Grams, ShowTheWordsBehindBuckets) {
  const auto block = block_of(TextBlock::Grams::Words, 1, 2);
  const Text text("Verify your account");
  std::set<std::string> found;
  for (const auto& gram : word_grams(block, text.words)) found.emplace(gram.text);
  EXPECT_EQ(found,
            (std::set<std::string>{"verify", "your", "account", "verify your", "your account"}));
}

TEST(Grams, AreTheWholeText) {
  auto block = block_of(TextBlock::Grams::Whole, 1, 1);
  EXPECT_EQ(buckets_of(block, "ET SCAN Potential SSH Scan"), 1U);
  EXPECT_EQ(buckets_of(block, ""), 0U);
  const auto bucket = [&](std::string_view content) {
    const Text text(content);
    return word_grams(block, text.words).at(0).bucket;
  };
  EXPECT_EQ(bucket("SSH scan"), bucket("ssh  SCAN!"));
  EXPECT_NE(bucket("ssh scan"), bucket("scan ssh"));
  EXPECT_NE(bucket("ssh scan"), bucket("ssh"));
  EXPECT_NE(bucket("ssh"), bucket("ssh ssh"));
  const Text text("SSH scan of 7 hosts");
  EXPECT_EQ(word_grams(block, text.words).at(0).text, "ssh scan of 7 hosts");
  block.first = 9;  // " ssh scan" and no more
  EXPECT_EQ(bucket("ssh scan of 7 hosts"), bucket("ssh scan"));
}

TEST(Grams, OfDifferentTextsRarelyShareABucket) {
  const auto block = block_of(TextBlock::Grams::Words, 1, 1);
  std::string text;
  for (int i = 0; i < 150; ++i)
    text += std::string(1, static_cast<char>('a' + i % 26)) +
            std::string(1, static_cast<char>('a' + i / 26)) + "q ";
  EXPECT_GE(buckets_of(block, text), 149U);
}

TEST(Grams, StopWhereTheBlockEnds) {
  auto block = block_of(TextBlock::Grams::Words, 1, 1);
  block.first = 9;  // " one two " and no more
  EXPECT_EQ(buckets_of(block, "one two three four"), 2U);
  block.grams = TextBlock::Grams::Letters;
  block.least = block.most = 3;
  EXPECT_EQ(buckets_of(block, "one two three four"), 6U);
}

}  // namespace
}  // namespace winnow::features
