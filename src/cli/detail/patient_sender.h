// Records on their way to a running server, which may be busy or away for a while.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/command.h"
#include "fetch/fetch.h"

namespace winnow::cli {

// What every command that sends is told.
Option server_option();
Option token_file_option();

// Movable, one thread at a time.
class PatientSender {
 public:
  // By --server and --token-file. Errors: those of reading the token.
  static Result<PatientSender> open(const Arguments& arguments);

  // The answer, once the server took it: tried for half a minute. `path` is "/v1/...". Errors:
  // Denied (the server refuses the token or what was sent), Unavailable (it does not take it).
  Result<Json> post(std::string_view path, std::string_view content_type, std::string_view body);

 private:
  PatientSender(std::string server, std::string authorization);
  Result<Json> post_once(const std::string& url, std::string_view content_type,
                         std::string_view body);

  std::string server_, authorization_;
  std::unique_ptr<Fetch> fetch_ = std::make_unique<Fetch>();
};

}  // namespace winnow::cli
