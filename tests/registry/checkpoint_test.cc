#include "registry/checkpoint.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

const FixedClock kClock(Timestamp::from_seconds(1'700'000'000));

// The key and note of the documentation of Go's golang.org/x/mod/sumdb/note.
constexpr std::string_view kGoNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, ReadsWhatGoSigned) {
  const auto note = note_of(kGoNote).value();
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].name, "PeterNeumann");
  EXPECT_EQ(to_text(note), kGoNote);
  // Its verifier key: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
  const auto raw = from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
  const auto key = Ed25519PublicKey::from_raw(std::string_view(raw).substr(1)).value();
  EXPECT_EQ(note.signatures[0].key_hash, note_key_hash("PeterNeumann", key));
  EXPECT_EQ(note_verifier_key("PeterNeumann", key),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  EXPECT_TRUE(key.verifies(note.text, note.signatures[0].bytes));
}

class NoNote : public ::testing::TestWithParam<std::string_view> {};
TEST_P(NoNote, IsRefused) { EXPECT_EQ(code_of(note_of(GetParam())), Code::InvalidArgument); }
INSTANTIATE_TEST_SUITE_P(Texts, NoNote,
                         ::testing::Values("", "\n", "text\n", "text\n\n", "text\n\nno dash AAAA\n",
                                           "text\n\n\xE2\x80\x94 name\n",
                                           "text\n\n\xE2\x80\x94 na+me AAAAAAAA\n",
                                           "text\n\n\xE2\x80\x94 name AAAA\n",
                                           "text\n\n\xE2\x80\x94 name !!!!\n",
                                           "te\rxt\n\n\xE2\x80\x94 name AAAAAAAA\n",
                                           "t\xFF\n\n\xE2\x80\x94 name AAAAAAAA\n",
                                           "text\n\n\xE2\x80\x94 name AAAAAAAA"));

TEST(Note, IsBounded) {
  std::string many = "text\n\n";
  for (int i = 0; i < 100; ++i) many += "\xE2\x80\x94 name AAAAAAAA\n";
  EXPECT_EQ(code_of(note_of(many)), Code::Exhausted);
  EXPECT_EQ(code_of(note_of(std::string(2U << 20, 'a'))), Code::Exhausted);
}

TEST(Checkpoint, IsSignedAndVerified) {
  testing::TemporaryFolder folder;
  auto keys = KeyRing::create(folder / "keys", kClock).value();
  const Checkpoint checkpoint{"winnow/audit/1", 42, sha256("root")};
  const auto note = sign(checkpoint, keys).value();
  EXPECT_EQ(verify_checkpoint(note, keys).value(), checkpoint);
  EXPECT_EQ(checkpoint_of(note).value(), checkpoint);
  ASSERT_OK(keys.rotate(kClock));
  EXPECT_EQ(verify_checkpoint(note, keys).value(), checkpoint)
      << "the retired key's signature still holds";
  EXPECT_FALSE(sign(checkpoint, keys).value() == note);
}

TEST(Checkpoint, AnyChangedByteIsNoticed) {
  testing::TemporaryFolder folder;
  const auto keys = KeyRing::create(folder / "keys", kClock).value();
  const auto note = sign({"winnow/audit/1", 42, sha256("root")}, keys).value();
  for (std::size_t at = 0; at < note.size(); ++at) {
    auto changed = note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(verify_checkpoint(changed, keys)) << at;
  }
}

TEST(Checkpoint, OneByAnotherWorkspaceIsDenied) {
  testing::TemporaryFolder folder;
  const auto ours = KeyRing::create(folder / "ours", kClock).value();
  const auto theirs = KeyRing::create(folder / "theirs", kClock).value();
  EXPECT_EQ(code_of(verify_checkpoint(sign({"o", 1, sha256("r")}, theirs).value(), ours)),
            Code::Denied);
}

TEST(Checkpoint, RefusesOtherNotes) {
  EXPECT_EQ(code_of(checkpoint_of(kGoNote)), Code::InvalidArgument);
  EXPECT_EQ(code_of(checkpoint_of("o\n042\n" + to_base64(sha256("").as_text()) +
                                  "\n\n\xE2\x80\x94 o AAAAAAAA\n")),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
