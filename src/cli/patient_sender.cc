#include "cli/detail/patient_sender.h"

#include <thread>

#include <fmt/format.h>

#include "base/file.h"

namespace winnow::cli {
namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kMaxTokenBytes = 1024;

}  // namespace

Option server_option() {
  return {Option::Kind::Text, "server", "where it goes", "http://127.0.0.1:8420"};
}
Option token_file_option() {
  return {Option::Kind::Text, "token-file", "holds the token of a sensor", "", true};
}

PatientSender::PatientSender(std::string server, std::string authorization)
    : server_(std::move(server)), authorization_(std::move(authorization)) {}

Result<PatientSender> PatientSender::open(const Arguments& arguments) {
  WINNOW_TRY(auto token, read_file(arguments.text("token-file"), kMaxTokenBytes));
  while (!token.empty() && token.back() <= ' ') token.pop_back();
  return PatientSender(arguments.text("server"), "Bearer " + token);
}

Result<Json> PatientSender::post(std::string_view path, std::string_view content_type,
                                 std::string_view body) {
  const auto url = fmt::format("{}{}", server_, path);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto answer = post_once(url, content_type, body);
    const bool again = !answer && answer.error().code() == Code::Unavailable;
    if (!again || std::chrono::steady_clock::now() > until) return answer;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

Result<Json> PatientSender::post_once(const std::string& url, std::string_view content_type,
                                      std::string_view body) {
  WINNOW_TRY(const auto answer, fetch_->post(url, content_type, body, authorization_));
  auto told = parse_json(answer.body);
  if (answer.status >= 200 && answer.status < 300 && told) return std::move(*told);
  const bool busy = answer.status == 429 || answer.status == 503;
  return Error(busy ? Code::Unavailable : Code::Denied,
               fmt::format("{} answers {}{}", url, answer.status,
                           told ? ": " + (*told)["detail"].as_string() : std::string()));
}

}  // namespace winnow::cli
