#include "base/log.h"

#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/timestamp.h"

namespace winnow::log {
namespace {

struct Settings {
  Form form = Form::Text;
  std::shared_ptr<spdlog::logger> logger;
};

// The one place where a line leaves the process; spdlog owns the lock around stderr.
Settings& settings() {
  static Settings instance = [] {
    auto logger = spdlog::stderr_logger_mt("winnow");
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::info);
    return Settings{Form::Text, std::move(logger)};
  }();
  return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warn:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<int>(level)];
}

void write(Level level, std::string_view phrase, Fields fields) {
  auto& [form, logger] = settings();
  if (!logger->should_log(to_spdlog(level))) return;
  const auto now = SystemClock().now().text();
  std::string line;
  if (form == Form::JsonLines) {
    Json json = Json::object({{"time", now}, {"level", name_of(level)}, {"message", phrase}});
    for (const auto& [key, value] : fields) json.set(std::string(key), value);
    line = to_text(json);
  } else {
    line = fmt::format("{} {:5} {}", now, name_of(level), phrase);
    for (const auto& [key, value] : fields) line += fmt::format("  {}={}", key, to_text(value));
  }
  logger->log(to_spdlog(level), "{}", line);
}

}  // namespace

void configure(Level least, Form form) {
  settings().form = form;
  settings().logger->set_level(to_spdlog(least));
}

void debug(std::string_view phrase, Fields fields) { write(Level::Debug, phrase, fields); }
void info(std::string_view phrase, Fields fields) { write(Level::Info, phrase, fields); }
void warn(std::string_view phrase, Fields fields) { write(Level::Warn, phrase, fields); }
void error(std::string_view phrase, Fields fields) { write(Level::Error, phrase, fields); }

}  // namespace winnow::log
