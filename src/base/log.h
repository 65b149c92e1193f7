// What an operator reads: a constant phrase plus fields, on stderr; text on a terminal, JSON lines
// elsewhere. No secrets, no raw payloads. Thread-safe.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace winnow::log {

enum class Level { Debug, Info, Warn, Error };
using Fields = std::initializer_list<std::pair<std::string_view, Json>>;

enum class Form { Text, JsonLines };
void configure(Level least, Form form);  // called once, by main

void debug(std::string_view phrase, Fields fields = {});
void info(std::string_view phrase, Fields fields = {});
void warn(std::string_view phrase, Fields fields = {});
void error(std::string_view phrase, Fields fields = {});

}  // namespace winnow::log
