// From argv to a command and back to an exit code. The only file that includes CLI11.
#include <algorithm>
#include <cstdlib>
#include <deque>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/yaml.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/detail/help.h"

namespace winnow::cli {
namespace {

constexpr int kExitWrongUsage = 2;
constexpr int kExitOurBug = 70;

// What CLI11 writes into while it parses; lives as long as the CLI::App.
struct Bound {
  const Option* option;
  bool flag = false;
  std::vector<std::string> values;
  CLI::Option* parsed = nullptr;
};

struct Leaf {
  const Command* command;
  CLI::App* app;
  std::deque<Bound> bound;
};

std::string spelled(const Option& option) {
  const bool positional =
      option.kind == Option::Kind::Positional || option.kind == Option::Kind::Positionals;
  return positional ? std::string(option.name) : fmt::format("--{}", option.name);
}

void add_option(CLI::App& app, Bound& bound) {
  const auto& option = *bound.option;
  const std::string meaning(option.meaning);
  if (option.kind == Option::Kind::Flag) {
    bound.parsed = app.add_flag(spelled(option), bound.flag, meaning);
    return;
  }
  const bool many = option.kind == Option::Kind::Texts || option.kind == Option::Kind::Positionals;
  auto* parsed = app.add_option(spelled(option), bound.values, meaning);
  parsed->expected(1, many ? 1'000'000 : 1);
  // One value for each time the option is given, so that a positional may follow.
  if (option.kind != Option::Kind::Positionals) parsed->allow_extra_args(false);
  if (option.kind == Option::Kind::Texts) parsed->take_all();
  parsed->type_name(option.kind == Option::Kind::Integer  ? "N"
                    : option.kind == Option::Kind::Number ? "X"
                                                          : "");
  if (option.kind == Option::Kind::Integer) parsed->check(CLI::TypeValidator<std::int64_t>());
  if (option.kind == Option::Kind::Number) parsed->check(CLI::Number);
  if (!option.choices.empty()) {
    parsed->check(
        CLI::IsMember(std::vector<std::string>(option.choices.begin(), option.choices.end())));
  }
  if (!option.fallback.empty()) parsed->default_str(std::string(option.fallback));
  if (option.required) parsed->required();
  bound.parsed = parsed;
}

// The app of "runs show", made with its parents on the way.
CLI::App& app_of(CLI::App& root, std::string_view path) {
  CLI::App* at = &root;
  for (std::size_t from = 0; from < path.size();) {
    const auto space = std::min(path.find(' ', from), path.size());
    const std::string word(path.substr(from, space - from));
    const auto known =
        at->get_subcommands([&](const CLI::App* app) { return app->get_name() == word; });
    at = known.empty() ? at->add_subcommand(word) : known.front();
    from = space + 1;
  }
  return *at;
}

constexpr std::size_t kWidthOfPipe = 120;

std::size_t terminal_width() {
  winsize size{};
  const bool sized = ::isatty(STDOUT_FILENO) == 1 &&
                     ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20;
  return sized ? size.ws_col : kWidthOfPipe;
}

Console::Settings console_settings(bool json, bool quiet) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  return {.json = json,
          .quiet = quiet,
          .color = out_is_terminal && (no_color == nullptr || *no_color == '\0'),
          .progress = ::isatty(STDERR_FILENO) == 1 && !json && !quiet,
          .width = terminal_width()};
}

Arguments arguments_of(const Leaf& leaf) {
  Arguments arguments;
  for (const auto& bound : leaf.bound) {
    const auto& option = *bound.option;
    if (option.kind == Option::Kind::Flag) {
      if (bound.flag) arguments.set(option.name, {});
    } else if (!bound.values.empty()) {
      arguments.set(option.name, bound.values);
    } else if (!option.fallback.empty()) {
      arguments.set(option.name, {std::string(option.fallback)});
    }
  }
  return arguments;
}

int report(const Error& error, bool json) {
  if (json) {
    const auto document = Json::object({{"schema", "winnow.error/1"},
                                        {"code", name_of(error.code())},
                                        {"message", error.message()},
                                        {"hint", error.hint()}});
    fmt::print(stderr, "{}\n", to_text(document));
  } else {
    fmt::print(stderr, "winnow: {}\n", error.message());
    if (!error.hint().empty()) fmt::print(stderr, "        {}\n", error.hint());
  }
  return exit_code_of(error.code());
}

// The nearest of `known`, as a hint; else `otherwise`.
Error with_nearest(Error error, const std::string& word, const std::vector<std::string>& known,
                   std::string otherwise) {
  const auto near = nearest(word, known);
  return std::move(error).with_hint(near.empty() ? std::move(otherwise)
                                                 : fmt::format("did you mean '{}'?", near));
}

const CLI::App& deepest_parsed(const CLI::App& root) {
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

std::string path_of(const CLI::App& app) {
  const auto* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : path_of(*parent) + " " + app.get_name();
}

// What CLI11 found wrong, in our words: which command, what is wrong, what comes near.
Error usage_error(const CLI::App& app, const std::vector<std::string>& strangers,
                  const CLI::ParseError& found) {
  const auto path = path_of(app);
  const auto help = fmt::format("{} --help", path);
  if (strangers.empty())
    return Error(Code::InvalidArgument, fmt::format("'{}': {}", path, found.what()))
        .with_hint(help);
  const auto& word = strangers.front();
  const bool is_option = word.starts_with('-');
  std::vector<std::string> known;
  if (is_option) {
    for (const auto* option : app.get_options()) known.push_back(option->get_name());
  } else {
    for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(verb->get_name());
  }
  return with_nearest(Error(Code::InvalidArgument, fmt::format("'{}' has no {} '{}'", path,
                                                               is_option       ? "option"
                                                               : known.empty() ? "place for"
                                                                               : "command",
                                                               word)),
                      word, known, help);
}

int report_usage(const CLI::App& root, const CLI::ParseError& found, bool json) {
  const auto& app = deepest_parsed(root);
  const auto strangers = root.remaining(true);
  const bool needs_verb = !app.get_subcommands([](const CLI::App*) { return true; }).empty();
  if (strangers.empty() && needs_verb && !json) {
    fmt::print(stderr, "{}", app.help());
    return kExitWrongUsage;
  }
  return report(usage_error(app, strangers, found), json);
}

int run_command(const Leaf& leaf, bool json, bool quiet) {
  log::configure(quiet ? log::Level::Error : log::Level::Info,
                 ::isatty(STDERR_FILENO) == 1 ? log::Form::Text : log::Form::JsonLines);
  Console console(console_settings(json, quiet));
  try {
    const auto done = leaf.command->run(arguments_of(leaf), console);
    console.end_progress();
    return done ? *done : report(done.error(), json);
  } catch (const ContractViolation& bug) {
    console.end_progress();
    log::error("a bug in winnow; please report it", {{"what", bug.what()}});
    return kExitOurBug;
  }
}

}  // namespace

int run(std::span<const Command> commands, int argc, const char* const* argv) {
  CLI::App root("Winnow: the decision layer of a security operations centre", "winnow");
  root.require_subcommand(1);
  root.set_version_flag("--version", "winnow " WINNOW_VERSION);
  root.footer("winnow COMMAND VERB --help explains one and ends with an example that works.");
  bool json = false, quiet = false;
  std::deque<Leaf> leaves;
  for (const auto& command : commands) {
    auto& app = app_of(root, command.path);
    app.description(std::string(command.summary));
    app.formatter_fn(
        [&command](const CLI::App* self, const std::string& name, CLI::AppFormatMode mode) {
          if (mode == CLI::AppFormatMode::Sub) return CLI::Formatter().make_help(self, name, mode);
          return help_page(command, terminal_width());
        });
    auto& leaf = leaves.emplace_back(Leaf{&command, &app, {}});
    for (const auto& option : command.options)
      add_option(app, leaf.bound.emplace_back(Bound{&option, false, {}, nullptr}));
    app.add_flag("--json", json);
    app.add_flag("--quiet", quiet);
  }
  for (auto* parent : root.get_subcommands({})) {
    if (parent->get_subcommands({}).empty()) continue;
    parent->require_subcommand(1);
    std::string verbs;
    for (const auto* verb : parent->get_subcommands({}))
      verbs += (verbs.empty() ? "" : ", ") + verb->get_name();
    parent->description(verbs);
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);  // --help, --version
    const auto words = std::span(argv, static_cast<std::size_t>(argc));
    const bool wants_json = std::ranges::any_of(
        words, [](const char* word) { return std::string_view(word) == "--json"; });
    return report_usage(root, error, wants_json);
  }
  for (const auto& leaf : leaves) {
    if (leaf.app->parsed()) return run_command(leaf, json, quiet);
  }
  return kExitWrongUsage;
}

}  // namespace winnow::cli
