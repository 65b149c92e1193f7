#include "registry/object_store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

namespace winnow {
namespace {

constexpr unsigned kObjectMode = 0444;  // nobody changes an object by accident
constexpr std::size_t kChunkBytes = 1UL << 20;
constexpr std::size_t kFanOutDigits = 2;
constexpr std::string_view kIncoming =
    ".incoming";  // objects on their way, until they have their name

// Unique in this process and, with its number, among those that run.
Path incoming_name(const Path& folder) {
  static std::atomic<std::uint64_t> counter = 0;  // relaxed is enough: only uniqueness matters
  return folder / kIncoming /
         fmt::format("{}-{}", ::getpid(), counter.fetch_add(1, std::memory_order_relaxed));
}

// A name may be taken by a process that died and had our number.
Result<NewFile> create_incoming(const Path& folder) {
  for (;;) {
    auto file = NewFile::create(incoming_name(folder), kObjectMode);
    if (file || file.error().code() != Code::AlreadyExists) return file;
  }
}

void remove_leftovers(const Path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder / kIncoming, error)) {
    const auto name = entry.path().filename().string();
    pid_t process = 0;
    std::from_chars(name.data(), name.data() + name.size(), process);
    const bool gone =
        process == ::getpid() || (process > 0 && ::kill(process, 0) != 0 && errno == ESRCH);
    if (gone) std::filesystem::remove(entry.path(), error);
  }
}

struct FileDigest {
  Digest digest;
  std::uint64_t bytes = 0;
};

Result<FileDigest> digest_file(const Path& path, NewFile* copy) {
  WINNOW_TRY(auto file, InputFile::open(path));
  const auto chunk = std::clamp<std::uint64_t>(file.size_hint() + 1, 512, kChunkBytes);
  Sha256 hasher;
  FileDigest out;
  for (std::string bytes;; bytes.clear()) {
    WINNOW_TRY(const auto got, file.read_some(bytes, chunk));
    if (got == 0) break;
    hasher.update(bytes);
    out.bytes += got;
    if (copy != nullptr) WINNOW_TRY(copy->append(bytes));
  }
  out.digest = hasher.finish();
  return out;
}

}  // namespace

Result<ObjectStore> ObjectStore::open(const Path& folder) {
  WINNOW_TRY(make_folders(folder / kIncoming));
  remove_leftovers(folder);
  return ObjectStore(folder);
}

Path ObjectStore::path_of(const Digest& digest) const {
  const auto hex = digest.hex();
  return folder_ / hex.substr(0, kFanOutDigits) / hex.substr(kFanOutDigits);
}

bool ObjectStore::is_whole(const Digest& digest) const {
  const auto stored = digest_file(path_of(digest), nullptr);
  return stored && stored->digest == digest;
}

Status ObjectStore::publish(NewFile file, const Digest& digest) {
  const auto path = path_of(digest);
  WINNOW_TRY(make_folders(path.parent_path()));
  return file.rename_to(path);
}

Result<Digest> ObjectStore::put(std::string_view bytes) {
  const auto digest = sha256(bytes);
  if (!is_whole(digest)) {
    WINNOW_TRY(auto file, create_incoming(folder_));
    WINNOW_TRY(file.append(bytes));
    WINNOW_TRY(file.sync());
    WINNOW_TRY(publish(std::move(file), digest));
  }
  // Also for an object that was there: somebody else may have put it a moment ago.
  WINNOW_TRY(sync_folder(path_of(digest).parent_path()));
  return digest;
}

// Content first, for all at once; then the names, so that no name is ever durable before its
// content.
Result<std::vector<Digest>> ObjectStore::put_all(std::span<const std::string_view> objects) {
  std::vector<Digest> digests;
  std::vector<std::pair<Digest, NewFile>> incoming;
  std::set<Digest> seen;
  std::set<Path> folders;
  for (const auto object : objects) {
    const auto digest = sha256(object);
    digests.push_back(digest);
    if (!seen.insert(digest).second) continue;
    folders.insert(path_of(digest).parent_path());
    if (is_whole(digest)) continue;
    WINNOW_TRY(auto file, create_incoming(folder_));
    WINNOW_TRY(file.append(object));
    WINNOW_TRY(file.close());
    incoming.emplace_back(digest, std::move(file));
  }
  if (!incoming.empty()) WINNOW_TRY(sync_filesystem(folder_));
  for (auto& [digest, file] : incoming) WINNOW_TRY(publish(std::move(file), digest));
  for (const auto& folder : folders) WINNOW_TRY(sync_folder(folder));
  return digests;
}

Result<Digest> ObjectStore::put_file(const Path& path) {
  WINNOW_TRY(auto file, create_incoming(folder_));
  WINNOW_TRY(const auto copied, digest_file(path, &file));
  if (!is_whole(copied.digest)) {
    WINNOW_TRY(file.sync());
    WINNOW_TRY(publish(std::move(file), copied.digest));
  }
  WINNOW_TRY(sync_folder(path_of(copied.digest).parent_path()));
  return copied.digest;
}

Result<std::string> ObjectStore::get(const Digest& digest, std::uint64_t max_bytes) const {
  const auto path = path_of(digest);
  auto bytes = read_file(path, max_bytes);
  if (!bytes && bytes.error().code() == Code::NotFound) {
    return Error(Code::NotFound, fmt::format("there is no object {}", digest.hex()));
  }
  if (bytes && sha256(*bytes) != digest) {
    return Error(Code::Corrupt,
                 fmt::format("the object '{}' is damaged: its content is not what its name says",
                             path.string()))
        .with_hint("put the same content again, or restore the workspace from a backup");
  }
  return bytes;
}

Result<Path> ObjectStore::file_of(const Digest& digest) const {
  if (!has(digest))
    return Error(Code::NotFound, fmt::format("there is no object {}", digest.hex()));
  return path_of(digest);
}

bool ObjectStore::has(const Digest& digest) const {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path_of(digest), ignored);
}

std::optional<Digest> ObjectStore::digest_named_by(const Path& file) const {
  const auto relative = file.lexically_relative(folder_);
  const auto hex = relative.parent_path().string() + relative.filename().string();
  auto digest = Digest::from_hex(hex);
  if (!digest || path_of(*digest) != file) return std::nullopt;
  return *digest;
}

Result<ObjectStore::Verification> ObjectStore::verify_all(Progress& progress) const {
  WINNOW_TRY(const auto files, list_files(folder_));
  progress.stage("objects", files.size());
  Verification out;
  for (const auto& file : files) {
    progress.advance(1);
    if (file.parent_path() == folder_ / kIncoming) continue;
    const auto named = digest_named_by(file);
    if (!named) {
      out.damages.push_back({file, "its name is not that of an object"});
      continue;
    }
    const auto found = digest_file(file, nullptr);
    if (!found) {
      out.damages.push_back({file, found.error().message()});
      continue;
    }
    ++out.objects;
    out.bytes += found->bytes;
    if (found->digest != *named)
      out.damages.push_back({file, "its content has the digest " + found->digest.hex()});
  }
  return out;
}

Result<std::vector<Digest>> ObjectStore::list() const {
  WINNOW_TRY(const auto files, list_files(folder_));
  std::vector<Digest> digests;
  for (const auto& file : files) {
    if (const auto digest = digest_named_by(file)) digests.push_back(*digest);
  }
  std::sort(digests.begin(), digests.end());
  return digests;
}

}  // namespace winnow
