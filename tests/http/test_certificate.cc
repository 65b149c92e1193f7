#include "tests/http/test_certificate.h"

#include <memory>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/support/support.h"

namespace winnow::testing {
namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

void set_time(ASN1_TIME* time, Timestamp to) { ASN1_TIME_set(time, to.seconds()); }

}  // namespace

TestCertificate test_certificate(const CertificateWish& wish) {
  EVP_PKEY* const key = wish.rsa_bits > 0 ? EVP_RSA_gen(wish.rsa_bits) : EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  set_time(X509_getm_notBefore(certificate), wish.from);
  set_time(X509_getm_notAfter(certificate), wish.until);
  X509_set_pubkey(certificate, key);
  auto* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const auto names = "DNS:" + wish.name + ",IP:127.0.0.1";
  auto* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  TestCertificate made;
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  made.certificate = text_of(bio);
  bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key = text_of(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

http::TlsFiles write_certificate(const Path& folder, const TestCertificate& certificate) {
  http::TlsFiles files{folder / "chain.pem", folder / "key.pem"};
  EXPECT_OK(write_atomically(files.certificate, certificate.certificate));
  EXPECT_OK(write_atomically(files.key, certificate.key));
  std::filesystem::permissions(
      files.key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return files;
}

}  // namespace winnow::testing
