#include "cli/detail/secret_file.h"

#include "base/log.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMaxSecret = 4096;

}  // namespace

Result<std::string> read_secret_file(const Path& file, std::string_view key) {
  auto text = read_file(file, kMaxSecret);
  if (!text) return text.error().with_context(std::string(key));
  std::error_code error;
  const auto allowed = std::filesystem::status(file, error).permissions();
  if (!error && (allowed & std::filesystem::perms::others_read) != std::filesystem::perms::none)
    log::warn("every user of this machine may read a secret", {{"file", file.string()}});
  return text;
}

}  // namespace winnow::cli
