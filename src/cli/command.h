// The command line as data: every subcommand is one row of one table (commands.cc), with its
// options, its help and the function that runs it. Nothing registers itself.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow::cli {

class Console;

struct Option {
  enum class Kind { Flag, Text, Texts, Integer, Number, Positional, Positionals };
  Kind kind;
  std::string_view name;        // "limit" for --limit; a positional's name in the usage line
  std::string_view meaning;     // one line of --help
  std::string_view fallback{};  // the value when it is not given; shown in --help
  bool required = false;
  std::vector<std::string_view> choices{};  // when not empty, the only values allowed
};

// What the user gave, by option name. Options of the wrong type were refused before a command runs.
class Arguments {
 public:
  bool flag(std::string_view name) const;
  bool has(std::string_view name) const;                 // given, or has a fallback
  const std::string& text(std::string_view name) const;  // empty when absent
  const std::vector<std::string>& texts(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double number(std::string_view name) const;

  void set(std::string_view name, std::vector<std::string> values);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

inline constexpr int kAnswerIsNo = 3;  // the exit code of what ran well and found a no

struct Command {
  std::string_view path;     // "runs show": the words after `winnow`
  std::string_view summary;  // one line
  std::string_view details;  // what it does, reads and changes; a paragraph or two
  std::string_view example;  // a command that works as printed
  std::vector<Option> options;
  // Returns the exit code of a run that went well: 0, or kAnswerIsNo.
  Result<int> (*run)(const Arguments& arguments, Console& console);
};

std::span<const Option> common_options();  // --json, --quiet, --help: of every command
std::span<const Command> commands();       // in the order of the help page

// Parses, runs, reports. Exit codes: style.md section 10.
int run(std::span<const Command> commands, int argc, const char* const* argv);

}  // namespace winnow::cli
