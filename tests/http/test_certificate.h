// Certificates for tests, made on the spot: each vouches for itself.
#pragma once

#include <string>

#include "base/timestamp.h"
#include "http/tls.h"

namespace winnow::testing {

struct TestCertificate {
  std::string certificate, key;  // PEM
};

struct CertificateWish {
  std::string name = "localhost";
  Timestamp from = Timestamp::from_civil(2020, 1, 1);
  Timestamp until = Timestamp::from_civil(2100, 1, 1);
  unsigned rsa_bits = 0;  // 0: P-256
};

TestCertificate test_certificate(const CertificateWish& wish = {});

// Writes both into `folder`, the key for nobody else to read.
http::TlsFiles write_certificate(const Path& folder, const TestCertificate& certificate);

}  // namespace winnow::testing
