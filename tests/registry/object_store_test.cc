#include "registry/object_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

NoProgress no_progress;

TEST(ObjectStore, GivesBackWhatWasPut) {
  testing::TemporaryFolder folder;
  auto store = ObjectStore::open(folder / "o").value();
  const auto digest = store.put("hello").value();
  EXPECT_EQ(digest, sha256("hello"));
  EXPECT_EQ(store.put("hello").value(), digest) << "twice is once";
  EXPECT_EQ(store.get(digest).value(), "hello");
  EXPECT_EQ(store.put("").value(), sha256(""));
  EXPECT_EQ(store.get(sha256("")).value(), "");
  EXPECT_EQ(code_of(store.get(sha256("other"))), Code::NotFound);
  EXPECT_EQ(code_of(store.get(digest, 4)), Code::Exhausted);
  EXPECT_TRUE(store.has(digest));
  EXPECT_EQ(store.list().value().size(), 2U);
  EXPECT_EQ(store.verify_all(no_progress).value().objects, 2U);
  EXPECT_EQ(read_file(store.file_of(digest).value(), 10).value(), "hello");
}

TEST(ObjectStore, ManyAndLargeOnesToo) {
  testing::TemporaryFolder folder;
  auto store = ObjectStore::open(folder / "o").value();
  std::vector<std::string> contents;
  for (int i = 0; i < 300; ++i) contents.push_back(fmt::format("object {}", i % 250));
  const std::vector<std::string_view> views(contents.begin(), contents.end());
  const auto digests = store.put_all(views).value();
  ASSERT_EQ(digests.size(), 300U);
  for (std::size_t i = 0; i < digests.size(); ++i)
    EXPECT_EQ(store.get(digests[i]).value(), contents[i]);
  const std::string large(5'000'000, 'x');
  ASSERT_OK(write_atomically(folder / "large", large));
  EXPECT_EQ(store.put_file(folder / "large").value(), sha256(large));
  EXPECT_EQ(store.put_file(folder / "large").value(), sha256(large));
  EXPECT_EQ(code_of(store.put_file(folder / "absent")), Code::NotFound);
  const auto verified = store.verify_all(no_progress).value();
  EXPECT_EQ(verified.objects, 251U);
  EXPECT_TRUE(verified.damages.empty());
  EXPECT_TRUE(list_files(folder / "o/.incoming")->empty()) << "nothing is left on the way";
}

TEST(ObjectStore, AFlippedByteIsFoundNamedAndHealed) {
  testing::TemporaryFolder folder;
  auto store = ObjectStore::open(folder / "o").value();
  const auto digest = store.put("a model").value();
  const auto file = store.file_of(digest).value();
  std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  testing::flip_byte(file, 3);
  const auto got = store.get(digest);
  EXPECT_EQ(code_of(got), Code::Corrupt);
  EXPECT_THAT(got.error().message(), ::testing::HasSubstr(file.string()));
  const auto verified = store.verify_all(no_progress).value();
  ASSERT_EQ(verified.damages.size(), 1U);
  EXPECT_EQ(verified.damages[0].file, file);
  ASSERT_OK(store.put("a model"));
  EXPECT_EQ(store.get(digest).value(), "a model");
}

TEST(ObjectStore, AFlippedByteInAPackIsFoundNamedAndHealed) {
  testing::TemporaryFolder folder;
  std::vector<std::string> contents;
  for (int i = 0; i < 100; ++i) contents.push_back(fmt::format("object {}", i));
  const std::vector<std::string_view> views(contents.begin(), contents.end());
  { ASSERT_OK(ObjectStore::open(folder / "o")->put_all(views)); }
  const auto pack = list_files(folder / "o/packs")->front();
  std::filesystem::permissions(pack, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  const auto bytes = read_file(pack, 1U << 20).value();
  testing::for_each_seed(100, [&](Rng& rng) {
    const auto at = rng.below(bytes.size());
    const auto mask = static_cast<unsigned char>(1U << rng.below(8));
    std::filesystem::permissions(pack, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    testing::flip_byte(pack, at, mask);
    auto store = ObjectStore::open(folder / "o").value();
    const auto verified = store.verify_all(no_progress).value();
    EXPECT_EQ(verified.damages.size(), 1U) << "byte " << at;
    EXPECT_EQ(verified.damages.front().file, pack);
    int damaged = 0;
    for (const auto& content : contents) {
      const auto got = store.get(sha256(content));
      EXPECT_TRUE(got ? *got == content : code_of(got) == Code::Corrupt);
      damaged += got ? 0 : 1;
    }
    EXPECT_GT(damaged, 0);
    if (rng.chance(0.1)) {  // putting them again heals what is damaged, and only that
      ASSERT_OK(store.put_all(views));
      for (const auto& content : contents) EXPECT_EQ(store.get(sha256(content)).value(), content);
      for (const auto& file : list_files(folder / "o").value()) {
        if (file != pack) std::filesystem::remove(file);
      }
    }
    ASSERT_OK(write_atomically(pack, bytes));
  });
}

TEST(ObjectStore, APackOfAnotherProcessIsSeen) {
  testing::TemporaryFolder folder;
  auto ours = ObjectStore::open(folder / "o").value();
  auto theirs = ObjectStore::open(folder / "o").value();
  std::vector<std::string> contents;
  for (int i = 0; i < 100; ++i) contents.push_back(fmt::format("object {}", i));
  const std::vector<std::string_view> views(contents.begin(), contents.end());
  ASSERT_OK(theirs.put_all(views));
  EXPECT_EQ(list_files(folder / "o/packs")->size(), 1U);
  EXPECT_EQ(ours.get(sha256("object 7")).value(), "object 7");
  EXPECT_EQ(ours.list()->size(), 100U);
  EXPECT_EQ(read_file(ours.file_of(sha256("object 7")).value(), 100).value(), "object 7")
      << "on its own where asked for";
  EXPECT_EQ(ours.verify_all(no_progress)->objects, 100U);
  EXPECT_EQ(code_of(ours.get(sha256("absent"))), Code::NotFound);
  EXPECT_EQ(code_of(ours.get(sha256("object 8"), 2)), Code::Exhausted);
}

TEST(ObjectStore, AFileThatIsNoObjectIsNamed) {
  testing::TemporaryFolder folder;
  auto store = ObjectStore::open(folder / "o").value();
  ASSERT_OK(make_folders(folder / "o/ab"));
  ASSERT_OK(write_atomically(folder / "o/ab/note.txt", "x"));
  EXPECT_EQ(store.verify_all(no_progress).value().damages.size(), 1U);
  EXPECT_TRUE(store.list()->empty());
}

TEST(ObjectStore, AnyFailedWriteLeavesWholeObjectsOnly) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 40; ++i) numbers.push_back(std::to_string(i));
  std::vector<std::string_view> batch(numbers.begin(), numbers.end());
  const std::string large(100'000, 'x');
  batch.push_back(large);
  for (int fail_at = 0;; ++fail_at) {
    testing::TemporaryFolder folder;
    auto store = ObjectStore::open(folder / "o").value();
    bool fired = false;
    Result<std::vector<Digest>> put_batch = std::vector<Digest>();
    Result<Digest> put_one = Digest();
    {
      const testing::FailingWrites faults(fail_at);
      put_batch = store.put_all(batch);
      put_one = store.put("four");
      fired = faults.fired();
    }
    const auto verified = store.verify_all(no_progress).value();
    EXPECT_TRUE(verified.damages.empty()) << fail_at;
    if (put_batch) {
      for (const auto& digest : *put_batch) EXPECT_OK(store.get(digest));
    }
    if (put_one) EXPECT_OK(store.get(*put_one));
    EXPECT_TRUE(list_files(folder / "o/.incoming")->empty());
    ASSERT_OK(store.put_all(batch));  // and again it works
    if (!fired) break;
  }
}

TEST(ObjectStore, WhatWasPutSurvivesAKill) {
  testing::for_each_seed(6, [](Rng& rng) {
    testing::TemporaryFolder folder;
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto store = ObjectStore::open(folder / "o").value();
          for (int i = 0;; ++i) {
            if (!store.put(std::to_string(i))) return;
            acknowledge();
          }
        },
        rng, 40'000);
    auto store = ObjectStore::open(folder / "o").value();
    for (std::uint64_t i = 0; i < acknowledged; ++i)
      EXPECT_EQ(store.get(sha256(std::to_string(i))).value(), std::to_string(i));
    EXPECT_TRUE(store.verify_all(no_progress)->damages.empty());
    EXPECT_TRUE(list_files(folder / "o/.incoming")->empty()) << "leftovers of the dead are removed";
  });
}

}  // namespace
}  // namespace winnow
