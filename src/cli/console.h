// Where a command writes: the answer to stdout, the story to stderr.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"

namespace winnow::cli {

class Console {
 public:
  struct Settings {
    bool json = false;        // one versioned document on stdout, NDJSON for streams
    bool quiet = false;       // no story
    bool color = false;       // stdout is a terminal and NO_COLOR is empty
    bool progress = false;    // stderr is a terminal, neither --json nor --quiet
    std::size_t width = 100;  // columns of the terminal
  };
  explicit Console(const Settings& settings);
  ~Console();

  bool wants_json() const { return settings_.json; }
  std::size_t width() const { return settings_.width; }
  bool is_watched() const { return settings_.progress; }  // somebody reads the story as it goes

  // The answer. With --json only document() and record() print, without it only text and tables.
  void line(std::string_view text = "");
  void document(std::string_view schema,
                const Json& json);  // adds "schema": "winnow.<schema>/1" in front
  void record(const Json& json);    // one line of an NDJSON stream
  // The story: what happened and what to do next, to stderr unless --quiet.
  void note(std::string_view text);

  enum class Tone { Plain, Strong, Faint, Good, Warning, Bad };
  std::string tinted(std::string_view text, Tone tone) const;  // as it is where colour is off

  Progress& progress();  // a bar on a terminal, else nothing
  void end_progress();   // removes the bar

 private:
  Settings settings_;
  std::unique_ptr<Progress> progress_;
};

// Columns as wide as their widest cell; numbers to the right. Cells are cut to fit the terminal:
// the last column gives way first. Control characters in cells are shown as '?', since cells may
// hold text from mails.
class Table {
 public:
  struct Column {
    std::string title;
    bool right = false;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells);
  void print(Console& console) const;
  // The same; or, where there are no rows, that line, and on stderr what brings some.
  void print_or(Console& console, std::string_view none, std::string_view next = {}) const;
  bool empty() const { return rows_.empty(); }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// One line of text that is safe on a terminal: control characters and line breaks become spaces or
// '?'.
std::string printable(std::string_view text);
std::string human_count(std::uint64_t count);  // 12,345
std::string human_bytes(std::uint64_t bytes);  // 1.5 MiB

}  // namespace winnow::cli
