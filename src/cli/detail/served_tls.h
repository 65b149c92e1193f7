// The certificate that `winnow serve` shows, as the settings name it, renewed while it serves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "cli/detail/settings.h"
#include "http/tls.h"

namespace winnow::cli {

class ServedTls {
 public:
  // Nothing where the settings name no certificate. Errors: InvalidArgument (a certificate without
  // a key, or a key without one), those of http::Tls::load().
  static Result<std::unique_ptr<ServedTls>> of(const Settings& settings);
  // The same for syslog, whose certificate may be the server's; null where it is not received so.
  static Result<std::unique_ptr<ServedTls>> of_syslog(const Settings& settings);

  std::shared_ptr<const http::Tls> tls() const { return tls_; }
  // Takes what is new in the files, and tells the operator what he should know, each thing once.
  void look(Timestamp now);

 private:
  static Result<std::unique_ptr<ServedTls>> load(const std::optional<Path>& certificate,
                                                 const std::optional<Path>& key,
                                                 const std::optional<Path>& client_ca,
                                                 std::string_view section);
  explicit ServedTls(std::shared_ptr<http::Tls> tls) : tls_(std::move(tls)) {}
  std::shared_ptr<http::Tls> tls_;
  std::string told_error_;
  std::vector<std::string> told_;
};

}  // namespace winnow::cli
