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

// What it says of itself, as far as it can be read.
RefusedMapping refused_as(const Path& file, std::string why) {
  const auto yaml = Yaml::read(file.string());
  auto name = yaml ? (*yaml)["mapping"].scalar() : std::string();
  if (name.empty()) name = file.stem().string();
  const auto domain = yaml ? domain_named((*yaml)["domain"].scalar()) : std::nullopt;
  return {file, std::move(why), std::move(name), domain};
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

std::optional<Mapping> never_kept(const std::string&) { return std::nullopt; }

std::vector<std::string> UsableMappings::broken() const {
  std::vector<std::string> names;
  for (const auto& one : refused) {
    if (!one.is_held) names.push_back(one.name);
  }
  return names;
}

Result<UsableMappings> read_usable_mappings(const Path& folder, const LastKept& last_kept) {
  MappingFolder all(folder);
  WINNOW_TRY(all.look(last_kept));
  return all.usable();
}

std::optional<MappingFolder::State> MappingFolder::state_of(const Path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return std::nullopt;
  return State{nanoseconds(about.st_mtim), nanoseconds(about.st_ctim), about.st_ino,
               static_cast<std::uint64_t>(about.st_size)};
}

bool MappingFolder::has_other(const Path& file, const std::string& name) const {
  return std::ranges::any_of(files_, [&](const auto& other) {
    return other.first != file && other.second.mapping && other.second.mapping->name() == name;
  });
}

void MappingFolder::read(const Path& file, Known& known) const {
  auto mapping = compile(file);
  if (!mapping) {
    known.refused = refused_as(file, mapping.error().text());
  } else if (has_other(file, mapping->name())) {
    known.refused = refused_as(file, second_mapping(file, mapping->name()));
  } else {
    known.refused.reset();
    known.mapping = std::move(*mapping);
  }
}

Result<bool> MappingFolder::look(const LastKept& last_kept) {
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
    if (known.refused) read(file, known);
  }
  for (auto& [file, known] : files_) {
    const bool is_held = known.mapping || (known.refused && has_other(file, known.refused->name));
    if (!is_held) known.mapping = last_kept(known.refused->name);
  }
  return true;
}

UsableMappings MappingFolder::usable() const {
  UsableMappings all;
  for (const auto& [file, known] : files_) {
    if (known.mapping) all.mappings.push_back(*known.mapping);
    if (!known.refused) continue;
    auto& refused = all.refused.emplace_back(*known.refused);
    refused.is_held = known.mapping || has_other(file, refused.name);
    if (!refused.domain && known.mapping) refused.domain = known.mapping->domain();
  }
  std::ranges::sort(all.mappings, {}, &Mapping::name);
  return all;
}

}  // namespace winnow
