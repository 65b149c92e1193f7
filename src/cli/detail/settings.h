// How Winnow runs in a workspace: winnow.yaml, WINNOW_... in the environment, options on the
// command line; the later wins. Nothing here shapes a decision: what does is content/, versioned
// and named by every run and bundle. One schema yields the check, the sample and `winnow config
// show`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"

namespace winnow::cli {

struct Setting {
  enum class Kind { Text, Count, Bytes, Days, Optional, File };  // the last two may be empty
  Kind kind;
  std::string_view key;         // "ingest.max_record"
  std::string_view meaning;     // one line of the sample
  std::string_view fallback{};  // as written in the file; empty: found out on this machine
  std::string_view option{};    // of the command line, without "--"; empty: it has none
  std::string_view most{};      // of a Count or Bytes; empty: 1024, 1GiB
};

std::span<const Setting> setting_schema();             // keys of one section stand together
std::string environment_name(const Setting& setting);  // "WINNOW_INGEST__MAX_RECORD"
std::string sample_configuration();                    // winnow.yaml with every key, commented out

struct SettingValue {
  const Setting* setting;
  std::string text;          // as written
  std::string origin;        // "default", "winnow.yaml:7", "WINNOW_THREADS", "--threads"
  std::uint64_t number = 0;  // of a Count, Bytes or Days
  Path folder = {};          // where a File begins; empty: in the current folder
};

class Settings {
 public:
  // Errors: InvalidArgument (a key that does not exist, with the nearest; a value that does not
  // fit; both with their origin), those of reading the file.
  static Result<Settings> read(const Path& file, const Arguments& arguments);

  const std::string& text(std::string_view key) const;
  // A path, nothing when empty. What the file says begins at the file's folder.
  std::optional<Path> file(std::string_view key) const;
  std::uint64_t number(std::string_view key) const;                   // a count, or bytes
  std::optional<std::chrono::days> days(std::string_view key) const;  // nothing: for ever
  std::span<const SettingValue> values() const { return values_; }

 private:
  const SettingValue& value(std::string_view key) const;
  std::vector<SettingValue> values_;  // in the schema's order
};

}  // namespace winnow::cli
