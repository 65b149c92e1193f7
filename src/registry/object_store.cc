#include "registry/object_store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <mutex>
#include <set>
#include <unordered_set>

#include <fmt/format.h>
#include <unistd.h>

#include "registry/detail/pack.h"

namespace winnow {
namespace {

using registry::Pack;

constexpr unsigned kObjectMode = 0444;  // nobody changes an object by accident
constexpr std::size_t kChunkBytes = 1UL << 20;
constexpr std::size_t kFanOutDigits = 2;
constexpr std::string_view kIncoming =
    ".incoming";  // files on their way, until they have their name
constexpr std::string_view kPacks = "packs";
constexpr std::string_view kPackSuffix = ".pack";
// A batch becomes a pack from so many objects on, of those that are small: below, files of their
// own cost little, and anybody can read them with the usual tools.
constexpr std::size_t kLeastPacked = 16;
constexpr std::size_t kMostPackedBytes = 64UL << 10;
constexpr std::size_t kMostPackBytes = 256UL << 20;

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
        process > 0 && process != ::getpid() && ::kill(process, 0) != 0 && errno == ESRCH;
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

// Whether to look for packs that another process may have added before saying that an object is not
// here.
enum class Look { Known, Again };

Error damaged_object(const Path& file, const Digest& digest) {
  return Error(Code::Corrupt,
               fmt::format("the object {} in '{}' is damaged: its content has another digest",
                           digest.hex(), file.string()))
      .with_hint("put the same content again, or restore the workspace from a backup");
}

}  // namespace

struct ObjectStore::State {
  explicit State(Path where) : folder(std::move(where)) {}

  Path path_of(const Digest& digest) const {
    const auto hex = digest.hex();
    return folder / hex.substr(0, kFanOutDigits) / hex.substr(kFanOutDigits);
  }
  std::optional<Digest> digest_named_by(const Path& file) const {
    const auto relative = file.lexically_relative(folder);
    const auto digest =
        Digest::from_hex(relative.parent_path().string() + relative.filename().string());
    return digest && path_of(*digest) == file ? std::optional(*digest) : std::nullopt;
  }
  bool has_file(const Digest& digest) const {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path_of(digest), ignored);
  }

  // Packs that appeared since the last look, by us or by another process. Guarded by `mutex`.
  void look_for_packs() {
    const auto files = list_files(folder / kPacks);
    if (!files) return;
    for (const auto& file : *files) {
      if (file.extension() != kPackSuffix || !seen_packs.insert(file).second) continue;
      auto pack = Pack::open(file);
      if (pack) {
        packs.push_back(std::make_shared<const Pack>(*std::move(pack)));
      } else {
        damaged_pack = pack.error();
      }
    }
  }
  std::shared_ptr<const Pack> pack_with(const Digest& digest, Look look = Look::Again) {
    const std::lock_guard lock(mutex);
    for (bool looked = look == Look::Known;; looked = true) {
      for (const auto& pack : packs) {
        if (pack->find(digest)) return pack;
      }
      if (looked) return nullptr;
      look_for_packs();
    }
  }
  // What an object that was not found means: where a pack cannot be read, it may have been in
  // there.
  Error missing(const Digest& digest) {
    const std::lock_guard lock(mutex);
    if (damaged_pack)
      return damaged_pack->with_context(fmt::format("looking for the object {}", digest.hex()));
    return {Code::NotFound, fmt::format("there is no object {}", digest.hex())};
  }
  // Whether a copy is there whose content is what it should be.
  bool is_whole(const Digest& digest, Look look) {
    if (has_file(digest)) {
      const auto stored = digest_file(path_of(digest), nullptr);
      return stored && stored->digest == digest;
    }
    const auto pack = pack_with(digest, look);
    return pack != nullptr && sha256(*pack->find(digest)) == digest;
  }

  Status publish(NewFile file, const Digest& digest) const {
    const auto path = path_of(digest);
    WINNOW_TRY(make_folders(path.parent_path()));
    return file.rename_to(path);
  }
  Status put_loose(std::string_view bytes, const Digest& digest);
  Status put_packed(const std::vector<registry::PackItem>& items);

  Path folder;
  std::mutex mutex;  // guards the packs
  std::vector<std::shared_ptr<const Pack>> packs;
  std::set<Path> seen_packs;
  std::optional<Error> damaged_pack;
};

ObjectStore::ObjectStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectStore::ObjectStore(ObjectStore&&) noexcept = default;
ObjectStore& ObjectStore::operator=(ObjectStore&&) noexcept = default;
ObjectStore::~ObjectStore() = default;

Result<ObjectStore> ObjectStore::open(const Path& folder) {
  WINNOW_TRY(make_folders(folder / kIncoming));
  WINNOW_TRY(make_folders(folder / kPacks));
  remove_leftovers(folder);
  auto state = std::make_unique<State>(folder);
  state->look_for_packs();
  return ObjectStore(std::move(state));
}

Status ObjectStore::State::put_loose(std::string_view bytes, const Digest& digest) {
  WINNOW_TRY(auto file, create_incoming(folder));
  WINNOW_TRY(file.append(bytes));
  WINNOW_TRY(file.sync());
  WINNOW_TRY(publish(std::move(file), digest));
  return sync_folder(path_of(digest).parent_path());
}

// One file, one sync. Named by its content, so that the same batch again is the same pack.
Status ObjectStore::State::put_packed(const std::vector<registry::PackItem>& items) {
  const auto text = registry::pack_text(items);
  WINNOW_TRY(auto file, create_incoming(folder));
  WINNOW_TRY(file.append(text));
  WINNOW_TRY(file.sync());
  const auto path = folder / kPacks / (sha256(text).hex() + std::string(kPackSuffix));
  WINNOW_TRY(file.rename_to(path));
  WINNOW_TRY(sync_folder(folder / kPacks));
  const std::lock_guard lock(mutex);
  seen_packs.erase(path);  // it may have replaced a damaged one
  damaged_pack.reset();
  look_for_packs();
  return {};
}

Result<Digest> ObjectStore::put(std::string_view bytes) {
  const auto digest = sha256(bytes);
  if (!state_->is_whole(digest, Look::Again)) {
    WINNOW_TRY(state_->put_loose(bytes, digest));
  } else if (state_->has_file(digest)) {
    // Somebody else may have given it its name a moment ago, and not have synced it yet.
    WINNOW_TRY(sync_folder(state_->path_of(digest).parent_path()));
  }
  return digest;
}

Result<std::vector<Digest>> ObjectStore::put_all(std::span<const std::string_view> objects) {
  std::vector<Digest> digests;
  std::vector<registry::PackItem> small, large;
  std::unordered_set<Digest> seen;
  (void)state_->pack_with({}, Look::Again);  // once for all of them
  for (const auto object : objects) {
    const auto digest = sha256(object);
    digests.push_back(digest);
    if (!seen.insert(digest).second || state_->is_whole(digest, Look::Known)) continue;
    // A damaged copy is healed by a file of its own, which is looked for first.
    const bool packs_well =
        object.size() <= kMostPackedBytes && state_->pack_with(digest, Look::Known) == nullptr;
    (packs_well ? small : large).push_back({digest, object});
  }
  if (small.size() < kLeastPacked) {
    large.insert(large.end(), small.begin(), small.end());
    small.clear();
  }
  for (const auto& [digest, bytes] : large) WINNOW_TRY(state_->put_loose(bytes, digest));
  std::vector<registry::PackItem> pack;
  std::size_t pack_bytes = 0;
  for (const auto& item : small) {
    pack.push_back(item);
    pack_bytes += item.bytes.size();
    if (pack_bytes < kMostPackBytes) continue;
    WINNOW_TRY(state_->put_packed(pack));
    pack.clear();
    pack_bytes = 0;
  }
  if (!pack.empty()) WINNOW_TRY(state_->put_packed(pack));
  return digests;
}

Result<Digest> ObjectStore::put_file(const Path& path) {
  WINNOW_TRY(auto file, create_incoming(state_->folder));
  WINNOW_TRY(const auto copied, digest_file(path, &file));
  if (state_->is_whole(copied.digest, Look::Again)) return copied.digest;
  WINNOW_TRY(file.sync());
  WINNOW_TRY(state_->publish(std::move(file), copied.digest));
  WINNOW_TRY(sync_folder(state_->path_of(copied.digest).parent_path()));
  return copied.digest;
}

Result<std::string> ObjectStore::get(const Digest& digest, std::uint64_t max_bytes) const {
  const auto path = state_->path_of(digest);
  auto bytes = read_file(path, max_bytes);
  if (bytes || bytes.error().code() != Code::NotFound) {
    if (bytes && sha256(*bytes) != digest) return damaged_object(path, digest);
    return bytes;
  }
  const auto pack = state_->pack_with(digest);
  if (pack == nullptr) return state_->missing(digest);
  const auto packed = *pack->find(digest);
  if (packed.size() > max_bytes) {
    return Error(Code::Exhausted, fmt::format("the object {} has {} bytes, allowed are {}",
                                              digest.hex(), packed.size(), max_bytes));
  }
  if (sha256(packed) != digest) return damaged_object(pack->path(), digest);
  return std::string(packed);
}

Result<Path> ObjectStore::file_of(const Digest& digest) {
  const auto path = state_->path_of(digest);
  if (state_->has_file(digest)) return path;
  WINNOW_TRY(const auto bytes, get(digest));
  WINNOW_TRY(state_->put_loose(bytes, digest));
  return path;
}

bool ObjectStore::has(const Digest& digest) const {
  return state_->has_file(digest) || state_->pack_with(digest) != nullptr;
}

Result<ObjectStore::Verification> ObjectStore::verify_all(Progress& progress) const {
  WINNOW_TRY(const auto files, list_files(state_->folder));
  progress.stage("objects", files.size());
  Verification out;
  for (const auto& file : files) {
    progress.advance(1);
    if (file.parent_path() == state_->folder / kIncoming) continue;
    if (file.parent_path() == state_->folder / kPacks && file.extension() == kPackSuffix) {
      verify_pack(*state_, file, out);
      continue;
    }
    const auto named = state_->digest_named_by(file);
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

void ObjectStore::verify_pack(const State& state, const Path& file, Verification& out) {
  const auto pack = Pack::open(file);
  if (!pack) {
    out.damages.push_back({file, pack.error().message()});
    return;
  }
  for (std::uint64_t i = 0; i < pack->size(); ++i) {
    const auto digest = pack->digest_at(i);
    // Put again as a file of its own: counted there.
    if (state.has_file(digest)) continue;
    ++out.objects;
    out.bytes += pack->bytes_at(i).size();
    if (sha256(pack->bytes_at(i)) != digest)
      out.damages.push_back({file, fmt::format("its object {} is damaged", digest.hex())});
  }
}

Result<std::vector<Digest>> ObjectStore::list() const {
  WINNOW_TRY(const auto files, list_files(state_->folder));
  std::set<Digest> digests;
  for (const auto& file : files) {
    if (const auto digest = state_->digest_named_by(file)) digests.insert(*digest);
  }
  const std::lock_guard lock(state_->mutex);
  state_->look_for_packs();
  for (const auto& pack : state_->packs) {
    for (std::uint64_t i = 0; i < pack->size(); ++i) digests.insert(pack->digest_at(i));
  }
  return std::vector<Digest>(digests.begin(), digests.end());
}

}  // namespace winnow
