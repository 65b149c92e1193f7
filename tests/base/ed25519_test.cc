#include "base/ed25519.h"

#include "base/digest.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

std::string bytes_of(std::string_view hex) { return from_hex(hex).value(); }

// The PKCS#8 form of a seed (RFC 8410 section 7): a fixed prefix and the 32 bytes.
std::string pem_of_seed(std::string_view seed_hex) {
  const auto der = bytes_of("302e020100300506032b657004220420") + bytes_of(seed_hex);
  return "-----BEGIN PRIVATE KEY-----\n" + to_base64(der) + "\n-----END PRIVATE KEY-----\n";
}

struct Case {
  const char* name;
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};
class Rfc8032 : public ::testing::TestWithParam<Case> {};
TEST_P(Rfc8032, SignsAndVerifies) {
  const auto key = Ed25519PrivateKey::from_pem(pem_of_seed(GetParam().seed)).value();
  EXPECT_EQ(to_hex(key.public_key().raw()), GetParam().public_key);
  const auto message = bytes_of(GetParam().message);
  EXPECT_EQ(to_hex(key.sign(message)), GetParam().signature);
  EXPECT_TRUE(key.public_key().verifies(message, bytes_of(GetParam().signature)));
  EXPECT_FALSE(key.public_key().verifies(message + "x", bytes_of(GetParam().signature)));
}
INSTANTIATE_TEST_SUITE_P(
    Section71, Rfc8032,
    ::testing::Values(Case{"test1",
                           "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                           "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                           "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821"
                           "590a33bacc61e39701cf9b46b"
                           "d25bf5f0595bbe24655141438e7a100b"},
                      Case{"test2",
                           "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                           "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                           "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e"
                           "43e15996e458f3613d0f11d8c"
                           "387b2eaeb4302aeeb00d291612bb0c00"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Ed25519, PemFormsReadBack) {
  const auto key = Ed25519PrivateKey::generate();
  const auto again = Ed25519PrivateKey::from_pem(key.pem()).value();
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_EQ(again.sign("m"), key.sign("m"));
  EXPECT_EQ(Ed25519PublicKey::from_pem(key.public_key().pem()).value(), key.public_key());
  EXPECT_EQ(Ed25519PublicKey::from_raw(key.public_key().raw()).value(), key.public_key());
  EXPECT_EQ(key.public_key().der().size(), 44U);
  EXPECT_FALSE(Ed25519PrivateKey::generate().public_key() == key.public_key());
}

TEST(Ed25519, RefusesWhatIsNoKey) {
  EXPECT_EQ(code_of(Ed25519PublicKey::from_raw("short")), Code::InvalidArgument);
  for (const auto* text :
       {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    EXPECT_FALSE(Ed25519PrivateKey::from_pem(text)) << text;
    EXPECT_FALSE(Ed25519PublicKey::from_pem(text)) << text;
  }
  EXPECT_FALSE(Ed25519PrivateKey::from_pem(std::string(100'000, 'A')));
  EXPECT_FALSE(Ed25519PrivateKey::generate().public_key().verifies("m", "no signature"));
}

}  // namespace
}  // namespace winnow
