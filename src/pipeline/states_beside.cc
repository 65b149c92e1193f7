#include "pipeline/states_beside.h"

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "pipeline/kept_events.h"
#include "pipeline/serving_states.h"
#include "store/lmdb.h"

namespace winnow {
namespace {

constexpr std::string_view kUse = "use";  // the one key of its table

std::string bytes_of(const StatesUse& use) {
  return ByteWriter()
      .put_text(use.bundle.text())
      .put(use.since.micros())
      .put(static_cast<std::uint8_t>(use.waited ? 1 : 0))
      .bytes();
}

bool has_states(const Path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / "data.mdb", ignored);
}

Result<std::vector<KeptEvent>> waiting_in(const Path& folder) {
  if (!has_states(folder)) return std::vector<KeptEvent>();
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto kept, KeptEvents::open(lmdb, ""));
  return kept.behind(lmdb, 0, SIZE_MAX);
}

}  // namespace

Result<std::optional<StatesUse>> use_of(const Path& folder) {
  if (!has_states(folder)) return std::optional<StatesUse>();
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto table, lmdb.table(std::string(kUse)));
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(const auto value, reader.get(table, kUse));
  if (!value) return std::optional<StatesUse>();
  ByteReader in(*value);
  StatesUse use;
  use.bundle = BundleId(std::string(in.get_text()));
  use.since = Timestamp::from_micros(in.get<std::int64_t>());
  use.waited = in.get<std::uint8_t>() == 1;
  WINNOW_TRY(in.finish("who decides with the entity states"));
  return std::optional(std::move(use));
}

Status note_use(const Path& folder, const StatesUse& use) {
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto table, lmdb.table(std::string(kUse)));
  return lmdb.update([&](LmdbWriter& writer) { return writer.put(table, kUse, bytes_of(use)); });
}

Path beside(const Path& folder) {
  Path path = folder;
  return path += ".beside";
}

Status put_in_place(const Path& folder, const Digest& history, const StatesUse& use,
                    DecisionStore& decisions) {
  const auto filled = beside(folder);
  WINNOW_TRY(ServingStates::empty_outbox(folder, decisions));
  WINNOW_TRY(const auto waiting, waiting_in(folder));
  {
    WINNOW_TRY(auto lmdb, Lmdb::open(filled, {}));
    WINNOW_TRY(const auto table, lmdb.table(std::string(kUse)));
    WINNOW_TRY(auto kept, KeptEvents::open(lmdb, std::string(history.as_text())));
    const auto take_over = [&](LmdbWriter& writer) -> Status {
      WINNOW_TRY(kept.take_over(writer, waiting));
      return writer.put(table, kUse, bytes_of(use));
    };
    WINNOW_TRY(lmdb.update(take_over));
  }
  WINNOW_TRY(make_folders(folder));
  return exchange_folders(folder, filled);
}

}  // namespace winnow
