// Immutable bytes by their SHA-256: every artifact, bundle and run record. Format:
// docs/formats/objects.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/result.h"

namespace winnow {

// Thread-safe; several processes may use one folder. What put() returned is durable, whole, and
// stays until it is removed by hand.
class ObjectStore {
 public:
  // `folder` is created when absent. Removes what unfinished puts of dead processes left behind.
  static Result<ObjectStore> open(const Path& folder);
  ObjectStore(ObjectStore&&) noexcept;
  ObjectStore& operator=(ObjectStore&&) noexcept;
  ~ObjectStore();

  // Storing what is there already is a success, and heals a damaged copy. Errors: Exhausted (disk
  // full), Denied, Unavailable.
  Result<Digest> put(std::string_view bytes);
  // All of them, or on error perhaps some. Many small ones share a file and a sync: use it for
  // batches.
  Result<std::vector<Digest>> put_all(std::span<const std::string_view> objects);
  // The content of a file of any size, in constant memory.
  Result<Digest> put_file(const Path& path);

  // The bytes, their digest verified. Errors: NotFound, Corrupt (names the file), Exhausted (larger
  // than `max_bytes`), Unavailable.
  Result<std::string> get(const Digest& digest, std::uint64_t max_bytes = 1UL << 30) const;
  // A file with nothing but the object, for streaming or mapping; its digest is not verified by
  // this. An object that shares a file gets one of its own first. Errors: NotFound, and as put().
  Result<Path> file_of(const Digest& digest);
  bool has(const Digest& digest) const;

  struct Damage {
    Path file;
    std::string what;  // "its content has the digest ..., not its name's"
  };
  struct Verification {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::vector<Damage> damages;  // by file
  };
  // Reads every object. An object that is missing is not seen here: who refers to it knows.
  Result<Verification> verify_all(Progress& progress) const;
  Result<std::vector<Digest>> list() const;  // sorted

 private:
  struct State;
  explicit ObjectStore(std::unique_ptr<State> state);
  static void verify_pack(const State& state, const Path& file, Verification& out);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
