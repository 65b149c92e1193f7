#include "base/ed25519.h"

#include <climits>
#include <cstring>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace winnow {
namespace {

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMaxPemBytes = 4096;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// An empty passphrase: OpenSSL would otherwise ask for one on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Result<Ed25519PublicKey> public_key_of(const EVP_PKEY* key) {
  char raw[Ed25519PublicKey::kBytes];
  std::size_t size = sizeof raw;
  if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw), &size) != 1) {
    return Error(Code::InvalidArgument, "the key is not an Ed25519 key");
  }
  return Ed25519PublicKey::from_raw({raw, size});
}

Key handle_of(std::string_view raw_public_key) {
  return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_bytes(raw_public_key),
                                         raw_public_key.size()));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<Bio> pem_source(std::string_view pem, std::string_view what) {
  if (pem.empty() || pem.size() > kMaxPemBytes) {
    return Error(Code::InvalidArgument, std::string(what) + " is not a PEM text of a key");
  }
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  ensure(bio != nullptr, "a memory buffer can be allocated");
  return bio;
}

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::from_raw(std::string_view bytes) {
  Ed25519PublicKey key;
  if (bytes.size() != kBytes)
    return Error(Code::InvalidArgument, "an Ed25519 public key has 32 bytes");
  std::memcpy(key.bytes_.data(), bytes.data(), kBytes);
  return key;
}

Result<Ed25519PublicKey> Ed25519PublicKey::from_pem(std::string_view pem) {
  WINNOW_TRY(const Bio bio, pem_source(pem, "the public key"));
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return Error(Code::InvalidArgument, "the public key is not a PEM text of a public key");
  return public_key_of(key.get());
}

std::string Ed25519PublicKey::der() const {
  const Key key = handle_of(raw());
  ensure(key != nullptr, "32 bytes make a key");
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  ensure(size > 0, "a public key has a DER form");
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

std::string Ed25519PublicKey::pem() const {
  const Key key = handle_of(raw());
  const Bio bio(BIO_new(BIO_s_mem()));
  ensure(key && bio && PEM_write_bio_PUBKEY(bio.get(), key.get()) == 1,
         "a public key has a PEM form");
  return text_of(bio.get());
}

bool Ed25519PublicKey::verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != kSignatureBytes) return false;
  const Key key = handle_of(raw());
  const Context context(EVP_MD_CTX_new());
  ensure(key && context, "a verification context can be allocated");
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), as_bytes(signature), signature.size(), as_bytes(message),
                          message.size()) == 1;
}

void Ed25519PrivateKey::Free::operator()(void* key) const {
  EVP_PKEY_free(static_cast<EVP_PKEY*>(key));
}

Ed25519PrivateKey Ed25519PrivateKey::generate() {
  std::unique_ptr<void, Free> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  ensure(key != nullptr, "OpenSSL 3 generates Ed25519 keys");
  const auto public_key = public_key_of(static_cast<EVP_PKEY*>(key.get()));
  return {std::move(key), public_key.value()};
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::from_pem(std::string_view pem) {
  WINNOW_TRY(const Bio bio, pem_source(pem, "the private key"));
  std::unique_ptr<void, Free> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key)
    return Error(Code::InvalidArgument, "the private key is not an unencrypted PKCS#8 PEM text");
  WINNOW_TRY(const auto public_key, public_key_of(static_cast<EVP_PKEY*>(key.get())));
  return Ed25519PrivateKey(std::move(key), public_key);
}

std::string Ed25519PrivateKey::pem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  ensure(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), static_cast<EVP_PKEY*>(key_.get()),
                                              nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "a private key has a PEM form");
  return text_of(bio.get());
}

std::string Ed25519PrivateKey::sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  ensure(context != nullptr, "a signing context can be allocated");
  const bool made =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                         static_cast<EVP_PKEY*>(key_.get())) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     as_bytes(message), message.size()) == 1;
  ensure(made && size == kSignatureBytes, "a loaded key signs");
  return signature;
}

}  // namespace winnow
