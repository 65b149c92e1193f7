#include "registry/content_state.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::uint64_t kMaxGitFileBytes = 64UL << 20;
constexpr std::uint64_t kMaxContentFileBytes = 1UL << 30;
constexpr int kMaxSymbolicRefs = 5;

bool is_commit_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Trimmed; empty where the file is absent or unreadable, which for git's files means the same to
// us.
std::string text_of(const Path& path) {
  auto text = read_file(path, kMaxGitFileBytes);
  return text ? std::string(trim_ascii(*text)) : "";
}

// The .git folder of the repository around `folder`; in a linked work tree .git is a file that
// names it.
std::optional<Path> git_folder(const Path& folder) {
  std::error_code error;
  for (Path at = std::filesystem::absolute(folder, error).lexically_normal();;
       at = at.parent_path()) {
    const Path git = at / ".git";
    if (std::filesystem::is_directory(git, error)) return git;
    if (std::filesystem::is_regular_file(git, error)) {
      const auto text = text_of(git);
      constexpr std::string_view kPrefix = "gitdir: ";
      return text.starts_with(kPrefix) ? std::optional(at / text.substr(kPrefix.size()))
                                       : std::nullopt;
    }
    if (at == at.parent_path()) return std::nullopt;
  }
}

// The commit a packed ref stands for: lines "COMMIT NAME" (git pack-refs).
std::string packed_ref(const Path& packed_refs, std::string_view name) {
  const auto text = text_of(packed_refs);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    const auto space = line.find(' ');
    if (space != std::string_view::npos && line.substr(space + 1) == name)
      return std::string(line.substr(0, space));
    at = end + 1;
  }
  return "";
}

std::string commit_of(const Path& git) {
  const auto common_text = text_of(git / "commondir");
  const Path common = common_text.empty() ? git : git / common_text;
  std::string value = text_of(git / "HEAD");
  constexpr std::string_view kSymbolic = "ref: ";
  for (int depth = 0; depth < kMaxSymbolicRefs && value.starts_with(kSymbolic); ++depth) {
    const std::string name(trim_ascii(std::string_view(value).substr(kSymbolic.size())));
    if (name.find("..") != std::string::npos || name.starts_with('/')) return "";
    value = text_of(git / name);
    if (value.empty()) value = text_of(common / name);
    if (value.empty()) value = packed_ref(common / "packed-refs", name);
  }
  return is_commit_id(value) ? value : "";
}

bool is_hidden(const Path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const Path& part) { return part.string().starts_with('.'); });
}

}  // namespace

Result<Digest> folder_digest(const Path& folder) {
  std::error_code error;
  std::vector<Json> items;
  if (std::filesystem::exists(folder, error)) {
    WINNOW_TRY(const auto files, list_files(folder));
    for (const auto& file : files) {
      const auto relative = file.lexically_relative(folder);
      if (is_hidden(relative)) continue;
      WINNOW_TRY(const auto bytes, read_file(file, kMaxContentFileBytes));
      items.push_back(Json::array({to_valid_utf8(relative.generic_string()), sha256(bytes).hex()}));
    }
  }
  WINNOW_TRY(const auto text, to_canonical(Json::array(std::move(items))));
  return sha256(text);
}

Result<CodeState> content_state(const Path& content) {
  CodeState state;
  WINNOW_TRY(state.content_digest, folder_digest(content));
  if (const auto git = git_folder(content)) state.commit = commit_of(*git);
  return state;
}

}  // namespace winnow
