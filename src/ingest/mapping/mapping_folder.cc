#include "ingest/mapping/mapping_folder.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

namespace winnow {
namespace {

bool is_mapping_file(const Path& file) {
  return (file.extension() == ".yaml" || file.extension() == ".yml") && file.stem() != "mail";
}

Result<Mapping> compile(const Path& file) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  return Mapping::compile(yaml);
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::string second_mapping(const Path& file, const std::string& name) {
  return fmt::format("'{}' is a second mapping '{}'", file.string(), name);
}

}  // namespace

Result<std::vector<Mapping>> read_log_mappings(const Path& folder) {
  WINNOW_TRY(const auto files, list_files(folder));
  std::vector<Mapping> mappings;
  for (const auto& file : files) {
    if (!is_mapping_file(file)) continue;
    WINNOW_TRY(auto mapping, compile(file));
    if (std::ranges::find(mappings, mapping.name(), &Mapping::name) != mappings.end())
      return Error(Code::AlreadyExists, second_mapping(file, mapping.name()));
    mappings.push_back(std::move(mapping));
  }
  std::ranges::sort(mappings, {}, &Mapping::name);
  return mappings;
}

Result<UsableMappings> read_usable_mappings(const Path& folder) {
  MappingFolder all(folder);
  WINNOW_TRY(all.look());
  return UsableMappings{all.mappings(), all.refused()};
}

std::optional<MappingFolder::State> MappingFolder::state_of(const Path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return std::nullopt;
  return State{nanoseconds(about.st_mtim), nanoseconds(about.st_ctim), about.st_ino,
               static_cast<std::uint64_t>(about.st_size)};
}

void MappingFolder::read(const Path& file, Known& known) const {
  auto mapping = compile(file);
  if (!mapping) {
    known.refused = mapping.error().text();
    return;
  }
  for (const auto& [other, theirs] : files_) {
    if (other == file || !theirs.mapping || theirs.mapping->name() != mapping->name()) continue;
    known.refused = second_mapping(file, mapping->name());
    return;
  }
  known.refused.clear();
  known.mapping = std::move(*mapping);
}

Result<bool> MappingFolder::look() {
  WINNOW_TRY(auto files, list_files(folder_));
  std::erase_if(files, [](const Path& file) { return !is_mapping_file(file); });
  auto changed = std::erase_if(
      files_, [&](const auto& known) { return !std::ranges::binary_search(files, known.first); });
  for (const auto& file : files) {
    const auto state = state_of(file);
    if (!state) continue;  // gone meanwhile: the next look tells
    const auto [known, is_new] = files_.try_emplace(file);
    if (!is_new && known->second.state == *state) continue;
    known->second.state = *state;
    read(file, known->second);
    ++changed;
  }
  if (changed == 0) return false;
  // What was refused may have been so for what another file said.
  for (auto& [file, known] : files_) {
    if (!known.refused.empty()) read(file, known);
  }
  return true;
}

std::vector<Mapping> MappingFolder::mappings() const {
  std::vector<Mapping> all;
  for (const auto& [file, known] : files_) {
    if (known.mapping) all.push_back(*known.mapping);
  }
  std::ranges::sort(all, {}, &Mapping::name);
  return all;
}

std::vector<RefusedMapping> MappingFolder::refused() const {
  std::vector<RefusedMapping> all;
  for (const auto& [file, known] : files_) {
    if (!known.refused.empty()) all.push_back({file, known.refused});
  }
  return all;
}

}  // namespace winnow
