#include "registry/key_ring.h"

#include "base/json.h"
#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using std::filesystem::perms;
using testing::code_of;

const FixedClock kClock(Timestamp::from_seconds(1'700'000'000));

std::vector<Path> private_keys(const Path& folder) {
  auto files = list_files(folder).value();
  std::erase_if(files, [](const Path& file) { return file.extension() != ".key"; });
  return files;
}

TEST(KeyRing, SignsAndVerifiesAcrossRotations) {
  testing::TemporaryFolder folder;
  auto keys = KeyRing::create(folder / "k", kClock).value();
  std::vector<std::pair<KeyId, std::string>> signatures;
  for (int i = 0; i < 3; ++i) {
    signatures.emplace_back(keys.current().id, keys.sign("message").value());
    ASSERT_OK(keys.rotate(kClock));
  }
  const auto opened = KeyRing::open(folder / "k", Access::ReadOnly).value();
  ASSERT_EQ(opened.keys().size(), 4U);
  for (const auto& [id, signature] : signatures) {
    EXPECT_OK(opened.verify(id, "message", signature));
    EXPECT_EQ(code_of(opened.verify(id, "massage", signature)), Code::Denied);
    EXPECT_TRUE(opened.find(id)->retired.has_value());
  }
  EXPECT_EQ(code_of(opened.verify(KeyId("unknown"), "message", signatures[0].second)),
            Code::Denied);
  EXPECT_EQ(code_of(opened.sign("message")), Code::Denied) << "read only";
  EXPECT_EQ(private_keys(folder / "k").size(), 1U) << "retired private keys are gone";
  EXPECT_EQ(code_of(KeyRing::create(folder / "k", kClock)), Code::AlreadyExists);
}

TEST(KeyRing, ThePrivateKeyIsForItsOwnerOnly) {
  testing::TemporaryFolder folder;
  ASSERT_OK(KeyRing::create(folder / "k", kClock));
  const auto file = private_keys(folder / "k").front();
  EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
  std::filesystem::permissions(file, perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(code_of(KeyRing::open(folder / "k", Access::ReadWrite)), Code::Denied);
  EXPECT_OK(KeyRing::open(folder / "k", Access::ReadOnly));  // verifying needs no private key
}

TEST(KeyRing, AFlippedByteIsNoticed) {
  testing::TemporaryFolder folder;
  auto keys = KeyRing::create(folder / "k", kClock).value();
  ASSERT_OK(keys.rotate(kClock));
  const auto text = read_file(folder / "k/ring.json", 100'000).value();
  testing::for_each_seed(100, [&](Rng& rng) {
    auto changed = text;
    const auto at = rng.below(text.size());
    changed[at] = static_cast<char>(changed[at] ^ (1 << rng.below(8)));
    ASSERT_OK(write_atomically(folder / "k/ring.json", changed));
    const auto opened = KeyRing::open(folder / "k", Access::ReadWrite);
    // White space, and the first key's times, are not signed by anything: what they say changes no
    // verification.
    if (opened) {
      EXPECT_EQ(opened->current().id, keys.current().id);
      EXPECT_EQ(opened->keys().front().id, keys.keys().front().id);
    } else {
      EXPECT_TRUE(code_of(opened) == Code::Corrupt || code_of(opened) == Code::Unsupported)
          << opened.error();
    }
  });
}

TEST(KeyRing, AForeignKeyIsNotEndorsed) {
  testing::TemporaryFolder folder;
  auto keys = KeyRing::create(folder / "k", kClock).value();
  ASSERT_OK(keys.rotate(kClock));
  auto other = KeyRing::create(folder / "other", kClock).value();
  ASSERT_OK(other.rotate(kClock));
  const auto ours = parse_json(read_file(folder / "k/ring.json", 100'000).value()).value();
  const auto theirs = parse_json(read_file(folder / "other/ring.json", 100'000).value()).value();
  const auto mixed = Json::object(
      {{"keys", Json::array({ours["keys"][0], theirs["keys"][1]})}, {"schema", ours["schema"]}});
  ASSERT_OK(write_atomically(folder / "k/ring.json", to_text(mixed)));
  EXPECT_EQ(code_of(KeyRing::open(folder / "k", Access::ReadOnly)), Code::Corrupt);
}

TEST(KeyRing, ARotationThatFailsAnywhereLeavesAUsableRing) {
  for (int fail_at = 0;; ++fail_at) {
    testing::TemporaryFolder folder;
    auto keys = KeyRing::create(folder / "k", kClock).value();
    const auto before = keys.current().id;
    bool fired = false;
    {
      const testing::FailingWrites faults(fail_at);
      (void)keys.rotate(kClock);
      fired = faults.fired();
    }
    EXPECT_OK(keys.verify(keys.current().id, "m", keys.sign("m").value()));
    auto opened = KeyRing::open(folder / "k", Access::ReadWrite);
    ASSERT_OK(opened);
    EXPECT_NE(opened->find(before), nullptr);
    EXPECT_OK(opened->sign("m"));
    ASSERT_OK(opened->rotate(kClock));
    if (!fired) break;
  }
}

}  // namespace
}  // namespace winnow
